"""Stage 5: a draft is held against the source before anyone sees it. Plain code, no model."""

import re

from assistant.answer import Draft, Facet, Quotation
from assistant.shelf import Shelf
from corpus.notice import Passage, facts_span

_MARKER = re.compile(r"\[(\d+)\]")
_QUOTED_LINE = re.compile(r"^> (?P<words>.+?) ?\[(?P<marker>\d+)\]$", re.MULTILINE)
_QUOTE_LINE = re.compile(r"^> .+$", re.MULTILINE)
_FACT_LINE = re.compile(r"^(?:- \*\*|\d+\. ).+$", re.MULTILINE)

# Typed evidence that a passage bears on what was asked: the thing itself, not a score.
_EVIDENCE = {
    Facet.CONTACT: re.compile(r"\d{5,}|热线|平台|网上|超市"),
    Facet.AMOUNT: re.compile(
        r"\d+(?:\.\d+)?\s*(?:元|万|%|\uff05)|无需.{0,6}(?:投资|承担|缴)|免缴|减免|零收费|无偿|不得由用户承担|免费"
    ),
}


def is_stated(facet: Facet, passage: Passage) -> bool:
    """Return whether a passage says anything on what was asked; content always."""
    evidence = _EVIDENCE.get(facet)
    return evidence is None or bool(evidence.search(passage.text))


def verify(draft: Draft, shelf: Shelf) -> tuple[str, ...]:
    """Return what is wrong with a draft; empty if it may be shown.

    Every quotation must stand in the source at its offsets and inside its
    passage (or the lines of units and deadline that follow it); every quoted
    line must carry a marker and be its quotation's words; every line of facts
    and every row of a list must carry a marker; every marker must have a
    quotation and every quotation a marker.
    """
    problems = [problem for q in draft.quotations for problem in _misquoted(q, shelf)]
    used = {int(number) for number in _MARKER.findall(draft.text)}
    given = set(range(1, len(draft.quotations) + 1))
    problems += [f"marker [{number}] has no quotation" for number in sorted(used - given)]
    problems += [f"quotation {number} has no marker" for number in sorted(given - used)]
    for line in _QUOTED_LINE.finditer(draft.text):
        number = int(line["marker"])
        if number in given and line["words"] != draft.quotations[number - 1].exact:
            problems.append(f"the line marked [{number}] is not what it quotes")
    problems += [
        f"a quoted line cites nothing: {line}"
        for line in _QUOTE_LINE.findall(draft.text)
        if not _QUOTED_LINE.fullmatch(line)
    ]
    problems += [
        f"a line of facts cites nothing: {line}"
        for line in _FACT_LINE.findall(draft.text)
        if not _MARKER.search(line)
    ]
    return tuple(problems)


def _misquoted(quotation: Quotation, shelf: Shelf) -> list[str]:
    try:
        passage = shelf.passage(quotation.passage_id)
    except KeyError:
        return [f"there is no passage {quotation.passage_id!r}"]
    source = shelf.notice_of(passage).source
    measure = shelf.measure_of(passage)
    end = facts_span(measure).end if measure else passage.end
    problems = []
    if source[quotation.start : quotation.end] != quotation.exact:
        problems.append(f"{quotation.passage_id}: {quotation.exact!r} does not stand at {quotation.start}")
    if not passage.start <= quotation.start < quotation.end <= end:
        problems.append(
            f"{quotation.passage_id}: {quotation.start} to {quotation.end} is outside the passage"
        )
    return problems
