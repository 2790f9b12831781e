import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import select, update

from assistant.database import Database
from assistant.database.tables import accounts as accounts_table
from assistant.database.tables import sessions
from assistant.errors import AccountError, SignInRefused
from assistant.review import accounts, audit
from assistant.review.accounts import HASHER, Account, Role, account_of, find
from tests.assistant.databases import open_again

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
CHEAP = PasswordHasher.from_parameters(CHEAPEST)
PASSWORD = "correct horse"
OTHER = "battery staple"


def by_hand(action: Callable[..., Any], database: Database, name: str, *values: Any, **options: Any) -> None:
    action(database, name, *values, now=NOW, actor="wang", **options)


def add(database: Database, name: str, password: str = PASSWORD, role: Role = Role.REVIEWER) -> Account:
    return accounts.add(database, name, password, role, now=NOW, actor="wang", hasher=CHEAP)


def sign_in(database: Database, name: str = "li", password: str = PASSWORD, *, minutes: float = 0) -> str:
    return accounts.sign_in(database, name, password, now=at(minutes), hasher=CHEAP)


def refusal(database: Database, name: str = "li", password: str = OTHER, *, minutes: float = 0) -> str:
    with pytest.raises(SignInRefused) as refused:
        sign_in(database, name, password, minutes=minutes)
    return refused.value.reason


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def log(database: Database) -> list[tuple[str, str, str]]:
    return [(line.actor, line.action, line.record) for line in reversed(audit.newest(database))]


def kept(database: Database) -> Any:
    with database.reading() as connection:
        return connection.execute(select(accounts_table).where(accounts_table.c.name == "li")).one()


def n_sessions(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(sessions)).all())


@pytest.fixture
def staff(database: Database) -> Database:
    """Records with the account li, a reviewer."""
    add(database, "li")
    return database


@pytest.fixture
def doors(database: Database) -> Iterator[tuple[Database, Database]]:
    """The same records as two programs have them, each patient enough to wait for the other."""
    opened = (open_again(database), open_again(database))
    yield opened
    for door in opened:
        door.close()


@pytest.mark.parametrize(("role", "included"), [("reviewer", 1), ("editor", 2), ("administrator", 3)])
def test_each_role_may_do_what_those_before_it_may(role: str, included: int) -> None:
    assert [Role(role).includes(other) for other in Role] == [n < included for n in range(3)]


def test_finds_an_account_as_it_was_added(database: Database) -> None:
    units = ("\u5e02\u53d1\u6539\u59d4",)
    made = accounts.add(
        database, " \u674e.l_i-1 ", PASSWORD, Role.EDITOR, units, now=NOW, actor="wang", hasher=CHEAP
    )
    assert find(database, "\u674e.l_i-1") == made == Account("\u674e.l_i-1", Role.EDITOR, units)


@pytest.mark.parametrize("name", ["LI", "Li ", "\uff4c\uff49"])
def test_a_name_is_the_same_in_any_case_and_width(staff: Database, name: str) -> None:
    assert find(staff, name) == Account("li", Role.REVIEWER)
    with pytest.raises(AccountError, match="is taken by the account 'li'"):
        add(staff, name)


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "li@xa", "a" * 65, "a\0", "\ud800", "\u200b", "?"])
def test_refuses_a_name_that_is_none(database: Database, name: str) -> None:
    with pytest.raises(AccountError, match="is no name of an account"):
        add(database, name)


def test_refuses_the_name_the_log_has_for_the_program(database: Database) -> None:
    with pytest.raises(AccountError, match="'System' is the program's own"):
        add(database, "System")


def test_refuses_a_short_password(database: Database) -> None:
    with pytest.raises(AccountError, match="the password has 9 characters: at least 10"):
        add(database, "li", "123456789")


def test_refuses_the_name_as_a_password(database: Database) -> None:
    with pytest.raises(AccountError, match="the password is the name of the account 'li.xiaoming'"):
        add(database, "li.xiaoming", "Li.Xiaoming")


def test_a_refused_addition_leaves_no_line_in_the_log(staff: Database) -> None:
    before = log(staff)
    with pytest.raises(AccountError):
        add(staff, "li")
    assert log(staff) == before


def test_lists_accounts_by_name(staff: Database) -> None:
    add(staff, "chen")
    by_hand(accounts.deactivate, staff, "li")
    assert [(one.name, one.is_active) for one in accounts.accounts(staff)] == [("chen", True), ("li", False)]


@pytest.mark.parametrize(
    ("action", "values"),
    [
        (accounts.set_password, (PASSWORD,)),
        (accounts.deactivate, ()),
        (accounts.activate, ()),
        (accounts.unlock, ()),
        (accounts.change, ()),
    ],
)
def test_names_an_account_that_is_not_there(
    database: Database, action: Callable[..., Any], values: tuple[str, ...]
) -> None:
    with pytest.raises(AccountError, match="there is no account 'zhao'"):
        by_hand(action, database, "zhao", *values)


def test_changes_what_is_given_and_nothing_else(staff: Database) -> None:
    by_hand(accounts.change, staff, "LI", lead_units=["\u5e02\u4eba\u793e\u5c40"])
    by_hand(accounts.change, staff, "li", role=Role.EDITOR)
    assert find(staff, "li") == Account("li", Role.EDITOR, ("\u5e02\u4eba\u793e\u5c40",))


def test_writes_every_change_into_the_log(staff: Database) -> None:
    by_hand(accounts.change, staff, "Li", role=Role.EDITOR)
    by_hand(accounts.set_password, staff, "Li", OTHER, hasher=CHEAP)
    for action in (accounts.deactivate, accounts.activate, accounts.unlock):
        by_hand(action, staff, "Li")
    actions = "account_added account_changed password_set account_deactivated account_activated"
    assert log(staff) == [("wang", action, "account:li") for action in [*actions.split(), "account_unlocked"]]


def test_keeps_no_password_and_no_token(staff: Database) -> None:
    token = sign_in(staff)
    refusal(staff, "li", OTHER)
    refusal(staff, OTHER, OTHER)
    told = f"{audit.newest(staff)} {kept(staff)}"
    assert not [secret for secret in (PASSWORD, OTHER, token) if secret in told]
    with staff.reading() as connection:
        assert connection.execute(select(sessions.c.token_hash)).scalar_one() == (
            hashlib.sha256(token.encode()).hexdigest()
        )


def test_a_token_tells_whose_it_is(staff: Database) -> None:
    assert account_of(staff, sign_in(staff, "LI"), now=NOW) == Account("li", Role.REVIEWER)


@pytest.mark.parametrize("token", ["", "x" * 43, "\ud800", "\0"])
def test_an_unknown_token_is_nobodys(staff: Database, token: str) -> None:
    sign_in(staff)
    assert account_of(staff, token, now=NOW) is None


def test_takes_a_password_from_any_keyboard(database: Database) -> None:
    add(database, "li", "caf\u00e9 12345\uff01")
    assert sign_in(database, "li", "cafe\u0301 12345!")


@pytest.mark.parametrize(
    ("name", "password"), [("zhao", PASSWORD), ("li", OTHER), ("li", "\ud800"), ("", "")]
)
def test_refuses_a_wrong_name_or_password(staff: Database, name: str, password: str) -> None:
    assert refusal(staff, name, password) == "wrong"


def test_refuses_an_account_that_was_deactivated(staff: Database) -> None:
    by_hand(accounts.deactivate, staff, "li")
    assert {refusal(staff, "li", PASSWORD) for _ in range(7)} == {"wrong"}


def test_logs_who_signed_in_and_out_and_who_was_refused(staff: Database) -> None:
    refusal(staff)
    refusal(staff, "secret I typed here")
    accounts.sign_out(staff, sign_in(staff), now=NOW)
    assert log(staff)[1:] == [
        ("system", "sign_in_refused", "account:li"),
        ("system", "sign_in_refused", "account:?"),
        ("li", "signed_in", "account:li"),
        ("li", "signed_out", "account:li"),
    ]


def test_five_failures_lock_out_the_right_password_too(staff: Database) -> None:
    assert [refusal(staff) for _ in range(5)] == ["wrong"] * 5
    assert refusal(staff, password=PASSWORD) == "locked"
    assert [action for _, action, _ in log(staff)][-3:] == [
        "sign_in_refused",
        "account_locked",
        "sign_in_refused",
    ]


def test_a_lock_ends_after_a_quarter_of_an_hour(staff: Database) -> None:
    [refusal(staff) for _ in range(5)]
    assert refusal(staff, password=PASSWORD, minutes=14.99) == "locked"
    assert sign_in(staff, minutes=15)


def test_counts_anew_after_a_lock(staff: Database) -> None:
    [refusal(staff) for _ in range(5)]
    assert [refusal(staff, minutes=15) for _ in range(4)] == ["wrong"] * 4
    assert sign_in(staff, minutes=15)


def test_a_success_resets_the_count(staff: Database) -> None:
    for _ in range(2):
        assert [refusal(staff) for _ in range(4)] == ["wrong"] * 4
        assert sign_in(staff)


def test_unlocking_lets_in_at_once(staff: Database) -> None:
    [refusal(staff) for _ in range(5)]
    by_hand(accounts.unlock, staff, "li")
    assert sign_in(staff)


def test_a_new_password_unlocks_too(staff: Database) -> None:
    [refusal(staff) for _ in range(5)]
    by_hand(accounts.set_password, staff, "li", OTHER, hasher=CHEAP)
    assert sign_in(staff, password=OTHER)


def test_guesses_of_two_programs_at_once_are_all_counted(
    staff: Database, doors: tuple[Database, Database]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        reasons = list(pool.map(lambda n: refusal(doors[n % 2]), range(12)))
    assert sorted(reasons) == ["locked"] * 7 + ["wrong"] * 5


def test_a_password_that_changes_while_it_is_checked_is_wrong(staff: Database) -> None:
    class Slow(PasswordHasher):
        """Meanwhile, an administrator sets another password."""

        def verify(self, hash: str | bytes, password: str | bytes) -> Any:
            by_hand(accounts.set_password, staff, "li", OTHER, hasher=CHEAP)
            return super().verify(hash, password)

    with pytest.raises(SignInRefused, match="wrong"):
        accounts.sign_in(staff, "li", PASSWORD, now=NOW, hasher=Slow.from_parameters(CHEAPEST))


def test_two_programs_never_add_the_same_name(doors: tuple[Database, Database]) -> None:
    def try_to_add(number: int) -> int:
        try:
            return bool(add(doors[number % 2], ("li", "LI")[number % 2]))
        except AccountError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(try_to_add, range(8))) == 1


def test_many_at_once_never_wait_in_a_circle(staff: Database) -> None:
    tokens = [sign_in(staff) for _ in range(16)]

    def turn(token: str) -> None:
        account_of(staff, token, now=at(2))
        accounts.sign_out(staff, token, now=at(2))
        by_hand(accounts.set_password, staff, "li", OTHER, hasher=CHEAP)
        refusal(staff, password=PASSWORD)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, tokens))
    assert audit.verify(staff)[1] == ()


def test_a_hash_of_older_strength_is_made_anew_at_sign_in(staff: Database) -> None:
    accounts.sign_in(staff, "li", PASSWORD, now=NOW)
    assert not HASHER.check_needs_rehash(kept(staff).password_hash)
    assert accounts.sign_in(staff, "li", PASSWORD, now=NOW)


def test_hashes_with_argon2id_as_rfc_9106_has_it() -> None:
    assert (HASHER.type.name, HASHER.memory_cost, HASHER.time_cost, HASHER.parallelism) == ("ID", 65536, 3, 4)


def test_an_unreadable_hash_lets_nobody_in(staff: Database) -> None:
    with staff.writing() as connection:
        connection.execute(update(accounts_table).values(password_hash="?"))
    assert refusal(staff, password=PASSWORD) == "wrong"


def test_a_session_ends_half_an_hour_after_its_last_use(staff: Database) -> None:
    token = sign_in(staff)
    seen = [account_of(staff, token, now=at(minutes)) is not None for minutes in (29, 58, 88)]
    assert seen == [True, True, False]


def test_a_session_ends_after_twelve_hours_of_use(staff: Database) -> None:
    token = sign_in(staff)
    used = [account_of(staff, token, now=at(minutes)) is not None for minutes in range(0, 721, 20)]
    assert used == [True] * 36 + [False]


def test_a_use_is_written_once_a_minute(staff: Database) -> None:
    token = sign_in(staff)
    seen = []
    for seconds in (59, 60, 61, 119, 120):
        account_of(staff, token, now=NOW + timedelta(seconds=seconds))
        with staff.reading() as connection:
            seen.append(connection.execute(select(sessions.c.seen_at)).scalar_one()[14:19])
    assert seen == ["00:00", "01:00", "01:00", "01:00", "02:00"]


def test_signing_in_clears_away_what_is_over(staff: Database) -> None:
    sign_in(staff)
    sign_in(staff, minutes=29)
    assert n_sessions(staff) == 2
    sign_in(staff, minutes=30)
    assert n_sessions(staff) == 2


def test_signing_out_ends_this_session_alone(staff: Database) -> None:
    first, second = sign_in(staff), sign_in(staff)
    accounts.sign_out(staff, first, now=NOW)
    accounts.sign_out(staff, first, now=NOW)
    assert account_of(staff, first, now=NOW) is None
    assert account_of(staff, second, now=NOW) is not None


@pytest.mark.parametrize(("action", "values"), [(accounts.set_password, (OTHER,)), (accounts.deactivate, ())])
def test_a_new_password_or_a_shut_account_ends_its_sessions(
    staff: Database, action: Callable[..., Any], values: tuple[str, ...]
) -> None:
    add(staff, "chen")
    token, others = sign_in(staff), sign_in(staff, "chen")
    by_hand(action, staff, "li", *values)
    by_hand(accounts.activate, staff, "li")
    assert account_of(staff, token, now=NOW) is None
    assert account_of(staff, others, now=NOW) is not None


def test_a_session_of_an_account_shut_by_other_means_is_nobodys(staff: Database) -> None:
    token = sign_in(staff)
    with staff.writing() as connection:
        connection.execute(update(accounts_table).values(is_active=False))
    assert account_of(staff, token, now=NOW) is None


def test_a_changed_role_holds_at_once(staff: Database) -> None:
    token = sign_in(staff)
    by_hand(accounts.change, staff, "li", role=Role.ADMINISTRATOR)
    assert account_of(staff, token, now=NOW) == Account("li", Role.ADMINISTRATOR)
