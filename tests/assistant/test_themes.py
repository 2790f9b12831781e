from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.database import Database
from assistant.review.themes import Asked, Theme, themes, unanswered
from tests.assistant.rows import NOW, answered

# Angles in degrees: cosines of 30 and 60 degrees are 0.87 and 0.5.
ANGLES = {"a": 0, "b": 30, "c": 60, "d": 180, "e": 190}


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    angles = np.radians([ANGLES.get(text, 0) for text in texts])
    is_known = np.array([[text in ANGLES] for text in texts])
    return (np.stack([np.cos(angles), np.sin(angles)], axis=1) * is_known).astype(np.float32)


def asked(questions: str, status: str = "not_covered") -> list[Asked]:
    return [
        Asked(f"{number}{question}", f"2026-01-{30 - number:02}", question, status, "zh")
        for number, question in enumerate(questions)
    ]


def found(questions: str, **options: float) -> list[tuple[str, str]]:
    said = themes(asked(questions), encode, near=options.get("near", 0.8))
    return [(theme.name, "".join(one[-1] for one in theme.answer_ids)) for theme in said]


def test_finds_nothing_where_nothing_was_asked() -> None:
    assert themes((), encode) == ()


def test_each_question_joins_the_nearest_leader_before_it() -> None:
    assert found("acbde") == [("a", "ab"), ("d", "de"), ("c", "c")]


def test_the_order_decides_who_leads() -> None:
    assert found("bacde") == [("b", "bac"), ("d", "de")]


def test_a_theme_is_named_by_its_most_central_question() -> None:
    assert found("abc", near=0.4) == [("b", "abc")]


def test_a_frequent_wording_draws_the_name_to_it() -> None:
    assert found("abcaaaa", near=0.4) == [("a", "aaaaabc")]


def test_questions_in_the_same_words_are_together_though_the_encoder_knows_none() -> None:
    assert found("xyXxd") == [("x", "xXx"), ("y", "y"), ("d", "d")]


def test_the_greatest_come_first_and_no_more_than_wanted() -> None:
    assert [theme.count for theme in themes(asked("adee"), encode, top=1)] == [3]


def test_a_theme_counts_its_endings_and_keeps_its_newest_date() -> None:
    (theme,) = themes([*asked("ab"), *asked("a", "clarify")], encode)
    assert theme == Theme("a", 3, {"not_covered": 2, "clarify": 1}, ("0a", "0a", "1b"), "2026-01-30")


@pytest.mark.parametrize("near", [0.5, 0.7])
def test_agrees_with_a_plain_loop(near: float) -> None:
    rows = np.random.default_rng(1).normal(size=(120, 3)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    leaders: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        nearest = max(leaders, key=lambda leader: float(rows[leader] @ row), default=None)
        leads = nearest is None or rows[nearest] @ row < near
        leaders.setdefault(place if leads or nearest is None else nearest, []).append(place)
    questions = [Asked(str(n), "2026", f"question {n}", "clarify", "en") for n in range(len(rows))]
    said = themes(questions, lambda _: rows, near=near, top=1000)
    assert {tuple(map(int, theme.answer_ids)) for theme in said} == set(map(tuple, leaders.values()))


def test_reads_what_was_not_answered_newest_first(database: Database) -> None:
    for number, status in enumerate(("answered", "clarify", "not_covered", "failed", "not_stated")):
        answered(database, status=status, asked_at=NOW + timedelta(minutes=number))
    read = unanswered(database, since=None, until=None)
    assert [one.status for one in read] == ["not_stated", "not_covered", "clarify"]
    until = NOW + timedelta(minutes=4)
    assert [one.status for one in unanswered(database, since=NOW, until=until, limit=1)] == ["not_covered"]
