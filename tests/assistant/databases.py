"""The records in both databases: a SQLite file, and a PostgreSQL server of the tests' own."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from assistant.database import Database

_numbers = count(1)


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def postgresql_server(programs: Path) -> Iterator[str]:
    """Run a server on a free port of this machine; give its address, without a database's name."""
    # Not in pytest's own folder: that is closed to the user the server runs as.
    with TemporaryDirectory(prefix="records-") as folder, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        place = Path(folder) / "data"
        by: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
            by = ["runuser", "-u", "postgres", "--"]
        _run([*by, programs / "initdb", "-D", place, "-U", "postgres", "-A", "trust", "-E", "UTF8"], folder)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        control = [*by, programs / "pg_ctl", "-D", place, "-w"]
        _run([*control, "-l", Path(folder) / "log", "-o", options, "start"], folder)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)


def copied_database(server: str) -> str:
    """Create a database with all tables from the one named "empty"; return its address."""
    return new_database(server, template="empty")


def new_database(server: str, *, name: str = "", template: str = "template1") -> str:
    """Create a database on a server; return its address."""
    name = name or f"records{next(_numbers)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return f"{server}/{name}"


def required(what: str) -> bool:
    return what in os.environ.get("ASSISTANT_TEST_REQUIRE", "").split(",")


def server_or_skip() -> Path:
    programs = find_postgresql()
    if programs is None:
        if required("postgresql"):
            pytest.fail("no PostgreSQL on this machine, and ASSISTANT_TEST_REQUIRE asks for it")
        pytest.skip("no PostgreSQL on this machine")
    return programs


def open_again(database: Database) -> Database:
    """Return a second door to the same records, as another program has it."""
    return Database(database.url)


def _run(command: list[str | Path], folder: str) -> None:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60
    )
    if done.returncode:
        raise RuntimeError(f"{command} after {time.monotonic() - started:.0f} s: {done.stderr.decode()}")
