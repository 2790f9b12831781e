import numpy as np
import pytest

from index.fusion import fuse, ranking


def leg(*scores: float) -> np.ndarray:
    return np.array(scores, dtype=np.float32)


def test_fuses_nothing_found_to_zero() -> None:
    assert fuse({"bigrams": leg(0, 0), "words": leg(0, 0), "vectors": leg(0, 0)}).tolist() == [0.0, 0.0]


def test_fuses_as_worked_by_hand() -> None:
    # (4/4 + 0/2 + 0.25/0.5) / 3 and (1/4 + 2/2 + 0.5/0.5) / 3
    fused = fuse({"bigrams": leg(4, 1), "words": leg(0, 2), "vectors": leg(0.25, 0.5)})
    assert fused == pytest.approx([0.5, 0.75])


def test_gives_the_leg_by_sound_half_a_voice() -> None:
    # (1 * 4/4 + 0.5 * 0/2) / 1.5 and (1 * 1/4 + 0.5 * 2/2) / 1.5
    assert fuse({"bigrams": leg(4, 1), "syllables": leg(0, 2)}) == pytest.approx([2 / 3, 0.5])


def test_scores_a_passage_that_leads_all_legs_with_one() -> None:
    assert fuse({"bigrams": leg(9, 1), "words": leg(3, 0), "vectors": leg(0.2, 0.1)})[0] == pytest.approx(1)


def test_takes_a_negative_similarity_for_nothing() -> None:
    assert fuse({"bigrams": leg(1, 1), "vectors": leg(-0.5, 0.5)}) == pytest.approx([0.5, 1.0])


def test_lets_a_silent_leg_change_no_order() -> None:
    both = fuse({"bigrams": leg(1, 3, 2), "words": leg(0, 0, 0)})
    assert ranking(both) == ranking(leg(1, 3, 2))


def test_ranks_best_first_and_leaves_out_zeros() -> None:
    assert ranking(leg(0, 0.2, 0, 0.9)) == [3, 1]


def test_ranks_ties_in_their_order() -> None:
    assert ranking(leg(0.5, 0.5, 0.5)) == [0, 1, 2]


def test_ranks_nothing_when_nothing_is_found() -> None:
    assert ranking(leg(0, 0)) == []
