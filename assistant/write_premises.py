"""Stage 4 for what a question takes for granted: a line for each finding, with its citation."""

from collections.abc import Sequence

from assistant.answer import Premise
from assistant.shelf import Shelf
from assistant.writer import Writer, deadline_of, in_quotes, unit_names
from prompts.script import in_script_of


def write_premises(writer: Writer, premises: Sequence[Premise], shelf: Shelf) -> None:
    """Write each finding once, in the order of the question."""
    written: set[tuple[str, str]] = set()
    for premise in premises:
        if (premise.about, premise.asserted) not in written:
            written.add((premise.about, premise.asserted))
            _write(writer, premise, shelf)
    writer.paragraph()


def _write(writer: Writer, premise: Premise, shelf: Shelf) -> None:
    values: dict[str, object] = {}
    if premise.verdict not in ("right", "stated") or premise.about.startswith("responsible"):
        values["asserted"] = in_script_of(writer.language, premise.asserted)
    if premise.count is not None:
        values["count"] = premise.count
    if premise.words:
        separator = ", " if writer.language == "en" else "\u3001"
        values["words"] = separator.join(f"\u201c{word}\u201d" for word in premise.words)
    if premise.passage_id is not None:
        values |= _evidence(writer, premise, premise.passage_id, shelf)
    writer.say(f"premise.{premise.about}.{premise.verdict}", **values)


def _evidence(writer: Writer, premise: Premise, passage_id: str, shelf: Shelf) -> dict[str, object]:
    """Cite what decides, and say it: the words themselves, the deadline or the units."""
    passage = shelf.passage(passage_id)
    notice, measure = shelf.notice_of(passage), shelf.measure_of(passage)
    markers = [writer.cite(passage, notice.source, start, end) for start, end in premise.evidence]
    values: dict[str, object] = {"marker": " ".join(markers)}
    if premise.about == "deadline" and measure:
        values["deadline"] = deadline_of(measure, writer.language, shelf)
    elif premise.about.startswith(("lead", "responsible")) and measure:
        values["units"] = unit_names(measure.lead_units, writer.language, shelf)
    else:
        separator = "; " if writer.language == "en" else "\uff1b"
        values["printed"] = separator.join(
            in_quotes(notice.source[start:end]) for start, end in premise.evidence
        )
    return values
