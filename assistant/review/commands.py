"""`python -m assistant staff …`: accounts and the audit log, for whoever runs the program.

The other subcommands stand in work_commands.py. `ask` builds these arguments too (7 ms): what a
subcommand alone needs, it imports when it runs.
"""

import argparse
import getpass
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.database import Database, open_records
from assistant.errors import AccountError
from assistant.review import accounts, audit, work_commands
from assistant.review.lead_units import lead_units
from assistant.settings import Settings

ACTOR = "command line"  # no account can have this name

_Say = Callable[[str], None]
_Parser = argparse.ArgumentParser


@dataclass(frozen=True, slots=True)
class _Command:
    """One subcommand: what it takes and does; `run` returns the exit code."""

    help: str
    takes: Callable[[_Parser], None]
    run: Callable[[Database, argparse.Namespace, _Say], int]


def add_parser(commands: "argparse._SubParsersAction[_Parser]") -> None:
    """Add `staff` with all its subcommands."""
    staff = commands.add_parser("staff", help="what staff who check answers need")
    subcommands = staff.add_subparsers(dest="staff_command", required=True)
    for name, command in _COMMANDS.items():
        command.takes(subcommands.add_parser(name, help=command.help))
    for name, work in work_commands.COMMANDS.items():
        work.takes(subcommands.add_parser(name, help=work.help))


def run(arguments: argparse.Namespace, settings: Settings, say: _Say) -> int:
    """Run one subcommand; return its exit code: 0, or 1 where what it checks does not hold.

    AccountError or CommandError for what cannot be done as asked, RecordsError if the records
    cannot be opened.
    """
    with closing(open_records(settings)) as database:
        work = work_commands.COMMANDS.get(arguments.staff_command)
        if work is not None:
            now = datetime.now(UTC)
            return work.run(work_commands.Job(database, settings, arguments, now, ACTOR, say))
        return _COMMANDS[arguments.staff_command].run(database, arguments, say)


def _add(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    units = lead_units(arguments.unit)
    password = _password(from_stdin=arguments.password_stdin)
    role = accounts.Role(arguments.role)
    account = accounts.add(
        database, arguments.name, password, role, units, now=datetime.now(UTC), actor=ACTOR
    )
    say(f"added: {_line(account)}")
    return 0


def _list(database: Database, _arguments: argparse.Namespace, say: _Say) -> int:
    for account in accounts.accounts(database):
        say(_line(account))
    return 0


def _set_password(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    account = _known(database, arguments.name)  # before anybody types a password
    password = _password(from_stdin=arguments.password_stdin)
    accounts.set_password(database, account.name, password, now=datetime.now(UTC), actor=ACTOR)
    say(f"the password was set, all sessions ended: {account.name}")
    return 0


def _set_role(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    role = accounts.Role(arguments.role)
    accounts.change(database, arguments.name, role=role, now=datetime.now(UTC), actor=ACTOR)
    return _tell(database, arguments.name, say)


def _limit(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    units = lead_units(arguments.unit)
    accounts.change(database, arguments.name, lead_units=units, now=datetime.now(UTC), actor=ACTOR)
    return _tell(database, arguments.name, say)


def _disable(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    accounts.deactivate(database, arguments.name, now=datetime.now(UTC), actor=ACTOR)
    return _tell(database, arguments.name, say)


def _enable(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    accounts.activate(database, arguments.name, now=datetime.now(UTC), actor=ACTOR)
    return _tell(database, arguments.name, say)


def _unlock(database: Database, arguments: argparse.Namespace, say: _Say) -> int:
    accounts.unlock(database, arguments.name, now=datetime.now(UTC), actor=ACTOR)
    return _tell(database, arguments.name, say)


def _verify_log(database: Database, _arguments: argparse.Namespace, say: _Say) -> int:
    n_lines, faults = audit.verify(database)
    for fault in faults:
        say(fault)
    if not faults:
        say(f"{n_lines} lines, each follows the one before it")
    return 1 if faults else 0


def _takes_nothing(_parser: _Parser) -> None:
    pass


def _takes_name(parser: _Parser) -> None:
    parser.add_argument("name", metavar="NAME")


def _takes_role(parser: _Parser) -> None:
    _takes_name(parser)
    parser.add_argument("--role", required=True, choices=[role.value for role in accounts.Role])


def _takes_units(parser: _Parser) -> None:
    _takes_name(parser)
    parser.add_argument(
        "--unit",
        action="append",
        default=[],
        metavar="UNIT",
        help="a lead unit whose measures the account may check; may be given again; all unless given",
    )


def _takes_password(parser: _Parser) -> None:
    _takes_name(parser)
    _takes_stdin(parser)


def _takes_account(parser: _Parser) -> None:
    _takes_role(parser)
    parser.add_argument("--unit", action="append", default=[], metavar="UNIT", help="as in `limit`")
    _takes_stdin(parser)


def _takes_stdin(parser: _Parser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from one line of standard input"
    )


_COMMANDS = {
    "add": _Command("make an account", _takes_account, _add),
    "list": _Command("show all accounts", _takes_nothing, _list),
    "password": _Command("set a password", _takes_password, _set_password),
    "role": _Command("give another role", _takes_role, _set_role),
    "limit": _Command("limit to lead units, or to none without --unit", _takes_units, _limit),
    "disable": _Command("shut an account", _takes_name, _disable),
    "enable": _Command("open a shut account again", _takes_name, _enable),
    "unlock": _Command("let somebody in who mistyped the password", _takes_name, _unlock),
    "verify-log": _Command("check that no line of the audit log was changed", _takes_nothing, _verify_log),
}


def _password(*, from_stdin: bool) -> str:
    """Return a password as typed; AccountError if it was typed in two ways, or nothing was."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        password = getpass.getpass("password: ")
        again = getpass.getpass("again: ")
    except EOFError as closed:
        raise AccountError("no password was typed: --password-stdin reads it from a pipe") from closed
    if password != again:
        raise AccountError("the two passwords differ")
    return password


def _known(database: Database, name: str) -> accounts.Account:
    account = accounts.find(database, name)
    if account is None:
        raise AccountError(f"there is no account {name.strip()!r}")
    return account


def _tell(database: Database, name: str, say: _Say) -> int:
    say(_line(_known(database, name)))
    return 0


def _line(account: accounts.Account) -> str:
    """Return an account in one line, its fields with tabs between: Chinese names have no fixed width."""
    state = "active" if account.is_active else "disabled"
    return "\t".join([account.name, account.role.value, state, ", ".join(account.lead_units) or "all units"])
