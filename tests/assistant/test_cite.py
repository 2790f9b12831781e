from collections.abc import Callable
from dataclasses import replace

import pytest

from assistant.answer import Answer, Draft, Language, Question, Quotation, Status
from assistant.cite import cite
from assistant.shelf import Shelf
from corpus.notice import Notice

QUESTION = Question("水电气怎么报装", "水电气怎么报装", "zh")


@pytest.fixture
def cited(shelf: Shelf, notice: Notice) -> Callable[..., Answer]:
    """Give the answer that cites the first ten characters of each passage."""

    def answer(*keys: str, confidence: float | None = 0.9, language: Language = "zh") -> Answer:
        passages = [shelf.passage(f"{notice.notice_id}#{key}") for key in keys]
        quotations = [Quotation(p.passage_id, p.text[:10], p.start, p.start + 10) for p in passages]
        draft = Draft(Status.ANSWERED, "[1]", tuple(quotations), ("r",), ("f",), confidence)
        question = replace(QUESTION, language=language)
        return cite(draft, question, shelf, answer_id="a", index_version="v")

    return answer


def test_numbers_citations_as_the_markers_do(cited: Callable[..., Answer]) -> None:
    assert [citation.marker for citation in cited("m06", "m03").citations] == [1, 2]


def test_joins_the_facts_of_a_measure(cited: Callable[..., Answer]) -> None:
    citation = cited("m09").citations[0]
    assert (citation.measure_number, citation.document_number) == (9, "市政办函〔2024〕26号")
    assert citation.lead_units == ("市住建局", "市数据局")
    assert (citation.deadline, citation.measure_title) == ("2024年10月底前", "强化项目审批数据联通")
    assert citation.title_en


@pytest.mark.parametrize("key", ["c1", "c3.2", "meta"])
def test_gives_a_clause_neither_number_nor_units_nor_deadline(cited: Callable[..., Answer], key: str) -> None:
    citation = cited(key).citations[0]
    assert (citation.measure_number, citation.lead_units, citation.deadline) == (None, (), None)


def test_gives_an_english_reader_the_translation_of_the_quoted_words(cited: Callable[..., Answer]) -> None:
    citation = cited("m25", language="en").citations[0]
    assert citation.exact_en == "Step up action against overdue payments to enterprises."
    assert citation.exact == "深化整治拖欠企业账款"


@pytest.mark.parametrize("language", ["zh", "zh-Hant"])
def test_gives_a_chinese_reader_no_translation(cited: Callable[..., Answer], language: str) -> None:
    assert cited("m25", language=language).citations[0].exact_en is None


def test_keeps_what_the_draft_says(cited: Callable[..., Answer]) -> None:
    answer = cited("m06")
    assert (answer.text, answer.related, answer.follow_ups, answer.engine) == ("[1]", ("r",), ("f",), "quote")


@pytest.mark.parametrize(("given", "shown"), [(0.123456, 0.1235), (1.0, 1.0), (None, None)])
def test_rounds_the_confidence(
    cited: Callable[..., Answer], given: float | None, shown: float | None
) -> None:
    assert cited("m06", confidence=given).confidence == shown
