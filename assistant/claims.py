"""The fact gate: a sentence about a measure, held against that measure. Plain code, whoever wrote it.

Every number, date, share, unit, platform and quoted term of the sentence must be the
measure's; a lead must lead; a word of strength may not be raised, a negation not
turned; and no other measure may fit the words much better.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from assistant.facts import FactKind, agrees, find_facts, read
from assistant.known import CLAUSE, SENTENCE, Known, pieces_in
from assistant.patterns import patterns
from assistant.shelf import Shelf
from assistant.strength import SHORT_CLAUSE, turned
from corpus.notice import Passage
from corpus.text import sentences

_WORDS_OF = patterns("claims")
_LEADS = tuple(pattern for name, pattern in _WORDS_OF.items() if name.startswith("leads_"))
_AFTER_LEADS = _WORDS_OF["after_leads"]  # what an English sentence names after its leads are other units
SUPPORT_AT_LEAST = 0.35
OTHER_SUPPORTS_BY = 0.2
OTHER_AT_LEAST = 0.6


class Claims:
    """Checks sentences against the measures they cite. Built once for a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def problems(self, sentence: str, cited: Sequence[Passage]) -> tuple[str, ...]:
        """Return what in a sentence the cited passages do not bear out; () if it may be shown."""
        if not cited:
            return ("cites nothing",)
        text = read(sentence)
        known = [self.known(passage) for passage in cited]
        found = [
            *self._unknown_facts(text, known),
            *_wrong_leads(text, cited, self._shelf),
            *self._unsupported(text, cited, known),
            *turned(text, known),
        ]
        return tuple(dict.fromkeys(found))

    def known(self, passage: Passage) -> "Known":
        """Return all that may be said of a passage; gathered once."""
        cached = self._cache.get(passage.passage_id)
        if cached is None:
            cached = self._cache[passage.passage_id] = Known.of(passage, self._shelf)
        return cached

    @cached_property
    def _cache(self) -> dict[str, "Known"]:
        return {}

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """Return how much a piece of text tells, by how few passages have it."""
        passages = [self.known(p) for notice in self._shelf.notices for p in self._shelf.passages_of(notice)]
        counts: dict[str, int] = {}
        for known in passages:
            for piece in known.pieces:
                counts[piece] = counts.get(piece, 0) + 1
        return {piece: math.log(1 + len(passages) / n) for piece, n in counts.items()}

    def nearest_sentence(self, sentence: str, passages: Sequence[Passage]) -> tuple[Passage, tuple[int, int]]:
        """Return the sentence of the passages that shares most with a sentence, by its place."""
        pieces = pieces_in(read(sentence))
        found = []
        for passage in passages:
            for span in sentences(passage.text):
                start, end = passage.start + span.start, passage.start + span.end
                english = self._shelf.english_of(passage.passage_id, start, end)
                own = pieces_in(read(span.of(passage.text))) | pieces_in(read(english))
                found.append((len(pieces & own), passage, (start, end)))
        _, passage, span_in_source = max(found, key=lambda one: one[0])
        return passage, span_in_source

    def _unknown_facts(self, text: str, known: Sequence["Known"]) -> Iterator[str]:
        for fact in find_facts(text, self._shelf.units):
            if fact.kind is FactKind.QUOTED:
                if not any(one.says(str(fact.value)) for one in known):
                    yield f"quotes {fact.value!r}, which is not there"
            elif fact.kind is FactKind.TIMES and fact.value == 1.0:
                continue  # once: an everyday word
            elif not any(agrees(fact, one.facts) for one in known):
                yield f"{fact.kind.value}: {fact.printed!r} is not there"

    def _unsupported(self, text: str, cited: Sequence[Passage], known: Sequence["Known"]) -> Iterator[str]:
        """Find clauses that another measure bears out much better than those cited."""
        cited_ids = {passage.passage_id for passage in cited}
        for clause in CLAUSE.findall(text):
            pieces = pieces_in(clause)
            if len(pieces) < SHORT_CLAUSE + 2:
                continue
            own = max(self._support(pieces, one) for one in known)
            others = [
                (self._support(pieces, self.known(passage)), passage.passage_id)
                for notice in self._shelf.notices
                for passage in self._shelf.passages_of(notice)
                if passage.passage_id not in cited_ids
            ]
            best, passage_id = max(others, default=(0.0, ""))
            if own < SUPPORT_AT_LEAST and best > max(OTHER_AT_LEAST, own + OTHER_SUPPORTS_BY):
                yield f"{clause.strip()!r} is of {passage_id}"

    def _support(self, pieces: frozenset[str], known: "Known") -> float:
        """Return the share of a clause's pieces that a passage has, weighted by rarity."""
        default = 3.0
        total = sum(self._rarity.get(piece, default) for piece in pieces)
        return sum(self._rarity.get(piece, default) for piece in pieces & known.pieces) / total


def _wrong_leads(text: str, cited: Sequence[Passage], shelf: Shelf) -> Iterator[str]:
    leads = {
        unit.name
        for passage in cited
        if (measure := shelf.measure_of(passage))
        for unit in measure.lead_units
    }
    # The text itself may say who leads a part of the work.
    for passage in cited:
        for sentence in SENTENCE.findall(read(passage.text)):
            if "牵头" in sentence:
                leads |= {name for _, _, names in shelf.units.find_spans(sentence) for name in names}
    for pattern in _LEADS:
        for match in pattern.finditer(text):
            for fact in find_facts(_AFTER_LEADS.sub("", match["named"]), shelf.units):
                if fact.kind is FactKind.UNIT and leads and not leads & set(fact.value):  # type: ignore[arg-type]
                    yield f"{fact.printed!r} does not lead"
