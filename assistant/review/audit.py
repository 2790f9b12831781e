"""The audit log: who did what to which record, when.

Lines are only appended; each holds the hash of the one before.

A line is written in the transaction of the change it tells of, so neither exists without the other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from assistant.database import Database, stamp
from assistant.database.tables import audit, audit_head

SYSTEM = "system"  # the actor of what nobody did by hand


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log."""

    number: int  # from 1, without gaps
    at: str
    actor: str
    action: str
    record: str  # kind:id
    details: str  # JSON
    previous: str
    hash: str

    @property
    def expected_hash(self) -> str:
        """Return the SHA-256 over all other fields, as a JSON list."""
        told = [self.number, self.at, self.actor, self.action, self.record, self.details, self.previous]
        return hashlib.sha256(json.dumps(told, ensure_ascii=True).encode()).hexdigest()


def append(
    connection: Connection,
    *,
    now: datetime,
    actor: str,
    action: str,
    record: str,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add a line within the caller's transaction; others wait until that ends."""
    head = wait_for_others(connection)
    line = Line(
        number=head.number + 1,
        at=stamp(now),
        actor=actor,
        action=action,
        record=record,
        details=json.dumps(dict(details or {}), ensure_ascii=True, sort_keys=True),
        previous=head.hash,
        hash="",
    )
    connection.execute(
        audit.insert().values(
            number=line.number,
            at=line.at,
            actor=line.actor,
            action=line.action,
            record=line.record,
            details=line.details,
            previous=line.previous,
            hash=line.expected_hash,
        )
    )
    connection.execute(update(audit_head).values(number=line.number, hash=line.expected_hash))


def wait_for_others(connection: Connection) -> Row[Any]:
    """Return the head of the log, locked until the transaction ends."""
    return connection.execute(select(audit_head).with_for_update()).one()


def verify(database: Database) -> tuple[int, tuple[str, ...]]:
    """Return the number of lines and what is wrong with the chain; nothing if it holds."""
    with database.reading() as connection:
        head = connection.execute(select(audit_head)).one()
        faults, previous, number = [], "", 0
        for line in _lines(connection):
            number += 1
            if line.number != number:
                faults.append(f"line {number} is missing")
                number = line.number
            if line.previous != previous:
                faults.append(f"line {line.number} does not follow the one before it")
            if line.hash != line.expected_hash:
                faults.append(f"line {line.number} was changed")
            previous = line.hash
    if (head.number, head.hash) != (number, previous):
        faults.append(f"the log ends at line {number}, the records say {head.number}")
    return number, tuple(faults)


def newest(database: Database, *, limit: int = 100, before: int | None = None) -> tuple[Line, ...]:
    """Return lines, newest first; those before a number, if one is given."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.number < before)
    with database.reading() as connection:
        return tuple(Line(**row._mapping) for row in connection.execute(query))


def _lines(connection: Connection) -> Iterator[Line]:
    rows = connection.execution_options(yield_per=1000).execute(select(audit).order_by(audit.c.number))
    return (Line(**row._mapping) for row in rows)
