"""Stage 4 for lists and counts: every row from the records, with its citation."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from assistant.answer import Draft, Premise, Question, Status
from assistant.found import Listed
from assistant.list_groups import write_groups, write_ranks
from assistant.list_readings import describe
from assistant.list_shapes import Shape
from assistant.shelf import Shelf
from assistant.write_premises import write_premises
from assistant.writer import (
    Writer,
    cite_facts,
    day_of,
    deadline_of,
    section_of,
    title_of,
    unit_name,
    unit_names,
    write_label,
)
from corpus import records
from corpus.notice import Measure, Notice
from corpus.records import Conditions
from corpus.text import sentences

N_NEAREST_UNITS = 3


def compose_lists(
    question: Question, lists: Sequence[Listed], shelf: Shelf, today: date, premises: Sequence[Premise] = ()
) -> Draft:
    """Return the answer to a question for lists: the reading, the count, the range searched, the rows."""
    writer = Writer(question.language)
    write_premises(writer, premises, shelf)
    write_lists(writer, lists, shelf, today)
    write_label(writer, lists[0].notice)
    return writer.draft(Status.ANSWERED, confidence=1.0, engine="records")


def write_lists(writer: Writer, lists: Sequence[Listed], shelf: Shelf, today: date) -> None:
    """Write the lists one after another, and which of their deadlines have passed."""
    shown: set[Measure] = set()
    for listed in lists:
        writer.paragraph()
        if listed.listing.unknown_unit:
            write_unknown_unit(writer, listed.listing.unknown_unit, shelf)
        else:
            shown.update(_write(writer, listed, shelf))
    if shown:
        passed = sum(measure.deadline.precedes(today) for measure in shown)  # two may lead one
        writer.paragraph()
        writer.say("list.clock", today=day_of(today, writer.language), passed=passed)


def compose_structure(question: Question, premises: Sequence[Premise], shelf: Shelf) -> Draft:
    """Return the parts of each document, its sections with their measures, and what each measure states."""
    writer = Writer(question.language)
    write_premises(writer, premises, shelf)
    writer.paragraph()
    write_structure(writer, shelf)
    write_label(writer, shelf.notices[0])
    return writer.draft(Status.ANSWERED, confidence=1.0, engine="records")


def write_structure(writer: Writer, shelf: Shelf) -> None:
    for notice in shelf.notices:
        requirements = [clause for clause in notice.clauses if clause.key.startswith("c3.")]
        writer.say(
            "document.structure",
            document_number=notice.document_number,
            sections=len(notice.sections),
            total=len(notice.measures),
            requirements=len(requirements),
        )
        writer.paragraph()
        separator = "; " if writer.language == "en" else "\uff1b"
        for section, measures in records.group_by_section(notice.measures).items():
            writer.say(
                "document.section",
                n=section.number,
                name=section_of(section, notice, writer.language, shelf),
                count=len(measures),
                first=measures[0].number,
                last=measures[-1].number,
                measures=separator.join(_outlined(writer, measure, notice, shelf) for measure in measures),
            )
        writer.paragraph()
        titles = [
            title_of(shelf.passage(f"{notice.notice_id}#{c.key}"), writer.language, shelf)
            for c in requirements
        ]
        writer.say("document.requirements", titles=separator.join(titles))


def _outlined(writer: Writer, measure: Measure, notice: Notice, shelf: Shelf) -> str:
    passage = shelf.passage_of(notice, measure)
    marker = cite_facts(writer, measure, passage, notice)
    return f"{measure.number} {title_of(passage, writer.language, shelf)} {marker}"


def compose_unknown_unit(question: Question, name: str, shelf: Shelf) -> Draft:
    """Return that the notice names no such unit, and the names it has that are like it."""
    writer = Writer(question.language)
    write_unknown_unit(writer, name, shelf)
    write_label(writer, shelf.notices[0])
    return writer.draft(Status.NOT_COVERED, engine="records")


def write_unknown_unit(writer: Writer, name: str, shelf: Shelf) -> None:
    notice = shelf.notices[0]
    named = {unit.name for m in notice.measures for unit in (*m.lead_units, *m.responsible_units)}
    nearest = get_close_matches(name, sorted(named), n=N_NEAREST_UNITS, cutoff=0.4)
    writer.say("list.unknown_unit", name=name, total=len(notice.measures))
    if nearest:
        separator = "; " if writer.language == "en" else "\u3001"
        names = separator.join(unit_name(unit, writer.language, shelf) for unit in nearest)
        writer.say("list.nearest_units", units=names)


def _write(writer: Writer, listed: Listed, shelf: Shelf) -> tuple[Measure, ...]:
    shape = listed.listing.shape
    if shape is Shape.GROUPED:
        return write_groups(writer, listed, shelf)
    if shape in (Shape.MOST, Shape.LEAST):
        return write_ranks(writer, listed, shelf)
    _write_head(writer, listed, shelf)
    writer.paragraph()
    rows = listed.measures or listed.also_named
    _write_rows(writer, rows, listed, shelf)
    return rows


def _write_head(writer: Writer, listed: Listed, shelf: Shelf) -> None:
    """Say what was counted: one unit's share in a sentence of its own, else the conditions one by one."""
    language, total = writer.language, len(listed.notice.measures)
    conditions = listed.listing.conditions
    only_unit = listed.only_unit
    if only_unit is not None:
        unit = unit_name(only_unit, language, shelf)
        role = "lead" if conditions.lead_units else "responsible"
        if listed.measures:
            writer.say(f"list.{role}", unit=unit, count=len(listed.measures), total=total)
            return
        writer.say("list.none" if role == "lead" else "list.none_named", unit=unit, total=total)
        if listed.also_named:
            writer.say("list.named_instead", count=len(listed.also_named))
        return
    described = describe(listed, language, shelf)
    if listed.measures:
        writer.say("list.found", conditions=described, count=len(listed.measures), total=total)
    else:
        writer.say("list.found_none", conditions=described, total=total)


def _write_rows(writer: Writer, rows: Iterable[Measure], listed: Listed, shelf: Shelf) -> None:
    notice, wanted = listed.notice, listed.listing.conditions
    for n, measure in enumerate(rows, start=1):
        passage = shelf.passage_of(notice, measure)
        writer.say(
            "list.row",
            n=n,
            number=measure.number,
            title=title_of(passage, writer.language, shelf),
            deadline=deadline_of(measure, writer.language, shelf),
            units=unit_names(measure.lead_units, writer.language, shelf),
            marker=cite_facts(writer, measure, passage, notice),
        )
        for start, end in _evidence(measure, wanted):
            writer.quote(notice.source[start:end], writer.cite(passage, notice.source, start, end))
            writer.lines.pop()


def _evidence(measure: Measure, wanted: Conditions) -> list[tuple[int, int]]:
    """Return the sentences of a measure that have the words asked for."""
    words_wanted = (*wanted.words, *wanted.any_word)
    return [
        (measure.start + span.start, measure.start + span.end)
        for span in sentences(measure.text)
        if any(word in span.of(measure.text) for word in words_wanted)
    ]
