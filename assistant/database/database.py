"""Opening, migrating, reading and writing; every fault of the database leaves here as a RecordsError."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self

import portalocker
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy import inspect as inspect_database
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from assistant.errors import RecordsError, SettingsError

HEAD = "0002"  # the newest migration; a test holds it against the migrations folder
MIGRATION_TIMEOUT_S = 60.0
BUSY_TIMEOUT_S = 10.0  # how long a write waits for another program's
POSTGRESQL_LOCK = 26_2024  # any number that no other program locks by: one migration at a time
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


class Database:
    """Connections to the records. One per process; several processes may share a database."""

    def __init__(self, url: URL, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        """Open, creating or migrating where needed; raises RecordsError."""
        self.url = url
        self._is_sqlite = url.get_backend_name() == "sqlite"
        seconds = {"timeout": busy_timeout_s} if self._is_sqlite else {"connect_timeout": int(busy_timeout_s)}
        self._engine = create_engine(
            url,
            connect_args=seconds,
            hide_parameters=True,  # questions do not belong in a log
            pool_pre_ping=not self._is_sqlite,  # a server that was restarted is met again unnoticed
        )
        if self._is_sqlite:
            event.listen(self._engine, "connect", _set_up_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        try:
            with ExitStack() as locked:
                self._lock_migration(locked)
                if _revision(self._engine) != HEAD:
                    migrate(self._engine)
        except (SQLAlchemyError, RecordsError, portalocker.LockException, OSError) as fault:
            self._engine.dispose()
            raise RecordsError(f"the records at {self.name} cannot be opened: {_why(fault)}") from fault
        # Writers of one process queue here: in SQLite a thread that waits for the file sleeps too long.
        self._writer = threading.Lock()

    @classmethod
    def at(cls, path: Path, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Self:
        """Open a SQLite file; its path may hold what an address may not: ?, %."""
        return cls(URL.create("sqlite", database=str(path)), busy_timeout_s=busy_timeout_s)

    @classmethod
    def by_address(cls, address: str) -> Self:
        """Open by an address, postgresql://user:password@host/name; SettingsError if it is none."""
        try:
            url = make_url(address)
        except ArgumentError as fault:
            raise SettingsError(
                "ASSISTANT_DATABASE_URL is no address of a database: it should look like"
                " postgresql://user:password@host/name"
            ) from fault
        if url.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
            raise SettingsError(
                f"ASSISTANT_DATABASE_URL names {url.get_backend_name()!r}:"
                " only postgresql and sqlite are known"
            )
        return cls(url.set(drivername=_DRIVERS.get(url.drivername, url.drivername)))

    @property
    def name(self) -> str:
        """Return where the records are, without a password."""
        return str(self.url.database) if self._is_sqlite else self.url.render_as_string()

    @property
    def is_file(self) -> bool:
        """Say whether it is a file of ours, not a server's."""
        return self._is_sqlite

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; raises RecordsError."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as fault:
            raise RecordsError(f"the records at {self.name} cannot be read: {_why(fault)}") from fault

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction: all of it is kept or nothing; raises RecordsError."""
        writer = self._writer if self._is_sqlite else threading.Lock()
        try:
            with writer, self._engine.connect() as connection, _transaction(connection):
                yield connection
        except SQLAlchemyError as fault:
            raise RecordsError(f"the records at {self.name} cannot be written: {_why(fault)}") from fault

    def compact(self) -> bool:
        """Write the file anew, so that no byte is left of what was deleted; raises RecordsError.

        False where other programs are reading and so keep what was there, and for a server,
        which clears up by itself, in its own time.
        """
        if not self._is_sqlite:
            return False
        try:
            with self._writer, self._engine.connect() as connection:  # not within a transaction
                outside = connection.execution_options(begins=False)
                outside.exec_driver_sql("VACUUM")
                row = outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except SQLAlchemyError as fault:
            raise RecordsError(f"the records at {self.name} cannot be compacted: {_why(fault)}") from fault
        return bool(row[0] == 0)

    def close(self) -> None:
        self._engine.dispose()

    def _lock_migration(self, locked: ExitStack) -> None:
        """Let one program at a time look whether there is something to migrate, and do it."""
        if not self._is_sqlite:
            connection = locked.enter_context(self._engine.connect())
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": POSTGRESQL_LOCK})
            connection.commit()
            locked.callback(_unlock, connection)
            return
        path = Path(str(self.url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite does not wait for others while it changes to WAL.
        lock = portalocker.Lock(path.with_name(path.name + ".lock"), timeout=MIGRATION_TIMEOUT_S)
        locked.enter_context(lock)
        _use_wal(self._engine)


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
    with engine.connect() as connection, _transaction(connection):
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as fault:
            raise RecordsError(str(fault)) from fault


def _transaction(connection: Connection) -> AbstractContextManager[object]:
    """Begin as a writer; _begin_sqlite reads the option."""
    return connection.execution_options(writes=True).begin()


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect_database(connection).has_table("alembic_version"):
            return None
        value = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if value is None else str(value)


def _unlock(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": POSTGRESQL_LOCK})
    connection.commit()


def _use_wal(engine: Engine) -> None:
    """Let readers read while one writes; kept in the file, so later connections have it."""
    with engine.connect() as connection:  # not within a transaction
        connection.execution_options(begins=False).exec_driver_sql("PRAGMA journal_mode=WAL")


def _set_up_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin where it pleases; _begin_sqlite does
    # In WAL mode NORMAL cannot corrupt, and loses at most the last moments after a power cut.
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten


def _begin_sqlite(connection: Connection) -> None:
    """Begin as a writer where something will be written: a reader that turns writer may fail at once."""
    options = connection.get_execution_options()
    if options.get("begins", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def _why(fault: BaseException) -> str:
    """Return the database's own words, in one line."""
    return " ".join(str(getattr(fault, "orig", None) or fault).split())
