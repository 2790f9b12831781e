"""Deleting answers: what is older than it may be kept, or what somebody asked to have deleted.

With an answer go its passages, its place in the queue, the feedback and the verdicts on it.
Cases and approved answers stay: they are the staff's own work, and of the answer they keep the
question, masked, and the turns before it. The audit log is never touched; it gains a line with
counts and a hash of the ids, which proves the deletion to whoever knows them and tells nobody else.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from assistant.database import Database, stamp
from assistant.database.tables import answer_passages, answers, feedback, queue, verdicts
from assistant.review import audit

_WITH_AN_ANSWER = (answer_passages, feedback, verdicts, queue, answers)  # what refers to others first
_AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted, or would be."""

    n_answers: int
    n_feedback: int
    n_verdicts: int
    ids_sha256: str  # of the ids in order, a line each
    is_erased: bool = False  # no byte of it is left in the file; False: others are reading, or PostgreSQL


def answers_before(database: Database, before: datetime) -> tuple[str, ...]:
    """Return the ids of the answers asked before a moment."""
    with database.reading() as connection:
        return _ids_before(connection, before)


def known_answers(database: Database, answer_ids: Sequence[str]) -> tuple[str, ...]:
    """Return those of some ids that are recorded, in order."""
    with database.reading() as connection:
        return _known(connection, answer_ids)


def preview(database: Database, answer_ids: Sequence[str]) -> Purged:
    """Return what deleting these answers would delete."""
    with database.reading() as connection:
        return _counted(connection, _known(connection, answer_ids))


def purge(database: Database, *, before: datetime, actor: str, now: datetime) -> Purged:
    """Delete all answers asked before a moment; raises RecordsError, and nothing is deleted then."""
    with database.writing() as connection:
        purged = _delete(connection, _ids_before(connection, before), actor, now)
    return _erased(database, purged)


def purge_answers(database: Database, answer_ids: Sequence[str], *, actor: str, now: datetime) -> Purged:
    """Delete these answers, unknown ids aside; raises RecordsError, and nothing is deleted then."""
    with database.writing() as connection:
        purged = _delete(connection, _known(connection, answer_ids), actor, now)
    return _erased(database, purged)


def _delete(connection: Connection, answer_ids: Sequence[str], actor: str, now: datetime) -> Purged:
    for some in _batches(answer_ids):  # nobody may judge or rate them meanwhile
        connection.execute(select(queue.c.answer_id).where(queue.c.answer_id.in_(some)).with_for_update())
        connection.execute(select(answers.c.answer_id).where(answers.c.answer_id.in_(some)).with_for_update())
    purged = _counted(connection, answer_ids)
    for some in _batches(answer_ids):
        for table in _WITH_AN_ANSWER:
            connection.execute(delete(table).where(table.c.answer_id.in_(some)))
    if answer_ids:
        details = {
            "answers": purged.n_answers,
            "feedback": purged.n_feedback,
            "verdicts": purged.n_verdicts,
            "ids_sha256": purged.ids_sha256,
        }
        audit.append(
            connection, now=now, actor=actor, action="answers_purged", record="answers", details=details
        )
    return purged


def _erased(database: Database, purged: Purged) -> Purged:
    """Have the file written anew, even where nothing was deleted: an earlier run may not have got there."""
    return Purged(
        purged.n_answers,
        purged.n_feedback,
        purged.n_verdicts,
        purged.ids_sha256,
        is_erased=database.compact(),
    )


def _ids_before(connection: Connection, before: datetime) -> tuple[str, ...]:
    query = select(answers.c.answer_id).where(answers.c.asked_at < stamp(before))
    return tuple(sorted(connection.execute(query).scalars()))


def _known(connection: Connection, answer_ids: Sequence[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for some in _batches(answer_ids):
        query = select(answers.c.answer_id).where(answers.c.answer_id.in_(some))
        found.update(connection.execute(query).scalars())
    return tuple(sorted(found))


def _counted(connection: Connection, answer_ids: Sequence[str]) -> Purged:
    return Purged(
        n_answers=len(answer_ids),
        n_feedback=_count(connection, feedback, answer_ids),
        n_verdicts=_count(connection, verdicts, answer_ids),
        ids_sha256=hashlib.sha256("\n".join(answer_ids).encode()).hexdigest(),
    )


def _count(connection: Connection, table: Table, answer_ids: Sequence[str]) -> int:
    return sum(
        connection.execute(
            select(func.count()).select_from(table).where(table.c.answer_id.in_(some))
        ).scalar_one()
        for some in _batches(answer_ids)
    )


def _batches(answer_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (answer_ids[first : first + _AT_ONCE] for first in range(0, len(answer_ids), _AT_ONCE))
