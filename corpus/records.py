"""Questions the fields answer alone: complete by construction, nothing is searched."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.notice import Measure, Section, Unit
from corpus.text import fold_aligned

# An authority by its name, but one that stands in nearly every list.
GROUPS_BY_PLACE = frozenset({"西咸新区管委会"})
Responsibility = Literal["lead", "responsible", "not_named", "no"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the measures of a list have in common; none given: all measures.

    Units are names as printed. Of several units all must be named.
    """

    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    units_in_any_role: tuple[str, ...] = ()
    due_first: date | None = None  # both days inclusive
    due_last: date | None = None
    due_printed: str | None = None  # the deadline in these very words
    deadline_label: str | None = None  # as printed: 完成时限, once 完成时间
    sections: tuple[int, ...] = ()
    led_jointly: bool | None = None  # by two units or more
    passed_on: date | None = None  # the deadline precedes this day
    open_on: date | None = None  # it does not
    words: tuple[str, ...] = ()  # that stand in the measure's title or text, each of them
    any_word: tuple[str, ...] = ()  # of which one stands in the measure's text
    due_months: tuple[tuple[int, int], ...] = ()  # (year, month), any of them
    any_lead_unit: tuple[str, ...] = ()  # one of which leads
    title_words: tuple[str, ...] = ()  # that stand in the title
    printed_without: str | None = None  # a word that the deadline as printed lacks
    only_groups: bool = False  # no body of the city is named as responsible, groups only
    responsible_within: tuple[str, ...] = ()  # no other unit or group is responsible
    has_quantity: bool = False  # a number with a unit of time, money or share


# 15个工作日, 100%, 5年; not a year or the number of a document.
_QUANTITY = re.compile(
    r"\d+(?:\.\d+)?\s*(?:个?工作日|个?自然日|天|日内|小时|分钟|个月|%|\uff05|万|亿|元|千伏|平方米|年(?!\d|底|\d*月)(?=[以内期、,]))"
)


def matching(measures: Iterable[Measure], wanted: Conditions) -> tuple[Measure, ...]:
    """Return every measure that meets all the conditions, in order."""
    return tuple(measure for measure in measures if _meets(measure, wanted))


def _meets(measure: Measure, wanted: Conditions) -> bool:
    due = measure.deadline.due_on
    return (
        all(_names(measure.lead_units, unit) for unit in wanted.lead_units)
        and all(_names(measure.responsible_units, unit) for unit in wanted.responsible_units)
        and all(
            _names(measure.lead_units, unit) or _names(measure.responsible_units, unit)
            for unit in wanted.units_in_any_role
        )
        and (wanted.due_first is None or due >= wanted.due_first)
        and (wanted.due_last is None or due <= wanted.due_last)
        and (wanted.due_printed is None or measure.deadline.text == wanted.due_printed)
        and (wanted.deadline_label is None or measure.deadline.label == wanted.deadline_label)
        and (not wanted.sections or measure.section.number in wanted.sections)
        and (wanted.led_jointly is None or (len(measure.lead_units) > 1) is wanted.led_jointly)
        and (wanted.passed_on is None or measure.deadline.precedes(wanted.passed_on))
        and (wanted.open_on is None or not measure.deadline.precedes(wanted.open_on))
        and all(_says(measure, word) for word in wanted.words)
        and (not wanted.any_word or any(_says(measure, word) for word in wanted.any_word))
        and (not wanted.due_months or (due.year, due.month) in wanted.due_months)
        and (not wanted.any_lead_unit or any(_names(measure.lead_units, u) for u in wanted.any_lead_unit))
        and all(word in measure.title for word in wanted.title_words)
        and (wanted.printed_without is None or wanted.printed_without not in measure.deadline.text)
        and (
            not wanted.responsible_within
            or all(unit.name in wanted.responsible_within for unit in measure.responsible_units)
        )
        and (not wanted.only_groups or all(_is_group(unit) for unit in measure.responsible_units))
        and (not wanted.has_quantity or bool(_QUANTITY.search(fold_aligned(measure.text))))
    )


def _says(measure: Measure, word: str) -> bool:
    return word in measure.text or word in measure.title


def _is_group(unit: Unit) -> bool:
    return unit.is_group or unit.name in GROUPS_BY_PLACE


def group_by_lead_unit(measures: Iterable[Measure]) -> dict[str, tuple[Measure, ...]]:
    """Return each lead unit's measures, units in order of first mention.

    A measure with two lead units stands under both.
    """
    groups: dict[str, tuple[Measure, ...]] = {}
    for measure in measures:
        for unit in measure.lead_units:
            groups[unit.name] = (*groups.get(unit.name, ()), measure)
    return groups


def group_by_responsible_unit(measures: Iterable[Measure]) -> dict[str, tuple[Measure, ...]]:
    """Return the measures that name each responsible unit; groups of units are left out."""
    groups: dict[str, tuple[Measure, ...]] = {}
    for measure in measures:
        for unit in measure.responsible_units:
            if not _is_group(unit):
                groups[unit.name] = (*groups.get(unit.name, ()), measure)
    return groups


def group_by_month(measures: Iterable[Measure]) -> dict[tuple[int, int], tuple[Measure, ...]]:
    """Return the measures due in each month, earliest first."""
    groups: dict[tuple[int, int], tuple[Measure, ...]] = {}
    for measure in sorted(measures, key=lambda m: (m.deadline.due_on, m.number)):
        month = (measure.deadline.due_on.year, measure.deadline.due_on.month)
        groups[month] = (*groups.get(month, ()), measure)
    return groups


def group_by_section(measures: Iterable[Measure]) -> dict[Section, tuple[Measure, ...]]:
    """Return each section's measures, sections in order."""
    groups: dict[Section, tuple[Measure, ...]] = {}
    for measure in measures:
        groups[measure.section] = (*groups.get(measure.section, ()), measure)
    return groups


def group_by_deadline(measures: Iterable[Measure]) -> dict[date, tuple[Measure, ...]]:
    """Return the measures due on each day, earliest day first."""
    groups: dict[date, tuple[Measure, ...]] = {}
    for measure in sorted(measures, key=lambda m: (m.deadline.due_on, m.number)):
        groups[measure.deadline.due_on] = (*groups.get(measure.deadline.due_on, ()), measure)
    return groups


def count_by_lead_unit(measures: Iterable[Measure]) -> dict[str, int]:
    """Return how many measures each unit leads, most first, then in order of mention."""
    counts = {unit: len(led) for unit, led in group_by_lead_unit(measures).items()}
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def responsibility(measure: Measure, unit: str) -> Responsibility:
    """Return what a measure says of a unit, by its name as printed.

    "no" only where the list of responsible units is closed; where it is open
    (等…单位) a unit that is not named may still be among those meant.
    """
    if _names(measure.lead_units, unit):
        return "lead"
    if _names(measure.responsible_units, unit):
        return "responsible"
    return "not_named" if measure.responsible_units_open else "no"


def _names(units: tuple[Unit, ...], name: str) -> bool:
    return any(unit.name == name for unit in units)
