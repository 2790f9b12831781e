"""From a notice's text to a `Notice`: a line grammar, read once, strictly.

Blank lines, indents and the width of punctuation do not matter. Whatever else
the grammar does not know raises NoticeFormatError with its line: a notice that
is read at all is read completely.

    head      title / document number / addressees: / paragraphs / authority / date / (note)
              plan title / paragraphs
    一、总体要求   paragraphs
    二、重点任务   (一)section / 1.title。body / 牵头单位: / 责任单位: / 完成时限: / 2. … / (二) …
              (the three fields in any order)
    三、工作要求   (一)title。body / (二) …
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from hashlib import sha256
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NoReturn, TypeVar

from corpus.deadlines import parse_deadline
from corpus.notice import Clause, Measure, Notice, NoticeFormatError, Oddity, Section, Span
from corpus.text import clean, decode, fold, fold_aligned, line_of
from corpus.units import parse_lead_units, parse_responsible_units, unit_oddities

_T = TypeVar("_T")

USUAL_DEADLINE_LABEL = "完成时限"
FIELD_OF_LABEL = {
    "牵头单位": "lead_units",
    "责任单位": "responsible_units",
    "完成时限": "deadline",
    "完成时间": "deadline",  # measure 27 prints it so
}
_FIELDS = ("lead_units", "responsible_units", "deadline")
_GENERAL, _TASKS, _WORK = "总体要求", "重点任务", "工作要求"
_STOP = "\u3002"
# The longest title of a measure has 14 characters. Where the full stop after a title
# is lost, the first sentence joins it, and 24 or a comma tells the two apart.
_MAX_TITLE_CHARS = 24

_CHINESE_DIGITS = "零一二三四五六七八九"
_CHAPTER = re.compile(r"([一二三四五六七八九十]+)、\s*(.+)")
_BRACKETED = re.compile(r"\(([一二三四五六七八九十]+)\)\s*(.+)")
_MEASURE = re.compile(r"([1-9][0-9]*)\.\s*(.+)")
_FIELD = re.compile(r"([^:,。、;“”]{1,12}?)\s*:\s*(.*)")
_DOCUMENT_NUMBER = re.compile(r"[^\W\d]+[〔\[]([0-9]{4})[〕\]]([1-9][0-9]*)号")
_DATE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_NOTE = re.compile(r"\(.+\)")
# Anything that numbers a line, known here or not: such a line is never taken for a paragraph.
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十百0-9]+[编章节条款项]"
    r"|[(\[]?[零一二三四五六七八九十]+[)\].、:]"
    r"|[(\[]?[0-9]+[)\].、:]"
    r"|[A-Za-z][).、:]|\([A-Za-z]\)|[IVXivx]+[).、]"
    r"|[\u2160-\u217f\u2460-\u24ff\u2776-\u2793\u3220-\u3247\u3280-\u3289]"
    r"|附件|附录|[\u2022\u00b7\u25cf\u25a0\u25c6#*-]"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a notice besides its text; the counts tell a cut-off file."""

    notice_id: str
    document_number: str
    file: str
    sha256: str
    source_url: str | None
    n_sections: int
    n_measures: int
    n_clauses: int
    last_words: str


def read_metadata(path: Path | Traversable) -> Metadata:
    """Read a notice's TOML file; NoticeFormatError if a key is missing, unknown or of another type."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoticeFormatError(0, f"{path.name}: {error}") from error
    expects = table.pop("expects", {})
    counts = ("sections", "measures", "clauses")
    flat = {"source_url": None, **table}
    flat |= {(f"n_{key}" if key in counts else key): value for key, value in expects.items()}
    known = {field.name for field in fields(Metadata)}
    if flat.keys() != known:
        raise NoticeFormatError(
            0, f"{path.name}: missing {sorted(known - flat.keys())}, unknown {sorted(flat.keys() - known)}"
        )
    for key, value in flat.items():
        expected = int if key.startswith("n_") else str
        if type(value) is not expected and not (key == "source_url" and value is None):
            raise NoticeFormatError(0, f"{path.name}: {key} is {value!r}, not {expected.__name__}")
    return Metadata(**flat)


def parse_notice(raw: bytes | str, metadata: Metadata | None = None) -> Notice:
    """Read one notice; NoticeFormatError at the first thing that is not known.

    Without metadata nothing says how many measures there should be, so a text
    cut off between two paragraphs of the last chapter is not noticed.
    """
    source = decode(raw) if isinstance(raw, bytes) else clean(raw)
    reader = _Reader(source)
    head = _parse_head(reader)
    clauses = _parse_general(reader)
    sections, measures = _parse_tasks(reader)
    clauses = (*clauses, *_parse_work(reader))
    notice = Notice(
        notice_id=metadata.notice_id if metadata else head.made_up_id,
        title=head.title,
        document_number=head.document_number,
        issuing_authority=head.issuing_authority,
        addressees=head.addressees,
        issued_on=head.issued_on,
        note=head.note,
        plan_title=head.plan_title,
        purpose=head.purpose,
        sections=sections,
        measures=measures,
        clauses=clauses,
        oddities=_find_oddities(measures, head.issued_on, source),
        head=head.span,
        source=source,
        source_url=metadata.source_url if metadata else None,
        source_sha256=sha256(raw if isinstance(raw, bytes) else raw.encode()).hexdigest(),
    )
    if metadata:
        _check_expectations(notice, metadata, reader)
    return notice


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank, without its indent."""

    number: int
    start: int
    end: int
    text: str  # aligned with the source, in half width

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_paragraph(self) -> bool:
        """Whether it ends as a paragraph does and starts as no heading does."""
        return self.text.endswith(_STOP) and not _NUMBERED.match(self.text)

    def fail(self, problem: str) -> NoReturn:
        raise NoticeFormatError(self.number, problem)


class _Reader:
    """Gives the lines one after another; the only state of a parse."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = _lines(source)
        self._next = 0
        if not self._lines:
            raise NoticeFormatError(1, "the text is empty")

    @property
    def last_line(self) -> _Line:
        return self._lines[-1]

    def peek(self) -> _Line | None:
        return self._lines[self._next] if self._next < len(self._lines) else None

    def take(self, wanted: str) -> _Line:
        """Give the next line; at the end of the text, fail for want of what was wanted."""
        line = self.peek()
        if line is None:
            self.last_line.fail(f"the text ends where {wanted} is expected")
        self._next += 1
        return line

    def take_while(self, belongs: Callable[[_Line], bool]) -> list[_Line]:
        taken: list[_Line] = []
        while (line := self.peek()) and belongs(line):
            taken.append(self.take("a line"))
        return taken

    def printed(self, span: Span) -> str:
        return span.of(self.source)


def _lines(source: str) -> list[_Line]:
    found: list[_Line] = []
    start = 0
    for number, line in enumerate(fold_aligned(source).split("\n"), start=1):
        if text := line.strip():
            first = start + len(line) - len(line.lstrip())
            found.append(_Line(number, first, first + len(text), text))
        start += len(line) + 1
    return found


@dataclass(frozen=True, slots=True)
class _Head:
    title: str
    document_number: str
    made_up_id: str
    issuing_authority: str
    addressees: tuple[str, ...]
    issued_on: date
    note: str | None
    plan_title: str
    purpose: str
    span: Span


def _parse_head(reader: _Reader) -> _Head:
    title = _take_heading(reader, "the title")
    number = reader.take("the document number")
    match = _DOCUMENT_NUMBER.fullmatch(number.text)
    if match is None:
        number.fail(f"{number.text!r} is no document number")
    addressees = reader.take("the addressees")
    if not addressees.text.endswith(":") or len(addressees.text) < 2:
        addressees.fail("the addressees do not end in a colon")
    _take_paragraphs(reader, "the letter")
    authority = _take_heading(reader, "the issuing authority")
    issued_on = _parse_date(reader.take("the date of issue"))
    note = reader.take_while(lambda line: bool(_NOTE.fullmatch(line.text)))
    if len(note) > 1:
        note[1].fail("a second note")
    plan_title = _take_heading(reader, "the title of the plan")
    purpose = _take_paragraphs(reader, "the plan's opening paragraph")
    # 、 separates addressees only before 各: 各区、县人民政府 is one.
    printed = re.split(r"[,\uff0c]|、(?=各)", reader.printed(Span(addressees.start, addressees.end - 1)))
    return _Head(
        title=reader.printed(title.span),
        document_number=reader.printed(number.span),
        made_up_id=f"unknown-{match[1]}-{match[2]}",
        issuing_authority=reader.printed(authority.span),
        addressees=tuple(name.strip() for name in printed),
        issued_on=issued_on,
        note=reader.printed(note[0].span) if note else None,
        plan_title=reader.printed(plan_title.span),
        purpose=reader.printed(purpose),
        span=Span(title.start, purpose.end),
    )


def _take_heading(reader: _Reader, wanted: str) -> _Line:
    """Take a line that is neither a paragraph nor numbered: a title or a signature."""
    line = reader.take(wanted)
    if line.text.endswith((_STOP, ":")) or line.text.startswith("(") or _NUMBERED.match(line.text):
        line.fail(f"{_shortened(line)} where {wanted} is expected")
    return line


def _take_paragraphs(reader: _Reader, wanted: str) -> Span:
    lines = reader.take_while(lambda line: line.is_paragraph)
    if not lines:
        line = reader.take(wanted)
        line.fail(f"{_shortened(line)} where {wanted} is expected, ending in {_STOP}")
    return Span(lines[0].start, lines[-1].end)


def _parse_date(line: _Line) -> date:
    match = _DATE.fullmatch(line.text)
    if match is None:
        line.fail(f"{_shortened(line)} where the date of issue is expected")
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        line.fail(f"{line.text!r} is no day of the calendar")


def _take_chapter(reader: _Reader, number: int, title: str) -> None:
    line = reader.take(f"chapter {number}, {title}")
    match = _CHAPTER.fullmatch(line.text)
    if match is None:
        line.fail(f"{_describe(line)} where chapter {number}, {title}, is expected")
    _check_number(line, "chapter", chinese_number(match[1]), number)
    if match[2] != title:
        line.fail(f"chapter {number} is {match[2]!r}, expected {title!r}")


def _parse_general(reader: _Reader) -> tuple[Clause, ...]:
    _take_chapter(reader, 1, _GENERAL)
    span = _take_paragraphs(reader, "the text of chapter 1")
    return (Clause("c1", _GENERAL, reader.printed(span), span.start, span.end),)


def _parse_tasks(reader: _Reader) -> tuple[tuple[Section, ...], tuple[Measure, ...]]:
    _take_chapter(reader, 2, _TASKS)
    sections: list[Section] = []
    measures: list[Measure] = []
    while not sections or _next_is(reader, _BRACKETED):
        sections.append(_take_section(reader, len(sections) + 1))
        n_before = len(measures)
        while len(measures) == n_before or _next_is(reader, _MEASURE):
            measures.append(_take_measure(reader, len(measures) + 1, sections[-1]))
    return tuple(sections), tuple(measures)


def _next_is(reader: _Reader, heading: re.Pattern[str]) -> bool:
    line = reader.peek()
    return line is not None and heading.fullmatch(line.text) is not None


def _take_section(reader: _Reader, expected: int) -> Section:
    line = reader.take(f"section {expected}")
    match = _BRACKETED.fullmatch(line.text)
    if match is None:
        line.fail(f"{_describe(line)} where section {expected} is expected")
    _check_number(line, "section", chinese_number(match[1]), expected)
    if _STOP in match[2]:
        line.fail(f"the title of section {expected} is a sentence")
    return Section(expected, reader.printed(Span(line.start + match.start(2), line.end)))


def _take_measure(reader: _Reader, expected: int, section: Section) -> Measure:
    line = reader.take(f"measure {expected}")
    match = _MEASURE.fullmatch(line.text)
    if match is None:
        line.fail(f"{_describe(line)} where measure {expected} is expected")
    _check_number(line, "measure", int(match[1]), expected)
    name = f"measure {expected}"
    span = Span(line.start + match.start(2), line.end)
    title = _title_of(line, name, reader.printed(span))
    found = _take_fields(reader, name, line)
    lead, responsible, deadline = (found[field] for field in _FIELDS)
    units, is_open = _read(responsible, name, parse_responsible_units)
    return Measure(
        number=expected,
        title=title,
        text=reader.printed(span),
        section=section,
        lead_units=_read(lead, name, parse_lead_units),
        responsible_units=units,
        responsible_units_printed=responsible.printed,
        responsible_units_open=is_open,
        deadline=_read(deadline, name, lambda printed: parse_deadline(deadline.label, printed)),
        start=span.start,
        end=span.end,
        lead_line=lead.line.span,
        responsible_line=responsible.line.span,
        deadline_line=deadline.line.span,
    )


def _title_of(line: _Line, name: str, text: str) -> str:
    """Return what stands before the first full stop; a body must follow and end in one."""
    title, stop, body = text.partition(_STOP)
    if not title.strip() or not stop:
        line.fail(f"{name}: the title does not end in {_STOP}")
    if len(title) > _MAX_TITLE_CHARS or re.search("[,;:]", fold_aligned(title)):
        line.fail(f"{name}: {_shortened(line)} is no title: a {_STOP} may lack after it")
    if not body.strip():
        line.fail(f"{name} has no text after its title")
    if not body.endswith(_STOP):
        line.fail(f"{name} does not end in {_STOP}")
    return title


@dataclass(frozen=True, slots=True)
class _Field:
    line: _Line
    label: str
    printed: str


def _take_fields(reader: _Reader, name: str, heading: _Line) -> dict[str, _Field]:
    found: dict[str, _Field] = {}
    while (line := reader.peek()) and not _is_heading(line):
        match = _FIELD.fullmatch(line.text)
        if match is None or _NUMBERED.match(line.text):
            line.fail(f"{name}: {_describe(line)} where a field or a heading is expected")
        field = FIELD_OF_LABEL.get(match[1])
        if field is None:
            line.fail(f"{name}: unknown label {match[1]!r}")
        if field in found:
            line.fail(f"{name} repeats {field}")
        if not match[2]:
            line.fail(f"{name}: {field} is empty")
        printed = reader.printed(Span(line.start + match.start(2), line.end))
        found[field] = _Field(reader.take("a field"), match[1], printed)
    if missing := [field for field in _FIELDS if field not in found]:
        heading.fail(f"{name} lacks {', '.join(missing)}")
    return found


def _is_heading(line: _Line) -> bool:
    return any(pattern.fullmatch(line.text) for pattern in (_MEASURE, _BRACKETED, _CHAPTER))


def _read(field: _Field, name: str, parse: Callable[[str], _T]) -> _T:
    try:
        return parse(field.printed)
    except ValueError as error:
        raise NoticeFormatError(field.line.number, f"{name}: {error}") from error


def _parse_work(reader: _Reader) -> tuple[Clause, ...]:
    _take_chapter(reader, 3, _WORK)
    clauses: list[Clause] = []
    while not clauses or reader.peek():
        expected = len(clauses) + 1
        line = reader.take(f"clause 3.{expected}")
        match = _BRACKETED.fullmatch(line.text)
        if match is None:
            line.fail(f"{_describe(line)} where clause 3.{expected} or the end is expected")
        _check_number(line, "clause", chinese_number(match[1]), expected)
        span = Span(line.start + match.start(2), line.end)
        text = reader.printed(span)
        title = _title_of(line, f"clause 3.{expected}", text)
        clauses.append(Clause(f"c3.{expected}", title, text, span.start, span.end))
    return tuple(clauses)


def chinese_number(numeral: str) -> int | None:
    """Return the value of 一 to 九十九, None for anything else (十十, 一二)."""
    match = re.fullmatch(r"(?:([二三四五六七八九])?(十))?([一二三四五六七八九])?", numeral)
    if match is None or not numeral:
        return None
    tens = (_CHINESE_DIGITS.index(match[1]) if match[1] else 1) if match[2] else 0
    return 10 * tens + (_CHINESE_DIGITS.index(match[3]) if match[3] else 0)


def _check_number(line: _Line, kind: str, found: int | None, expected: int) -> None:
    if found is None:
        line.fail(f"{_shortened(line)} has a number that cannot be read")
    if found > expected:
        line.fail(f"{kind} {found} where {kind} {expected} is expected: a gap in the numbering")
    if found < expected:
        line.fail(f"{kind} {found} where {kind} {expected} is expected: a number that was there before")


def _describe(line: _Line) -> str:
    if _NUMBERED.match(line.text) and not _is_heading(line):
        return f"unknown heading {_shortened(line)}"
    return _shortened(line)


def _shortened(line: _Line) -> str:
    return repr(line.text if len(line.text) <= 20 else f"{line.text[:20]}\u2026")


def _find_oddities(measures: tuple[Measure, ...], issued_on: date, source: str) -> tuple[Oddity, ...]:
    found: list[Oddity] = []
    for measure in measures:
        lead = fold_aligned(measure.lead_line.of(source)).partition(":")[2]
        for span, printed in (
            (measure.lead_line, lead),
            (measure.responsible_line, measure.responsible_units_printed),
        ):
            line = line_of(source, span.start)
            found += [Oddity(kind, measure.number, words, line) for kind, words in unit_oddities(printed)]
        line = line_of(source, measure.deadline_line.start)
        if measure.deadline.label != USUAL_DEADLINE_LABEL:
            found.append(Oddity("deadline_label", measure.number, measure.deadline.label, line))
        if measure.deadline.precedes(issued_on):
            found.append(Oddity("deadline_precedes_issue", measure.number, measure.deadline.text, line))
    return tuple(found)


def _check_expectations(notice: Notice, metadata: Metadata, reader: _Reader) -> None:
    last_line = reader.last_line
    if fold(notice.document_number) != fold(metadata.document_number):
        line = line_of(notice.source, notice.source.index(notice.document_number))
        raise NoticeFormatError(
            line, f"document number {notice.document_number}, expected {metadata.document_number}"
        )
    for kind, found, expected in (
        ("sections", len(notice.sections), metadata.n_sections),
        ("measures", len(notice.measures), metadata.n_measures),
        ("clauses", len(notice.clauses), metadata.n_clauses),
    ):
        if found != expected:
            last_line.fail(f"the text ends after {found} {kind}, expected {expected}")
    if not fold(notice.source).endswith(fold(metadata.last_words)):
        ending = last_line.text[-len(metadata.last_words) :]
        last_line.fail(f"the text ends with {ending!r}, expected {metadata.last_words!r}")
