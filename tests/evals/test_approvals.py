import json
from pathlib import Path

import pytest

from evals.approvals import (
    DEVELOPMENT,
    HOWS,
    REPORTED,
    approvals_text,
    load_families,
    measure_approvals,
    with_small_talk,
)
from evals.cases import CaseFileError
from evals.document import approvals_blocks

NEAR_MISS = {"how": "negation", "question": "水电气不报装?"}
FAMILY = {
    "family": "a",
    "measure": 6,
    "lang": "zh",
    "question": "水电气怎么报装?",
    "same": ["怎么报装水电气", "水电气如何办"],
    "different": [
        {"how": "unit", "question": "水电气由谁报装?"},
        NEAR_MISS,
    ],
}


def family_file(path: Path, *rows) -> Path:
    lines = [row if isinstance(row, str) else json.dumps({**FAMILY, **row}) for row in rows]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def measure(tmp_path):
    """Measure with a matcher; the development half is the one family, the reported one as wanted."""

    def measured(asks_the_same, *reported):
        return measure_approvals(
            asks_the_same,
            development=family_file(tmp_path / "d.jsonl", {}),
            reported=family_file(tmp_path / "r.jsonl", *(reported or ({},))),
        )

    return measured


def never(asked, wording):
    return False


def one_of_each(asked, wording):
    """Agrees with one of two near-misses, one of two other wordings, and thanks alone of the small talk."""
    return wording == "水电气怎么报装?" and asked in (
        "水电气由谁报装?",
        "怎么报装水电气",
        "水电气怎么报装?谢谢",
    )


def counts(row):
    return row["count"], row["n"]


def test_counts_nothing_for_a_matcher_that_never_agrees(measure):
    half = measure(never)["halves"]["reported"]
    assert (counts(half["different"]["all"]), counts(half["same"])) == ((0, 2), (0, 2))
    assert counts(half["small_talk"]["all"]) == (0, 4)
    assert half["wrongly_used"] == []


def test_counts_near_misses_by_what_they_change(measure):
    different = measure(one_of_each)["halves"]["reported"]["different"]
    assert [counts(different[how]) for how in (*HOWS, "all")] == [
        (0, 0),
        (0, 1),
        (1, 1),
        (0, 0),
        (0, 0),
        (1, 2),
    ]
    assert different["attribute"]["share"] is None
    assert different["all"]["interval"] == pytest.approx([0.0945, 0.9055], abs=1e-4)


def test_counts_what_asks_the_same(measure):
    half = measure(one_of_each)["halves"]["reported"]
    assert counts(half["same"]) == (1, 2)
    assert [how for how, row in half["small_talk"].items() if row["count"]] == ["with thanks", "all"]


def test_names_what_was_wrongly_used_by_its_family_without_its_words(measure):
    measured = measure(one_of_each)
    assert measured["halves"]["reported"]["wrongly_used"] == ["a (unit)"]
    assert "wrongly used: a (unit)" in approvals_text(measured)
    assert "given the answer: a (unit), a (unit)" in approvals_blocks(measured)["approvals"]
    assert "水电" not in approvals_blocks(measured)["approvals"]


@pytest.mark.parametrize(("n_near_misses", "passes"), [(199, False), (200, True)])
def test_asks_for_two_hundred_near_misses(measure, n_near_misses, passes):
    assert measure(never, {"different": [NEAR_MISS] * n_near_misses})["passes"] is passes


@pytest.mark.parametrize(("n_wrong", "passes"), [(1, True), (2, False)])
def test_fails_above_one_in_two_hundred(measure, n_wrong, passes):
    wrong = {"how": "unit", "question": "水电气由谁报装?"}
    misses = [wrong] * n_wrong + [NEAR_MISS] * (200 - n_wrong)
    assert measure(one_of_each, {"different": misses})["passes"] is passes


def test_does_not_judge_by_the_development_half(measure):
    measured = measure(one_of_each, {"different": [NEAR_MISS] * 200})
    assert measured["halves"]["development"]["wrongly_used"] == ["a (unit)"]
    assert measured["passes"]


def test_types_a_question_in_four_other_ways(tmp_path):
    (family,) = load_families(family_file(tmp_path / "f.jsonl", {}))
    assert with_small_talk(family) == {
        "asked politely": "请问水电气怎么报装呢\uff1f",
        "with thanks": "水电气怎么报装?谢谢",
        "full width": "水电气怎么报装\uff1f",
        "extra spaces": " 水电气怎 么报装? ",
    }


def test_types_an_english_question_in_three_other_ways(tmp_path):
    row = {"lang": "en", "question": "Who pays?"}
    (family,) = load_families(family_file(tmp_path / "f.jsonl", row))
    assert with_small_talk(family) == {
        "asked politely": "please tell me Who pays?",
        "full width": "\uff37\uff48\uff4f\u3000\uff50\uff41\uff59\uff53\uff1f",
        "extra spaces": " Who  pays? ",
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", "not JSON"),
        ({"family": "a"}, "family 'a' is used already"),
        ({"family": ""}, "family and question"),
        ({"question": " "}, "family and question"),
        ({"measure": "6"}, "measure must be"),
        ({"lang": "fr"}, "lang 'fr' is none of"),
        ({"same": "x"}, "same must be"),
        ({"different": None}, "different must be a list"),
        ({"different": [{"how": "tone", "question": "x"}]}, "each of different"),
        ({"different": [{"how": "unit"}]}, "each of different"),
    ],
)
def test_names_file_and_line_of_a_broken_family(tmp_path, row, message):
    broken = row if isinstance(row, str) else {"family": "b", **row}
    path = family_file(tmp_path / "f.jsonl", {}, broken)
    with pytest.raises(CaseFileError, match=f"f.jsonl, line 2: {message}"):
        load_families(path)


def test_refuses_a_file_without_families(tmp_path):
    with pytest.raises(CaseFileError, match="f.jsonl: has no families"):
        load_families(family_file(tmp_path / "f.jsonl"))


def test_the_shipped_halves_share_no_family():
    development, reported = (
        {family.family_id for family in load_families(path)} for path in (DEVELOPMENT, REPORTED)
    )
    assert development & reported == set()


def test_writes_a_table_of_both_halves(measure):
    block = approvals_blocks(measure(one_of_each))["approvals"]
    assert "| Asked | Development | Reported |" in block
    assert "| near-misses, all | 1 of 2, 50.0% (9.5% to 90.5%) | 1 of 2, 50.0% (9.5% to 90.5%) |" in block
    assert "reported near-misses, is missed" in block
