import json
from dataclasses import asdict, replace
from math import log

import numpy as np
import pytest

from corpus.bank import BankQuestion, NegativeQuestion
from index.calibrate import (
    ALL_LEGS,
    FARTHEST,
    FEATURES,
    KEYWORD_LEGS,
    Calibration,
    Judge,
    hit_features,
    shipped_judge,
    with_products,
)
from index.fusion import fuse, ranking
from index.legs import Crowds, Legs, Material, Scored
from index.scope import Scope
from index.search import N_JUDGED
from tests.index.conftest import tiny_legs

SCORED = Scored(
    "a c d",
    {
        "bigrams": np.array([4, 1], dtype=np.float32),
        "words": np.array([0, 2], dtype=np.float32),
        "vectors": np.array([0.25, 0.5], dtype=np.float32),
    },
    {"bigrams": 2.0, "words": 0.0, "vectors": 0.4},
    np.zeros(64, dtype=np.float32),
    Crowds(
        best=np.array([0.25, 0.5, 0.4], dtype=np.float32),
        near=np.array([0.2, 0.5, 0.1], dtype=np.float32),
        share=np.array([0.5, 0.25, 0.25], dtype=np.float32),
    ),
)
ONE = Calibration(
    legs=("bigrams",),
    mean=(1.0,),
    scale=(2.0,),
    product_mean=(0.0, 0.5),
    product_scale=(1.0, 0.5),
    weights=(0.5, 0.25),
    intercept=0.25,
)
INSIDE = (
    "水电气网报装怎么办理",
    "政府拖欠我们的工程款怎么办",
    "How do we get water and electricity connected?",
)
OUTSIDE = ("护照怎么办理", "今天天气怎么样", "How do I renew my passport?", "怎么做红烧肉")


@pytest.fixture(scope="module")
def tiny(gathered: Material) -> Legs:
    return tiny_legs(gathered.passages)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return shipped_judge(encoder_is_shipped=True)


def judged(judge: Judge, legs: Legs, query: str, n: int = N_JUDGED) -> tuple[float, ...]:
    """Return the probabilities of the best n hits."""
    scored = legs.score(query)
    return judge.probabilities(query, scored, legs, ranking(fuse(scored.legs))[:n])


def test_gives_the_features_worked_by_hand(tiny: Legs) -> None:
    # Three tokens, so scores are divided by root 3. Fused 0.5 and 0.75 (test_fusion.py). Of the
    # tokens' weights 0.182322 (a), 0.693147 (c), 1.791759 (d; test_keyword.py) "a b b" has a's.
    root, total = 3**0.5, 2.667228
    coverage = [0.182322 / total, 2.484907, 1.791759, 1, 1 / 3, 1.791759 / total]
    strengths = [4 / root, 0, 3 / root, -2 / root, -0.25, 2 / root, 0, 1 / 3, 0, 4 / 3, 0, log(3), 1, 0]
    expected = [*strengths, 0.25, -0.25, 0.4, 0.2, -0.3, 0.1, 0.5, 0.25, *coverage, *coverage, 0.7]
    assert hit_features("a c d", SCORED, tiny, 0.7, 0, ALL_LEGS) == pytest.approx(expected, abs=1e-5)


def test_gives_a_number_for_each_feature(tiny: Legs) -> None:
    assert hit_features("a c d", SCORED, tiny, 0.7, 1, ALL_LEGS).shape == (len(FEATURES),)


def test_tells_a_query_with_terms_of_the_glossary(tiny: Legs) -> None:
    row = hit_features("a", SCORED, tiny, 0.7, 0, ALL_LEGS)
    assert row[FEATURES.index("glossary")] == 1.0


def test_tells_a_chinese_question_from_a_latin_one(tiny: Legs) -> None:
    row = hit_features("水", SCORED, tiny, 0.7, 0, ALL_LEGS)
    assert row[FEATURES.index("latin")] == 0.0


def test_reads_no_vectors_where_they_are_not_named(tiny: Legs) -> None:
    nearer = replace(
        SCORED,
        legs={**SCORED.legs, "vectors": np.array([0.9, 0.1], dtype=np.float32)},
        crowds=Crowds(*np.ones((3, 3), dtype=np.float32)),
    )
    one, other = (hit_features("a", scored, tiny, 0.0, 0, KEYWORD_LEGS) for scored in (SCORED, nearer))
    assert one.tolist() == other.tolist()


@pytest.mark.parametrize("names", [ALL_LEGS, KEYWORD_LEGS])
def test_takes_a_leg_left_out_for_one_that_found_nothing(tiny: Legs, names: tuple[str, ...]) -> None:
    silent = replace(SCORED, legs={}, outside={})
    row = hit_features("a c d", silent, tiny, 0.0, 0, names)
    assert row[:11].tolist() == [0.0] * 11


def test_adds_squares_and_products() -> None:
    assert with_products(np.array([2.0, 3.0])).tolist() == [2.0, 3.0, 4.0, 6.0, 9.0]


@pytest.mark.parametrize("shape", [(1,), (30,), (5, 30), (0, 3), (2, 4, 3)])
def test_adds_a_column_for_each_pair(shape: tuple[int, ...]) -> None:
    d = shape[-1]
    assert with_products(np.ones(shape)).shape == (*shape[:-1], d + d * (d + 1) // 2)


def test_adds_products_row_by_row() -> None:
    rows = np.arange(6.0).reshape(2, 3)
    assert with_products(rows).tolist() == [with_products(row).tolist() for row in rows]


def test_gives_one_half_where_all_is_average() -> None:
    calibration = replace(ONE, product_mean=(0.0, 0.0), intercept=0.0)
    assert calibration.probability(np.array([1.0])) == 0.5


def test_gives_the_probability_worked_by_hand() -> None:
    # (3 - 1) / 2 = 1, its square 1; z = 0.5 * 1 + 0.25 * (1 - 0.5) / 0.5 + 0.25 = 1; 1 / (1 + e^-1)
    assert ONE.probability(np.array([3.0])) == pytest.approx(0.731059, abs=1e-6)


def test_scales_and_shifts_the_log_odds() -> None:
    # z = 1 as above; 2 * 1 - 1 = 1
    shifted = replace(ONE, slope=2.0, offset=-1.0)
    assert shifted.log_odds(np.array([3.0])) == pytest.approx(1.0)
    assert shifted.probability(np.array([3.0])) == pytest.approx(0.731059, abs=1e-6)


def test_reads_what_training_writes() -> None:
    written = json.loads(json.dumps({"features": FEATURES, **asdict(ONE)}))
    assert Calibration.from_json(written) == ONE


def test_goes_no_further_than_what_it_was_fitted_on() -> None:
    farthest = ONE.probability(np.array([1.0 + 2.0 * FARTHEST]))
    assert ONE.probability(np.array([1e9])) == farthest < 1.0


@pytest.mark.parametrize("encoder_is_shipped", [True, False])
def test_has_a_weight_for_each_feature_and_product(encoder_is_shipped: bool) -> None:
    calibration = shipped_judge(encoder_is_shipped=encoder_is_shipped).calibration
    n = len(FEATURES)
    assert len(calibration.mean) == len(calibration.scale) == n
    assert len(calibration.weights) == n + n * (n + 1) // 2
    assert len(calibration.product_mean) == len(calibration.product_scale) == len(calibration.weights)


@pytest.mark.parametrize(("encoder_is_shipped", "legs"), [(True, ALL_LEGS), (False, KEYWORD_LEGS)])
def test_is_fitted_with_vectors_for_the_shipped_encoder_only(
    encoder_is_shipped: bool, legs: tuple[str, ...]
) -> None:
    assert shipped_judge(encoder_is_shipped=encoder_is_shipped).calibration.legs == legs


def test_gives_no_probability_where_nothing_is_found(judge: Judge, tiny: Legs) -> None:
    assert judge.probabilities("a", SCORED, tiny, ()) == ()


def test_asks_the_scope_about_the_question(judge: Judge, tiny: Legs) -> None:
    calibration = replace(
        judge.calibration,
        weights=tuple(float(name == "scope") for name in FEATURES)
        + (0.0,) * (len(judge.calibration.weights) - len(FEATURES)),
    )
    likely, unlikely = (
        Judge(calibration, Scope({}, lean)).probabilities("a", SCORED, tiny, (0,))[0] for lean in (2.0, -2.0)
    )
    assert unlikely < likely


@pytest.mark.parametrize("encoder_is_shipped", [True, False])
def test_gives_probabilities_between_zero_and_one(
    exact: Legs,
    bank: tuple[BankQuestion, ...],
    negatives: tuple[NegativeQuestion, ...],
    encoder_is_shipped: bool,
) -> None:
    judge = shipped_judge(encoder_is_shipped=encoder_is_shipped)
    asked = [question.text for question in (*bank[::100], *negatives[::100])]
    assert all(0.0 <= p <= 1.0 for text in asked for p in judged(judge, exact, text))


@pytest.mark.parametrize("encoder_is_shipped", [True, False])
def test_is_surer_of_plain_questions_inside_than_outside(exact: Legs, encoder_is_shipped: bool) -> None:
    judge = shipped_judge(encoder_is_shipped=encoder_is_shipped)
    inside = [judged(judge, exact, query)[0] for query in INSIDE]
    outside = [max(judged(judge, exact, query), default=0.0) for query in OUTSIDE]
    assert min(inside) > max(outside)


def test_is_surer_of_the_bank_than_of_questions_outside(
    exact: Legs, judge: Judge, bank: tuple[BankQuestion, ...], negatives: tuple[NegativeQuestion, ...]
) -> None:
    inside = [max(judged(judge, exact, question.text), default=0.0) for question in bank[::50]]
    outside = [max(judged(judge, exact, question.text), default=0.0) for question in negatives[::50]]
    assert np.mean(inside) > np.mean(outside) + 0.5


def test_is_surer_of_the_first_hit_than_of_the_second(
    exact: Legs, judge: Judge, bank: tuple[BankQuestion, ...]
) -> None:
    pairs = [judged(judge, exact, question.text, 2) for question in bank[::100]]
    assert sum(first > rest[0] for first, *rest in pairs if rest) > 0.95 * len(pairs)


@pytest.mark.parametrize("n", [100, 1000])
def test_is_not_sure_of_a_page_of_rare_characters(exact: Legs, judge: Judge, n: int) -> None:
    page = "".join(chr(0x4E00 + 7 * i) for i in range(n))
    assert max(judged(judge, exact, page), default=0.0) < 0.5


def test_is_no_surer_of_a_question_asked_three_times_over(
    exact: Legs, judge: Judge, negatives: tuple[NegativeQuestion, ...]
) -> None:
    asked = [question.text for question in negatives[::50]]
    once = [max(judged(judge, exact, text), default=0.0) for text in asked]
    thrice = [max(judged(judge, exact, "\n".join([text] * 3)), default=0.0) for text in asked]
    assert np.mean(thrice) < np.mean(once) + 0.05
