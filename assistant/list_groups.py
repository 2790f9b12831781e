"""Stage 4 for groups and ranks of measures, each with its citations."""

from collections.abc import Mapping, Sequence

from assistant.answer import Language
from assistant.found import Listed
from assistant.list_readings import describe
from assistant.list_shapes import By, Shape
from assistant.shelf import Shelf
from assistant.writer import Writer, cite_facts, month_of, section_of, unit_name
from corpus import records
from corpus.notice import Measure, Notice


def write_groups(writer: Writer, listed: Listed, shelf: Shelf) -> tuple[Measure, ...]:
    groups = _groups(listed, writer.language, shelf)
    _write(writer, f"list.by_{listed.listing.by.value}", listed, shelf, groups, groups)
    return listed.measures


def _write(  # noqa: PLR0913, PLR0917  (one call each for groups, ranks and exact counts)
    writer: Writer,
    key: str,
    listed: Listed,
    shelf: Shelf,
    groups: Mapping[str, Sequence[Measure]],
    chosen: Mapping[str, Sequence[Measure]],
    **values: object,
) -> tuple[Measure, ...]:
    """Write the head and the chosen ones of all groups; return their measures, each once."""
    writer.say(
        key,
        **{"count": len(listed.measures), **values},
        conditions=describe(listed, writer.language, shelf),
        total=len(listed.notice.measures),
        groups=len(groups),
    )
    writer.paragraph()
    _write_group_rows(writer, chosen, listed.notice, shelf)
    return tuple(dict.fromkeys(measure for found in chosen.values() for measure in found))


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


def write_ranks(writer: Writer, listed: Listed, shelf: Shelf) -> tuple[Measure, ...]:
    """Say which groups have most or fewest measures, ties included, each with its measures."""
    listing = listed.listing
    groups = _groups(listed, writer.language, shelf)
    if listing.exact is not None:
        return _write_exact(writer, listed, groups, shelf)
    counts = sorted({len(found) for found in groups.values()}, reverse=listing.shape is Shape.MOST)
    kept = counts[listing.rank - 1 : listing.rank - 1 + listing.n_ranks]
    chosen = {name: found for count in kept for name, found in groups.items() if len(found) == count}
    key = f"list.{listing.shape.value}.{listing.by.value}"
    return _write(writer, key, listed, shelf, groups, chosen)


def _write_exact(
    writer: Writer, listed: Listed, groups: Mapping[str, tuple[Measure, ...]], shelf: Shelf
) -> tuple[Measure, ...]:
    """Say which groups have just so many measures."""
    chosen = {name: found for name, found in groups.items() if len(found) == listed.listing.exact}
    exact = listed.listing.exact
    return _write(writer, "list.exact", listed, shelf, groups, chosen, exact=exact, count=len(chosen))
