"""Stage 7: every trace is kept, so that staff can check each answer."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select

from assistant.answer import Trace
from assistant.database import Database, stamp, storable
from assistant.database.tables import answer_passages, answers, queue
from assistant.review.priority import is_drawn, priority_of, reasons_of
from corpus.text import fold

SAMPLE_SHARE = 0.05  # of all answers, drawn for the estimate of accuracy


def new_answer_id() -> str:
    return uuid.uuid4().hex


class Journal:
    """Writes answers into the records, each with its place in the queue."""

    def __init__(self, database: Database, *, sample_share: float = SAMPLE_SHARE) -> None:
        self._database = database
        self._sample_share = sample_share

    def record(self, trace: Trace, prompts: str, versions: Mapping[str, str] | None = None) -> None:
        """Keep a trace, whole or not at all; raises RecordsError where it cannot be written.

        `versions`: of what the answer was made of, besides the words of `prompts/`.
        """
        row = _row(trace, prompts, versions or {})
        is_sampled = is_drawn(trace.answer.answer_id, self._sample_share)
        earlier = select(answers.c.answer_id).where(answers.c.wording == row["wording"]).limit(1)
        with self._database.writing() as connection:
            is_new = connection.execute(earlier).first() is None
            connection.execute(answers.insert().values(row))
            reasons = reasons_of(trace.answer, is_sampled=is_sampled, is_new=is_new)
            connection.execute(
                queue.insert().values(
                    answer_id=row["answer_id"],
                    asked_at=row["asked_at"],
                    state="unread",
                    priority=priority_of(reasons),
                    reasons=" ".join(reasons),
                    is_sampled=is_sampled,
                )
            )
            found = [
                {"answer_id": row["answer_id"], "passage_id": passage_id, "is_cited": is_cited}
                for passage_id, is_cited in passages_of(trace).items()
            ]
            if found:
                connection.execute(answer_passages.insert(), found)

    def count(self) -> int:
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).select_from(answers)).scalar_one()

    def trace(self, answer_id: str) -> dict[str, Any] | None:
        """Return the recorded trace of an answer; None if there is none."""
        query = select(answers.c.trace).where(answers.c.answer_id == answer_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else json.loads(row.trace)


def _row(trace: Trace, prompts: str, versions: Mapping[str, str]) -> dict[str, Any]:
    answer = trace.answer
    told = {**trace_fields(trace), "versions": {**versions, "prompts": prompts}}
    return {
        "answer_id": answer.answer_id,
        "asked_at": stamp(datetime.now(UTC)),
        "question": storable(answer.question),
        "wording": wording_of(answer.question),
        "language": answer.lang,
        "status": answer.status.value,
        "facet": trace.intent.facet.value if trace.intent else None,
        "confidence": answer.confidence,
        "engine": answer.engine,
        "index_version": answer.index_version,
        "prompts": prompts,
        "seconds": answer.seconds,
        "trace": json.dumps(told, ensure_ascii=True, default=date.isoformat),
    }


def trace_fields(trace: Trace) -> dict[str, Any]:
    """Return a trace as plain JSON values; of a hit's passage only id and hash are kept."""
    return {
        "question": asdict(trace.question) if trace.question else None,
        "intent": asdict(trace.intent) if trace.intent else None,
        "gate": trace.gate,
        "hits": [
            {
                "passage_id": hit.passage.passage_id,
                "sha256": hit.passage.sha256,
                "rank": hit.rank,
                "score": hit.score,
                "probability": hit.probability,
                "legs": dict(hit.legs),
                "sentences": [asdict(sentence) for sentence in hit.sentences],
            }
            for hit in trace.hits
        ],
        "problems": list(trace.problems),
        "repairs": list(trace.repairs),
        "fault": trace.fault,
        "durations_ms": trace.durations_ms,
        "answer": trace.answer.as_dict(),
    }


def passages_of(trace: Trace) -> dict[str, bool]:
    """Return the passages an answer has to do with: cited ones, then those only found."""
    cited = {citation.passage_id: True for citation in trace.answer.citations}
    return {**{hit.passage.passage_id: False for hit in trace.hits}, **cited}


def wording_of(question: str) -> str:
    """Return the hash of a question's words: the same for full and half width, capitals and spaces."""
    return hashlib.sha256(storable(fold(question)).encode()).hexdigest()[:16]
