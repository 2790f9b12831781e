import numpy as np
import pytest

from corpus.bank import BankQuestion
from index.calibrate import FEATURES, Calibration, features, shipped_calibration
from index.fusion import fuse, ranking
from index.legs import Legs

LEGS = {
    "bigrams": np.array([4, 1], dtype=np.float32),
    "words": np.array([0, 2], dtype=np.float32),
    "vectors": np.array([0.25, 0.5], dtype=np.float32),
}


def test_gives_the_features_worked_by_hand() -> None:
    # fused 0.5 and 0.75 (test_fusion.py); four characters, square root 2; it leads one leg of three.
    row = features("水电气网", LEGS, fuse(LEGS), 0)
    assert row == pytest.approx([0.5, -0.25, 2.0, 0.0, 0.25, 1 / 3, 0.0])


def test_counts_the_words_of_an_english_question() -> None:
    row = features("how to get water", LEGS, fuse(LEGS), 1)
    assert row == pytest.approx([0.75, 0.25, 0.5, 1.0, 0.5, 2 / 3, 1.0])


def test_gives_one_half_where_all_is_average() -> None:
    calibration = Calibration(("bigrams",), (1.0, 2.0), (1.0, 1.0), (3.0, 4.0), 0.0)
    assert calibration.probability(np.array([1.0, 2.0])) == 0.5


def test_gives_the_probability_worked_by_hand() -> None:
    # z = (3 - 1) / 2 * 0.5 + 0.5 = 1; 1 / (1 + e^-1) = 0.731059
    calibration = Calibration(("bigrams",), (1.0,), (2.0,), (0.5,), 0.5)
    assert calibration.probability(np.array([3.0])) == pytest.approx(0.731059, abs=1e-6)


@pytest.mark.parametrize("encoder_is_shipped", [True, False])
def test_has_a_weight_for_each_feature(encoder_is_shipped: bool) -> None:
    calibration = shipped_calibration(encoder_is_shipped=encoder_is_shipped)
    assert len(calibration.mean) == len(calibration.scale) == len(calibration.weights) == len(FEATURES)


def test_reads_no_vectors_of_another_encoder() -> None:
    other = shipped_calibration(encoder_is_shipped=False)
    nearer = {**LEGS, "vectors": np.array([0.9, 0.1], dtype=np.float32)}
    assert other.legs == ("bigrams", "words")
    assert other.probabilities("水电", LEGS, [0, 1]) == other.probabilities("水电", nearer, [0, 1])


def test_gives_no_probability_where_nothing_is_found() -> None:
    assert shipped_calibration(encoder_is_shipped=True).probabilities("", LEGS, []) == ()


def test_is_surer_of_the_first_hit_than_of_the_second(exact: Legs, bank: tuple[BankQuestion, ...]) -> None:
    calibration = shipped_calibration(encoder_is_shipped=True)
    for question in bank[::100]:
        scores, _ = exact.scores(question.text)
        first, second = calibration.probabilities(question.text, scores, ranking(fuse(scores))[:2])
        assert 0.0 < second < first < 1.0
