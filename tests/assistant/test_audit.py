from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

from assistant.database import Database
from assistant.database.tables import audit, audit_head
from assistant.review.audit import append, newest, verify
from tests.assistant.databases import open_again

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


def write(database: Database, number: int, **details: object) -> None:
    with database.writing() as connection:
        append(connection, now=NOW, actor="li", action="verdict", record=f"answer:{number}", details=details)


@pytest.fixture
def log(database: Database) -> Database:
    for number in range(1, 4):
        write(database, number, verdict="\u5bf9", n=number)
    return database


def test_an_empty_log_verifies(database: Database) -> None:
    assert verify(database) == (0, ())


def test_each_line_holds_the_hash_of_the_one_before(log: Database) -> None:
    third, second, first = newest(log)
    assert (first.previous, second.previous, third.previous) == ("", first.hash, second.hash)


def test_an_untouched_log_verifies(log: Database) -> None:
    assert verify(log) == (3, ())


@pytest.mark.parametrize("field", ["at", "actor", "action", "record", "details"])
def test_finds_a_line_that_was_changed(log: Database, field: str) -> None:
    with log.writing() as connection:
        connection.execute(update(audit).where(audit.c.number == 2).values({field: "{}"}))
    assert verify(log) == (3, ("line 2 was changed",))


def test_finds_a_line_that_was_taken_out(log: Database) -> None:
    with log.writing() as connection:
        connection.execute(delete(audit).where(audit.c.number == 2))
    assert verify(log)[1] == ("line 2 is missing", "line 3 does not follow the one before it")


def test_finds_that_the_end_was_cut_off(log: Database) -> None:
    with log.writing() as connection:
        connection.execute(delete(audit).where(audit.c.number == 3))
    assert verify(log)[1] == ("the log ends at line 2, the records say 3",)


def test_finds_a_line_that_was_written_anew_with_a_right_hash(log: Database) -> None:
    forged = newest(log)[1]
    with log.writing() as connection:
        connection.execute(
            update(audit).where(audit.c.number == 2).values(actor="wang", hash=forged.expected_hash)
        )
        connection.execute(
            update(audit_head).values(hash=forged.expected_hash)  # the end itself does not help
        )
    assert verify(log)[1] != ()


def test_writers_of_two_programs_never_take_the_same_number(database: Database) -> None:
    other = open_again(database)
    doors: list[Callable[[int], None]] = [lambda n: write(database, n), lambda n: write(other, n)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: doors[n % 2](n), range(40)))
    other.close()
    assert verify(database) == (40, ())


def test_a_line_goes_with_its_change(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        append(connection, now=NOW, actor="li", action="verdict", record="answer:1")
        raise ZeroDivisionError
    assert newest(database) == ()


def test_gives_older_lines_page_by_page(log: Database) -> None:
    assert [line.number for line in newest(log, limit=1, before=3)] == [2]
