import io
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from assistant import Settings
from assistant.__main__ import main
from assistant.database import Database, open_records
from assistant.database.tables import audit as audit_table
from assistant.review import accounts, audit
from assistant.review.accounts import Account, Role

PASSWORD = "correct horse"
Staff = Callable[..., tuple[int, str, str]]


@pytest.fixture
def staff(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Staff:
    """Run `staff` with these arguments, its input given; give exit code, output and errors."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    if database.url.get_backend_name() == "postgresql":
        monkeypatch.setenv("ASSISTANT_DATABASE_URL", database.url.render_as_string(hide_password=False))

    def run(*arguments: str, typed: str = f"{PASSWORD}\n") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(["staff", *arguments])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def li(staff: Staff, database: Database) -> Database:
    """Records with the account li, made by the command."""
    assert staff("add", "li", "--role", "reviewer", "--password-stdin")[0] == 0
    return database


def test_adds_an_account_that_can_sign_in(staff: Staff, database: Database) -> None:
    code, out, err = staff("add", "li", "--role", "editor", "--unit", "市发改委", "--password-stdin")
    assert (code, out, err) == (0, "added: li\teditor\tactive\t市发改委\n", "")
    assert accounts.sign_in(database, "li", PASSWORD, now=datetime.now(UTC))


def test_tells_the_log_that_it_was_the_command_line(li: Database) -> None:
    (line,) = audit.newest(li)
    assert (line.actor, line.action, line.record) == ("command line", "account_added", "account:li")


def test_stamps_changes_with_the_time(li: Database) -> None:
    written = datetime.fromisoformat(audit.newest(li)[0].at)
    assert abs(time.time() - written.timestamp()) < 60


def test_asks_for_the_password_twice(
    staff: Staff, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD)
    assert staff("add", "li", "--role", "reviewer")[0] == 0
    assert accounts.find(database, "li") == Account("li", Role.REVIEWER)


def test_refuses_two_passwords_that_differ(
    staff: Staff, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: PASSWORD + prompt)
    assert staff("add", "li", "--role", "reviewer") == (2, "", "the two passwords differ\n")
    assert accounts.accounts(database) == ()


def test_takes_no_password_as_an_argument(staff: Staff) -> None:
    with pytest.raises(SystemExit, match="2"):
        staff("password", "li", PASSWORD)


def test_lists_accounts(staff: Staff, li: Database) -> None:
    assert staff("list") == (0, "li\treviewer\tactive\tall units\n", "")


def test_sets_a_password(staff: Staff, li: Database) -> None:
    assert staff("password", "Li", "--password-stdin", typed="battery staple\r\n")[0] == 0
    assert accounts.sign_in(li, "li", "battery staple", now=datetime.now(UTC))


def test_asks_for_no_password_of_an_account_that_is_not_there(staff: Staff) -> None:
    assert staff("password", "zhao") == (2, "", "there is no account 'zhao'\n")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["role", "li", "--role", "editor"], "li\teditor\tactive\tall units\n"),
        (
            ["limit", "li", "--unit", "市人社局", "--unit", "市发改委"],
            "li\treviewer\tactive\t市人社局, 市发改委\n",
        ),
        (["limit", "li"], "li\treviewer\tactive\tall units\n"),
        (["disable", "LI"], "li\treviewer\tdisabled\tall units\n"),
        (["enable", "li"], "li\treviewer\tactive\tall units\n"),
        (["unlock", "li"], "li\treviewer\tactive\tall units\n"),
    ],
)
def test_changes_an_account_and_shows_it(staff: Staff, li: Database, arguments: list[str], line: str) -> None:
    assert staff(*arguments) == (0, line, "")
    assert staff("list") == (0, line, "")


@pytest.mark.parametrize("name", ["西安市发展和改革委员会", "发改委", " 市发改委 "])
def test_knows_units_by_their_other_names(staff: Staff, li: Database, name: str) -> None:
    assert "\t市发改委\n" in staff("limit", "li", "--unit", name)[1]


@pytest.mark.parametrize(
    ("name", "nearest"), [("市发改会", "市发改委"), ("不是发改委", "市发改委"), ("", "市")]
)
def test_names_the_units_nearest_to_one_that_leads_nothing(
    staff: Staff, li: Database, name: str, nearest: str
) -> None:
    code, out, err = staff("limit", "li", "--unit", name)
    assert (code, out) == (2, "")
    assert err.startswith(f"the unit {name!r} leads no measure; nearest are ")
    assert nearest in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add", "a b", "--role", "editor", "--password-stdin"], "'a b' is no name of an account"),
        (["add", "li", "--role", "editor", "--password-stdin"], "the name 'li' is taken"),
        (["disable", "zhao"], "there is no account 'zhao'"),
    ],
)
def test_exits_2_for_what_cannot_be_used(staff: Staff, li: Database, arguments: list[str], said: str) -> None:
    code, out, err = staff(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(said)


def test_exits_2_where_the_input_has_no_password(staff: Staff) -> None:
    code, _, err = staff("add", "li", "--role", "editor", "--password-stdin", typed="")
    assert (code, err) == (2, "the password has 0 characters: at least 10 are needed\n")


def test_finds_the_log_whole(staff: Staff, li: Database) -> None:
    assert staff("verify-log") == (0, "1 lines, each follows the one before it\n", "")


def test_exits_1_where_the_log_was_changed(staff: Staff, li: Database) -> None:
    with li.writing() as connection:
        connection.execute(update(audit_table).values(actor="zhao"))
    assert staff("verify-log") == (1, "line 1 was changed\n", "")


def test_opens_a_file_in_the_data_folder_unless_told_otherwise(tmp_path: Path) -> None:
    opened = open_records(Settings(data_dir=tmp_path))
    opened.close()
    assert opened.name == str(tmp_path / "records.sqlite")


def test_opens_the_records_at_an_address(tmp_path: Path) -> None:
    opened = open_records(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/other.sqlite"))
    opened.close()
    assert opened.name == str(tmp_path / "other.sqlite")


def test_the_settings_show_no_address(tmp_path: Path) -> None:
    assert "secret" not in repr(Settings(data_dir=tmp_path, database_url="postgresql://li:secret@host/name"))
