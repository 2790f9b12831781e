"""Which pieces of text tell passages from one another, by the questions that people ask about them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.bank import BankQuestion
from corpus.notice import Passage

SEEN = 3  # times in the bank
SHARE = 0.35  # of these in questions on one passage
_SEEN_OF_ONE = 2  # times in questions on a passage: a word for it
_LATIN = re.compile(r"[a-z]{3,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")


def pieces_of(text: str) -> set[str]:
    """Return the Latin words and the pairs of neighbouring characters of a text in lower case."""
    pairs = {run[n : n + 2] for run in _HAN_RUN.findall(text) for n in range(len(run) - 1)}
    return pairs | set(_LATIN.findall(text))


@dataclass(frozen=True, slots=True)
class Topics:
    """The pieces that are mostly asked of one passage, and all pieces that belong to each passage."""

    pieces: frozenset[str]
    known: Mapping[str, frozenset[str]]  # by passage id
    measures: frozenset[str]  # the ids of passages that are measures

    @classmethod
    def of(
        cls,
        passages: Iterable[Passage],
        english: Mapping[str, Sequence[str]],
        questions: Iterable[BankQuestion],
    ) -> "Topics":
        """Count; `english` has each passage's translated sentences, by passage id."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)  # piece -> passages
        asked: dict[str, Counter[str]] = defaultdict(Counter)  # passage -> pieces
        for question in questions:
            for piece in pieces_of(question.text.casefold()):
                counts[piece][question.passage_id] += 1
                asked[question.passage_id][piece] += 1
        known = {}
        measures = set()
        for passage in passages:
            if passage.measure_number is not None:
                measures.add(passage.passage_id)
            own = " ".join([passage.title, passage.text, *english.get(passage.passage_id, ())])
            often = {piece for piece, n in asked[passage.passage_id].items() if n >= _SEEN_OF_ONE}
            known[passage.passage_id] = frozenset(pieces_of(own.casefold()) | often)
        topical = frozenset(
            piece
            for piece, by_passage in counts.items()
            if (n := by_passage.total()) >= SEEN and by_passage.most_common(1)[0][1] >= SHARE * n
        )
        return cls(topical, known, frozenset(measures))

    def of_text(self, text: str) -> set[str]:
        """Return the pieces of a text that are about something."""
        return pieces_of(text.casefold()) & self.pieces

    def strange_to(self, passage_id: str, text: str) -> int:
        """Return how many of these a passage does not have."""
        return len(self.of_text(text) - self.known.get(passage_id, frozenset()))
