"""Rows of the records, put in without asking or judging anything."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import update

from assistant.database import Database, stamp, storable
from assistant.database.tables import answer_passages, answers, feedback, queue, verdicts
from assistant.record import wording_of
from assistant.review.accounts import Account, Role

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
NOTICE_ID = "xian-2024-26"
LI = Account("li", Role.REVIEWER)
WANG = Account("wang", Role.REVIEWER)
CHEN = Account("chen", Role.EDITOR)
_numbers = count(1)


def passage(key: str) -> str:
    """Return a passage's id: "m06" is that measure of the notice."""
    return key if "#" in key else f"{NOTICE_ID}#{key}"


def answered(
    database: Database,
    *,
    answer_id: str | None = None,
    question: str = "水电气怎么报装",
    status: str = "answered",
    cited: Sequence[str] = (),
    found: Sequence[str] = (),
    asked_at: datetime = NOW,
    language: str = "zh",
    engine: str = "quote",
    facet: str | None = "content",
    confidence: float | None = 0.95,
    seconds: float = 0.02,
    trace: str = "{}",
    is_sampled: bool = False,
    state: str = "unread",
    priority: int = 0,
    reasons: str = "",
) -> str:
    """Put in an answer with its passages and its place in the queue; return its id."""
    answer_id = answer_id or f"{next(_numbers):032x}"
    keys = {"answer_id": answer_id, "asked_at": stamp(asked_at)}
    row = {
        **keys,
        "question": storable(question),
        "wording": wording_of(question),
        "language": language,
        "status": status,
        "facet": facet,
        "confidence": confidence,
        "engine": engine,
        "index_version": "v",
        "prompts": "p",
        "seconds": seconds,
        "trace": trace,
    }
    place = {"state": state, "priority": priority, "reasons": reasons, "is_sampled": is_sampled}
    named = {**{passage(key): False for key in found}, **{passage(key): True for key in cited}}
    with database.writing() as connection:
        connection.execute(answers.insert().values(row))
        connection.execute(queue.insert().values({**keys, **place}))
        for passage_id, is_cited in named.items():
            connection.execute(
                answer_passages.insert().values(answer_id=answer_id, passage_id=passage_id, is_cited=is_cited)
            )
    return answer_id


def trace_of(
    answer_id: str,
    *,
    question: str = "水电气怎么报装",
    status: str = "answered",
    cited: Sequence[str] = ("m06",),
    facet: str = "content",
    kind: str = "search",
    history: Sequence[str] = (),
    language: str = "zh",
) -> dict[str, Any]:
    """Return as much of a recorded trace as a verdict's case is made of."""
    return {
        "question": {"history": list(history)},
        "intent": {"kind": kind, "asks_for": {"facet": facet}},
        "answer": {
            "answer_id": answer_id,
            "question": question,
            "lang": language,
            "status": status,
            "citations": [{"passage_id": passage(key)} for key in cited],
        },
    }


def checkable(
    database: Database,
    *,
    answer_id: str | None = None,
    question: str = "水电气怎么报装",
    cited: Sequence[str] = ("m06",),
    **others: Any,
) -> str:
    """Put in an answer that can be judged, `others` going into its trace; return its id."""
    answer_id = answer_id or f"{next(_numbers):032x}"
    trace = json.dumps(trace_of(answer_id, question=question, cited=cited, **others))
    return answered(database, answer_id=answer_id, question=question, cited=cited, trace=trace)


def judged(
    database: Database,
    answer_id: str,
    verdict: str = "right",
    *,
    turn: str = "first",
    reviewer: str = "li",
    reviewed_at: datetime = NOW,
    ending: str | None = None,
    measures: Sequence[str] | None = None,
    comment: str = "",
    is_standing: bool = True,
    **others: Any,
) -> str:
    """Put in a verdict as it stands, without settling anything; return its id."""
    verdict_id = f"{next(_numbers):032x}"
    named = None if measures is None else json.dumps([passage(key) for key in measures])
    with database.writing() as connection:
        connection.execute(
            verdicts.insert().values(
                verdict_id=verdict_id,
                answer_id=answer_id,
                reviewer=reviewer,
                turn=turn,
                verdict=verdict,
                comment=comment,
                ending=ending,
                measures=named,
                reviewed_at=stamp(reviewed_at),
                is_standing=is_standing,
                **{"reasons": "[]", "must_contain": "[]", "must_not_contain": "[]", **others},
            )
        )
        connection.execute(update(queue).where(queue.c.answer_id == answer_id).values(state="handled"))
    return verdict_id


def rated(
    database: Database,
    answer_id: str,
    *,
    is_helpful: bool,
    reason: str | None = None,
    comment: str = "",
    given_at: datetime = NOW,
) -> None:
    """Put in a user's word on an answer."""
    with database.writing() as connection:
        connection.execute(
            feedback.insert().values(
                feedback_id=f"{next(_numbers):032x}",
                answer_id=answer_id,
                given_at=stamp(given_at),
                is_helpful=is_helpful,
                reason=reason,
                comment=comment,
            )
        )
