"""Fit what judges a hit: each token's vote for the scope, and the calibration.

Only `index/train.py` imports this module; needs scikit-learn, of the extra `train`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpus.bank import BankQuestion, NegativeQuestion
from index.calibrate import (
    ALL_LEGS,
    FARTHEST,
    KEYWORD_LEGS,
    Calibration,
    Features,
    hit_features,
    with_products,
)
from index.fusion import fuse, ranking
from index.legs import Legs
from index.scope import Scope
from index.words import Words

# How many of the questions that reach the search are taken to lie outside the notices. A probability
# needs such a share, and a set of negatives written to be hard does not tell it.
OUTSIDE_SHARE = 0.1
N_CANDIDATES = 2  # hits a question gives to the calibration
LEG_SETS = (ALL_LEGS, KEYWORD_LEGS)


@dataclass(frozen=True, slots=True)
class Example:
    """One hit of a question that its index has not seen, and whether it is right."""

    features: Mapping[tuple[str, ...], Features]  # for each of LEG_SETS
    is_right: bool
    is_first: bool
    is_negative: bool


def fit_scope(
    questions: Sequence[BankQuestion], negatives: Sequence[NegativeQuestion], words: Words
) -> Scope:
    """Fit each token's vote: logistic regression (L2, C = 10, both sides weighing alike) on TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer=lambda text: words.words(text) + words.bigrams(text), sublinear_tf=True
    )
    rows = vectorizer.fit_transform([q.text for q in questions] + [n.text for n in negatives])
    inside = [True] * len(questions) + [False] * len(negatives)
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(rows, inside)
    votes = {
        str(token): (float(idf), float(weight))
        for token, idf, weight in zip(
            vectorizer.get_feature_names_out(), vectorizer.idf_, fitted.coef_[0], strict=True
        )
    }
    return Scope(votes, float(fitted.intercept_[0]))


def examples_of(text: str, right: Collection[str], legs: Legs, scope: Scope) -> list[Example]:
    """Return a question's best hits as examples; no `right` passage: nothing answers it."""
    scored = legs.score(text)
    votes = scope.lean(legs.tokens(text))
    found: list[Example] = []
    for n, position in enumerate(ranking(fuse(scored.legs, trust=scored.trust))[:N_CANDIDATES]):
        measured: dict[tuple[str, ...], Features] = {
            names: hit_features(text, scored, legs, votes, position, names) for names in LEG_SETS
        }
        is_right = legs.passages[position].passage_id in right
        found.append(Example(measured, is_right, n == 0, not right))
    return found


def fit_calibration(
    held_out: Sequence[Example], natural: Sequence[Example], names: tuple[str, ...]
) -> Calibration:
    """Fit a logistic regression (L2, C = 0.02) on the features and their products, standardised.

    What it says of questions written for breadth, asked of an index that lacks
    their like, is too low for questions as they come in. So its log odds are
    scaled and shifted to fit what happens on such questions (Platt, Advances in
    Large Margin Classifiers 1999), first hits only, those outside weighed as if
    they were OUTSIDE_SHARE of them.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rows = np.array([example.features[names] for example in held_out])
    right = np.array([example.is_right for example in held_out])
    standard, mean, scale = _standardised(rows)
    products, product_mean, product_scale = _standardised(
        with_products(np.clip(standard, -FARTHEST, FARTHEST))
    )
    fitted = LogisticRegression(C=0.02, max_iter=3000).fit(products, right)
    raw = Calibration(
        legs=names,
        mean=_rounded(mean),
        scale=_rounded(scale),
        product_mean=_rounded(product_mean),
        product_scale=_rounded(product_scale),
        weights=_rounded(fitted.coef_[0]),
        intercept=round(float(fitted.intercept_[0]), 6),
    )
    firsts = [example for example in natural if example.is_first]
    if len({example.is_right for example in firsts}) < 2:  # nothing to be learned from
        return raw
    log_odds = np.array([[raw.log_odds(example.features[names])] for example in firsts])
    shifted = LogisticRegression(C=1e6).fit(
        log_odds, [example.is_right for example in firsts], sample_weight=_traffic_weights(firsts)
    )
    return replace(
        raw,
        slope=round(float(shifted.coef_[0][0]), 6),
        offset=round(float(shifted.intercept_[0]), 6),
    )


def _traffic_weights(examples: Sequence[Example]) -> list[float]:
    """Return a weight for each example, so that OUTSIDE_SHARE of their sum is negatives'."""
    n_negatives = sum(example.is_negative for example in examples)
    outside = OUTSIDE_SHARE / (1 - OUTSIDE_SHARE) * (len(examples) - n_negatives) / max(n_negatives, 1)
    return [outside if example.is_negative else 1.0 for example in examples]


def _standardised(rows: Features) -> tuple[Features, Features, Features]:
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    return (rows - mean) / scale, mean, scale


def _rounded(row: Features) -> tuple[float, ...]:
    return tuple(round(float(x), 6) for x in row)
