"""Sentences of `prompts/`, filled from the records: each is held against the records of what it cites.

The composer has filled them by code. A number, a date or a unit that is not the cited
measure's, a count that is not the number of rows, a lead that is left out: a fault of ours.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.answer import Draft
from assistant.claims import Claims
from assistant.endings import WHERE_TO_ASK
from assistant.facts import Fact, FactKind, agrees, find_facts, read
from assistant.found import Listed
from assistant.shelf import Shelf
from corpus import records
from corpus.notice import Passage

MAX_REMEMBERED = 5000  # lines; those of a measure come again with every answer on it
_MARKER = re.compile(r"\[(\d+)\]")
_BOLD = re.compile(r"\*\*.+?\*\*")
_LIST_MARK = re.compile(r"^\d+\. ")
_NUMBER = re.compile(r"\d+")
_COUNT = re.compile(r"\*\*(?:\s*共?\s*|)(\d+)\s*[项項]?\*\*|[共是](\d+)[项項]|(?:but|Yes\*\*,) (\d+)")
_TOTAL = re.compile(r"全部(\d+)[项項]|\b(?:all|the|of)(?: the)? (\d+) (?:measures|were)", re.IGNORECASE)
_GROUP_COUNT = re.compile(r"\*\*\s*[\uff1a:]\s*(\d+)\s*(?:项|項)?[\uff08(]?")
_NUMBERED = re.compile(r"(\d+) \[\d+\]")
_SECTION_NAME = re.compile(r"\*\*\((\d+)\)")
_GROUPED_BY = (FactKind.UNIT, FactKind.DATE)
_CONDITIONS = re.compile(r"(?:条件|條件)[\uff1a:].*|[Cc]onditions:.*")
# What stands in bold here are the asker's own words, or denies them.
_ASKERS = ("premise.", "parts.head", "note.wording", "list.unknown_unit", "list.nearest_units")
# Sentences about the document, the search or us: they state nothing about a measure.
_FRAME = (
    "note.", "quote.", "parts.", "clarify.", "not_covered.", "declined.", "failed.", "list.", "oddity.",
    "document.", "not_stated.head",
)  # fmt: skip
_EARLY = "oddity.deadline_precedes_issue"
_DATED = (
    "measure.deadline",
    "premise.deadline.right",
    "premise.deadline.wrong",
    "list.row",
    "list.group",
    _EARLY,
)
_HEADS = ("list.lead", "list.responsible", "list.found", "list.named_instead")
_RECKONED = ("list.by_", "list.most.", "list.least.", "list.exact")
_HELD = ("list.row", "list.group", _EARLY)  # of the frame's keys, those that state facts of measures
# Where to ask, which every ending may name.
_REACH = ("陕企通", "陝企通", "12345")
_WHERE_TO_ASK = Fact(FactKind.MEASURE, float(WHERE_TO_ASK), "", 0, 0)


class RecordLines:
    """Built once for a shelf; safe to use from several threads."""

    def __init__(self, shelf: Shelf, claims: Claims) -> None:
        self._shelf = shelf
        self._claims = claims
        self._facts_of_line: dict[str, tuple[Fact, ...]] = {}

    def problems(self, draft: Draft, lists: Sequence[Listed], today: date) -> Iterator[str]:
        """Return what is wrong with the filled sentences of a draft; `lists`: what its lists were made of."""
        yield from self._misclocked(draft, today)
        cited = list(dict.fromkeys(quotation.passage_id for quotation in draft.quotations))
        lines = set(draft.text.split("\n"))
        n_rows = 0
        for key, line in reversed(draft.said):  # the rows come before their head
            if line not in lines:
                yield f"{line!r} was said and is not there"
            n_rows += key == "list.row"
            if key in _HEADS:
                yield from self._miscounted(line, n_rows)
                n_rows = 0
            elif key.startswith("premise.count"):
                yield from self._miscounted(line, len(cited))
            elif key.startswith(_RECKONED):
                yield from _misreckoned(line, lists)
            elif key == "note.label":
                yield from self._mislabelled(line)
            elif not key.startswith(_FRAME) or key in _HELD:
                yield from self._unlike_the_record(key, line, self._cited(line, draft, cited), today)

    def _cited(self, line: str, draft: Draft, cited: Sequence[str]) -> list[Passage]:
        """Return the passages that a line cites; all of the draft's where it has no marker."""
        markers = [int(number) for number in _MARKER.findall(line)]
        named = [draft.quotations[n - 1].passage_id for n in markers if n <= len(draft.quotations)]
        return [self._shelf.passage(passage_id) for passage_id in (named or cited)]

    def _unlike_the_record(
        self, key: str, line: str, passages: Sequence[Passage], today: date
    ) -> Iterator[str]:
        shown = _BOLD.sub("", line, count=1) if key.startswith(_ASKERS) else line
        shown = _MARKER.sub("", _LIST_MARK.sub("", shown))
        holds = self._holds(key, passages, today)
        for fact in self._facts(shown):
            # Of a group its count and its measures are compared.
            if (key != "list.group" or fact.kind in _GROUPED_BY) and not holds(fact):
                yield f"{key}: {fact.printed!r} is not of what it cites"
        if key == "measure.lead":
            yield from self._misled(shown, passages)
        if key == "list.group":
            count = _GROUP_COUNT.search(line)
            if count and int(count[1]) != len(passages):
                yield f"{line!r} counts {count[1]}, {len(passages)} are listed"
            section = _SECTION_NAME.search(line)
            measures = [measure for passage in passages if (measure := self._shelf.measure_of(passage))]
            if section and any(measure.section.number != int(section[1]) for measure in measures):
                yield f"{line!r} names another section"
            numbers = [int(number) for number in _NUMBERED.findall(line)]
            if numbers != [passage.measure_number for passage in passages]:
                yield f"{line!r} numbers its measures otherwise than it cites them"

    def _holds(self, key: str, passages: Sequence[Passage], today: date) -> Callable[[Fact], bool]:
        """Return the question whether a fact is borne out by the passages."""
        known = [fact for passage in passages for fact in self._claims.known(passage).facts]
        notice = self._shelf.notices[0]
        frame = (*self._facts(notice.document_number), _day(today))
        measures = filter(None, map(self._shelf.measure_of, passages))
        also = notice.issued_on if key == _EARLY else today
        days = [*(_day(measure.deadline.due_on) for measure in measures), _day(also)]

        def holds(fact: Fact) -> bool:
            if fact.value in _REACH:
                return True
            if fact.kind is FactKind.QUOTED:
                return any(self._claims.known(passage).says(str(fact.value)) for passage in passages)
            if fact.kind is FactKind.MEASURE and key.startswith("not_stated.ask"):
                return agrees(fact, [_WHERE_TO_ASK])
            if fact.kind is FactKind.DATE and key in _DATED:
                return agrees(fact, days)
            return agrees(fact, known) or agrees(fact, frame)

        return holds

    def _misled(self, line: str, passages: Sequence[Passage]) -> Iterator[str]:
        facts = [fact for fact in self._facts(line) if fact.kind is FactKind.UNIT]
        named = {name for fact in facts for name in fact.value}  # type: ignore[union-attr]
        for passage in passages:
            measure = self._shelf.measure_of(passage)
            if measure and not {unit.name for unit in measure.lead_units} <= named:
                yield f"{line!r} does not name every lead unit"

    def _miscounted(self, line: str, n_rows: int) -> Iterator[str]:
        totals = {len(notice.measures) for notice in self._shelf.notices}
        for match in _TOTAL.findall(line):
            if int(next(filter(None, match))) not in totals:
                yield f"{line!r}: the notice has {totals}"
        counts = [int(number) for match in _COUNT.findall(line) for number in match if number]
        if counts and counts[-1] != n_rows:
            yield f"{line!r} counts {counts[-1]}, {n_rows} are listed"

    def _misclocked(self, draft: Draft, today: date) -> Iterator[str]:
        """Count again how many deadlines have passed, of the rows above each clock."""
        listed: dict[str, bool] = {}
        for key, line in draft.said:
            if key in ("list.row", "list.group"):
                for passage in self._cited(line, draft, ()):
                    measure = self._shelf.measure_of(passage)
                    listed[passage.passage_id] = measure is not None and measure.deadline.precedes(today)
            if key == "list.clock":
                passed = sum(listed.values())
                days = [fact for fact in self._facts(line) if fact.kind is FactKind.DATE]
                told = re.search(rf"(?<!\d){passed}(?!\d)", line)
                if not told or not all(agrees(day, [_day(today)]) for day in days):
                    yield f"{line!r}: {passed} have passed as of {today}"
                listed = {}

    def _mislabelled(self, line: str) -> Iterator[str]:
        heads = [
            f"{n.document_number} {n.issued_on:%Y}年{n.issued_on.month}月{n.issued_on.day}日"
            for n in self._shelf.notices
        ]
        known = [fact for head in heads for fact in self._facts(head)]
        for fact in self._facts(line):
            if fact.kind is not FactKind.QUOTED and not agrees(fact, known):
                yield f"{fact.printed!r} is not of the document's head"

    def _facts(self, line: str) -> tuple[Fact, ...]:
        facts = self._facts_of_line.get(line)
        if facts is None:
            facts = find_facts(read(line), self._shelf.units)
            if len(self._facts_of_line) < MAX_REMEMBERED:
                self._facts_of_line[line] = facts
        return facts


def _misreckoned(line: str, lists: Sequence[Listed]) -> Iterator[str]:
    """Hold the numbers of groups and measures against a reckoning of our own."""
    right: set[int] = set()
    for listed in lists:
        groups = (
            records.group_by_lead_unit(listed.measures),
            records.group_by_responsible_unit(listed.measures),
            records.group_by_section(listed.measures),
            records.group_by_month(listed.measures),
        )
        exact = listed.listing.exact
        chosen = (
            {sum(len(found) == exact for found in group.values()) for group in groups} if exact else set()
        )
        right |= {len(listed.measures), len(listed.notice.measures), *(len(group) for group in groups)}
        right |= {exact or 0, *chosen}
    for number in _NUMBER.findall(_CONDITIONS.sub("", line)):
        if lists and int(number) not in right:
            yield f"{line!r}: {number} is reckoned otherwise"


def _day(day: date) -> Fact:
    return Fact(FactKind.DATE, (day.year, day.month, day.day), str(day), 0, 0)
