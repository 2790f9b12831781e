"""From the legs' scores to the probability that a passage answers the question.

A logistic regression over a few features of one hit, fitted by `index/train.py`
on held-out questions of the bank and on questions that the notice does not
answer; never on evaluation cases.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fusion import fuse
from index.keyword import Scores

FEATURES = ("fused", "lead", "bigrams", "words", "cosine", "agreement", "latin")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights over FEATURES, for standardised values."""

    legs: tuple[str, ...]  # the legs it was fitted with
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def probability(self, features: NDArray[np.float64]) -> float:
        standard = (features - np.asarray(self.mean)) / np.asarray(self.scale)
        return float(1.0 / (1.0 + np.exp(-(standard @ np.asarray(self.weights) + self.intercept))))

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Calibration":
        return cls(
            tuple(fields["legs"]),
            tuple(fields["mean"]),
            tuple(fields["scale"]),
            tuple(fields["weights"]),
            fields["intercept"],
        )

    def probabilities(
        self, query: str, legs: Mapping[str, Scores], positions: Sequence[int]
    ) -> tuple[float, ...]:
        """Return the probability of each position, from the legs this was fitted with."""
        used = {name: legs[name] for name in self.legs}
        fused = fuse(used)
        return tuple(self.probability(features(query, used, fused, position)) for position in positions)


def features(query: str, legs: Mapping[str, Scores], fused: Scores, position: int) -> NDArray[np.float64]:
    """Return FEATURES of the passage at `position`.

    BM25 scores are divided by the square root of the question's length, so that
    long questions do not look surer; "lead" is the distance in fused score to
    the best other passage, negative for all but the first.
    """
    others = np.delete(fused, position)
    length = max(len(query.split()) if query.isascii() else len(query), 1) ** 0.5
    tops = [int(np.argmax(scores)) for scores in legs.values() if scores.any()]
    return np.array(
        [
            fused[position],
            fused[position] - others.max(initial=0.0),
            legs["bigrams"][position] / length,
            legs["words"][position] / length,
            legs["vectors"][position] if "vectors" in legs else 0.0,
            tops.count(position) / len(legs),
            float(query.isascii()),
        ]
    )


def shipped_calibration(*, encoder_is_shipped: bool) -> Calibration:
    """Return the calibration for the shipped encoder, or the one that reads no vectors.

    Cosines of another encoder mean something else; for it the probability
    rests on the keyword legs.
    """
    stored = json.loads(files("index").joinpath("model", "calibration.json").read_text("utf-8"))
    return Calibration.from_json(stored["all legs" if encoder_is_shipped else "keyword legs"])
