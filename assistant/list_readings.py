"""How a question for a list was read, in words: the conditions one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Language
from assistant.due import Due
from assistant.found import Listed
from assistant.list_shapes import Shape
from assistant.listing import Listing
from assistant.shelf import Shelf
from assistant.writer import day_of, month_of, unit_name
from corpus.records import Conditions
from prompts import words


def describe(listed: Listed, language: Language, shelf: Shelf) -> str:
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
    parts += [
        _reading("without", language, conditions=_left_out(conditions, listed, language, shelf))
        for conditions in listing.without
    ]
    return ("; " if language == "en" else "\uff1b").join(parts or [_reading("all", language)])


def _left_out(conditions: Conditions, listed: Listed, language: Language, shelf: Shelf) -> str:
    first, last, months = conditions.due_first, conditions.due_last, conditions.due_months
    due = Due(first, last, _reading_of(first, last)) if first or last else None
    due = Due(None, None, "due.months", months=months) if months else due
    return describe(replace(listed, listing=Listing(conditions, due=due)), language, shelf)


def _reading_of(first: date | None, last: date | None) -> str:
    if first and last:
        return "due.between"
    return "due.after" if first else "due.by"


def _units_described(listing: Listing, language: Language, shelf: Shelf) -> Iterator[str]:
    separator = "; " if language == "en" else "\u3001"
    for role, units in (
        ("lead", listing.conditions.lead_units),
        ("responsible", listing.conditions.responsible_units),
        ("any_role", listing.conditions.units_in_any_role),
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
    if listed.listing.english_words:
        yield _reading("english_words", language, words=_quoted(listed.listing.english_words))
    if wanted.has_quantity:
        yield _reading("quantity", language)
    yield from _exceptions_described(wanted, language)


def _exceptions_described(wanted: Conditions, language: Language) -> Iterator[str]:
    separator = "; " if language == "en" else "\u3001"
    if wanted.title_words:
        yield _reading("title", language, words=_quoted(wanted.title_words))
    if wanted.any_lead_unit:
        yield _reading("any_lead", language, units=separator.join(wanted.any_lead_unit))
    if wanted.only_groups:
        yield _reading("only_groups", language)
    if wanted.responsible_within:
        yield _reading("only_local", language)
    if wanted.printed_without:
        yield _reading("printed_without", language, word=wanted.printed_without)


def _quoted(found: Sequence[str]) -> str:
    return "\u3001".join(f"\u201c{word}\u201d" for word in found)


def _reading(key: str, language: Language, **values: object) -> str:
    return words("answer", f"list.reading.{key}", language, **values)
