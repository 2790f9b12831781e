"""Stage 7: every trace is kept, in SQLite, so that staff can check each answer."""

import json
import uuid
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import portalocker
from sqlalchemy import (
    URL,
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy import inspect as inspect_database
from sqlalchemy.exc import SQLAlchemyError

from assistant.answer import Trace
from assistant.errors import RecordsError

HEAD = "0001"  # the newest migration; a test holds it against the migrations folder
MIGRATION_TIMEOUT_S = 60.0
BUSY_TIMEOUT_S = 10.0  # how long a write waits for another program's

metadata = MetaData()
answers = Table(
    "answers",
    metadata,
    Column("answer_id", String(36), primary_key=True),
    Column("asked_at", String(32), nullable=False, index=True),  # ISO 8601, UTC
    Column("language", String(8), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("engine", String(64), nullable=False),
    Column("index_version", String(64)),
    Column("prompts", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("trace", Text, nullable=False),  # JSON, ASCII: no character can be lost
)


def new_answer_id() -> str:
    return uuid.uuid4().hex


class Journal:
    """The records of all answers. One per process; safe for several processes on one file."""

    def __init__(self, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """Open the database, creating or migrating it where needed; raises RecordsError."""
        url = URL.create("sqlite", database=str(path))  # a path may hold what a URL may not: ?, %
        self._engine = create_engine(
            url,
            connect_args={"timeout": busy_timeout_s},
            hide_parameters=True,  # questions do not belong in a log
        )
        event.listen(self._engine, "connect", _set_up_connection)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # One at a time: SQLite does not wait for others while it changes to WAL.
            with portalocker.Lock(path.with_name(path.name + ".lock"), timeout=MIGRATION_TIMEOUT_S):
                _use_wal(self._engine)
                if _revision(self._engine) != HEAD:
                    migrate(self._engine)
        except (SQLAlchemyError, RecordsError, portalocker.LockException, OSError) as fault:
            self._engine.dispose()
            why = getattr(fault, "orig", None) or fault
            raise RecordsError(f"the records at {path} cannot be opened: {why}") from fault

    def record(self, trace: Trace, prompts: str) -> None:
        """Keep a trace, whole or not at all; raises SQLAlchemyError where it cannot be written."""
        answer = trace.answer
        row = {
            "answer_id": answer.answer_id,
            "asked_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "language": answer.lang,
            "status": answer.status.value,
            "engine": answer.engine,
            "index_version": answer.index_version,
            "prompts": prompts,
            "seconds": answer.seconds,
            "trace": json.dumps(trace_fields(trace), ensure_ascii=True, default=date.isoformat),
        }
        with self._engine.begin() as connection:
            connection.execute(answers.insert().values(row))

    def count(self) -> int:
        with self._engine.connect() as connection:
            return len(connection.execute(answers.select().with_only_columns(answers.c.answer_id)).all())

    def trace(self, answer_id: str) -> dict[str, Any] | None:
        """Return the recorded trace of an answer; None if there is none."""
        query = answers.select().where(answers.c.answer_id == answer_id)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else json.loads(row.trace)

    def close(self) -> None:
        self._engine.dispose()


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


def migrate(engine: Engine) -> None:
    """Bring the database to the newest revision; a no-op where it is there already.

    Raises RecordsError for a database that a newer version of the program made.
    """
    from alembic import command  # noqa: PLC0415  (0.3 s, only needed once)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as fault:
            raise RecordsError(str(fault)) from fault


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect_database(connection).has_table("alembic_version"):
            return None
        return _scalar(connection, "SELECT version_num FROM alembic_version")


def _scalar(connection: Connection, statement: str) -> str | None:
    value = connection.exec_driver_sql(statement).scalar()
    return None if value is None else str(value)


def _use_wal(engine: Engine) -> None:
    """Let readers read while one writes; kept in the file, so later connections have it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


def _set_up_connection(connection: Any, _record: object) -> None:
    # In WAL mode NORMAL cannot corrupt, and loses at most the last moments after a power cut.
    connection.execute("PRAGMA synchronous=NORMAL")
