"""From the legs' scores to the probability that a passage answers the question.

A logistic regression over features of one hit, their squares and products,
fitted by `index/train.py` on questions of the bank asked of an index built
without them and on questions that the notices do not answer; never on
evaluation cases.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.fusion import fuse, ranking
from index.keyword import Coverage
from index.legs import Crowds, Legs, Scored
from index.scope import Scope, shipped_scope
from index.words import has_han

Features = NDArray[np.float64]

N_JUDGED = 4  # hits that get a probability; the rest have 0
ALL_LEGS = ("bigrams", "words", "syllables", "vectors")
KEYWORD_LEGS = ("bigrams", "words", "syllables")
# Features further from the mean than this many deviations count as if they stood there: 99 % of
# those fitted on lie nearer, and beyond, squares would call a page of nonsense certain.
FARTHEST = 4.0

FEATURES = (
    "bigrams", "words", "bigrams_lead", "words_lead", "fused_lead",
    "bigrams_outside", "words_outside", "bigrams_contrast", "words_contrast",
    "bigrams_per_token", "words_per_token", "length", "latin", "glossary",
    "cosine", "cosine_lead", "cosine_outside",
    "near", "near_lead", "near_outside", "share", "share_outside",
    "words_share", "words_missing", "words_heaviest_missing", "words_unknown", "words_unknown_share",
    "words_outside_share",
    "bigrams_share", "bigrams_missing", "bigrams_heaviest_missing", "bigrams_unknown",
    "bigrams_unknown_share", "bigrams_outside_share",
    "scope",
)  # fmt: skip


@dataclass(frozen=True)  # no slots: the weights are kept as arrays, too
class Calibration:
    """Weights over FEATURES and their products, each standardised."""

    legs: tuple[str, ...]  # the legs it was fitted with
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    product_mean: tuple[float, ...]
    product_scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    slope: float = 1.0  # of the log odds, as set on questions as they come in
    offset: float = 0.0

    def probability(self, features: Features) -> float:
        return 1.0 / (1.0 + math.exp(-self.slope * self.log_odds(features) - self.offset))

    def log_odds(self, features: Features) -> float:
        """Return what the regression says, before slope and offset."""
        mean, scale, product_mean, product_scale, weights = self._arrays
        deviations = (features - mean) / scale
        products = with_products(np.clip(deviations, -FARTHEST, FARTHEST))
        standard = (products - product_mean) / product_scale
        # Not `@`: its last bits depend on where the arrays lie in memory, and hits are compared.
        return math.fsum((standard * weights).tolist()) + self.intercept

    @cached_property
    def _arrays(self) -> tuple[Features, ...]:
        # Five tuples made into arrays anew for every hit took a twentieth of an answer's time.
        fields = (self.mean, self.scale, self.product_mean, self.product_scale, self.weights)
        return tuple(np.asarray(field, dtype=np.float64) for field in fields)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Calibration":
        """Read what training wrote: the fields, and for a reader's sake the features' names."""
        read: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in fields.items()
            if name != "features"
        }
        return cls(**read)


@dataclass(frozen=True, slots=True)
class Judge:
    """Calibration and scope together: how probable it is that a passage answers."""

    calibration: Calibration
    scope: Scope

    def probabilities(
        self, query: str, scored: Scored, legs: Legs, positions: Sequence[int]
    ) -> tuple[float, ...]:
        """Return the probability of each position, from the legs the calibration was fitted with."""
        votes = self.scope.lean(legs.tokens(query))
        names = self.calibration.legs
        return tuple(
            self.calibration.probability(hit_features(query, scored, legs, votes, position, names))
            for position in positions
        )


def judged(text: str, legs: Legs, judge: Judge) -> dict[str, float]:
    """Return the ids of the N_JUDGED passages that fit a text best, best first, each with its probability."""
    scored = legs.score(text)
    positions = ranking(fuse(scored.legs, trust=scored.trust))[:N_JUDGED]
    probabilities = judge.probabilities(text, scored, legs, positions)
    return {
        legs.passages[position].passage_id: probability
        for position, probability in zip(positions, probabilities, strict=True)
    }


def hit_features(  # noqa: PLR0917  (one call, from two places)
    query: str, scored: Scored, legs: Legs, votes: float, position: int, names: Sequence[str]
) -> Features:
    """Return FEATURES of the passage at `position`, from the legs named.

    BM25 scores are divided by the square root of the question's length in
    tokens, so that long questions do not look surer. "lead" is the distance to
    the best other passage, negative for all but the first; "outside" the best
    group of questions that are not answered; "contrast" compares both. A leg left
    out for ablation counts as one that found nothing.
    """
    n = len(legs.passages)
    by_word = legs.words.coverage(scored.query, position, n)
    by_bigram = legs.bigrams.coverage(scored.query, position, n)
    length = max(by_bigram.n_tokens, 1)
    silent = np.zeros(n, dtype=np.float32)
    asked = {name: row for name, row in scored.legs.items() if name in names}
    fused = fuse(asked, trust=scored.trust) if asked else silent
    measured: list[float] = []
    for name in ("bigrams", "words"):
        row = scored.legs.get(name, silent)
        measured += [row[position] / length**0.5, _lead(row, position) / length**0.5]
    bigrams, bigrams_lead, words, words_lead = measured
    outside = {name: scored.outside.get(name, 0.0) / length**0.5 for name in ("bigrams", "words")}
    crowds = scored.crowds
    if "vectors" not in asked:
        crowds = Crowds(*np.zeros((3, n + 1), dtype=np.float32))
    return np.array(
        [
            bigrams, words, bigrams_lead, words_lead, _lead(fused, position),
            outside["bigrams"], outside["words"],
            _contrast(bigrams, outside["bigrams"]), _contrast(words, outside["words"]),
            bigrams / length**0.5, words / length**0.5, np.log(length),
            float(not has_han(query)), float(scored.query != query),
            crowds.best[position], _lead(crowds.best[:n], position), crowds.best[n],
            crowds.near[position], _lead(crowds.near[:n], position), crowds.near[n],
            crowds.share[position], crowds.share[n],
            *_coverage_features(by_word), *_coverage_features(by_bigram),
            votes,
        ],
        dtype=np.float64,
    )  # fmt: skip


def with_products(features: Features) -> Features:
    """Return the features, then the product of each pair, squares included. Shape (..., d + d(d+1)/2)."""
    rows, columns = _pairs(features.shape[-1])
    return np.concatenate([features, features[..., rows] * features[..., columns]], axis=-1)


@cache
def _pairs(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.triu_indices(n)


def shipped_judge(*, encoder_is_shipped: bool) -> Judge:
    """Return the calibration for the shipped encoder, or the one that reads no vectors.

    Cosines of another encoder mean something else; for it the probability
    rests on the keyword legs.
    """
    stored = json.loads(files("index").joinpath("model", "calibration.json").read_text("utf-8"))
    fields = stored["all legs" if encoder_is_shipped else "keyword legs"]
    return Judge(Calibration.from_json(fields), shipped_scope())


def _lead(row: NDArray[np.float32], position: int) -> float:
    return float(row[position] - np.delete(row, position).max(initial=0.0))


def _contrast(inside: float, outside: float) -> float:
    """Return the difference relative to the sum, -1 … 1."""
    return (inside - outside) / (inside + outside) if inside + outside > 0 else 0.0


def _coverage_features(coverage: Coverage) -> list[float]:
    return [
        coverage.share,
        coverage.missing,
        coverage.heaviest_missing,
        coverage.unknown,
        coverage.unknown / max(coverage.n_tokens, 1),
        coverage.outside,
    ]
