import json

import pytest

from evals import run
from evals.cases import CaseFileError, file_sha256


def test_answers_the_cases_in_their_order_with_their_ids(case, system):
    answers = run.answer_cases(system, [case(case_id="b"), case(case_id="a")])
    assert [(answer["case_id"], answer["status"]) for answer in answers] == [
        ("b", "answered"),
        ("a", "answered"),
    ]


def test_asks_with_the_history(case, system):
    run.answer_cases(system, [case(history=("before",))])
    assert system.asked == [("q", ("before",))]


def test_counts_an_unusable_question_as_failed(case, system):
    (answer,) = run.answer_cases(system, [case(question="")])
    assert (answer["status"], answer["text"]) == ("failed", "the question is empty")


def test_refuses_to_score_answers_of_other_cases(case, answer):
    with pytest.raises(ValueError, match="not those of the cases"):
        run.score([case()], [{"case_id": "2", **answer()}])


def test_gives_each_case_one_score(case, system, answer):
    cases = [case(), case(case_id="2", kind="attack", measures=())]
    right, answered = run.score(cases, run.answer_cases(system, cases))
    assert (right.right, right.right_first, right.over_refused, right.cited) == (True, True, False, (3,))
    assert (answered.right, answered.right_first, answered.wrongly_answered) == (False, None, True)


def test_sums_up_nothing_as_nothing():
    summary = run.summarise([])
    assert summary["overall"]["right"] == {"count": 0, "n": 0, "share": None, "interval": [0.0, 1.0]}
    assert summary["latency_s"]["p50"] is None
    assert summary["confidence"]["searched"]["brier"] is None


def test_sums_up_a_run_by_group(run_dir):
    summary = json.loads((run_dir / "summary.json").read_text("utf-8"))
    assert summary["overall"]["n"] == 3
    assert {name: row["right"]["count"] for name, row in summary["by_group"].items()} == {
        "attack × zh": 0,
        "howto × zh": 1,
    }
    assert summary["by_measure"]["4"]["share"] == 0
    assert summary["overall"]["wrongly_answered"]["share"] == 1


def test_leaves_everything_in_the_runs_directory(run_dir):
    names = ["answers.jsonl", "misses.jsonl", "report.html", "scores.jsonl", "settings.json", "summary.json"]
    assert sorted(path.name for path in run_dir.iterdir()) == names


def test_writes_down_what_was_run(run_dir, tmp_path):
    settings = json.loads((run_dir / "settings.json").read_text("utf-8"))
    assert (settings["cases"], settings["system"], settings["index_version"]) == (
        "cases.jsonl",
        "fixed",
        "v1",
    )
    assert settings["cases_sha256"] == file_sha256(tmp_path / "cases.jsonl")
    assert str(tmp_path) not in json.dumps(settings)


def test_lists_every_miss_with_what_was_expected_and_got(run_dir):
    first = json.loads((run_dir / "misses.jsonl").read_text("utf-8").splitlines()[0])
    assert (first["case_id"], first["expected"]["measures"], first["got"]["cited"]) == ("2", [4], [3])
    assert first["reasons"] == ["does not cite 4", "cites 3 besides"]


def test_takes_only_the_first_cases_when_limited(case_file, system, tmp_path):
    summary = run.evaluate(system, case_file({}, {"id": "2"}), tmp_path, limit=1)
    assert summary["overall"]["n"] == 1


def test_prints_each_group_and_all(run_dir):
    table = run.table(json.loads((run_dir / "summary.json").read_text("utf-8")))
    assert [line.split()[0] for line in table.splitlines()[:4]] == ["group", "attack", "howto", "all"]
    assert "33.3% [6.1%, 79.2%]" in table


def test_refuses_a_directory_that_holds_something(run_dir):
    with pytest.raises(CaseFileError, match="not empty"):
        run.new_directory(run_dir)


def test_refuses_a_file_as_directory(case_file):
    with pytest.raises(CaseFileError, match="not a directory"):
        run.new_directory(case_file({}))


def test_names_a_directory_by_the_time(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run.new_directory(None).parent.name == "results"


def test_measures_the_confidence_of_a_search_against_its_best_passage(case, system):
    cases = [
        case(),
        case(case_id="2", measures=(4,), acceptable=(3,)),
        case(case_id="3", kind="attack", measures=()),
    ]
    scores = run.score(cases, run.answer_cases(system, cases))
    assert run.searched_pairs(scores) == [(0.9, True), (0.9, True), (0.9, False)]


def test_measures_the_confidence_of_an_answer_against_the_strict_rule(case, system):
    cases = [case(), case(case_id="2", measures=(4,), acceptable=(3,)), case(case_id="3", question="")]
    scores = run.score(cases, run.answer_cases(system, cases))
    assert run.answered_pairs(scores) == [(0.9, True), (0.9, False)]


def test_sums_up_both_confidences(run_dir):
    confidence = json.loads((run_dir / "summary.json").read_text("utf-8"))["confidence"]
    assert (confidence["searched"]["n"], confidence["searched"]["n_right"]) == (3, 1)
    assert confidence["answered"]["ece"] == pytest.approx(0.9 - 1 / 3)
    assert confidence["answered"]["auroc"] == 0.5


def test_counts_shown_measures_and_refusals_outside(run_dir):
    overall = json.loads((run_dir / "summary.json").read_text("utf-8"))["overall"]
    assert (overall["gold_shown"]["count"], overall["gold_shown"]["n"]) == (1, 2)
    assert (overall["outside_refused"]["count"], overall["outside_refused"]["n"]) == (0, 1)
