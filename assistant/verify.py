"""Stage 5: a draft is held against the source before anyone sees it. Plain code, no model."""

import re

from assistant.answer import Draft, Quotation, Wording
from assistant.shelf import Shelf
from corpus.notice import facts_span
from corpus.text import fold

_MARKER = re.compile(r"\[(\d+)\]")
_QUOTED_LINE = re.compile(r"^> (?P<words>.+?) ?\[(?P<marker>\d+)\]$", re.MULTILINE)
_QUOTE_LINE = re.compile(r"^> .+$", re.MULTILINE)
_FACT_LINE = re.compile(r"^(?:- \*\*|\d+\. ).+$", re.MULTILINE)


def verify(draft: Draft, shelf: Shelf) -> tuple[str, ...]:
    """Return what is wrong with a draft; empty if it may be shown.

    Every quotation must stand in the source at its offsets and inside its
    passage (or the lines of units and deadline that follow it); every quoted
    line must carry a marker and be its quotation's words, or the stored
    translation of just these with the original beside it; every line of facts
    and every row of a list must carry a marker; every marker must have a
    quotation and every quotation a marker; what the notice is said to call
    something must stand in a cited passage.
    """
    problems = [problem for q in draft.quotations for problem in _misquoted(q, shelf)]
    # What is quoted may have numbers in brackets of its own: Shi Zheng Ban Han [2024] No. 26.
    used = {int(number) for number in _MARKER.findall(_QUOTED_LINE.sub(r"[\g<marker>]", draft.text))}
    given = set(range(1, len(draft.quotations) + 1))
    problems += [f"marker [{number}] has no quotation" for number in sorted(used - given)]
    problems += [f"quotation {number} has no marker" for number in sorted(given - used)]
    problems += _misworded(draft, shelf)
    problems += [
        f"a quoted line cites nothing: {line}"
        for line in _QUOTE_LINE.findall(draft.text)
        if not _QUOTED_LINE.fullmatch(line)
    ]
    choices = {line for key, line in draft.said if key.startswith("clarify.")}  # they only point
    problems += [
        f"a line of facts cites nothing: {line}"
        for line in _FACT_LINE.findall(draft.text)
        if line not in choices and not _MARKER.search(line)
    ]
    problems += [problem for wording in draft.wordings for problem in _miscalled(wording, draft, shelf)]
    return tuple(problems)


def _misworded(draft: Draft, shelf: Shelf) -> list[str]:
    """Hold each quoted line against the quotation its marker stands for, and against its translation."""
    lines: dict[int, list[str]] = {}
    for line in _QUOTED_LINE.finditer(draft.text):
        lines.setdefault(int(line["marker"]), []).append(line["words"])
    problems = []
    for number, quotation in enumerate(draft.quotations, start=1):
        original = _one_line(quotation.exact)
        translated = [line for line in lines.get(number, ()) if line != original]
        if not translated:
            continue
        if any(line != _translation(quotation, shelf) for line in translated):
            problems.append(f"the line marked [{number}] is not what it quotes")
        elif len(translated) == len(lines[number]):
            problems.append(f"the translation marked [{number}] stands without its original")
    return problems


def _translation(quotation: Quotation, shelf: Shelf) -> str | None:
    """Return the stored English of just these words; None where there is none."""
    try:
        english = shelf.english_of(quotation.passage_id, quotation.start, quotation.end)
    except KeyError:
        return None
    return _one_line(english) or None


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _miscalled(wording: Wording, draft: Draft, shelf: Shelf) -> list[str]:
    term, passage_id = wording.term, wording.passage_id
    if passage_id not in {quotation.passage_id for quotation in draft.quotations}:
        return [f"{passage_id} is said to call something {term!r}, but not cited"]
    if fold(term) not in fold(shelf.passage(passage_id).text):
        return [f"{passage_id} does not say {term!r}"]
    return [] if f"\u201c{term}\u201d" in draft.text else [f"the text does not say what {term!r} is"]


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
