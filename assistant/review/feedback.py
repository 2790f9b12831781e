"""What users say of an answer. It goes to people, never into the ranking."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from assistant.database import Database, stamp, storable
from assistant.database.tables import feedback, queue
from assistant.errors import ReviewError
from assistant.personal import mask_personal_data
from assistant.review.priority import Reason
from assistant.review.queue import State, add_reason

REASONS = ("wrong_measure", "incomplete", "unclear", "outdated", "other")
MAX_COMMENT_CHARS = 1000
MAX_PER_ANSWER = 20  # more says nothing new, and could be used to fill the disk


@dataclass(frozen=True, slots=True)
class Feedback:
    """One user's word on an answer."""

    given_at: str
    is_helpful: bool
    reason: str | None
    comment: str


def give(
    database: Database,
    answer_id: str,
    *,
    is_helpful: bool,
    reason: str | None = None,
    comment: str = "",
    now: datetime,
) -> None:
    """Keep feedback; an unhelpful answer goes to the head of the queue, even one that was handled.

    Raises ReviewError for an unknown answer or reason, a comment that is too long, and too many.
    """
    if reason is not None and reason not in REASONS:
        raise ReviewError("feedback.unknown_reason", reason=reason)
    answer_id, comment = storable(answer_id), storable(comment).strip()
    if len(comment) > MAX_COMMENT_CHARS:  # before it is masked: that takes long for a long text
        raise ReviewError("review.too_long", limit=MAX_COMMENT_CHARS, length=len(comment))
    comment = mask_personal_data(comment)
    with database.writing() as connection:
        # Locked: of many at once none is counted by two. A verdict locks the same row first.
        mine = select(queue.c.answer_id).where(queue.c.answer_id == answer_id).with_for_update()
        if connection.execute(mine).first() is None:
            raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
        n_given = select(func.count()).where(feedback.c.answer_id == answer_id)
        if connection.execute(n_given).scalar_one() >= MAX_PER_ANSWER:
            raise ReviewError("feedback.enough")
        connection.execute(
            feedback.insert().values(
                feedback_id=uuid.uuid4().hex,
                answer_id=answer_id,
                given_at=stamp(now),
                is_helpful=is_helpful,
                reason=reason,
                comment=comment,
            )
        )
        if not is_helpful:
            add_reason(connection, answer_id, Reason.UNHELPFUL, state=State.UNREAD)


def of_answer(database: Database, answer_id: str) -> tuple[Feedback, ...]:
    """Return all feedback on an answer, oldest first."""
    query = select(feedback).where(feedback.c.answer_id == answer_id).order_by(feedback.c.given_at)
    with database.reading() as connection:
        return tuple(
            Feedback(row.given_at, row.is_helpful, row.reason, row.comment)
            for row in connection.execute(query)
        )
