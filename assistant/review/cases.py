"""Corrections become tests: each standing verdict is a case in the case format.

A hash of the question's family sends it to the regression set or to the editors, as a
suggestion for the question bank; never to both, so that what is learnt from is not what
is measured with. A family is what is asked of which measures, in whatever words.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, delete, select, update

from assistant.answer import Kind, Status
from assistant.database import Database, stamp, storable
from assistant.database.tables import answers, cases
from assistant.errors import ReviewError
from assistant.personal import mask_personal_data
from assistant.review import audit
from corpus.near import Case, Written, near_copies
from corpus.notice import Notice
from corpus.text import fold

if TYPE_CHECKING:
    from assistant.review.verdicts import Judgement

Destination = Literal["regression", "suggestion"]
_REFUSED = {Status.NOT_COVERED, Status.DECLINED}
_CITES_NOTHING = {*_REFUSED, Status.CLARIFY, Status.FAILED}
OUTSIDE = "none"  # the passage of a question that no passage answers, as in the question bank


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that an editor may add to the bank."""

    answer_id: str
    question: str
    language: str
    passage_id: str  # OUTSIDE where none answers it
    state: str  # open, accepted, declined
    made_at: str


def make(
    connection: Connection,
    answer_id: str,
    judgement: "Judgement",
    notices: Sequence[Notice],
    *,
    now: datetime,
) -> None:
    """Keep the case of an answer, in place of an earlier one; one that an editor has decided on stays."""
    row = connection.execute(select(cases.c.state).where(cases.c.answer_id == answer_id)).one_or_none()
    if row is not None and row.state != "open":
        return
    drop(connection, answer_id)
    query = select(answers.c.trace).where(answers.c.answer_id == answer_id)
    trace = json.loads(connection.execute(query).scalar_one())
    passage_ids, status = expected(trace["answer"], judgement)
    family = family_of(passage_ids, _facet(trace), trace["answer"]["question"])
    case = case_of(trace, judgement, notices, now=now)
    is_of_one = len(passage_ids) == 1 and status is Status.ANSWERED
    to_bank = not case["history"] and (is_of_one or status in _REFUSED)
    connection.execute(
        cases.insert().values(
            answer_id=answer_id,
            family=family,
            destination=destination_of(family) if to_bank else "regression",
            case=json.dumps({**case, "passages": list(passage_ids)}),
            state="open",
            question=storable(case["question"]),
            made_at=stamp(now),
        )
    )


def drop(connection: Connection, answer_id: str) -> None:
    """Forget the case of an answer whose verdict no longer stands, unless an editor has decided on it."""
    mine = (cases.c.answer_id == answer_id) & (cases.c.state == "open")
    connection.execute(delete(cases).where(mine))


def case_of(
    trace: Mapping[str, Any], judgement: "Judgement", notices: Sequence[Notice], *, now: datetime
) -> dict[str, Any]:
    """Return a case in the case format; its facts are read from the notices."""
    answer = trace["answer"]
    passage_ids, status = expected(answer, judgement)
    measures = [
        notice.measure(number) for notice in notices for number in sorted(_numbers(passage_ids, notice))
    ]
    history = list(filter(None, (trace["question"] or {}).get("history", ())))
    return {
        "id": f"staff-{answer['answer_id'][:12]}",
        "lang": answer["lang"],
        "style": "",
        "kind": _kind(trace, status, passage_ids, history),
        "question": answer["question"],
        "history": history,
        "measures": [measure.number for measure in measures],
        "acceptable": [],
        "lead_units": list(dict.fromkeys(u.name for measure in measures for u in measure.lead_units)),
        "deadline": measures[0].deadline.text if len(measures) == 1 else None,
        "must_contain": list(judgement.must_contain),
        "must_not_contain": list(judgement.must_not_contain),
        "statuses": [status.value],
        "note": f"checked by staff on {now.date().isoformat()}: {judgement.verdict}",
    }


def expected(answer: Mapping[str, Any], judgement: "Judgement") -> tuple[tuple[str, ...], Status]:
    """Return the passages a right answer cites, and how it ends."""
    status = Status(judgement.ending or answer["status"])
    was_silent = status is Status.NOT_STATED and judgement.verdict != "should_have_answered"
    if judgement.ending is None and judgement.measures and not was_silent:
        status = Status.ANSWERED
    if status in _CITES_NOTHING:
        return (), status
    cited = tuple(dict.fromkeys(citation["passage_id"] for citation in answer["citations"]))
    return judgement.measures or cited, status


def family_of(passage_ids: Sequence[str], facet: str, question: str) -> str:
    """Return the hash of a family: what is asked of which passages; of none, the question's own words."""
    told = [*sorted(passage_ids), facet] if passage_ids else [fold(question)]
    return hashlib.sha256("\n".join(told).encode("utf-8", "replace")).hexdigest()[:16]


def destination_of(family: str) -> Destination:
    return "regression" if int(family[0], 16) < 8 else "suggestion"


def regression(database: Database) -> tuple[dict[str, Any], ...]:
    """Return the cases of the regression set, oldest first, in the case format.

    A near-copy of a question that the bank has accepted would measure nothing and is left out.
    """
    query = (
        select(cases.c.case)
        .where(cases.c.destination == "regression")
        .order_by(cases.c.made_at, cases.c.answer_id)
    )
    accepted = suggestions(database, state="accepted", limit=None)
    learnt = [Case(one.answer_id, one.question) for one in accepted]
    with database.reading() as connection:
        rows = [json.loads(case) for case in connection.execute(query).scalars()]
    near = {copy.place for copy in near_copies([Written(row["id"], row["question"]) for row in rows], learnt)}
    return tuple(
        {key: value for key, value in row.items() if key != "passages"}
        for row in rows
        if row["id"] not in near
    )


def suggestions(
    database: Database, *, state: str = "open", limit: int | None = 200
) -> tuple[Suggestion, ...]:
    """Return suggestions for the question bank, newest first; all of them without a limit."""
    query = select(cases).where(cases.c.destination == "suggestion", cases.c.state == state)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(cases.c.made_at.desc()).limit(limit)).all()
    return tuple(
        Suggestion(row.answer_id, row.question, case["lang"], _bank_passage(case), row.state, row.made_at)
        for row, case in ((row, json.loads(row.case)) for row in rows)
    )


def decide(
    database: Database, answer_id: str, *, accepts: bool, question: str, actor: str, now: datetime
) -> None:
    """Accept or decline a suggestion; an editor may have mended its words.

    Raises ReviewError where it is decided already, empty, or a near-copy of a case
    of the regression set, which would then measure what was learnt by heart.
    """
    question = " ".join(storable(question).split())
    if accepts:
        _check_words(database, question)
    change = update(cases).where(
        cases.c.answer_id == answer_id, cases.c.destination == "suggestion", cases.c.state == "open"
    )
    state = "accepted" if accepts else "declined"
    kept = mask_personal_data(question[:1000])
    change = change.values(state=state, question=kept, decided_by=actor, decided_at=stamp(now))
    with database.writing() as connection:
        if not connection.execute(change).rowcount:
            raise ReviewError("suggestion.decided")
        audit.append(
            connection, now=now, actor=actor, action=f"suggestion_{state}", record=f"answer:{answer_id}"
        )


def _check_words(database: Database, question: str) -> None:
    if not 2 <= len(question) <= 1000:
        raise ReviewError("suggestion.length", length=len(question))
    measured_with = [Case(case["id"], case["question"]) for case in regression(database)]
    near = near_copies([Written("", question)], measured_with)
    if near:
        raise ReviewError("suggestion.near", case_id=near[0].case_id)


def _bank_passage(case: Mapping[str, Any]) -> str:
    return case["passages"][0] if case["passages"] else OUTSIDE


def _numbers(passage_ids: Sequence[str], notice: Notice) -> set[int]:
    found = (re.fullmatch(rf"{re.escape(notice.notice_id)}#m(\d+)", name) for name in passage_ids)
    return {int(match[1]) for match in found if match}


def _facet(trace: Mapping[str, Any]) -> str:
    return trace["intent"]["asks_for"]["facet"] if trace["intent"] else ""


def _kind(
    trace: Mapping[str, Any], status: Status, passage_ids: Sequence[str], history: Sequence[str]
) -> str:
    intent = trace["intent"] or {}
    is_about_document = passage_ids and not re.search(r"#m\d", passage_ids[0])
    kinds = {
        "out_of_scope": status in _REFUSED,
        "not_stated": status is Status.NOT_STATED,
        "followup": bool(history),
        "aggregate": intent.get("kind") == Kind.LIST,
        "multi": len(passage_ids) > 1,
        "work_requirements": is_about_document,
        "howto_en": trace["answer"]["lang"] == "en",
    }
    return next((kind for kind, holds in kinds.items() if holds), "howto")
