"""From a question to the passages that may answer it, best first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.notice import Passage
from index.calibrate import N_JUDGED, Judge, judged
from index.cuts import shipped_cutter
from index.encoder import Vectors
from index.fusion import fuse, ranking
from index.legs import Legs, Material
from index.rows import Rows
from index.topics import Topics

N_HITS = 8
# The last bits of a product depend on where its arrays lie in memory; the same
# question must give the same record.
DIGITS = 5


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage and how near it is to the question, 0 … 1."""

    start: int  # in the source
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question."""

    passage: Passage
    rank: int  # from 1
    score: float  # fused, 0 … 1
    probability: float  # calibrated: that this passage answers the question
    sentences: tuple[ScoredSentence, ...]  # in source order
    legs: tuple[tuple[str, float], ...]  # each leg's own score


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence in both languages, ready to be compared."""

    start: int
    end: int
    vectors: Vectors  # one row, or two with the translation
    bigrams: frozenset[str]  # of both languages


class SearchIndex:
    """One version of the index, open for reading."""

    def __init__(
        self,
        version: str,
        legs: Legs,
        gathered: Material,
        rows: Rows,
        judge: Judge,
    ) -> None:
        """`rows` has every item of `gathered`; `gathered` may lack the bank's questions."""
        self.version = version
        self.passages = legs.passages
        self._legs = legs
        self._judge = judge
        self._cutter = shipped_cutter()
        self._sentences_of = _sentences_by_passage(gathered, rows, legs)

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return at most N_HITS passages, best first; empty where no word of the query is known."""
        scored = self._legs.score(query)
        fused = fuse(scored.legs, trust=scored.trust)
        positions = ranking(fused)[:N_HITS]
        probabilities = self._judge.probabilities(query, scored, self._legs, positions[:N_JUDGED])
        hits = []
        for rank, position in enumerate(positions, start=1):
            passage = self.passages[position]
            hits.append(
                Hit(
                    passage,
                    rank,
                    round(float(fused[position]), DIGITS),
                    round(probabilities[rank - 1], DIGITS) if rank <= N_JUDGED else 0.0,
                    self._scored_sentences(passage, scored.query, scored.vector) if rank <= 2 else (),
                    tuple((name, round(float(row[position]), 4)) for name, row in scored.legs.items()),
                )
            )
        return tuple(hits)

    def needs(self, text: str, topics: Topics, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return the needs of a turn that holds several, in order; () where it has one.

        `hits`: what was found for the whole.
        """
        whole = {hit.passage.passage_id: hit.probability for hit in hits[:N_JUDGED]}
        return self._cutter.needs(text, lambda part: judged(part, self._legs, self._judge), topics, whole)

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]:
        """Score the sentences of a passage that was found otherwise than by search."""
        scored = self._legs.score(query)
        return self._scored_sentences(passage, scored.query, scored.vector)

    def _scored_sentences(self, passage: Passage, query: str, vector: Vectors) -> tuple[ScoredSentence, ...]:
        """Mean of cosine and of the share of the question's bigrams that the sentence has."""
        asked = set(self._legs.bigrams.cut(query))
        scored = []
        for sentence in self._sentences_of[passage.passage_id]:
            cosine = float(np.clip(sentence.vectors @ vector, 0.0, 1.0).max())
            shared = len(asked & sentence.bigrams) / max(len(asked), 1)
            scored.append(ScoredSentence(sentence.start, sentence.end, round((cosine + shared) / 2, DIGITS)))
        return tuple(scored)


def _sentences_by_passage(gathered: Material, rows: Rows, legs: Legs) -> dict[str, tuple[_Sentence, ...]]:
    """Pair each sentence with its translation, the n-th with the n-th."""
    place_of = {item_id: i for i, item_id in enumerate(rows.item_ids)}
    text_of = {item.item_id: item for item in gathered.items}
    found: dict[str, list[_Sentence]] = {passage.passage_id: [] for passage in gathered.passages}
    for item in gathered.items:
        if item.role != "sentence" or "/s" not in item.item_id:
            continue
        english = text_of.get(item.item_id.replace("/s", "/e"))
        both = [item] if english is None else [item, english]
        found[item.passage_id].append(
            _Sentence(
                item.start,
                item.end,
                rows.vectors[[place_of[one.item_id] for one in both]],
                frozenset(token for one in both for token in legs.bigrams.cut(one.text)),
            )
        )
    return {passage_id: tuple(sentences) for passage_id, sentences in found.items()}
