import pytest

from corpus.bank import BankQuestion, NegativeQuestion
from index.legs import Legs
from index.scope import Scope, shipped_scope

SCOPE = Scope({"a": (2.0, 1.0), "b": (1.0, -0.5)}, 0.25)


@pytest.fixture(scope="module")
def shipped() -> Scope:
    return shipped_scope()


def test_leans_by_the_intercept_alone_without_known_tokens() -> None:
    assert SCOPE.lean([]) == SCOPE.lean(["x", "y"]) == 0.25


def test_leans_as_worked_by_hand() -> None:
    # a: (1 + ln 2) * 2 = 3.386294; b: 1 * 1 = 1; length sqrt(3.386294^2 + 1^2) = 3.530858;
    # 0.25 + (3.386294 * 1.0 + 1 * -0.5) / 3.530858
    assert SCOPE.lean(["a", "b", "x", "a"]) == pytest.approx(0.25 + 2.886294 / 3.530858, abs=1e-5)


def test_leans_by_the_whole_weight_of_a_token_alone() -> None:
    assert SCOPE.lean(["b"]) == 0.25 - 0.5


def test_leans_towards_the_bank_and_away_from_questions_outside(
    shipped: Scope, exact: Legs, bank: tuple[BankQuestion, ...], negatives: tuple[NegativeQuestion, ...]
) -> None:
    inside = [shipped.lean(exact.tokens(question.text)) for question in bank[::20]]
    outside = [shipped.lean(exact.tokens(question.text)) for question in negatives[::20]]
    assert sum(lean > 0 for lean in inside) > 0.9 * len(inside)
    assert sum(lean < 0 for lean in outside) > 0.9 * len(outside)
