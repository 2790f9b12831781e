"""Who may check: accounts, their passwords and sessions.

Every transaction here takes its locks in one order, so that none waits for another in a circle:
the account's row, the audit log, then sessions.
"""

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, or_, select, update

from assistant.database import Database, later, stamp
from assistant.database.tables import accounts as accounts_table
from assistant.database.tables import sessions
from assistant.errors import AccountError, SignInRefused
from assistant.review import audit
from corpus.text import fold

MIN_PASSWORD_CHARS = 10
MAX_NAME_CHARS = 64
MAX_FAILURES = 5  # in a row
LOCKED_MINUTES = 15
IDLE_MINUTES = 30
SESSION_HOURS = 12
SEEN_EVERY_S = 60  # a session's last use is kept no finer
TOKEN_BYTES = 32
HASHER = PasswordHasher()  # Argon2id with the library's values: RFC 9106, low memory
_NAME = re.compile(rf"[\w.-]{{1,{MAX_NAME_CHARS}}}")  # \w: letters of any script, digits, _


class Role(StrEnum):
    """What an account may do; each role includes those before it."""

    REVIEWER = "reviewer"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"

    def includes(self, role: "Role") -> bool:
        ascending = list(Role)
        return ascending.index(self) >= ascending.index(role)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who checks answers."""

    name: str
    role: Role
    lead_units: tuple[str, ...] = ()  # as printed; empty: not limited
    is_active: bool = True


def accounts(database: Database) -> tuple[Account, ...]:
    """Return all accounts by name, those that were deactivated too."""
    with database.reading() as connection:
        rows = connection.execute(select(accounts_table)).all()
    return tuple(sorted(map(_account, rows), key=lambda account: account.name))


def find(database: Database, name: str) -> Account | None:
    """Return the account of this name, in whatever case and width it is written; None if there is none."""
    with database.reading() as connection:
        row = _row(connection, name)
    return None if row is None else _account(row)


def add(
    database: Database,
    name: str,
    password: str,
    role: Role,
    lead_units: Iterable[str] = (),
    *,
    now: datetime,
    actor: str,
    hasher: PasswordHasher = HASHER,
) -> Account:
    """Make an account; AccountError for a bad or taken name, or a weak password."""
    account = Account(name.strip(), role, tuple(lead_units))
    if not _NAME.fullmatch(account.name):
        raise AccountError(
            f"{account.name!r} is no name of an account: it takes 1 to {MAX_NAME_CHARS}"
            " letters, digits, '.', '_' or '-'"
        )
    if fold(account.name) == audit.SYSTEM:
        raise AccountError(f"the name {account.name!r} is the program's own in the audit log")
    hashed = _checked_hash(account.name, password, hasher)
    told = {"role": role.value, "lead_units": account.lead_units}
    with database.writing() as connection:
        # The log is locked before the look: of two that add the same name, one waits and then sees it.
        _log(connection, now, actor, "account_added", account.name, **told)
        if (taken := _row(connection, account.name)) is not None:
            raise AccountError(f"the name {account.name!r} is taken by the account {taken.name!r}")
        connection.execute(
            accounts_table.insert().values(
                name=account.name,
                role=role.value,
                lead_units=_as_json(account.lead_units),
                password_hash=hashed,
                is_active=True,
                n_failures=0,
                created_at=stamp(now),
            )
        )
    return account


def set_password(
    database: Database,
    name: str,
    password: str,
    *,
    now: datetime,
    actor: str,
    hasher: PasswordHasher = HASHER,
) -> None:
    """Change a password, end the account's sessions and unlock it: what was guessed at is no more.

    AccountError for an unknown name or a weak password.
    """
    hashed = _checked_hash(name, password, hasher)
    values = {"password_hash": hashed, "n_failures": 0, "locked_until": None}
    with database.writing() as connection:
        known = _update(connection, name, values)
        _log(connection, now, actor, "password_set", known)
        end_sessions(connection, known)


def deactivate(database: Database, name: str, *, now: datetime, actor: str) -> None:
    """Shut an account and end its sessions; what it did stays. AccountError for an unknown name."""
    with database.writing() as connection:
        known = _update(connection, name, {"is_active": False})
        _log(connection, now, actor, "account_deactivated", known)
        end_sessions(connection, known)


def activate(database: Database, name: str, *, now: datetime, actor: str) -> None:
    """Open an account that was deactivated; AccountError for an unknown name."""
    with database.writing() as connection:
        known = _update(connection, name, {"is_active": True})
        _log(connection, now, actor, "account_activated", known)


def unlock(database: Database, name: str, *, now: datetime, actor: str) -> None:
    """Forget an account's failures; AccountError for an unknown name."""
    with database.writing() as connection:
        known = _update(connection, name, {"n_failures": 0, "locked_until": None})
        _log(connection, now, actor, "account_unlocked", known)


def change(
    database: Database,
    name: str,
    *,
    role: Role | None = None,
    lead_units: Iterable[str] | None = None,
    now: datetime,
    actor: str,
) -> None:
    """Give an account another role or other lead units; None leaves them, no units lift the limit.

    Holds from the next request of its sessions. AccountError for an unknown name.
    """
    values: dict[str, Any] = {}
    told: dict[str, Any] = {}
    if role is not None:
        values["role"] = told["role"] = role.value
    if lead_units is not None:
        told["lead_units"] = list(lead_units)
        values["lead_units"] = _as_json(told["lead_units"])
    with database.writing() as connection:
        known = _update(connection, name, values)
        _log(connection, now, actor, "account_changed", known, **told)


def sign_in(
    database: Database, name: str, password: str, *, now: datetime, hasher: PasswordHasher = HASHER
) -> str:
    """Begin a session and return its token, of which only the SHA-256 is kept.

    Raises SignInRefused: "wrong" for an unknown name, a wrong password or an account that was
    deactivated, all after the same time; "locked" for LOCKED_MINUTES after MAX_FAILURES wrong
    passwords in a row, whatever the password.
    """
    with database.reading() as connection:
        row = _row(connection, name)
    # Outside of the transaction: it takes long on purpose, and others would have to wait.
    is_right = _verify(row, password, hasher)
    if row is None:
        with database.writing() as connection:  # the name is not kept: people type passwords there
            _log(connection, now, audit.SYSTEM, "sign_in_refused", "?", reason="wrong")
        raise SignInRefused("wrong")
    hashed = row.password_hash
    if is_right and hasher.check_needs_rehash(hashed):
        hashed = hasher.hash(_octets(password))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.writing() as connection:
        refused = _refusal(connection, row, is_right=is_right, now=now)
        if refused is None:
            _begin_session(connection, row.name, token, hashed, now)
    if refused is not None:
        raise SignInRefused(refused)
    return token


def account_of(database: Database, token: str, *, now: datetime) -> Account | None:
    """Return whose session this is; None if it is unknown or over, or the account was deactivated.

    A session is over SESSION_HOURS after it began, or IDLE_MINUTES after its last use.
    """
    token_hash = _token_hash(token)
    mine = sessions.c.token_hash == token_hash
    query = select(accounts_table, sessions.c.began_at, sessions.c.seen_at).join_from(
        sessions, accounts_table, sessions.c.account == accounts_table.c.name
    )
    with database.reading() as connection:
        row = connection.execute(query.where(mine)).one_or_none()
    if row is None or not row.is_active or row.began_at <= _oldest(now) or row.seen_at <= _idlest(now):
        return None
    if row.seen_at <= later(now, seconds=-SEEN_EVERY_S):
        with database.writing() as connection:
            # Two requests at once: the later one counts.
            used = update(sessions).where(mine, sessions.c.seen_at < stamp(now)).values(seen_at=stamp(now))
            connection.execute(used)
    return _account(row)


def sign_out(database: Database, token: str, *, now: datetime) -> None:
    """End a session; nothing happens if there is none."""
    mine = sessions.c.token_hash == _token_hash(token)
    with database.writing() as connection:
        name = connection.execute(select(sessions.c.account).where(mine)).scalar()
        if name is None:
            return
        _log(connection, now, name, "signed_out", name)
        connection.execute(delete(sessions).where(mine))


def end_sessions(connection: Connection, name: str) -> None:
    """End all sessions of an account, named as it is kept, within the caller's transaction."""
    connection.execute(delete(sessions).where(sessions.c.account == name))


def _refusal(
    connection: Connection, verified: Row[Any], *, is_right: bool, now: datetime
) -> Literal["wrong", "locked"] | None:
    """Decide by the account as it is now, its row locked; count a failure and log what is refused."""
    query = select(accounts_table).where(accounts_table.c.name == verified.name).with_for_update()
    row = connection.execute(query).one()
    # The password may have been changed since it was looked at.
    is_right = is_right and row.password_hash == verified.password_hash
    if row.is_active and row.locked_until is not None and row.locked_until > stamp(now):
        _log_refusal(connection, now, row.name, "locked")
        return "locked"
    if row.is_active and is_right:
        return None
    is_locked = row.is_active and _count_failure(connection, row.name, now)
    _log_refusal(connection, now, row.name, "wrong")
    if is_locked:
        _log(connection, now, audit.SYSTEM, "account_locked", row.name, minutes=LOCKED_MINUTES)
    return "wrong"


def _count_failure(connection: Connection, name: str, now: datetime) -> bool:
    """Count one failure more and say whether it locked the account; the count then begins anew."""
    mine = accounts_table.c.name == name
    counted = update(accounts_table).where(mine).values(n_failures=accounts_table.c.n_failures + 1)
    n_failures = connection.execute(counted.returning(accounts_table.c.n_failures)).scalar_one()
    if n_failures < MAX_FAILURES:
        return False
    until = later(now, minutes=LOCKED_MINUTES)
    connection.execute(update(accounts_table).where(mine).values(n_failures=0, locked_until=until))
    return True


def _begin_session(connection: Connection, name: str, token: str, hashed: str, now: datetime) -> None:
    values = {"n_failures": 0, "locked_until": None, "password_hash": hashed}
    connection.execute(update(accounts_table).where(accounts_table.c.name == name).values(values))
    _log(connection, now, name, "signed_in", name)
    over = or_(sessions.c.began_at <= _oldest(now), sessions.c.seen_at <= _idlest(now))
    connection.execute(delete(sessions).where(over))
    connection.execute(
        sessions.insert().values(
            token_hash=_token_hash(token), account=name, began_at=stamp(now), seen_at=stamp(now)
        )
    )


def _update(connection: Connection, name: str, values: Mapping[str, Any]) -> str:
    """Change an account's row; return its name as it is kept. AccountError if there is none."""
    row = _row(connection, name)
    if row is None:
        raise AccountError(f"there is no account {name.strip()!r}")
    known = str(row.name)
    if values:
        connection.execute(update(accounts_table).where(accounts_table.c.name == known).values(dict(values)))
    return known


def _row(connection: Connection, name: str) -> Row[Any] | None:
    """Return the account of a name; compared here, since databases differ in what they call lower case."""
    wanted = fold(name)
    rows = connection.execute(select(accounts_table)).all()
    return next((row for row in rows if fold(row.name) == wanted), None)


def _account(row: Row[Any]) -> Account:
    return Account(row.name, Role(row.role), tuple(json.loads(row.lead_units)), row.is_active)


def _log_refusal(connection: Connection, now: datetime, name: str, reason: str) -> None:
    # Not the account's own deed: whoever typed its name may be anybody.
    _log(connection, now, audit.SYSTEM, "sign_in_refused", name, reason=reason)


def _log(
    connection: Connection, now: datetime, actor: str, action: str, name: str, **details: object
) -> None:
    record = f"account:{name}"
    audit.append(connection, now=now, actor=actor, action=action, record=record, details=details)


def _checked_hash(name: str, password: str, hasher: PasswordHasher) -> str:
    """Return a password's hash; AccountError, without the password, if it is weak."""
    if len(password) < MIN_PASSWORD_CHARS:
        raise AccountError(
            f"the password has {len(password)} characters: at least {MIN_PASSWORD_CHARS} are needed"
        )
    if fold(password) == fold(name):
        raise AccountError(f"the password is the name of the account {name.strip()!r}")
    return hasher.hash(_octets(password))


def _verify(row: Row[Any] | None, password: str, hasher: PasswordHasher) -> bool:
    """Say whether a password is an account's; takes as long where there is no account."""
    if row is None:
        hasher.hash(_octets(password))  # the same work as verifying
        return False
    try:
        return hasher.verify(row.password_hash, _octets(password))
    except (VerificationError, InvalidHashError):
        return False


def _octets(password: str) -> bytes:
    """Return what is hashed: NFKC, so that every keyboard writes the same (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _token_hash(token: str) -> str:
    # Not slow like a password's: nobody guesses 256 random bits.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _oldest(now: datetime) -> str:
    return later(now, hours=-SESSION_HOURS)


def _idlest(now: datetime) -> str:
    return later(now, minutes=-IDLE_MINUTES)


def _as_json(lead_units: Iterable[str]) -> str:
    return json.dumps(list(lead_units), ensure_ascii=True)
