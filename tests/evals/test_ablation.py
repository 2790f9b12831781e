import pytest

from evals.ablation import ablation, ablation_text, first_is_right, outside_only, searched
from evals.cases import CaseFileError
from tests.evals.conftest import write_cases


@pytest.fixture(scope="module")
def measured(sources, tmp_path_factory):
    """One case that only the bank answers, one that only the translation answers, one outside."""
    rows = (
        {"lang": "en", "measures": [1], "question": "unicorn"},
        {"id": "2", "measures": [2], "question": "giraffe"},
        {"id": "3", "kind": "attack", "measures": [], "question": "weather"},
    )
    return ablation(write_cases(tmp_path_factory.mktemp("cases") / "cases.jsonl", *rows), sources)


def counts(measured, variant, lang="all"):
    (row,) = (row for row in measured["first"] if (row["variant"], row["lang"]) == (variant, lang))
    return row["count"], row["n"], row["lost"], row["gained"]


def test_finds_everything_with_everything(measured):
    assert counts(measured, "everything") == (2, 2, 0, 0)


def test_loses_what_only_the_bank_has_without_the_bank(measured):
    assert counts(measured, "without the question bank", "en") == (0, 1, 1, 0)
    assert counts(measured, "without the question bank", "zh") == (1, 1, 0, 0)


def test_loses_what_only_the_translation_has_without_the_translation(measured):
    assert counts(measured, "without the translation") == (1, 2, 1, 0)


def test_finds_nothing_by_sound_in_english(measured):
    assert counts(measured, "syllables alone", "en") == (0, 1, 1, 0)


def test_measures_each_leg_left_out_and_alone(measured):
    names = {row["variant"] for row in measured["first"]}
    legs = ("bigrams", "words", "syllables", "vectors")
    assert {f"without {leg}" for leg in legs} | {f"{leg} alone" for leg in legs} <= names


def test_tells_inside_from_outside_by_language(measured):
    everything = {row["lang"]: row for row in measured["scope"] if row["variant"] == "everything"}
    assert (everything["all"]["n_inside"], everything["all"]["n_outside"]) == (2, 1)
    assert everything["en"]["auroc"] is None
    assert 0 <= everything["all"]["auroc"] <= 1


def test_prints_every_row(measured):
    text = ablation_text(measured)
    assert "without the question bank" in text
    assert "without the scope's votes" in text


def test_counts_no_leg_as_nothing_found(case, sources):
    assert not first_is_right(case(), {}, sources.material.passages)


def test_asks_only_what_goes_to_the_search_as_it_stands(case):
    kept = case()
    others = (
        case(history=("q",)),
        case(lang="zh-Hant"),
        case(kind="aggregate"),
        case(measures=()),
        case(kind="attack"),
    )
    assert searched((*others, kept)) == (kept,)
    assert outside_only((*others, kept)) == (others[-1],)


def test_refuses_a_file_without_such_cases(case_file, sources):
    with pytest.raises(CaseFileError, match="no case that goes through the search"):
        ablation(case_file({"kind": "attack", "measures": []}), sources)
