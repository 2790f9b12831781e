import pytest

from assistant.shelf import Shelf
from corpus.notice import Notice


def test_holds_every_passage_of_the_notice(shelf: Shelf, notice: Notice) -> None:
    assert len(shelf.measures) == 39
    assert shelf.passage_of(notice, notice.measure(6)).passage_id == "xian-2024-26#m06"


@pytest.mark.parametrize("passage_id", ["xian-2024-26#m40", "m06", ""])
def test_has_no_other_passage(shelf: Shelf, passage_id: str) -> None:
    with pytest.raises(KeyError):
        shelf.passage(passage_id)


def test_leads_from_a_passage_to_its_measure_and_notice(shelf: Shelf, notice: Notice) -> None:
    passage = shelf.passage("xian-2024-26#m06")
    assert (shelf.measure_of(passage), shelf.notice_of(passage).notice_id) == (
        notice.measure(6),
        "xian-2024-26",
    )


def test_knows_that_a_clause_is_no_measure(shelf: Shelf) -> None:
    assert shelf.measure_of(shelf.passage("xian-2024-26#c1")) is None


@pytest.mark.parametrize("language", ["zh", "en", "zh-Hant"])
def test_has_an_example_question_for_every_measure(shelf: Shelf, notice: Notice, language: str) -> None:
    ids = [shelf.passage_of(notice, measure).passage_id for measure in notice.measures]
    assert all(shelf.example_question(passage_id, language) for passage_id in ids)


@pytest.mark.parametrize(("language", "longest"), [("zh", 18), ("en", 92)])
def test_gives_example_questions_that_fit_a_button(
    shelf: Shelf, notice: Notice, language: str, longest: int
) -> None:
    ids = [shelf.passage_of(notice, measure).passage_id for measure in notice.measures]
    examples = [shelf.example_question(passage_id, language) or "" for passage_id in ids]
    assert [example for example in examples if len(example) > longest] == []


def test_holds_the_glossary_of_a_passage(shelf: Shelf) -> None:
    found = shelf.glossary_of(shelf.passage("xian-2024-26#m06")).find("怎么装表")
    assert [(entry.everyday, entry.term) for entry in found] == [("装表", "报装")]


def test_has_no_example_question_for_what_is_unknown(shelf: Shelf) -> None:
    assert shelf.example_question("xian-2024-26#m99", "zh") is None
