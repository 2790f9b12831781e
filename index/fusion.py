"""One ranking from several: a convex combination of the legs' scores."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

# The leg by sound repeats what characters say and only adds where they are wrong:
# half a voice. Otherwise equal: no other choice was better beyond noise
# (docs/adr/0005), so none is tuned.
WEIGHTS = {"bigrams": 1.0, "words": 1.0, "syllables": 0.5, "vectors": 1.0}


def fuse(legs: Mapping[str, NDArray[np.float32]], *, trust: float = 1.0) -> NDArray[np.float32]:
    """Return the weighted mean of the legs, each divided by its best score; in 0 … 1.

    `trust`, 0 … 1, scales the vectors' weight: how much of question and texts
    the encoder can read. A leg that found nothing (all zeros) adds nothing.
    Scaling by the maximum is the "max norm" of Lee (SIGIR 1997), combined as
    CombSUM (Fox and Shaw, TREC-2).
    """
    weights = {name: WEIGHTS[name] * (trust if name == "vectors" else 1.0) for name in legs}
    whole = sum(weights.values()) or 1.0  # vectors alone and not a word known: nothing found
    total = sum(weights[name] * _scaled(scores) for name, scores in legs.items())
    return np.asarray(total / whole, dtype=np.float32)


def ranking(scores: Sequence[float] | NDArray[np.float32]) -> list[int]:
    """Return the positions with a score above 0, best first; ties keep their order."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    return [int(i) for i in order if scores[i] > 0]


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    best = float(scores.max(initial=0.0))
    return np.clip(scores, 0.0, None) / best if best > 0 else np.zeros_like(scores)
