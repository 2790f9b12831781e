"""From a question to the passages that may answer it, best first."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from corpus.notice import Passage
from index.calibrate import Calibration
from index.encoder import Vectors
from index.fusion import fuse, ranking
from index.legs import Legs, passage_items

N_HITS = 8


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


class SearchIndex:
    """One version of the index, open for reading."""

    def __init__(
        self, version: str, legs: Legs, sentence_vectors: Mapping[str, Vectors], calibration: Calibration
    ) -> None:
        self.version = version
        self.passages = legs.passages
        self._legs = legs
        self._sentence_vectors = sentence_vectors
        self._calibration = calibration

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return at most N_HITS passages, best first; empty where no word of the query is known."""
        legs, vector = self._legs.scores(query)
        fused = fuse(legs)
        positions = ranking(fused)[:N_HITS]
        probabilities = self._calibration.probabilities(query, legs, positions)
        hits = []
        for rank, (position, probability) in enumerate(zip(positions, probabilities, strict=True), start=1):
            passage = self.passages[position]
            hits.append(
                Hit(
                    passage,
                    rank,
                    float(fused[position]),
                    probability,
                    self._sentences(passage, query, vector) if rank <= 2 else (),
                    tuple((name, round(float(scores[position]), 4)) for name, scores in legs.items()),
                )
            )
        return tuple(hits)

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]:
        """Score the sentences of a passage that was found otherwise than by search."""
        return self._sentences(passage, query, self._legs.encoder.encode([query])[0])

    def _sentences(self, passage: Passage, query: str, vector: Vectors) -> tuple[ScoredSentence, ...]:
        """Mean of cosine and of the share of the question's bigrams that the sentence has."""
        asked = set(self._legs.bigrams.cut(query))
        scored = []
        for item in passage_items(passage)[1:]:
            cosine = float(np.clip(self._sentence_vectors[item.item_id] @ vector, 0.0, 1.0))
            shared = len(asked & set(self._legs.bigrams.cut(item.text))) / max(len(asked), 1)
            scored.append(ScoredSentence(item.start, item.end, (cosine + shared) / 2))
        return tuple(scored)
