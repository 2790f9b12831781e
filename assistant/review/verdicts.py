"""Verdicts: what a reviewer finds of an answer, and how several of them settle it."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from assistant.answer import Status
from assistant.database import Database, stamp, storable
from assistant.database.tables import queue, verdicts
from assistant.errors import ReviewError
from assistant.personal import mask_personal_data
from assistant.review import audit, cases
from assistant.review.accounts import Account, Role
from assistant.review.priority import Reason
from assistant.review.queue import State, add_reason, check_free
from corpus.notice import Notice
from corpus.passages import passages

MAX_TEXT_CHARS = 5000
MAX_COMMENT_CHARS = 2000
MAX_FACTS = 20
MAX_FACT_CHARS = 500
_DRAWN_FROM = 16**8


class Verdict(StrEnum):
    """What is found of an answer; each has words in `prompts/`."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG_MEASURE = "wrong_measure"
    WRONG_FACT = "wrong_fact"
    OVER_PROMISE = "over_promise"  # "may" became "will"
    SHOULD_HAVE_REFUSED = "should_have_refused"
    SHOULD_HAVE_ANSWERED = "should_have_answered"


class Turn(StrEnum):
    """Whose verdict it is."""

    FIRST = "first"
    SECOND = "second"
    FINAL = "final"  # an editor's


REASONS = (
    "misunderstood",
    "incomplete",
    "deadline",
    "unit",
    "number",
    "strength",
    "translation",
    "unclear",
    "outdated",
    "other",
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer sends."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    comment: str = ""
    ending: str | None = None  # the status that would have been right; None: the one it has
    measures: tuple[str, ...] | None = None  # passage ids that should be cited; None: those it cites
    corrected_text: str | None = None
    must_contain: tuple[str, ...] = ()
    must_not_contain: tuple[str, ...] = ()
    wants_second: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it is kept."""

    reviewer: str
    turn: Turn
    reviewed_at: str
    is_standing: bool  # the one that counts
    judgement: Judgement


def judge(
    database: Database,
    account: Account,
    answer_id: str,
    judgement: Judgement,
    *,
    notices: Sequence[Notice],
    second_share: float,
    now: datetime,
) -> State:
    """Keep a verdict, with its case and its line in the audit log; return where the answer stands now.

    Raises ReviewError where the judgement is incomplete or broken, where somebody
    else has the item open or has checked it meanwhile, or the account may not.
    """
    known = frozenset(passage.passage_id for notice in notices for passage in passages(notice))
    judgement = checked(judgement, known)
    with database.writing() as connection:
        query = select(queue).where(queue.c.answer_id == answer_id).with_for_update()
        row = connection.execute(query).one_or_none()
        if row is None:
            raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
        check_free(row, account, now)
        earlier = _given(connection, answer_id)
        turn = _turn(State(row.state), account, earlier)
        is_drawn = int(answer_id[8:16], 16) < second_share * _DRAWN_FROM
        state, counts = _outcome(turn, judgement, earlier, is_drawn=is_drawn)
        if counts or state is State.DISPUTED:
            mine = verdicts.c.answer_id == answer_id
            connection.execute(update(verdicts).where(mine).values(is_standing=False))
        _insert(connection, account, answer_id, judgement, turn=turn, counts=counts, now=now)
        if state is State.DISPUTED:
            add_reason(connection, answer_id, Reason.DISPUTED, state=state)
            cases.drop(connection, answer_id)
        elif counts:
            cases.make(connection, answer_id, judgement, notices, now=now)
        handled_at = stamp(now) if state is State.HANDLED else None
        connection.execute(
            update(queue)
            .where(queue.c.answer_id == answer_id)
            .values(state=state, handled_at=handled_at, assigned_to=None, assigned_until=None)
        )
        details = {"verdict": judgement.verdict, "turn": turn, "state": state}
        audit.append(
            connection,
            now=now,
            actor=account.name,
            action="verdict",
            record=f"answer:{answer_id}",
            details=details,
        )
    return state


def of_answer(database: Database, answer_id: str) -> tuple[Given, ...]:
    """Return all verdicts on an answer, oldest first."""
    with database.reading() as connection:
        return _given(connection, answer_id)


def checked(judgement: Judgement, known_passages: frozenset[str]) -> Judgement:
    """Return a judgement as it can be kept, personal data masked; raises ReviewError."""
    for reason in judgement.reasons:
        if reason not in REASONS:
            raise ReviewError("review.unknown_reason", reason=reason)
    for passage_id in judgement.measures or ():
        if passage_id not in known_passages:
            raise ReviewError("review.unknown_measure", measure=passage_id)
    if judgement.ending is not None and judgement.ending not in set(Status):
        raise ReviewError("review.unknown_ending", ending=judgement.ending)
    if len(judgement.must_contain) > MAX_FACTS or len(judgement.must_not_contain) > MAX_FACTS:
        raise ReviewError("review.too_many_facts", limit=MAX_FACTS)
    texts = [(judgement.comment, MAX_COMMENT_CHARS), (judgement.corrected_text or "", MAX_TEXT_CHARS)]
    texts += [(fact, MAX_FACT_CHARS) for fact in (*judgement.must_contain, *judgement.must_not_contain)]
    for text, limit in texts:  # before they are masked: that takes long for a long text
        if len(text) > limit:
            raise ReviewError("review.too_long", limit=limit, length=len(text))
    judgement = _cleaned(judgement)
    _require_what_is_needed(judgement)
    return judgement


def _cleaned(judgement: Judgement) -> Judgement:
    measures = judgement.measures
    return replace(
        judgement,
        comment=_clean(judgement.comment),
        measures=None if measures is None else tuple(dict.fromkeys(measures)),
        corrected_text=_clean(judgement.corrected_text or "") or None,
        must_contain=tuple(filter(None, map(_clean, judgement.must_contain))),
        must_not_contain=tuple(filter(None, map(_clean, judgement.must_not_contain))),
    )


def _require_what_is_needed(judgement: Judgement) -> None:
    """A verdict that teaches nothing is no use: each but "right" must say what would have been right."""
    match judgement.verdict:
        case Verdict.WRONG_MEASURE | Verdict.SHOULD_HAVE_ANSWERED if not judgement.measures:
            raise ReviewError("review.needs_measure")
        case Verdict.SHOULD_HAVE_REFUSED if judgement.ending in (None, Status.ANSWERED):
            raise ReviewError("review.needs_ending")
        case Verdict.PARTLY | Verdict.WRONG_FACT | Verdict.OVER_PROMISE if not (
            judgement.comment
            or judgement.corrected_text
            or judgement.must_contain
            or judgement.must_not_contain
        ):
            raise ReviewError("review.needs_words")


def _clean(text: str) -> str:
    return mask_personal_data(storable(text).replace("\r\n", "\n").strip())


def _turn(state: State, account: Account, earlier: Sequence[Given]) -> Turn:
    """Return whose verdict comes now; raises ReviewError where it may not come from this account."""
    is_editor = account.role.includes(Role.EDITOR)
    if state is State.UNREAD:
        return Turn.FIRST
    if state is State.SECOND:
        if any(one.reviewer == account.name for one in earlier if one.is_standing):
            raise ReviewError("review.needs_somebody_else")
        return Turn.SECOND
    if is_editor:
        return Turn.FINAL
    if state is State.DISPUTED:
        raise ReviewError("review.needs_editor")
    last = earlier[-1]
    raise ReviewError("review.checked_meanwhile", name=last.reviewer)


def _outcome(
    turn: Turn, judgement: Judgement, earlier: Sequence[Given], *, is_drawn: bool
) -> tuple[State, bool]:
    """Return where the answer stands after a verdict, and whether that verdict is the one that counts.

    Of two that agree the first counts; of two that differ neither does until an editor has decided.
    """
    if turn is not Turn.SECOND:
        again = turn is Turn.FIRST and (judgement.wants_second or is_drawn)
        return (State.SECOND if again else State.HANDLED), True
    agrees = any(one.is_standing and one.judgement.verdict == judgement.verdict for one in earlier)
    return (State.HANDLED if agrees else State.DISPUTED), False


def _insert(
    connection: Connection,
    account: Account,
    answer_id: str,
    judgement: Judgement,
    *,
    turn: Turn,
    counts: bool,
    now: datetime,
) -> None:
    fields = asdict(judgement)
    del fields["wants_second"]
    for name in ("reasons", "measures", "must_contain", "must_not_contain"):
        fields[name] = None if fields[name] is None else json.dumps(fields[name])
    connection.execute(
        verdicts.insert().values(
            verdict_id=uuid.uuid4().hex,
            answer_id=answer_id,
            reviewer=account.name,
            turn=turn,
            reviewed_at=stamp(now),
            is_standing=counts,
            **fields,
        )
    )


def _given(connection: Connection, answer_id: str) -> tuple[Given, ...]:
    query = select(verdicts).where(verdicts.c.answer_id == answer_id).order_by(verdicts.c.reviewed_at)
    return tuple(map(_read, connection.execute(query)))


def _read(row: Row[Any]) -> Given:
    judgement = Judgement(
        verdict=Verdict(row.verdict),
        reasons=tuple(json.loads(row.reasons)),
        comment=row.comment,
        ending=row.ending,
        measures=None if row.measures is None else tuple(json.loads(row.measures)),
        corrected_text=row.corrected_text,
        must_contain=tuple(json.loads(row.must_contain)),
        must_not_contain=tuple(json.loads(row.must_not_contain)),
    )
    return Given(row.reviewer, Turn(row.turn), row.reviewed_at, row.is_standing, judgement)
