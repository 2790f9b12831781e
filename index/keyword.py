"""BM25 over a passage's own words together with the bank's questions about it.

A passage is one document: its text and every question of the bank that it
answers. On the bank's own held-out questions this beats BM25 over the text
alone, and BM25 over single questions (docs/adr/0005).
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Cut = Callable[[str], list[str]]


class KeywordIndex:
    """One BM25 over one way of cutting text. Rows are passages, in the index's order."""

    def __init__(self, ranker: bm25s.BM25, cut: Cut) -> None:
        self._ranker = ranker
        self.cut = cut

    @classmethod
    def build(cls, documents: Sequence[str], cut: Cut) -> "KeywordIndex":
        # BM25 as in Lucene (bm25s's default), k1 = 1.5, b = 0.75; not tuned here.
        ranker = bm25s.BM25()
        ranker.index([cut(document) for document in documents], show_progress=False)
        return cls(ranker, cut)

    @classmethod
    def load(cls, directory: Path, cut: Cut) -> "KeywordIndex":
        return cls(bm25s.BM25.load(directory, load_corpus=False, show_progress=False), cut)

    def save(self, directory: Path) -> None:
        self._ranker.save(directory, show_progress=False)

    def scores(self, query: str) -> Scores:
        """Return a score for each passage, ≥ 0; all 0 where no token is known."""
        ids = self._ranker.get_tokens_ids(self.cut(query))
        if not len(ids):
            return np.zeros(self._ranker.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._ranker.get_scores_from_ids(ids), dtype=np.float32)
