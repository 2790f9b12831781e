from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from assistant import Answer, Assistant
from assistant.database import Database
from assistant.database.tables import answers
from assistant.database.tables import feedback as feedback_table
from assistant.errors import ReviewError
from assistant.record import Journal
from assistant.review import feedback
from assistant.review.desk import Desk
from assistant.review.feedback import MAX_COMMENT_CHARS, MAX_PER_ANSWER, REASONS, Feedback
from assistant.shelf import Shelf
from tests.assistant.conftest import FixedClock
from tests.assistant.databases import open_again
from tests.assistant.rows import NOW, answered
from tests.assistant.test_personal import PERSONAL

Give = Callable[..., None]
QUESTIONS = (
    "水电气怎么报装",
    "施工图审查要多久",
    "红烧肉的做法",
    "那谁负责？",
    "which measures are due in June",
)


@pytest.fixture
def answer_id(database: Database) -> str:
    return answered(database)


@pytest.fixture
def give(database: Database, answer_id: str) -> Give:
    return partial(feedback.give, database, answer_id, is_helpful=False, now=NOW)


@pytest.fixture
def kept(database: Database, answer_id: str) -> Callable[[], tuple[Feedback, ...]]:
    return lambda: feedback.of_answer(database, answer_id)


@pytest.fixture
def asked(database: Database, shelf: Shelf, assistant: Assistant) -> Iterator[Assistant]:
    """The real search with records of its own, and a desk on them."""
    own = Desk.open(database, shelf)
    yield Assistant(shelf, assistant._searcher, Journal(database), FixedClock(date(2026, 1, 15)), desk=own)


def lasting(answer: Answer) -> dict[str, Any]:
    """Return an answer without what is another each time."""
    return {**answer.as_dict(), "answer_id": "", "seconds": 0.0}


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(feedback_table)).scalar_one()


@pytest.mark.parametrize("reason", [*REASONS, None])
def test_keeps_a_reason(give: Give, kept: Callable[[], tuple[Feedback, ...]], reason: str | None) -> None:
    give(reason=reason, comment=" 期限不对 ")
    assert kept() == (Feedback("2026-01-15T09:00:00.000+00:00", False, reason, "期限不对"),)


def test_keeps_praise(give: Give, kept: Callable[[], tuple[Feedback, ...]]) -> None:
    give(is_helpful=True)
    assert (kept()[0].is_helpful, kept()[0].comment) == (True, "")


def test_gives_the_oldest_first(give: Give, kept: Callable[[], tuple[Feedback, ...]]) -> None:
    give(comment="later", now=NOW + timedelta(seconds=1))
    give(comment="first")
    assert [one.comment for one in kept()] == ["first", "later"]


@pytest.mark.parametrize("reason", ["", "rude", "WRONG_MEASURE", "\0", "outdated; DROP TABLE feedback"])
def test_refuses_a_reason_it_does_not_know(database: Database, give: Give, reason: str) -> None:
    with pytest.raises(ReviewError) as raised:
        give(reason=reason)
    assert (raised.value.key, count(database)) == ("feedback.unknown_reason", 0)


@pytest.mark.parametrize("unknown", ["", "f" * 32, "x" * 10_000, "\0", "\ud800", "' OR 1=1 --"])
def test_refuses_an_answer_that_was_never_given(database: Database, unknown: str) -> None:
    with pytest.raises(ReviewError) as raised:
        feedback.give(database, unknown, is_helpful=True, now=NOW)
    assert raised.value.key == "review.unknown_answer"
    assert len(str(raised.value)) < 200


@pytest.mark.parametrize("written", PERSONAL[::8])
def test_masks_personal_data(give: Give, kept: Callable[[], tuple[Feedback, ...]], written: str) -> None:
    give(comment=f"电话 {written} 请回复")
    assert "[***]" in kept()[0].comment
    assert written not in kept()[0].comment


def test_takes_a_comment_of_the_greatest_length(give: Give, kept: Callable[[], tuple[Feedback, ...]]) -> None:
    give(comment="好" * MAX_COMMENT_CHARS)
    assert len(kept()[0].comment) == MAX_COMMENT_CHARS


@pytest.mark.parametrize("comment", ["好" * (MAX_COMMENT_CHARS + 1), "1" * 10_000_000, "a@b" * 3_000_000])
def test_refuses_a_longer_comment_before_reading_it(database: Database, give: Give, comment: str) -> None:
    with pytest.raises(ReviewError) as raised:
        give(comment=comment)
    assert raised.value.values == {"limit": MAX_COMMENT_CHARS, "length": len(comment)}
    assert count(database) == 0


@pytest.mark.parametrize(
    "comment",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE feedback; --",
        "=HYPERLINK(1)",
        "{{ 7*7 }} ${x} %s",
        "😀 \u202e 𠮷",
    ],
)
def test_keeps_what_looks_like_a_program_as_text(
    give: Give, kept: Callable[[], tuple[Feedback, ...]], comment: str
) -> None:
    give(comment=comment)
    assert kept()[0].comment == comment


def test_drops_what_no_database_can_hold(give: Give, kept: Callable[[], tuple[Feedback, ...]]) -> None:
    give(comment="期\0限\ud800不对")
    assert kept()[0].comment == "期限?不对"


def test_takes_no_more_than_enough_on_one_answer(database: Database, give: Give) -> None:
    for _ in range(MAX_PER_ANSWER):
        give(is_helpful=True)
    with pytest.raises(ReviewError) as raised:
        give(is_helpful=True)
    assert (raised.value.key, count(database)) == ("feedback.enough", MAX_PER_ANSWER)


def test_counts_each_answer_by_itself(database: Database, give: Give) -> None:
    for _ in range(MAX_PER_ANSWER):
        give(is_helpful=True)
    feedback.give(database, answered(database), is_helpful=True, now=NOW)
    assert count(database) == MAX_PER_ANSWER + 1


def test_takes_no_more_than_enough_from_many_at_once(database: Database, answer_id: str) -> None:
    doors = [open_again(database) for _ in range(2)]

    def give(number: int) -> str | None:
        try:
            feedback.give(doors[number % 2], answer_id, is_helpful=False, now=NOW)
        except ReviewError as refused:
            return refused.key
        return None

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(give, range(MAX_PER_ANSWER + 10)))
    for door in doors:
        door.close()
    assert ends.count("feedback.enough") == 10
    assert count(database) == MAX_PER_ANSWER


def test_never_changes_what_is_answered(database: Database, asked: Assistant) -> None:
    before = [asked.ask(question) for question in QUESTIONS]
    for answer in before:
        feedback.give(database, answer.answer_id, is_helpful=False, reason="wrong_measure", now=NOW)
    after = [asked.ask(question) for question in QUESTIONS]
    assert list(map(lasting, after)) == list(map(lasting, before))


def test_never_changes_what_was_recorded(database: Database, asked: Assistant) -> None:
    answer_id = asked.ask("水电气怎么报装").answer_id
    query = select(answers).where(answers.c.answer_id == answer_id)
    with database.reading() as connection:
        before = connection.execute(query).one()
    feedback.give(database, answer_id, is_helpful=False, comment="不对", now=NOW)
    with database.reading() as connection:
        assert connection.execute(query).one() == before
