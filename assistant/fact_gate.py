"""Stage 5: the fact gate. Every line of a draft is held against the source before anyone sees it.

A line is a quotation (its words are compared, assistant/verify.py), a sentence of
`prompts/` filled from the records (its values are compared here), or prose, whoever
wrote it (compared sentence by sentence, assistant/claims.py). A wrong quotation or
record is a fault of ours: the draft is withheld. A sentence of prose that does not
hold gives way to the source's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Draft, Quotation
from assistant.claims import Claims
from assistant.endings import WHERE_TO_ASK
from assistant.facts import Fact, FactKind, agrees, find_facts, read
from assistant.shelf import Shelf
from assistant.verify import verify
from corpus.notice import Passage

_MARKER = re.compile(r"\[(\d+)\]")
_BOLD = re.compile(r"\*\*.+?\*\*")
_LIST_MARK = re.compile(r"^\d+\. ")
_COUNT = re.compile(r"\*\*(?:\s*共?\s*|)(\d+)\s*[项項]?\*\*|[共是](\d+)[项項]|(?:but|Yes\*\*,) (\d+)")
_GROUP_COUNT = re.compile(r"\*\*\s*[\uff1a:]\s*(\d+)\s*(?:项|項)?[\uff08(]?")
_SENTENCE = re.compile(
    r"[^\u3002.!?\uff01\uff1f]+(?:[\u3002!?\uff01\uff1f]|\.(?!\d)|$)[\u201d\")]*(?:\s*\[\d+\])*"
)
# What stands in bold here are the asker's own words, or denies them.
_ASKERS = ("premise.", "parts.head", "note.wording", "list.unknown_unit", "list.nearest_units")
# Sentences about the document, the search or us: they state nothing about a measure.
_FRAME = (
    "note.", "quote.", "parts.", "clarify.", "not_covered.", "declined.", "failed.", "list.clock",
    "list.nearest",
    "list.unknown", "oddity.", "document.", "not_stated.head",
)  # fmt: skip
_DATED = ("measure.deadline", "premise.deadline.right", "premise.deadline.wrong", "list.row")
_HEADS = ("list.lead", "list.responsible", "list.found", "list.named_instead")


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after the gate."""

    draft: Draft
    problems: tuple[str, ...] = ()  # faults of ours: it may not be shown
    repairs: tuple[str, ...] = ()  # sentences that gave way


class FactGate:
    """Built once for a shelf; safe to use from several threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._claims = Claims(shelf)
        self._facts_of_line: dict[str, tuple[Fact, ...]] = {}

    def check(self, draft: Draft, today: date) -> Checked:
        """Return the draft as it may be shown, and what had to be changed or forbids it."""
        repaired, repairs = self._with_prose_repaired(draft)
        problems = (*verify(repaired, self._shelf), *self._misrecorded(repaired, today))
        return Checked(repaired, problems, repairs)

    def _misrecorded(self, draft: Draft, today: date) -> Iterator[str]:
        """Hold each sentence filled from the records against the records of what it cites."""
        cited = list(dict.fromkeys(quotation.passage_id for quotation in draft.quotations))
        lines = set(draft.text.split("\n"))
        n_rows = 0
        for key, line in reversed(draft.said):
            if line not in lines:
                yield f"{line!r} was said and is not there"
            n_rows += key == "list.row"
            if key in _HEADS:
                yield from self._miscounted(line, n_rows)
                n_rows = 0
            if key.startswith("premise.count"):
                yield from self._miscounted(line, len(cited))
                continue
            if key.startswith(_FRAME) or key.startswith("list.") and key not in ("list.row", "list.group"):
                continue
            markers = [int(number) for number in _MARKER.findall(line)]
            named = [draft.quotations[n - 1].passage_id for n in markers if n <= len(draft.quotations)]
            passages = [self._shelf.passage(passage_id) for passage_id in (named or cited)]
            if key == "list.group":
                yield from self._misgrouped(line, passages)
            yield from self._unlike_the_record(key, line, passages, today)

    def _unlike_the_record(
        self, key: str, line: str, passages: Sequence[Passage], today: date
    ) -> Iterator[str]:
        shown = _BOLD.sub("", line, count=1) if key.startswith(_ASKERS) else line
        shown = _MARKER.sub("", _LIST_MARK.sub("", shown))
        known = [fact for passage in passages for fact in self._claims.known(passage).facts]
        notice = self._shelf.notices[0]
        frame = (*self._facts(notice.document_number), _day(today), _WHERE_TO_ASK)
        for fact in self._facts(shown):
            if key == "list.group" and fact.kind is not FactKind.UNIT:
                continue  # its count and its measures were compared
            if fact.kind is FactKind.DATE and key in _DATED:
                days = [
                    _day(measure.deadline.due_on) for p in passages if (measure := self._shelf.measure_of(p))
                ]
                if not agrees(fact, [*days, _day(today)]):
                    yield f"{key}: {fact.printed!r} is not its deadline"
            elif fact.kind is FactKind.QUOTED:
                if fact.value not in _REACH and not any(
                    self._claims.known(passage).says(str(fact.value)) for passage in passages
                ):
                    yield f"{key}: {fact.value!r} is not there"
            elif not agrees(fact, known) and not agrees(fact, frame) and fact.value not in _REACH:
                yield f"{key}: {fact.printed!r} is not of what it cites"
        if key == "measure.lead":
            yield from self._misled(shown, passages)

    def _misled(self, line: str, passages: Sequence[Passage]) -> Iterator[str]:
        named = {name for fact in self._facts(line) if fact.kind is FactKind.UNIT for name in fact.value}  # type: ignore[union-attr]
        for passage in passages:
            measure = self._shelf.measure_of(passage)
            if measure and not {unit.name for unit in measure.lead_units} <= named:
                yield f"{line!r} does not name every lead unit"

    def _miscounted(self, line: str, n_rows: int) -> Iterator[str]:
        counts = [int(number) for match in _COUNT.findall(line) for number in match if number]
        if counts and counts[-1] != n_rows:
            yield f"{line!r} counts {counts[-1]}, {n_rows} are listed"

    def _misgrouped(self, line: str, passages: Sequence[Passage]) -> Iterator[str]:
        count = _GROUP_COUNT.search(line)
        if count and int(count[1]) != len(passages):
            yield f"{line!r} counts {count[1]}, {len(passages)} are listed"

    def _with_prose_repaired(self, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
        """Replace each sentence of prose that does not hold by the source's nearest sentence."""
        said = {line for _, line in draft.said}
        quotations, repairs, lines = list(draft.quotations), [], []
        for line in draft.text.split("\n"):
            if not line.strip() or line.startswith(">") or line in said:
                lines.append(line)
                continue
            kept: list[str] = []
            for sentence in _SENTENCE.findall(line) or [line]:
                cited = [
                    self._shelf.passage(quotations[int(n) - 1].passage_id)
                    for n in _MARKER.findall(sentence)
                    if int(n) <= len(draft.quotations)
                ]
                found = self._claims.problems(_MARKER.sub("", sentence), cited)
                if not found:
                    kept.append(sentence)
                    continue
                repairs.append(f"{sentence.strip()!r}: {'; '.join(found)}")
                own = self._source_of(sentence, cited, quotations)
                if own is not None:
                    quotations.append(own)
                    one_line = own.exact.replace("\n", " ")
                    kept.append(f"\n> {one_line} [{len(quotations)}]\n")
            lines += "".join(kept).strip("\n").split("\n")
        if not repairs:
            return draft, ()
        text = "\n".join(lines)
        return _renumbered(replace(draft, text=text, quotations=tuple(quotations))), tuple(repairs)

    def _source_of(
        self, sentence: str, cited: Sequence[Passage], quotations: Sequence[Quotation]
    ) -> Quotation | None:
        """Return the sentence of the source that is nearest to a sentence; None where nothing is cited."""
        passages = list(cited) or [self._shelf.passage(quotation.passage_id) for quotation in quotations]
        if not passages:
            return None
        passage, span = self._claims.nearest_sentence(sentence, passages)
        source = self._shelf.notice_of(passage).source
        return Quotation(passage.passage_id, source[span[0] : span[1]], *span)

    def _facts(self, line: str) -> tuple[Fact, ...]:
        """Return a line's facts; the lines of a measure come again with every answer on it."""
        facts = self._facts_of_line.get(line)
        if facts is None:
            facts = find_facts(read(line), self._shelf.units)
            if len(self._facts_of_line) < MAX_REMEMBERED:
                self._facts_of_line[line] = facts
        return facts


MAX_REMEMBERED = 5000
# Where to ask, which every ending may name.
_REACH = ("陕企通", "陝企通", "12345")
_WHERE_TO_ASK = Fact(FactKind.MEASURE, float(WHERE_TO_ASK), "", 0, 0)


def _day(day: date) -> Fact:
    return Fact(FactKind.DATE, (day.year, day.month, day.day), str(day), 0, 0)


def _renumbered(draft: Draft) -> Draft:
    """Drop quotations that no line cites any more, and number the rest as they come."""
    used = dict.fromkeys(int(n) for n in _MARKER.findall(draft.text))
    new = {old: n for n, old in enumerate(used, start=1)}
    text = _MARKER.sub(lambda match: f"[{new[int(match[1])]}]", draft.text)
    said = tuple(
        (key, _MARKER.sub(lambda match: f"[{new.get(int(match[1]), 0)}]", line)) for key, line in draft.said
    )
    return replace(draft, text=text, quotations=tuple(draft.quotations[old - 1] for old in used), said=said)
