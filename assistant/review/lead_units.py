"""Lead units by any of their names."""

import difflib
from collections.abc import Iterable

from assistant.errors import AccountError
from corpus import load_notices
from corpus.units import UnitNames, searchable

_N_NEAREST = 3


def lead_units(given: Iterable[str]) -> tuple[str, ...]:
    """Return units as the notices print them, given by any name; AccountError for one that leads nothing."""
    units = [unit for notice in load_notices() for measure in notice.measures for unit in measure.lead_units]
    leading = tuple(dict.fromkeys(unit.name for unit in units))
    unit_names = UnitNames.load()
    return tuple(dict.fromkeys(_lead_unit(name.strip(), leading, unit_names) for name in given))


def _lead_unit(name: str, leading: tuple[str, ...], unit_names: UnitNames) -> str:
    if name in leading:
        return name
    # The whole name must be an alias: a sentence that mentions a unit is none.
    meant = unit_names.find_units(name) if searchable(name) in unit_names.aliases else ()
    if len(meant) == 1 and meant[0] in leading:
        return meant[0]
    nearest = difflib.get_close_matches(name, leading, n=_N_NEAREST, cutoff=0.0)
    raise AccountError(f"the unit {name!r} leads no measure; nearest are {', '.join(nearest)}")
