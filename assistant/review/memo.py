"""The memo for a lead unit: what was asked about its measures that the notice leaves open."""

import io
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select

from assistant.answer import Facet, Status
from assistant.database import Database
from assistant.database.tables import answer_passages, answers, verdicts
from assistant.review.export import xml_text
from assistant.review.insight import CHINA_TIME, in_period, measure_ids
from assistant.review.verdicts import Verdict
from corpus.notice import Measure, Notice
from prompts import words

MAX_EXAMPLES = 5
_BODY, _HEADING = "FangSong", "SimHei"  # as officials' documents have them; in every Chinese Word
_MARGINS_MM = {"top": 37, "bottom": 35, "left": 28, "right": 26}  # GB/T 9704-2012, 5.2
_COLUMNS_MM = (36, 18, 102)


@dataclass(frozen=True, slots=True)
class Example:
    """A question as its newest asker put it, and how often it was asked in these words."""

    question: str
    times: int


@dataclass(frozen=True, slots=True)
class OpenFacet:
    """What the notice leaves open about a measure."""

    facet: Facet
    times: int
    n_wordings: int
    examples: tuple[Example, ...]  # the most frequent first, of these the newest; MAX_EXAMPLES at most


@dataclass(frozen=True, slots=True)
class OpenMeasure:
    """A measure, and what was asked about it in vain, the most frequent first."""

    notice: Notice
    measure: Measure
    facets: tuple[OpenFacet, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What was asked about a unit's measures in a period that the notice leaves open."""

    unit: str
    since: datetime | None
    until: datetime | None  # no more of the period
    notices: tuple[Notice, ...]  # in which the unit leads a measure
    total: int  # an answer that cites two measures counts once
    measures: tuple[OpenMeasure, ...]  # by number; only those with questions


def open_questions(
    database: Database,
    notices: Sequence[Notice],
    unit: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> OpenQuestions:
    """Return what a lead unit was asked that the notice leaves open.

    These are answers that end as not stated and cite a measure of the unit. Where an answer
    has a standing verdict, its ending and its measures count instead. Raises KeyError for a
    unit that leads no measure.
    """
    led = {
        measure_ids(notice)[measure.number]: (notice, measure)
        for notice in notices
        for measure in notice.measures
        if unit in {one.name for one in measure.lead_units}
    }
    if not led:
        raise KeyError(f"{unit!r} leads no measure")
    with database.reading() as connection:
        by_passage = _open(connection, led.keys(), since, until)
    found = [OpenMeasure(*led[key], _facets(by_passage[key])) for key in led if key in by_passage]
    return OpenQuestions(
        unit=unit,
        since=since,
        until=until,
        notices=tuple({notice.notice_id: notice for notice, _ in led.values()}.values()),
        total=len({row.answer_id for rows in by_passage.values() for row in rows}),
        measures=tuple(found),
    )


def memo_docx(questions: OpenQuestions, *, today: date, language: str = "zh") -> bytes:
    """Return the memo as a Word document; what the notice prints stays Chinese in every language."""
    document = _new_document(words("staff", "memo.title", language), today)
    _write_head(document, questions, today, language)
    for one in questions.measures:
        _write_measure(document, one, language)
    if questions.measures:
        document.add_paragraph(words("staff", "memo.closing", language), style="Body Text")
    document.add_paragraph(_date(today, language)).alignment = 2  # right
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def _open(
    connection: Connection, led: Collection[str], since: datetime | None, until: datetime | None
) -> Mapping[str, Sequence[Row[Any]]]:
    """Return the open answers of each passage, newest first."""
    standing = and_(verdicts.c.answer_id == answers.c.answer_id, verdicts.c.is_standing)
    may_be = or_(answers.c.status == Status.NOT_STATED, verdicts.c.ending == Status.NOT_STATED)
    chosen = and_(may_be, *in_period(since, until))
    cites = and_(answer_passages.c.is_cited, answer_passages.c.passage_id.in_(sorted(led)))
    cited = defaultdict(list)
    for answer_id, passage_id in connection.execute(
        select(answers.c.answer_id, answer_passages.c.passage_id)
        .select_from(answers.join(answer_passages).outerjoin(verdicts, standing))
        .where(chosen, cites)
    ):
        cited[answer_id].append(passage_id)
    columns = [answers.c[name] for name in ("answer_id", "question", "wording", "facet", "status")]
    query: Select[Any] = select(*columns, verdicts.c.verdict, verdicts.c.ending, verdicts.c.measures)
    query = query.select_from(answers.outerjoin(verdicts, standing)).where(chosen)
    by_passage: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query.order_by(answers.c.asked_at.desc(), answers.c.answer_id)):
        about = cited[row.answer_id] if row.measures is None else json.loads(row.measures)
        for passage_id in about if _is_open(row) else ():
            if passage_id in led:
                by_passage[passage_id].append(row)
    return by_passage


def _is_open(row: Row[Any]) -> bool:
    if row.ending is None and row.verdict == Verdict.SHOULD_HAVE_ANSWERED:
        return False  # it says so without naming the ending
    return bool((row.ending or row.status) == Status.NOT_STATED)


def _facets(rows: Iterable[Row[Any]]) -> tuple[OpenFacet, ...]:
    by_facet = defaultdict(list)
    for row in rows:
        by_facet[_facet(row.facet)].append(row)
    found = [_open_facet(facet, of_facet) for facet, of_facet in by_facet.items()]
    return tuple(sorted(found, key=lambda one: (-one.times, one.facet)))


def _facet(stored: str | None) -> Facet:
    """Return what was asked for; an answer of another version may have a name we do not know."""
    return Facet(stored) if stored in set(Facet) else Facet.OTHER


def _open_facet(facet: Facet, rows: Sequence[Row[Any]]) -> OpenFacet:
    keys = [row.wording or row.question for row in rows]
    newest = {key: row.question for key, row in zip(reversed(keys), reversed(rows), strict=True)}
    examples = [Example(newest[key], times) for key, times in Counter(keys).most_common(MAX_EXAMPLES)]
    return OpenFacet(facet, len(rows), len(newest), tuple(examples))


def _facet_name(facet: Facet, language: str) -> str:
    if facet in (Facet.CONTENT, Facet.OTHER):
        return words("staff", f"memo.{facet}", language)
    return words("answer", f"not_stated.{facet}", language)


def _date(day: date, language: str) -> str:
    return words("staff", "memo.date", language, year=day.year, month=day.month, day=day.day)


def _period(questions: OpenQuestions, today: date, language: str) -> str:
    first, last = words("staff", "memo.beginning", language), _date(today, language)
    if questions.since is not None:
        first = _date(questions.since.astimezone(CHINA_TIME).date(), language)
    if questions.until is not None:
        moment = questions.until.astimezone(CHINA_TIME) - timedelta(milliseconds=1)
        last = _date(moment.date(), language)
    return words("staff", "memo.period", language, first=first, last=last)


def _write_head(document: Any, questions: OpenQuestions, today: date, language: str) -> None:
    document.add_paragraph(words("staff", "memo.title", language), style="Title")
    document.add_paragraph(words("staff", "memo.to", language, unit=questions.unit))
    for notice in questions.notices:
        of_notice = {"title": notice.title, "document_number": notice.document_number}
        document.add_paragraph(words("staff", "memo.document", language, **of_notice), style="Body Text")
    document.add_paragraph(_period(questions, today, language), style="Body Text")
    lead = words("staff", "memo.none", language)
    if questions.measures:
        lead = words("staff", "memo.lead", language, total=questions.total, measures=len(questions.measures))
    document.add_paragraph(lead, style="Body Text")


def _write_measure(document: Any, one: OpenMeasure, language: str) -> None:
    named = {"number": one.measure.number, "title": one.measure.title}
    document.add_heading(words("staff", "memo.measure", language, **named), level=1)
    document.add_paragraph(words("staff", "memo.text", language, text=one.measure.text), style="Body Text")
    document.add_paragraph(one.measure.deadline_line.of(one.notice.source), style="Body Text")
    table = document.add_table(rows=1, cols=len(_COLUMNS_MM), style="Table Grid")
    for cell, key in zip(table.rows[0].cells, ("asked", "times", "examples"), strict=True):
        _fill(cell, words("staff", f"memo.{key}", language), is_bold=True)
    _repeat_head(table)
    for facet in one.facets:
        asked, times, examples = table.add_row().cells
        _fill(asked, _facet_name(facet.facet, language))
        _fill(times, str(facet.times))
        _fill(examples, "\n".join(_examples(facet, language)))
    _set_widths(table)


def _examples(facet: OpenFacet, language: str) -> list[str]:
    lines = []
    for one in facet.examples:
        question = xml_text(" ".join(one.question.split()))
        said = words("staff", "memo.example", language, question=question, times=one.times)
        lines.append(question if one.times == 1 else said)
    if facet.n_wordings > len(lines):
        lines.append(words("staff", "memo.more", language, n=facet.n_wordings - len(lines)))
    return lines


def _new_document(title: str, today: date) -> Any:
    """Return an empty document on A4 with margins, fonts and page numbers; it names no author."""
    from docx import Document  # noqa: PLC0415  (0.2 s, only a memo needs it)
    from docx.shared import Mm  # noqa: PLC0415

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for side, margin in _MARGINS_MM.items():
        setattr(page, f"{side}_margin", Mm(margin))
    _set_fonts(document)
    _number_pages(page.footer.paragraphs[0])
    made = datetime(today.year, today.month, today.day, tzinfo=UTC)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = made
    return document


def _set_fonts(document: Any) -> None:
    from docx.shared import Mm, Pt  # noqa: PLC0415

    _set_font(document.styles["Normal"], _BODY, Pt(14))
    _set_font(document.styles["Title"], _HEADING, Pt(22))
    _set_font(document.styles["Heading 1"], _HEADING, Pt(15))
    document.styles["Title"].paragraph_format.alignment = 1  # centred
    body = document.styles["Body Text"].paragraph_format
    body.first_line_indent, body.line_spacing, body.space_after = Pt(28), 1.5, Mm(1)


def _set_font(style: Any, name: str, size: Any) -> None:
    """Set a style's font for Chinese too: Word has a font of its own for it."""
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import RGBColor  # noqa: PLC0415

    style.font.name, style.font.size = name, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.attrib.pop(qn(f"w:{script}Theme"), None)  # a theme's font would win
    fonts.set(qn("w:eastAsia"), name)


def _number_pages(paragraph: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph.alignment = 1  # centred
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def _repeat_head(table: Any) -> None:
    """Let a table's head stand on every page the table goes over."""
    from docx.oxml import OxmlElement  # noqa: PLC0415

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _set_widths(table: Any) -> None:
    from docx.shared import Mm  # noqa: PLC0415

    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, _COLUMNS_MM, strict=True):
            cell.width = Mm(width)


def _fill(cell: Any, text: str, *, is_bold: bool = False) -> None:
    from docx.shared import Pt  # noqa: PLC0415

    run = cell.paragraphs[0].add_run(text)
    run.font.size, run.font.bold = Pt(11), is_bold
