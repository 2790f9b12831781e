"""What was acknowledged outlives the program, which is killed while it writes."""

import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Any

import pytest
from sqlalchemy import Row, select

from assistant.database import Database
from assistant.database.tables import audit as audit_table
from assistant.database.tables import cases, queue, verdicts
from assistant.review import audit
from tests.assistant.databases import new_database
from tests.assistant.rows import checkable

CHECKOUT = Path(__file__).parents[2]
N_ANSWERS = 6
LONGEST_S = 0.3  # that a program writes before it is killed


@contextmanager
def opened(address: str) -> Iterator[Database]:
    database = Database.by_address(address)
    yield database
    database.close()


def filled(address: str) -> str:
    """Put in answers to be judged, and leave no connection open."""
    with opened(address) as database:
        for _ in range(N_ANSWERS):
            checkable(database)
    return address


def started(address: str, name: str) -> Popen[str]:
    command = [sys.executable, "-m", "tests.assistant.programs.judging", address, name]
    return Popen(command, cwd=CHECKOUT, stdin=DEVNULL, stdout=PIPE, text=True)


def killed(program: Popen[str], after_s: float) -> list[str]:
    """Kill a program a while after it is ready; return what it acknowledged."""
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    time.sleep(after_s)
    program.kill()
    said = program.communicate(timeout=30)[0]
    assert program.returncode == -signal.SIGKILL  # it did not end by itself
    return said.rpartition("\n")[0].split()  # a line that was cut off acknowledges nothing


def acknowledged(address: str, *, seed: int, n_programs: int) -> list[str]:
    """Let programs judge the same answers and kill each at a moment of its own, drawn by the seed."""
    draw = random.Random(seed)
    programs = [started(address, f"p{number}") for number in range(n_programs)]
    return [comment for program in programs for comment in killed(program, draw.uniform(0, LONGEST_S))]


def all_rows(database: Database, query: Any) -> Sequence[Row[Any]]:
    with database.reading() as connection:
        return connection.execute(query).all()


def check(address: str, kept: list[str]) -> None:
    """Hold the records against what was acknowledged."""
    with opened(address) as database:
        found = all_rows(database, select(verdicts))
        lines = all_rows(database, select(audit_table.c.record))
        assert set(kept) - {one.comment for one in found} == set()
        assert Counter(f"answer:{one.answer_id}" for one in found) == Counter(line.record for line in lines)
        assert audit.verify(database) == (len(found), ())
        judged = {one.answer_id for one in found}
        assert sorted(one.answer_id for one in found if one.is_standing) == sorted(judged)
        assert {row.answer_id for row in all_rows(database, select(cases.c.answer_id))} == judged
        handled = select(queue.c.answer_id).where(queue.c.state == "handled")
        assert {row.answer_id for row in all_rows(database, handled)} == judged


@pytest.mark.parametrize("seed", range(5))
def test_keeps_every_acknowledged_verdict_in_a_file(tmp_path: Path, seed: int) -> None:
    address = filled(f"sqlite:///{tmp_path / 'records.sqlite'}")
    kept = acknowledged(address, seed=seed, n_programs=4)
    assert len(kept) > 10
    check(address, kept)


def test_keeps_every_acknowledged_verdict_on_a_server(postgresql: str) -> None:
    address = filled(new_database(postgresql))
    kept = acknowledged(address, seed=5, n_programs=5)
    assert len(kept) > 10
    check(address, kept)


def test_another_program_goes_on_where_one_was_killed(tmp_path: Path) -> None:
    address = filled(f"sqlite:///{tmp_path / 'records.sqlite'}")
    first = killed(started(address, "first"), LONGEST_S)
    second = killed(started(address, "second"), LONGEST_S)
    assert first
    assert second
    check(address, first + second)
