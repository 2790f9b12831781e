import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from assistant.answer import Facet
from assistant.database import Database
from assistant.review.memo import Example, OpenFacet, OpenMeasure, OpenQuestions, memo_docx, open_questions
from corpus.notice import Notice
from prompts import words
from tests.assistant.rows import NOW, answered, judged

HOUSING, STATE = "市住建局", "市发改委"  # 市住建局 leads measure 7 and not measure 1, 市发改委 measure 1
TODAY = date(2026, 1, 15)


def open_for(database: Database, notice: Notice, unit: str = HOUSING, **period: Any) -> OpenQuestions:
    return open_questions(database, [notice], unit, **period)


def not_stated(database: Database, question: str = "联合验收要多少钱", **fields: Any) -> str:
    given = {"cited": ("m07",), "facet": "price", "status": "not_stated", **fields}
    return answered(database, question=question, **given)


def written(questions: OpenQuestions, language: str = "zh") -> Any:
    return Document(io.BytesIO(memo_docx(questions, today=TODAY, language=language)))


def text_of(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_lists_what_a_measure_of_the_unit_does_not_state(database: Database, notice: Notice) -> None:
    not_stated(database)
    (one,) = open_for(database, notice).measures
    assert (one.measure.number, one.facets[0].facet, one.facets[0].times) == (7, Facet.PRICE, 1)


def test_leaves_out_other_units_other_endings_and_what_was_only_found(
    database: Database, notice: Notice
) -> None:
    not_stated(database, cited=("m01",))
    not_stated(database, status="answered")
    not_stated(database, cited=(), found=("m07",))
    assert open_for(database, notice).measures == ()


def test_takes_an_answer_that_staff_found_to_be_open(database: Database, notice: Notice) -> None:
    judged(database, not_stated(database, status="answered"), "should_have_refused", ending="not_stated")
    assert open_for(database, notice).total == 1


@pytest.mark.parametrize(
    ("verdict", "ending"), [("wrong_fact", "not_covered"), ("should_have_answered", None)]
)
def test_leaves_out_what_staff_found_to_end_otherwise(
    database: Database, notice: Notice, verdict: str, ending: str | None
) -> None:
    judged(database, not_stated(database), verdict, ending=ending)
    assert open_for(database, notice).total == 0


def test_a_verdict_that_does_not_stand_changes_nothing(database: Database, notice: Notice) -> None:
    judged(database, not_stated(database), "wrong_fact", ending="answered", is_standing=False)
    assert open_for(database, notice).total == 1


def test_goes_to_the_unit_whose_measure_staff_named(database: Database, notice: Notice) -> None:
    judged(database, not_stated(database), "wrong_measure", measures=("m01",))
    assert open_for(database, notice).total == 0
    assert open_for(database, notice, STATE).measures[0].measure.number == 1


def test_the_same_words_are_one_example(database: Database, notice: Notice) -> None:
    for minute, question in enumerate(("多少钱?", "要交费吗", "多少钱？", "多少钱 ？")):
        not_stated(database, question, asked_at=NOW + timedelta(minutes=minute))
    (facet,) = open_for(database, notice).measures[0].facets
    assert (facet.times, facet.n_wordings) == (4, 2)
    assert facet.examples == (Example("多少钱 ？", 3), Example("要交费吗", 1))


def test_shows_five_examples_and_says_how_many_more_there_are(database: Database, notice: Notice) -> None:
    for number in range(7):
        not_stated(database, f"问法{number}")
    found = open_for(database, notice)
    assert len(found.measures[0].facets[0].examples) == 5
    assert "另有2种问法" in text_of(written(found))


def test_an_unknown_facet_is_another_one(database: Database, notice: Notice) -> None:
    not_stated(database, facet="colour")
    not_stated(database, facet=None)
    (facet,) = open_for(database, notice).measures[0].facets
    assert (facet.facet, facet.times) == (Facet.OTHER, 2)


def test_keeps_to_its_period(database: Database, notice: Notice) -> None:
    for day in (0, 1, 2):
        not_stated(database, asked_at=NOW + timedelta(days=day))
    period = {"since": NOW + timedelta(days=1), "until": NOW + timedelta(days=2)}
    assert open_for(database, notice, **period).total == 1


def test_does_not_know_a_unit_that_leads_nothing(database: Database, notice: Notice) -> None:
    with pytest.raises(KeyError, match="leads no measure"):
        open_for(database, notice, "市某局")


def test_an_answer_on_two_measures_counts_once(database: Database, notice: Notice) -> None:
    not_stated(database, cited=("m07", "m09"))
    found = open_for(database, notice)
    assert (found.total, [one.measure.number for one in found.measures]) == (1, [7, 9])


def test_the_memo_holds_what_the_unit_needs(database: Database, notice: Notice) -> None:
    not_stated(database, "联合验收\x0b要多少钱")
    since, until = datetime(2025, 12, 31, 16, tzinfo=UTC), datetime(2026, 1, 31, 16, tzinfo=UTC)
    said = text_of(written(open_for(database, notice, since=since, until=until)))
    for part in ("市住建局：", notice.title, "市政办函〔2024〕26号", notice.measure(7).text, "2026年1月15日"):
        assert part in said
    assert "2026年1月1日至2026年1月31日" in said
    assert notice.measure(7).deadline_line.of(notice.source) in said
    assert words("answer", "not_stated.price", "zh") in said
    assert words("staff", "memo.closing", "zh") in said


def test_the_memo_says_plainly_that_nothing_is_open(database: Database, notice: Notice) -> None:
    document = written(open_for(database, notice))
    assert words("staff", "memo.none", "zh") in text_of(document)
    assert document.tables == []


def test_the_memo_has_chinese_fonts_a_page_number_and_no_author(database: Database, notice: Notice) -> None:
    document = written(open_for(database, notice))
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "FangSong"
    assert document.sections[0].footer._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE"]
    assert document.core_properties.author == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_facet_has_a_name(notice: Notice, language: str) -> None:
    facets = tuple(OpenFacet(facet, 1, 1, (Example("q", 1),)) for facet in Facet)
    measures = (OpenMeasure(notice, notice.measure(7), facets),)
    (table,) = written(OpenQuestions(HOUSING, None, None, (notice,), 1, measures), language).tables
    assert len(table.rows) == 1 + len(Facet)
    assert all(row.cells[0].text for row in table.rows)
