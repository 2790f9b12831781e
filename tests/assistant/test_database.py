import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select

from assistant import RecordsError, SettingsError
from assistant.database import HEAD, Database, migrate
from assistant.database.tables import answer_passages, answers, audit_head, metadata, queue
from tests.assistant.databases import open_again

CHECKOUT = Path(__file__).parents[2]
MIGRATIONS = CHECKOUT / "assistant" / "database" / "migrations" / "versions"
OPEN = "import sys; from assistant.database import Database; Database.by_address(sys.argv[1]).close()"
OLD = {
    "question": None,
    "hits": [{"passage_id": "n#m15"}],
    "answer": {"question": "水电气", "confidence": 0.7, "citations": [{"passage_id": "n#m06"}]},
}


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def made_by_the_first_version(path: Path) -> None:
    """A database as revision 0001 left it, with one answer."""
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE answers (answer_id VARCHAR(36) NOT NULL PRIMARY KEY, asked_at VARCHAR(32) NOT NULL,"
        " language VARCHAR(8) NOT NULL, status VARCHAR(16) NOT NULL, engine VARCHAR(64) NOT NULL,"
        " index_version VARCHAR(64), prompts VARCHAR(64) NOT NULL, seconds FLOAT NOT NULL,"
        " trace TEXT NOT NULL);"
        "CREATE INDEX ix_answers_asked_at ON answers (asked_at);"
        "CREATE INDEX ix_answers_status ON answers (status);"
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
        "INSERT INTO alembic_version VALUES ('0001');"
    )
    connection.execute(
        "INSERT INTO answers VALUES ('a1', '2026', 'zh', 'answered', 'quote', 'v', 'p', 0.1, ?)",
        (json.dumps(OLD),),
    )
    connection.commit()
    connection.close()


def test_its_newest_migration_is_the_head() -> None:
    newest = max(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))
    assert newest.startswith(f"{HEAD}_")


def test_migrates_to_the_tables_in_code(database: Database) -> None:
    with database.reading() as connection:
        found = inspect(connection)
        columns = {name: {c["name"] for c in found.get_columns(name)} for name in found.get_table_names()}
    columns.pop("alembic_version")
    assert columns == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}


def test_has_the_indexes_in_code(database: Database) -> None:
    with database.reading() as connection:
        found = inspect(connection)
        names = {index["name"] for table in metadata.tables for index in found.get_indexes(table)}
    assert names == {index.name for table in metadata.tables.values() for index in table.indexes}


def test_keeps_answers_of_the_first_version_and_queues_them(tmp_path: Path) -> None:
    made_by_the_first_version(tmp_path / "r.sqlite")
    database = Database.at(tmp_path / "r.sqlite")
    with database.reading() as connection:
        answer = connection.execute(select(answers)).one()
        queued = connection.execute(select(queue)).one()
        found = dict(
            connection.execute(select(answer_passages.c.passage_id, answer_passages.c.is_cited)).all()
        )
    database.close()
    assert (answer.question, answer.confidence, queued.state) == ("水电气", 0.7, "unread")
    assert found == {"n#m06": True, "n#m15": False}


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    Database.at(tmp_path / "r.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'r.sqlite'}")
    migrate(engine)
    engine.dispose()
    assert rows(tmp_path / "r.sqlite", "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_writes_ahead(tmp_path: Path) -> None:
    Database.at(tmp_path / "r.sqlite").close()
    assert rows(tmp_path / "r.sqlite", "PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize("name", ["a b.sqlite", "50%25.sqlite", "a?b#c.sqlite", "记录.sqlite"])
def test_opens_a_path_with_any_characters(tmp_path: Path, name: str) -> None:
    Database.at(tmp_path / "new" / name).close()
    assert (tmp_path / "new" / name).is_file()


def test_opens_in_several_processes_at_once(database: Database) -> None:
    address = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", OPEN, address]
    started = [subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=60)[1] for process in started] == [""] * 3


def test_creates_the_tables_once_where_two_programs_start_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, f"sqlite:///{tmp_path / 'r.sqlite'}"]
    started = [subprocess.Popen(command, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate(timeout=60)[1] for process in started] == [""] * 3
    assert rows(tmp_path / "r.sqlite", "SELECT version_num FROM alembic_version") == [(HEAD,)]


def test_what_one_program_writes_another_reads(database: Database) -> None:
    other = open_again(database)
    with database.writing() as connection:
        connection.execute(audit_head.update().values(number=7))
    with other.reading() as connection:
        assert connection.execute(select(audit_head.c.number)).scalar_one() == 7
    other.close()


def test_keeps_all_of_a_transaction_or_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(audit_head.update().values(number=7))
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute(select(audit_head.c.number)).scalar_one() == 0


def test_cannot_open_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    path.write_text("this is no database\n" * 100)
    with pytest.raises(RecordsError, match=r"r\.sqlite cannot be opened: file is not a database$"):
        Database.at(path)


def test_cannot_open_a_locked_database(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "r.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(RecordsError, match=r"r\.sqlite cannot be opened: database is locked$"):
        Database.at(tmp_path / "r.sqlite", busy_timeout_s=0.1)
    other.close()


def test_cannot_open_a_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="cannot be opened: unable to open database file$"):
        Database.at(tmp_path)


def test_cannot_open_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsError, match="cannot be opened"):
        Database.at(tmp_path / "file" / "r.sqlite")


def test_cannot_open_what_a_newer_program_made(tmp_path: Path) -> None:
    path = tmp_path / "r.sqlite"
    Database.at(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(RecordsError, match="9999"):
        Database.at(path)


def test_a_locked_database_keeps_what_it_has(tmp_path: Path) -> None:
    database = Database.at(tmp_path / "r.sqlite", busy_timeout_s=0.1)
    other = sqlite3.connect(tmp_path / "r.sqlite")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="locked"), database.writing():
        raise AssertionError("nobody gets here")
    other.close()
    with database.writing() as connection:
        connection.execute(audit_head.update().values(number=1))
    database.close()


def test_a_full_disk_is_named_and_nothing_is_half_written(tmp_path: Path) -> None:
    database = Database.at(tmp_path / "r.sqlite")
    with pytest.raises(RecordsError, match="full"), database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite then says what it says on a full disk
        connection.execute(audit_head.update().values(number=9))
        connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(9000000) AS z")
    with database.reading() as connection:
        assert connection.execute(select(audit_head.c.number)).scalar_one() == 0
    database.close()


@pytest.mark.parametrize("address", ["no address", "mysql://a/b", "", "oracle://x"])
def test_refuses_an_address_that_is_none(address: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_DATABASE_URL"):
        Database.by_address(address)


def test_names_a_server_that_cannot_be_reached_without_its_password() -> None:
    with pytest.raises(RecordsError) as raised:
        Database.by_address("postgresql://staff:secret@127.0.0.1:9/records")
    assert "127.0.0.1" in str(raised.value)
    assert "secret" not in str(raised.value)
