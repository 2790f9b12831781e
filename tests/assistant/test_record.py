import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from assistant import RecordsError
from assistant.answer import Answer, Facet, Intent, Kind, Question, Status, Trace
from assistant.record import HEAD, Journal, answers, migrate, new_answer_id, trace_fields
from index.search import Hit

CHECKOUT = Path(__file__).parents[2]
MIGRATIONS = CHECKOUT / "assistant" / "migrations" / "versions"
OPEN = "import sys, pathlib, assistant.record as r; r.Journal(pathlib.Path(sys.argv[1])).close()"


@pytest.fixture
def trace(hit: Callable[..., Hit]) -> Trace:
    answer = Answer("a1", "水电气", "zh", Status.ANSWERED, "$text {} %s", index_version="v", seconds=0.1)
    intent = Intent(Kind.SEARCH, "水电气", Facet.TELEPHONE, measure_numbers=(6,))
    return Trace(answer, Question("水电气", "水电气", "zh", ("前\u2028",)), intent, (hit("m06"),), ("p",))


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_keeps_a_trace_whole(journal: Journal, trace: Trace) -> None:
    journal.record(trace, "p1")
    assert journal.trace("a1") == json.loads(json.dumps(trace_fields(trace)))


def test_knows_no_trace_that_was_not_kept(journal: Journal) -> None:
    assert journal.trace("a1") is None


def test_names_what_an_answer_was_made_of(journal: Journal, trace: Trace, tmp_path: Path) -> None:
    journal.record(trace, "p1")
    query = "SELECT language, status, engine, index_version, prompts, seconds FROM answers"
    assert rows(tmp_path / "records.sqlite", query) == [("zh", "answered", "quote", "v", "p1", 0.1)]


def test_stamps_a_row_in_universal_time(journal: Journal, trace: Trace, tmp_path: Path) -> None:
    journal.record(trace, "p1")
    ((stamp,),) = rows(tmp_path / "records.sqlite", "SELECT asked_at FROM answers")
    assert str(stamp).endswith("+00:00")


def test_keeps_of_a_passage_its_id_and_hash_only(trace: Trace) -> None:
    (found,) = trace_fields(trace)["hits"]
    assert found["sha256"] == trace.hits[0].passage.sha256
    assert "text" not in found


def test_refuses_the_same_answer_twice(journal: Journal, trace: Trace) -> None:
    journal.record(trace, "p1")
    with pytest.raises(SQLAlchemyError):
        journal.record(trace, "p1")
    assert journal.count() == 1


def test_gives_every_answer_its_own_id() -> None:
    assert len({new_answer_id() for _ in range(100)}) == 100


def test_writes_ahead(journal: Journal, tmp_path: Path) -> None:
    assert rows(tmp_path / "records.sqlite", "PRAGMA journal_mode") == [("wal",)]


def test_its_newest_migration_is_the_head() -> None:
    newest = max(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    assert newest.startswith(f"{HEAD}_")


def test_migrates_an_empty_database_to_the_tables_in_code(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    migrate(engine)
    columns = {column["name"] for column in inspect(engine).get_columns("answers")}
    engine.dispose()
    assert columns == set(answers.columns.keys())


def test_migrating_twice_changes_nothing(journal: Journal, trace: Trace, tmp_path: Path) -> None:
    journal.record(trace, "p1")
    engine = create_engine(f"sqlite:///{tmp_path / 'records.sqlite'}")
    migrate(engine)
    engine.dispose()
    assert journal.count() == 1


def test_keeps_what_was_recorded_before(trace: Trace, tmp_path: Path) -> None:
    for name in ("a1", "a2"):
        opened = Journal(tmp_path / "r.sqlite")
        opened.record(replace(trace, answer=replace(trace.answer, answer_id=name)), "p1")
        opened.close()
    assert rows(tmp_path / "r.sqlite", "SELECT count(*) FROM answers") == [(2,)]


@pytest.mark.parametrize("name", ["a b.sqlite", "50%25.sqlite", "a?b#c.sqlite", "记录.sqlite"])
def test_opens_a_path_with_any_characters(tmp_path: Path, name: str) -> None:
    Journal(tmp_path / "new" / name).close()
    assert (tmp_path / "new" / name).is_file()


def test_opens_in_several_processes_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path / "r.sqlite")]
    started = [subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=60)[1] for process in started] == ["", ""]
    assert rows(tmp_path / "r.sqlite", "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_opens_and_records_in_several_threads(trace: Trace, tmp_path: Path) -> None:
    def keep(n: int) -> None:
        opened = Journal(tmp_path / "r.sqlite")
        opened.record(replace(trace, answer=replace(trace.answer, answer_id=str(n))), "p1")
        opened.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(16)))
    assert rows(tmp_path / "r.sqlite", "SELECT count(*) FROM answers") == [(16,)]


def test_records_from_eight_threads(trace: Trace, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "r.sqlite")
    traces = [replace(trace, answer=replace(trace.answer, answer_id=str(n))) for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda one: journal.record(one, "p1"), traces))
    journal.close()
    assert rows(tmp_path / "r.sqlite", "SELECT count(*) FROM answers") == [(200,)]


def test_cannot_open_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_text("this is no database\n" * 100)
    with pytest.raises(RecordsError, match=r"r\.sqlite cannot be opened: file is not a database$"):
        Journal(path)


def test_cannot_open_a_locked_database(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "r.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RecordsError, match=r"r\.sqlite cannot be opened: database is locked$"):
        Journal(tmp_path / "r.sqlite", busy_timeout_s=0.1)
    other.close()


def test_cannot_open_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="cannot be opened: unable to open database file$"):
        Journal(tmp_path)


def test_cannot_open_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsError, match="cannot be opened"):
        Journal(tmp_path / "file" / "r.sqlite")


def test_cannot_open_what_a_newer_program_made(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    Journal(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(RecordsError, match="9999"):
        Journal(path)


def test_a_locked_database_keeps_what_it_has(journal: Journal, trace: Trace, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "records.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(SQLAlchemyError, match="locked"):
        journal.record(trace, "p1")
    other.close()
    journal.record(trace, "p1")
    assert journal.count() == 1
