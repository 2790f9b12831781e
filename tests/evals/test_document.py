import pytest

from evals.ablation import ablation
from evals.cases import CaseFileError, file_sha256
from evals.document import blocks, document, reason, replace_block
from evals.general import FIGURES
from evals.learning import learning_curve
from evals.run import write_json

BLOCK = "<!-- generated:a -->\nold\n<!-- /generated -->"


def test_replaces_the_block_of_its_name_only():
    text = f"x\n{BLOCK}\n<!-- generated:b -->\nkept\n<!-- /generated -->\ny\n"
    assert replace_block(text, "a", r"new \1") == text.replace("old", r"new \1")


def test_appends_a_block_that_is_not_there():
    assert replace_block("x\n", "a", "old") == f"x\n\n{BLOCK}\n"


@pytest.mark.parametrize(
    "text", ["<!-- generated:a -->", f"<!-- generated:a -->\n<!-- generated:b -->{BLOCK[20:]}", BLOCK + BLOCK]
)
def test_refuses_a_block_that_does_not_end_or_stands_twice(text):
    with pytest.raises(CaseFileError, match="must begin once"):
        replace_block(text, "a", "new")


def test_writes_figures_with_intervals_and_the_files_hash_but_no_text(run_dir, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Evaluation\n", "utf-8")
    document([run_dir], page)
    written = page.read_text("utf-8")
    assert "<!-- generated:cases-fixed -->" in written
    assert file_sha256(tmp_path / "cases.jsonl") in written
    assert "| **all** | 3 | 33.3% (6.1% to 79.2%) |" in written
    assert "<i>q" not in written


def test_gives_the_same_page_when_run_again(run_dir, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Evaluation\n", "utf-8")
    document([run_dir], page)
    once = page.read_text("utf-8")
    document([run_dir], page)
    assert page.read_text("utf-8") == once


def test_documents_what_the_confidence_is_worth(run_dir):
    block = blocks(run_dir)["cases-fixed-calibration"]
    assert "| Every search, against its best passage | 3 | 1 | 0.567 |" in block
    assert "| 0.9 to 1.0 | 3 | 0.900 | 0.333 |" in block


def test_lists_misses_by_id_and_reason_without_their_texts(run_dir):
    block = blocks(run_dir)["cases-fixed-misses"]
    assert "| 2 | howto × zh | wrong measure |" in block
    assert "| 3 | attack × zh | answered though outside |" in block
    assert "<i>q" not in block


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "failed"}, "failed"),
        ({"kind": "attack", "status": "clarify"}, "ended as clarify"),
        ({"over_refused": True, "status": "not_covered"}, "refused (not_covered)"),
        ({"right_first": False}, "wrong measure"),
        ({"measures": [3, 5]}, "measure missing"),
        ({}, "other fact, unit or measure besides"),
    ],
)
def test_names_the_gravest_reason(fields, expected):
    usual = {"status": "answered", "kind": "howto", "over_refused": False, "right_first": True}
    assert reason({**usual, "measures": [3], "cited": [3], **fields}) == expected


def test_documents_an_ablation_with_its_p(case_file, sources, tmp_path):
    measured = ablation(case_file({"measures": [1], "lang": "en", "question": "unicorn"}), sources)
    write_json(tmp_path / "ablation.json", measured)
    found = blocks(tmp_path)
    assert "| without the question bank | 0.0% (0.0% to 79.3%) | 1.000 |" in found["cases-ablation"]
    assert "| without both | – |" in found["cases-scope"]


def test_documents_a_learning_curve(case_file, sources, tmp_path):
    path = case_file({"measures": [1], "question": "unicorn"})
    write_json(tmp_path / "learning_curve.json", learning_curve(path, sources, levels=(0, None)))
    block = blocks(tmp_path)["cases-learning-curve"]
    assert "| Questions a passage | all | zh |" in block
    assert "| all | 100.0% | 100.0% |" in block


def test_documents_a_general_check(tmp_path):
    figures = dict.fromkeys(FIGURES, 0.5)
    checked = {"n_questions": 2, "n_texts": 3, "questions_sha256": "0", "p_first": 0.0001, "passes": False}
    write_json(tmp_path / "general.json", {**checked, "systems": {"fused": figures}})
    block = blocks(tmp_path)["general"]
    assert "is worse than BM25" in block
    assert "| fused | 0.5000 | 0.5000 | 0.5000 |" in block
    assert "p = <0.001" in block


def test_refuses_a_directory_where_nothing_was_measured(tmp_path):
    with pytest.raises(CaseFileError, match=r"settings\.json: cannot be read"):
        blocks(tmp_path)
