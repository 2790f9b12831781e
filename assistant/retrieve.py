"""Stage 3: from an intent to what answers it: passages by meaning, or complete lists from the records."""

from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answer import Intent, Kind, Status
from assistant.shelf import Shelf
from corpus import records
from corpus.notice import Measure, Notice, Passage
from index.search import Hit, ScoredSentence

# An answer with the wrong passage is held to be half as bad again as an answerable question
# refused, which still names the nearest measures. Answering is then right from a probability
# of 3 / (3 + 2).
COST_OF_WRONG = 3.0
COST_OF_REFUSING = 2.0
ANSWER_FROM = COST_OF_WRONG / (COST_OF_WRONG + COST_OF_REFUSING)
# Below that, two passages of which one may well be right are offered: asking costs one click.
ASK_FROM = 0.4
COMPETES_FROM = 0.9  # of the first one's probability


class Searcher(Protocol):
    """What this stage needs of the index: `index.library.Library`, or a fake."""

    @property
    def version(self) -> str: ...

    def search(self, query: str) -> tuple[Hit, ...]: ...

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """The measures a list question asks for, from the records."""

    unit: str
    notice: Notice
    measures: tuple[Measure, ...]  # in the asked role
    also_named: tuple[Measure, ...]  # where the unit is named as responsible instead


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `status` answered, not_covered or clarify."""

    status: Status
    hits: tuple[Hit, ...] = ()
    lists: tuple[Listed, ...] = ()


def retrieve(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Return what answers the intent. No hits and no lists: nothing was found."""
    if intent.kind in (Kind.LEAD_LIST, Kind.RESPONSIBLE_LIST):
        lists = tuple(_listed(intent, unit, notice) for unit in intent.units for notice in shelf.notices)
        return Found(Status.ANSWERED, lists=lists)
    if intent.kind is Kind.MEASURE:
        return _by_number(intent, searcher, shelf)
    return _by_meaning(searcher.search(intent.query))


def _by_meaning(hits: tuple[Hit, ...]) -> Found:
    first, second = (hits[i].probability if len(hits) > i else 0.0 for i in (0, 1))
    if first >= ANSWER_FROM:
        return Found(Status.ANSWERED, hits)
    if first >= ASK_FROM and second >= COMPETES_FROM * first:
        return Found(Status.CLARIFY, hits)
    return Found(Status.NOT_COVERED, hits)


def _by_number(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Look measures up by number; not covered where the notice has none of them."""
    hits: list[Hit] = []
    for notice in shelf.notices:
        for number in intent.measure_numbers:
            if 1 <= number <= len(notice.measures):
                passage = shelf.passage_of(notice, notice.measure(number))
                # Asked for by its number, it is wanted whole, however little the words agree.
                scored = searcher.sentences(passage, intent.query)
                whole = tuple(replace(sentence, score=1.0) for sentence in scored)
                hits.append(Hit(passage, len(hits) + 1, 1.0, 1.0, whole, ()))
    return Found(Status.ANSWERED if hits else Status.NOT_COVERED, tuple(hits))


def _listed(intent: Intent, unit: str, notice: Notice) -> Listed:
    led = records.select(notice.measures, lead_unit=unit)
    named = records.select(notice.measures, responsible_unit=unit)
    if intent.kind is Kind.RESPONSIBLE_LIST:
        return Listed(unit, notice, named, ())
    return Listed(unit, notice, led, () if led else named)
