"""Stage 4 for lists and counts: every row from the records, with its citation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from assistant.answer import Draft, Language, Premise, Question, Status
from assistant.due import Due
from assistant.list_words import By, Shape
from assistant.listing import Listing
from assistant.retrieve import Listed
from assistant.shelf import Shelf
from assistant.write_premises import write_premises
from assistant.writer import (
    Writer,
    cite_facts,
    day_of,
    deadline_of,
    month_of,
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
from prompts import words

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


def compose_structure(question: Question, shelf: Shelf, today: date) -> Draft:
    """Return the parts of each document, its sections with their measures, and what each measure states."""
    writer = Writer(question.language)
    write_structure(writer, shelf, today)
    write_label(writer, shelf.notices[0])
    return writer.draft(Status.ANSWERED, confidence=1.0, engine="records")


def write_structure(writer: Writer, shelf: Shelf, today: date) -> None:
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
        listing = Listing(Conditions(), Shape.GROUPED, By.SECTION)
        write_lists(writer, [Listed(listing, notice, notice.measures)], shelf, today)
        writer.paragraph()
        separator = "; " if writer.language == "en" else "\uff1b"
        titles = [
            title_of(shelf.passage(f"{notice.notice_id}#{c.key}"), writer.language, shelf)
            for c in requirements
        ]
        writer.say("document.requirements", titles=separator.join(titles))


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
        return _write_groups(writer, listed, shelf)
    if shape in (Shape.MOST, Shape.LEAST):
        return _write_ranks(writer, listed, shelf)
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
    described = _described(listed, language, shelf)
    if listed.measures:
        writer.say("list.found", conditions=described, count=len(listed.measures), total=total)
    else:
        writer.say("list.found_none", conditions=described, total=total)


def _described(listed: Listed, language: Language, shelf: Shelf) -> str:
    """Return the reading of the question in words."""
    listing, wanted = listed.listing, listed.listing.conditions
    parts = [
        *_units_described(listing, language, shelf),
        *_due_described(listing.due, language),
        *_rest_described(listed, language),
    ]
    if listing.shape in (Shape.EARLIEST, Shape.LATEST, Shape.WIDEST):
        parts.append(_reading(listing.shape.value, language))
    for key, day in (("passed", wanted.passed_on), ("open", wanted.open_on)):
        if day:
            parts.append(_reading(key, language, day=day_of(day, language)))
    return ("; " if language == "en" else "\uff1b").join(parts or [_reading("all", language)])


def _units_described(listing: Listing, language: Language, shelf: Shelf) -> Iterator[str]:
    separator = "; " if language == "en" else "\u3001"
    for role, units in (
        ("lead", listing.conditions.lead_units),
        ("responsible", listing.conditions.responsible_units),
        ("any_role", listing.conditions.units_in_any_role),
        ("not_lead", listing.excluded_lead),
    ):
        if units:
            names = separator.join(unit_name(unit, language, shelf) for unit in units)
            yield _reading(role, language, units=names)


def _due_described(due: Due | None, language: Language) -> Iterator[str]:
    if due is None:
        return
    values: dict[str, object] = {}
    if due.printed:
        values["printed"] = due.printed
    if due.first and not due.months:
        values["first"] = day_of(due.first, language)
    if due.months:
        separator = ", " if language == "en" else "\u3001"
        values["months"] = separator.join(month_of(year, month, language) for year, month in due.months)
    if due.last and not due.months:
        values["last"] = day_of(due.last, language)
    yield _reading(due.reading, language, **values)


def _rest_described(listed: Listed, language: Language) -> Iterator[str]:
    wanted = listed.listing.conditions
    if wanted.sections:
        titles = {section.number: section.title for section in listed.notice.sections}
        named = "\u3001".join(f"({n}) {titles[n]}" for n in wanted.sections)
        yield _reading("section", language, sections=named)
    if wanted.deadline_label:
        yield _reading("label", language, label=wanted.deadline_label)
    if wanted.led_jointly is not None:
        yield _reading("jointly" if wanted.led_jointly else "alone", language)
    if wanted.words:
        yield _reading("words", language, words=_quoted(wanted.words))
    if wanted.any_word:
        yield _reading("any_word", language, words=_quoted(wanted.any_word))
    if wanted.has_quantity:
        yield _reading("quantity", language)
    yield from _exceptions_described(wanted, language)


def _exceptions_described(wanted: Conditions, language: Language) -> Iterator[str]:
    if wanted.only_groups:
        yield _reading("only_groups", language)
    if wanted.responsible_within:
        yield _reading("only_local", language)
    if wanted.printed_without:
        yield _reading("printed_without", language, word=wanted.printed_without)
    if wanted.not_due_in:
        yield _reading("not_due_in", language, year=wanted.not_due_in)


def _quoted(found: Sequence[str]) -> str:
    return "\u3001".join(f"\u201c{word}\u201d" for word in found)


def _reading(key: str, language: Language, **values: object) -> str:
    return words("answer", f"list.reading.{key}", language, **values)


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


def _write_groups(writer: Writer, listed: Listed, shelf: Shelf) -> tuple[Measure, ...]:
    groups = _groups(listed, writer.language, shelf)
    writer.say(
        f"list.by_{listed.listing.by.value}",
        conditions=_described(listed, writer.language, shelf),
        count=len(listed.measures),
        total=len(listed.notice.measures),
        groups=len(groups),
    )
    writer.paragraph()
    _write_group_rows(writer, groups, listed.notice, shelf)
    return listed.measures


def _groups(listed: Listed, language: Language, shelf: Shelf) -> dict[str, tuple[Measure, ...]]:
    """Return the measures by the name of their group: units most first, else in the notice's order."""
    by = listed.listing.by
    if by is By.SECTION:
        by_section = records.group_by_section(listed.measures)
        return {
            f"({section.number}) {section_of(section, listed.notice, language, shelf)}": found
            for section, found in by_section.items()
        }
    if by is By.MONTH:
        by_month = records.group_by_month(listed.measures)
        return {month_of(year, month, language): found for (year, month), found in by_month.items()}
    group = records.group_by_responsible_unit if by is By.RESPONSIBLE else records.group_by_lead_unit
    by_unit = group(listed.measures)
    ordered = sorted(by_unit, key=lambda name: -len(by_unit[name]))
    return {unit_name(name, language, shelf): by_unit[name] for name in ordered}


def _write_group_rows(
    writer: Writer, groups: Mapping[str, Sequence[Measure]], notice: Notice, shelf: Shelf
) -> None:
    markers: dict[int, str] = {}
    for n, (name, found) in enumerate(groups.items(), start=1):
        cited = []
        for measure in found:
            if measure.number not in markers:
                passage = shelf.passage_of(notice, measure)
                markers[measure.number] = cite_facts(writer, measure, passage, notice)
            cited.append(f"{measure.number} {markers[measure.number]}")
        separator = ", " if writer.language == "en" else "\u3001"
        writer.say("list.group", n=n, name=name, count=len(found), measures=separator.join(cited))


def _write_ranks(writer: Writer, listed: Listed, shelf: Shelf) -> tuple[Measure, ...]:
    """Say which groups have most or fewest measures, ties included, each with its measures."""
    listing = listed.listing
    groups = _groups(listed, writer.language, shelf)
    if listing.exact is not None:
        return _write_exact(writer, listed, groups, shelf)
    counts = sorted({len(found) for found in groups.values()}, reverse=listing.shape is Shape.MOST)
    kept = counts[listing.rank - 1 : listing.rank - 1 + listing.n_ranks]
    chosen = {name: found for count in kept for name, found in groups.items() if len(found) == count}
    writer.say(
        f"list.{listing.shape.value}.{listing.by.value}",
        conditions=_described(listed, writer.language, shelf),
        count=len(listed.measures),
        total=len(listed.notice.measures),
        groups=len(groups),
    )
    writer.paragraph()
    _write_group_rows(writer, chosen, listed.notice, shelf)
    return tuple(dict.fromkeys(measure for found in chosen.values() for measure in found))


def _write_exact(
    writer: Writer, listed: Listed, groups: Mapping[str, tuple[Measure, ...]], shelf: Shelf
) -> tuple[Measure, ...]:
    """Say which groups have just so many measures."""
    chosen = {name: found for name, found in groups.items() if len(found) == listed.listing.exact}
    writer.say(
        "list.exact",
        exact=listed.listing.exact,
        count=len(chosen),
        groups=len(groups),
        total=len(listed.notice.measures),
        conditions=_described(listed, writer.language, shelf),
    )
    writer.paragraph()
    _write_group_rows(writer, chosen, listed.notice, shelf)
    return tuple(dict.fromkeys(measure for found in chosen.values() for measure in found))
