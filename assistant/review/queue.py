"""The queue: which answers are still to be checked, in which order, and by whom.

An answer goes from unread to handled. In between it may wait for a second reviewer or,
where the two disagree, for an editor.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, or_, select, update

from assistant.database import Database, later, stamp, storable
from assistant.database.tables import answer_passages, answers, queue, verdicts
from assistant.errors import ReviewError
from assistant.review.accounts import Account, Role
from assistant.review.priority import WEIGHTS, Reason, priority_of
from corpus.notice import Notice
from corpus.passages import passages

TAKEN_MINUTES = 20  # how long an item stays with the reviewer who opened it
MAX_TEXT_CHARS = 1000  # of a filter: no question is longer, and SQLite refuses long patterns


class State(StrEnum):
    """Where an answer stands; each has words in `prompts/`."""

    UNREAD = "unread"
    SECOND = "second"  # checked once, waits for somebody else
    DISPUTED = "disputed"  # two reviewers disagree: an editor decides
    HANDLED = "handled"


OPEN = (State.UNREAD, State.SECOND, State.DISPUTED)


@dataclass(frozen=True, slots=True)
class Item:
    """One answer in the queue."""

    answer_id: str
    asked_at: str
    question: str
    language: str
    status: str
    confidence: float | None
    state: State
    reasons: tuple[Reason, ...]
    assigned_to: str | None  # None where nobody has it open now


@dataclass(frozen=True, slots=True)
class Filters:
    """Which items are shown; all that are given must hold."""

    state: State | None = None  # None: all that are open
    reason: Reason | None = None
    status: str | None = None
    passage_id: str | None = None  # cited
    text: str = ""  # stands in the question
    is_mine: bool = False  # open with me


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the queue, what is to be checked first coming first."""

    items: tuple[Item, ...]
    total: int  # that the filters leave


def items(
    database: Database,
    account: Account,
    notices: Sequence[Notice],
    filters: Filters,
    *,
    now: datetime,
    limit: int = 50,
    offset: int = 0,
) -> Page:
    """Return the items an account may check, `limit` of them from `offset` on."""
    chosen = [*_allowed(account, notices), *_filtered(filters, account, now)]
    base = select(*_COLUMNS).join(answers, answers.c.answer_id == queue.c.answer_id).where(*chosen)
    total = select(func.count()).select_from(queue.join(answers)).where(*chosen)
    with database.reading() as connection:
        rows = connection.execute(_ordered(base).limit(limit).offset(offset)).all()
        return Page(tuple(_item(row, now) for row in rows), connection.execute(total).scalar_one())


def item(
    database: Database, account: Account, notices: Sequence[Notice], answer_id: str, *, now: datetime
) -> Item | None:
    """Return one item; None where there is none that the account may see."""
    query = select(*_COLUMNS).join(answers, answers.c.answer_id == queue.c.answer_id)
    query = query.where(queue.c.answer_id == answer_id, *_allowed(account, notices, acts=False))
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else _item(row, now)


def visible(
    database: Database, account: Account, notices: Sequence[Notice], answer_ids: Collection[str]
) -> frozenset[str]:
    """Return those of some answers that an account may see."""
    if not account.lead_units:
        return frozenset(answer_ids)
    mine = select(queue.c.answer_id).where(*_allowed(account, notices, acts=False))
    with database.reading() as connection:
        return frozenset(connection.execute(mine).scalars()).intersection(answer_ids)


def next_item(
    database: Database, account: Account, notices: Sequence[Notice], *, now: datetime
) -> str | None:
    """Return what the account should check next; None where nothing is left for it."""
    free = or_(queue.c.assigned_to.is_(None), queue.c.assigned_to == account.name, _lapsed(now))
    query = select(queue.c.answer_id).where(queue.c.state.in_(OPEN), free, *_allowed(account, notices))
    with database.reading() as connection:
        return connection.execute(_ordered(query).limit(1)).scalar_one_or_none()


def take(database: Database, account: Account, answer_id: str, *, now: datetime) -> str | None:
    """Assign an item for TAKEN_MINUTES; return the name of who has it open instead, None if it is ours."""
    free = or_(queue.c.assigned_to.is_(None), queue.c.assigned_to == account.name, _lapsed(now))
    taking = update(queue).where(queue.c.answer_id == answer_id, free)
    taking = taking.values(assigned_to=account.name, assigned_until=later(now, minutes=TAKEN_MINUTES))
    with database.writing() as connection:
        if connection.execute(taking).rowcount:
            return None
        query = select(queue.c.assigned_to).where(queue.c.answer_id == answer_id)
        return connection.execute(query).scalar_one_or_none()


def release(database: Database, account: Account, answer_id: str) -> None:
    """Give an item back."""
    mine = and_(queue.c.answer_id == answer_id, queue.c.assigned_to == account.name)
    with database.writing() as connection:
        connection.execute(update(queue).where(mine).values(assigned_to=None, assigned_until=None))


def add_reason(connection: Connection, answer_id: str, reason: Reason, *, state: State) -> None:
    """Put an answer into a state for a further reason; its priority rises unless it was known already."""
    row = connection.execute(select(queue).where(queue.c.answer_id == answer_id).with_for_update()).one()
    reasons = tuple(dict.fromkeys([*_reasons(row.reasons), reason]))
    reasons = tuple(sorted(reasons, key=lambda one: -WEIGHTS[one]))
    connection.execute(
        update(queue)
        .where(queue.c.answer_id == answer_id)
        .values(state=state, reasons=" ".join(reasons), priority=priority_of(reasons), handled_at=None)
    )


def counts(database: Database, account: Account, notices: Sequence[Notice]) -> dict[State, int]:
    """Return how many items an account may check in each open state."""
    query = select(queue.c.state, func.count()).where(queue.c.state.in_(OPEN), *_allowed(account, notices))
    with database.reading() as connection:
        found = {State(state): n for state, n in connection.execute(query.group_by(queue.c.state))}
    return {state: found.get(state, 0) for state in OPEN}


def other_wordings(
    database: Database, answer_id: str, passage_ids: Sequence[str], *, limit: int = 20
) -> tuple[str, ...]:
    """Return what else was asked like an answer's question, newest first: same attribute, same passages."""
    with database.reading() as connection:
        mine = connection.execute(select(answers).where(answers.c.answer_id == answer_id)).one_or_none()
        if mine is None or not passage_ids:
            return ()
        same = select(answers.c.question).where(
            answers.c.facet == mine.facet,
            answers.c.language == mine.language,
            answers.c.wording != mine.wording,
            answers.c.answer_id.in_(_citing(passage_ids)),
        )
        newest = same.order_by(answers.c.asked_at.desc()).limit(limit * 5)
        return tuple(dict.fromkeys(connection.execute(newest).scalars()))[:limit]


def _citing(passage_ids: Sequence[str]) -> Select[Any]:
    """Return a query for the ids of all answers that cite every one of these passages."""
    cites = answer_passages.c.passage_id.in_(list(passage_ids)) & answer_passages.c.is_cited
    query = select(answer_passages.c.answer_id).where(cites).group_by(answer_passages.c.answer_id)
    return query.having(func.count() == len(set(passage_ids)))


def passages_of(account: Account, notices: Sequence[Notice]) -> frozenset[str] | None:
    """Return the passages that an account is limited to; None where it is not limited."""
    if not account.lead_units:
        return None
    return frozenset(
        passage.passage_id
        for notice in notices
        for passage in passages(notice)
        if passage.measure_number is not None
        for unit in notice.measure(passage.measure_number).lead_units
        if unit.name in account.lead_units
    )


_COLUMNS = (
    queue.c.answer_id,
    queue.c.asked_at,
    answers.c.question,
    answers.c.language,
    answers.c.status,
    answers.c.confidence,
    queue.c.state,
    queue.c.reasons,
    queue.c.assigned_to,
    queue.c.assigned_until,
)


def _item(row: Row[*tuple[Any, ...]], now: datetime) -> Item:
    is_open = row.assigned_to is not None and row.assigned_until > stamp(now)
    return Item(
        answer_id=row.answer_id,
        asked_at=row.asked_at,
        question=row.question,
        language=row.language,
        status=row.status,
        confidence=row.confidence,
        state=State(row.state),
        reasons=_reasons(row.reasons),
        assigned_to=row.assigned_to if is_open else None,
    )


def _reasons(stored: str) -> tuple[Reason, ...]:
    return tuple(map(Reason, stored.split()))


def _ordered(query: Select[Any]) -> Select[Any]:
    """Put the weightiest first, of these the newest."""
    return query.order_by(queue.c.priority.desc(), queue.c.asked_at.desc(), queue.c.answer_id)


def _lapsed(now: datetime) -> Any:
    return queue.c.assigned_until <= stamp(now)


def _allowed(account: Account, notices: Sequence[Notice], *, acts: bool = True) -> list[Any]:
    """Return conditions for what an account may see and, if it `acts`, may check."""
    conditions: list[Any] = []
    limited = passages_of(account, notices)
    if limited is not None:
        of_measures = answer_passages.c.passage_id.in_(sorted(limited))
        conditions.append(exists().where(answer_passages.c.answer_id == queue.c.answer_id, of_measures))
    if acts:
        own = exists().where(
            verdicts.c.answer_id == queue.c.answer_id,
            verdicts.c.reviewer == account.name,
        )
        conditions.append(or_(queue.c.state != State.SECOND, ~own))
        if not account.role.includes(Role.EDITOR):
            conditions.append(queue.c.state != State.DISPUTED)
    return conditions


def _filtered(filters: Filters, account: Account, now: datetime) -> list[Any]:
    conditions: list[Any] = [queue.c.state == filters.state if filters.state else queue.c.state.in_(OPEN)]
    if filters.reason:
        conditions.append(queue.c.reasons.contains(filters.reason, autoescape=True))
    if filters.status:
        conditions.append(answers.c.status == filters.status)
    if text := storable(filters.text).strip()[:MAX_TEXT_CHARS]:
        conditions.append(answers.c.question.icontains(text, autoescape=True))
    if filters.passage_id:
        cites = and_(
            answer_passages.c.answer_id == queue.c.answer_id,
            answer_passages.c.passage_id == filters.passage_id,
            answer_passages.c.is_cited,
        )
        conditions.append(exists().where(cites))
    if filters.is_mine:
        conditions.append(and_(queue.c.assigned_to == account.name, queue.c.assigned_until > stamp(now)))
    return conditions


def check_free(row: Row[Any], account: Account, now: datetime) -> None:
    """Raise ReviewError where somebody else has the item open."""
    if row.assigned_to not in (None, account.name) and row.assigned_until > stamp(now):
        raise ReviewError("review.taken", name=row.assigned_to)
