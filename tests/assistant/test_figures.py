import pytest

from assistant.review.figures import cohens_kappa, percentile, wilson


def test_wilson_of_nothing_is_anything() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_wilson_of_none_in_ten() -> None:
    # z2 / (n + z2) = 3.8416 / 13.8416
    assert wilson(0, 10) == (0.0, pytest.approx(0.27754))


def test_wilson_of_ten_in_ten_mirrors_none_in_ten() -> None:
    assert wilson(10, 10) == (pytest.approx(1 - 0.27754, abs=1e-5), 1.0)


def test_wilson_of_eight_in_ten() -> None:
    # (0.8 + 0.19208) / 1.38416 -+ 1.96 * sqrt(0.016 + 0.009604) / 1.38416
    assert wilson(8, 10) == (pytest.approx(0.49016, abs=1e-5), pytest.approx(0.94332, abs=1e-5))


def test_kappa_of_a_table_worked_by_hand() -> None:
    # Observed 35 of 50; by chance (25 * 30 + 25 * 20) / 2500 = 0.5.
    counts = {("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}
    pairs = [pair for pair, n in counts.items() for _ in range(n)]
    assert cohens_kappa(pairs) == pytest.approx(0.4)


def test_kappa_of_full_agreement_is_one() -> None:
    assert cohens_kappa([("a", "a"), ("b", "b")]) == 1.0


def test_kappa_below_chance_is_negative() -> None:
    assert cohens_kappa([("a", "b"), ("b", "a")]) == -1.0


@pytest.mark.parametrize("pairs", [[], [("a", "a")], [("a", "a")] * 3])
def test_kappa_is_none_where_chance_alone_agrees(pairs: list[tuple[str, str]]) -> None:
    assert cohens_kappa(pairs) is None


@pytest.mark.parametrize(("q", "value"), [(0.0, 1), (0.5, 3), (0.6, 3), (0.61, 4), (0.99, 5), (1.0, 5)])
def test_percentile_is_the_nearest_rank(q: float, value: float) -> None:
    assert percentile([5, 3, 1, 4, 2], q) == value


def test_percentile_takes_whole_ranks_as_they_are() -> None:
    assert percentile(range(1, 101), 0.07) == 7


def test_percentile_of_nothing_is_none() -> None:
    assert percentile([], 0.5) is None
