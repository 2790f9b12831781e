"""Approved answers as they are kept: every version of each, who changed it and why.

An approval is bound to the SHA-256 of the passages it rests on. It is suspended, never
edited, when one of them changes: an editor has to look again.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from assistant.answer import Status
from assistant.database import Database, stamp, storable
from assistant.database.tables import approvals
from assistant.errors import ReviewError
from assistant.personal import mask_personal_data
from assistant.review import audit
from assistant.review.likeness import likeness

MAX_TEXT_CHARS = 5000
MAX_QUESTIONS = 50
MAX_QUESTION_CHARS = 1000
# Every word, small talk aside: of 147 near-misses written for development the nearest has 0.980, above every
# paraphrase. `python -m evals approvals` measures it on questions that nobody tuned it on.
BOUND = 1.0
ENDINGS = (Status.ANSWERED, Status.NOT_STATED, Status.NOT_COVERED)


class ApprovalState(StrEnum):
    """Whether an approved answer is used; each has words in `prompts/`."""

    ACTIVE = "active"
    SUSPENDED = "suspended"  # its source changed: to be checked again
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Approval:
    """One version of an approved answer."""

    approval_id: str
    version: int
    state: ApprovalState
    language: str  # zh or en
    questions: tuple[str, ...]  # the family's wordings, the first one giving its name
    ending: Status
    text: str  # Markdown; [1], [2] … stand for the passages in order
    passages: Mapping[str, str]  # passage id -> SHA-256 of its text when approved
    waiver: str | None  # why the text may stand although the fact gate objects
    answer_id: str | None  # the answer it came from
    changed_by: str
    changed_at: str
    note: str


def keep(database: Database, approval: Approval, *, action: str) -> Approval:
    """Keep a version as the current one, with its line in the audit log; return it with its number.

    An empty id makes a new approval. Raises ReviewError where it is broken, or where
    another active approval has one of its questions.
    """
    approval = checked(approval)
    with database.writing() as connection:
        # Before the look: of two that keep the same thing at once, one waits and then sees it.
        audit.wait_for_others(connection)
        if approval.state is ApprovalState.ACTIVE:
            _refuse_double(connection, approval)
        approval = _numbered(connection, approval)
        mine = approvals.c.approval_id == approval.approval_id
        connection.execute(update(approvals).where(mine).values(is_current=False))
        connection.execute(approvals.insert().values(is_current=True, **_row(approval)))
        _log(connection, approval, action)
    return approval


def checked(approval: Approval) -> Approval:
    """Return an approval as it can be kept; raises ReviewError."""
    wordings = (" ".join(storable(question).split()) for question in approval.questions)
    questions = tuple(dict.fromkeys(filter(None, wordings)))
    text = storable(approval.text).replace("\r\n", "\n").strip()
    waiver = storable(approval.waiver or "").strip() or None
    if not questions:
        raise ReviewError("approval.no_question")
    if len(questions) > MAX_QUESTIONS:
        raise ReviewError("approval.too_many_questions", limit=MAX_QUESTIONS)
    longest = max(map(len, questions))
    if longest > MAX_QUESTION_CHARS:
        raise ReviewError("review.too_long", limit=MAX_QUESTION_CHARS, length=longest)
    if not text:
        raise ReviewError("approval.no_text")
    for words in (text, waiver or "", approval.note):
        if len(words) > MAX_TEXT_CHARS:
            raise ReviewError("review.too_long", limit=MAX_TEXT_CHARS, length=len(words))
    if approval.ending not in ENDINGS:
        raise ReviewError("review.unknown_ending", ending=approval.ending)
    if not approval.passages and approval.ending is not Status.NOT_COVERED:
        raise ReviewError("review.needs_measure")
    masked = tuple(map(mask_personal_data, questions))  # a unit's telephone may stand in the text itself
    return replace(approval, questions=masked, text=text, waiver=waiver, note=storable(approval.note))


def suspend_changed(database: Database, hashes: Mapping[str, str], *, now: datetime) -> tuple[Approval, ...]:
    """Suspend every active approval one of whose passages is gone or reads otherwise; return these.

    `hashes`: passage id -> SHA-256 of the passage as it is now.
    """
    suspended = []
    for approval in current(database, ApprovalState.ACTIVE):
        changed = [name for name, sha256 in approval.passages.items() if hashes.get(name) != sha256]
        if changed:
            fresh = replace(
                approval,
                state=ApprovalState.SUSPENDED,
                changed_by=audit.SYSTEM,
                changed_at=stamp(now),
                note=", ".join(changed),
            )
            try:
                suspended.append(keep(database, fresh, action="approval_suspended"))
            except ReviewError as fault:
                if fault.key != "approval.changed_meanwhile":  # by another program that starts now
                    raise
    return tuple(suspended)


def current(database: Database, *states: ApprovalState) -> tuple[Approval, ...]:
    """Return the current version of each approval in these states (any without), newest change first."""
    query = select(approvals).where(approvals.c.is_current).order_by(approvals.c.changed_at.desc())
    if states:
        query = query.where(approvals.c.state.in_(states))
    with database.reading() as connection:
        return tuple(map(_read, connection.execute(query)))


def history(database: Database, approval_id: str) -> tuple[Approval, ...]:
    """Return all versions of an approval, newest first; () for an unknown one."""
    query = select(approvals).where(approvals.c.approval_id == approval_id)
    with database.reading() as connection:
        return tuple(map(_read, connection.execute(query.order_by(approvals.c.version.desc()))))


def of_answer(database: Database, answer_id: str) -> Approval | None:
    """Return the current approval that came from an answer; None if there is none."""
    query = select(approvals).where(approvals.c.answer_id == answer_id, approvals.c.is_current)
    with database.reading() as connection:
        row = connection.execute(query.order_by(approvals.c.changed_at.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def moment(database: Database) -> tuple[int, str | None]:
    """Return what changes whenever an approval does: the number of versions, the last one's moment."""
    query = select(func.count(), func.max(approvals.c.changed_at))
    with database.reading() as connection:
        n_versions, newest = connection.execute(query).one()
    return n_versions, newest


def as_fields(approval: Approval) -> dict[str, Any]:
    """Return an approval as plain JSON values, for export."""
    return {
        "approval_id": approval.approval_id,
        "version": approval.version,
        "state": approval.state.value,
        "language": approval.language,
        "questions": list(approval.questions),
        "ending": approval.ending.value,
        "text": approval.text,
        "passages": dict(approval.passages),
        "waiver": approval.waiver,
        "answer_id": approval.answer_id,
        "changed_by": approval.changed_by,
        "changed_at": approval.changed_at,
        "note": approval.note,
    }


def _numbered(connection: Connection, approval: Approval) -> Approval:
    if not approval.approval_id:
        return replace(approval, approval_id=uuid.uuid4().hex, version=1)
    query = select(func.max(approvals.c.version)).where(approvals.c.approval_id == approval.approval_id)
    newest = connection.execute(query).scalar()
    if newest is None:
        raise ReviewError("approval.unknown", approval_id=approval.approval_id)
    if newest != approval.version:
        raise ReviewError("approval.changed_meanwhile")
    return replace(approval, version=newest + 1)


def _refuse_double(connection: Connection, approval: Approval) -> None:
    others = select(approvals).where(
        approvals.c.is_current,
        approvals.c.state == ApprovalState.ACTIVE,
        approvals.c.language == approval.language,
        approvals.c.approval_id != approval.approval_id,
    )
    for other in map(_read, connection.execute(others)):
        for question in approval.questions:
            if any(likeness(question, theirs) >= BOUND for theirs in other.questions):
                raise ReviewError("approval.double", question=question)


def _log(connection: Connection, approval: Approval, action: str) -> None:
    audit.append(
        connection,
        now=datetime.fromisoformat(approval.changed_at),
        actor=approval.changed_by,
        action=action,
        record=f"approval:{approval.approval_id}",
        details={
            "version": approval.version,
            "state": approval.state,
            "waiver": approval.waiver,
            "note": approval.note,
        },
    )


def _row(approval: Approval) -> dict[str, Any]:
    fields = as_fields(approval)
    return {
        **fields,
        "questions": json.dumps(fields["questions"]),
        "passages": json.dumps(fields["passages"]),
    }


def _read(row: Row[Any]) -> Approval:
    return Approval(
        approval_id=row.approval_id,
        version=row.version,
        state=ApprovalState(row.state),
        language=row.language,
        questions=tuple(json.loads(row.questions)),
        ending=Status(row.ending),
        text=row.text,
        passages=json.loads(row.passages),
        waiver=row.waiver,
        answer_id=row.answer_id,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        note=row.note,
    )


def read_fields(fields: Mapping[str, Any], *, actor: str, now: datetime) -> Approval:
    """Return a new approval from what `as_fields` gave; ReviewError names the field that is broken."""
    kinds: dict[str, type | tuple[type, ...]] = {
        "language": str,
        "questions": list,
        "ending": str,
        "text": str,
        "passages": dict,
    }
    for name, kind in kinds.items():
        if not isinstance(fields.get(name), kind):
            raise ReviewError("approval.broken_field", field=name)
    if fields["ending"] not in set(Status) or not all(isinstance(q, str) for q in fields["questions"]):
        raise ReviewError("approval.broken_field", field="ending, questions")
    if fields["language"] not in {"zh", "en"}:
        raise ReviewError("approval.broken_field", field="language")
    if not isinstance(fields.get("waiver"), str | None):
        raise ReviewError("approval.broken_field", field="waiver")
    return Approval(
        approval_id="",
        version=0,
        state=ApprovalState.ACTIVE,
        language=fields["language"],
        questions=tuple(fields["questions"]),
        ending=Status(fields["ending"]),
        text=fields["text"],
        passages={str(key): str(value) for key, value in fields["passages"].items()},
        waiver=fields.get("waiver") or None,
        answer_id=None,
        changed_by=actor,
        changed_at=stamp(now),
        note="",
    )
