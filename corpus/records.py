"""Questions the fields answer alone: complete by construction, nothing is searched."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from corpus.notice import Measure, Section, Unit

Responsibility = Literal["lead", "responsible", "not_named", "no"]


def select(
    measures: Iterable[Measure],
    *,
    lead_unit: str | None = None,
    responsible_unit: str | None = None,
    due_before: date | None = None,
    due_after: date | None = None,
    section: int | None = None,
) -> tuple[Measure, ...]:
    """Return every measure that meets all the conditions given, in order.

    Units are names as printed; both dates are inclusive. No condition: all.
    """
    return tuple(
        m
        for m in measures
        if (lead_unit is None or _names(m.lead_units, lead_unit))
        and (responsible_unit is None or _names(m.responsible_units, responsible_unit))
        and (due_before is None or m.deadline.due_on <= due_before)
        and (due_after is None or m.deadline.due_on >= due_after)
        and (section is None or m.section.number == section)
    )


def group_by_lead_unit(measures: Iterable[Measure]) -> dict[str, tuple[Measure, ...]]:
    """Return each lead unit's measures, units in order of first mention.

    A measure with two lead units stands under both.
    """
    groups: dict[str, tuple[Measure, ...]] = {}
    for measure in measures:
        for unit in measure.lead_units:
            groups[unit.name] = (*groups.get(unit.name, ()), measure)
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
