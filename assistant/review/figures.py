"""Figures: an interval for a share, agreement beyond chance, a percentile. One small function a formula."""

import math
from collections import Counter
from collections.abc import Sequence


def wilson(count: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the score interval of a share, count of n (Wilson, JASA 1927); 95 % by default.

    Of nothing, nothing is known: (0, 1).
    """
    if n == 0:
        return 0.0, 1.0
    share, squared = count / n, z * z
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    half = z / (1 + squared / n) * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
    # At 0 and n of n one end is exact; rounding would miss it.
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == n else middle + half
    return low, high


def cohens_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return the agreement beyond chance of two people's labels (Cohen 1960): 1 at most, 0 is chance.

    None where there is no pair, or both only ever gave one and the same label.
    """
    n = len(pairs)
    first = Counter(one for one, _ in pairs)
    second = Counter(other for _, other in pairs)
    by_chance = sum(first[label] * second[label] for label in first)  # of n * n
    if by_chance == n * n:
        return None
    alike = sum(one == other for one, other in pairs)
    return (alike * n - by_chance) / (n * n - by_chance)


def percentile(values: Sequence[float], q: float) -> float | None:
    """Return the smallest value that a share q (0 … 1) of all does not exceed: the nearest rank.

    It is always a value that was measured. None where there is none.
    """
    if not values:
        return None
    rank = math.ceil(q * len(values) - 1e-9)  # 0.07 * 100 is a little more than 7
    return sorted(values)[max(rank, 1) - 1]
