"""BM25 over a passage's own words together with the bank's questions about it.

A passage is one document: its text and every question of the bank that it
answers. On the bank's own held-out questions this beats BM25 over the text
alone, and BM25 over single questions (docs/adr/0005).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

KEPT_TOKENS = 1024
Scores = NDArray[np.float32]
Cut = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a query one document has, by inverse document frequency."""

    share: float  # of the query's weight, 0 … 1
    missing: float  # the weight that the document lacks
    heaviest_missing: float  # the weight of the rarest token it lacks
    unknown: int  # tokens that no passage has
    n_tokens: int
    outside: float  # share of the weight that a question outside the notices has too


class KeywordIndex:
    """One BM25 over one way of cutting text. Rows are documents, in the index's order."""

    def __init__(self, ranker: bm25s.BM25, cut: Cut) -> None:
        self._ranker = ranker
        self.cut = cut
        # The same few hits of a question ask for the same tokens.
        self._having = lru_cache(maxsize=KEPT_TOKENS)(self._token)

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
        """Return a score for each document, ≥ 0; all 0 where no token is known.

        A token counts once, however often the query has it: asked three times
        over, a question is no surer to be answered.
        """
        ids = self._ranker.get_tokens_ids(list(dict.fromkeys(self.cut(query))))
        if not len(ids):
            return np.zeros(self._ranker.scores["num_docs"], dtype=np.float32)
        return np.asarray(self._ranker.get_scores_from_ids(ids), dtype=np.float32)

    def coverage(self, query: str, document: int, n_passages: int) -> Coverage:
        """Return what of a query a passage has; documents from `n_passages` on are outside.

        Weights as in BM25 (Robertson and Zaragoza 2009, eq. 3.3 with + 1), over
        the passages alone; a token that no passage has weighs most.
        """
        total = covered = heaviest = outside = 0.0
        unknown = 0
        tokens = set(self.cut(query))
        for token in sorted(tokens):
            inside, weight, is_outside = self._having(token, n_passages)
            total += weight
            if document in inside:
                covered += weight
            else:
                heaviest = max(heaviest, weight)
            unknown += not inside
            outside += weight if is_outside else 0.0
        scale = total or 1.0
        return Coverage(covered / scale, total - covered, heaviest, unknown, len(tokens), outside / scale)

    def _token(self, token: str, n_passages: int) -> tuple[frozenset[int], float, bool]:
        """Return the passages that have a token, its weight, and whether others have it too."""
        indptr, rows = self._ranker.scores["indptr"], self._ranker.scores["indices"]
        column = self._ranker.vocab_dict.get(token)
        having = rows[indptr[column] : indptr[column + 1]] if column is not None else rows[:0]
        inside = frozenset(having[having < n_passages].tolist())
        weight = float(np.log1p((n_passages - len(inside) + 0.5) / (len(inside) + 0.5)))
        return inside, weight, len(inside) < len(having)
