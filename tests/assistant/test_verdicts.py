import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Table, func, select

from assistant.database import Database
from assistant.database.tables import audit as audit_table
from assistant.database.tables import cases, verdicts
from assistant.errors import RecordsError, ReviewError
from assistant.review import audit, feedback, queue
from assistant.review.accounts import Account, Role
from assistant.review.queue import State
from assistant.review.verdicts import (
    MAX_COMMENT_CHARS,
    MAX_FACT_CHARS,
    MAX_FACTS,
    MAX_TEXT_CHARS,
    REASONS,
    Given,
    Judgement,
    Turn,
    Verdict,
    judge,
    of_answer,
)
from corpus.notice import Notice
from tests.assistant.databases import open_again
from tests.assistant.rows import CHEN, LI, NOW, WANG, answered, checkable, passage

Judge = Callable[..., State]
RIGHT = Judgement(Verdict.RIGHT)
REFUSE = Judgement(Verdict.SHOULD_HAVE_REFUSED, ending="not_covered")
M07 = (passage("m07"),)
ZHAO = Account("zhao", Role.REVIEWER)
ADMINISTRATOR = Account("sun", Role.ADMINISTRATOR)
FORGED = dict.fromkeys(("at", "actor", "action", "record", "details", "previous", "hash"), "")


@pytest.fixture
def answer_id(database: Database) -> str:
    return checkable(database)


@pytest.fixture
def judges(database: Database, notice: Notice, answer_id: str) -> Judge:
    """Let an account judge the answer: judges(LI, RIGHT)."""

    def judges(
        account: Account,
        judgement: Judgement = RIGHT,
        *,
        of: str = answer_id,
        share: float = 0.0,
        now: datetime = NOW,
        door: Database = database,
    ) -> State:
        return judge(door, account, of, judgement, notices=(notice,), second_share=share, now=now)

    return judges


@pytest.fixture
def given(database: Database, answer_id: str) -> Callable[[], tuple[Given, ...]]:
    return lambda: of_answer(database, answer_id)


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another program's door to the same records."""
    opened = open_again(database)
    yield opened
    opened.close()


def wants_second(verdict: Verdict = Verdict.RIGHT) -> Judgement:
    return Judgement(verdict, comment="please look", wants_second=True)


def seconds(n: float) -> datetime:
    return NOW + timedelta(seconds=n)


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def refusal(judges: Judge, account: Account, judgement: Judgement = RIGHT, **how: object) -> str | None:
    """Return why a verdict is refused; None where it is kept."""
    try:
        judges(account, judgement, **how)
    except ReviewError as refused:
        return refused.key
    return None


def standing(given: tuple[Given, ...]) -> list[tuple[str, Verdict]]:
    return [(one.reviewer, one.judgement.verdict) for one in given if one.is_standing]


# What each verdict needs


@pytest.mark.parametrize(
    ("judgement", "key"),
    [
        (Judgement(Verdict.WRONG_MEASURE, comment="not this one"), "review.needs_measure"),
        (Judgement(Verdict.WRONG_MEASURE, measures=()), "review.needs_measure"),
        (Judgement(Verdict.SHOULD_HAVE_ANSWERED), "review.needs_measure"),
        (Judgement(Verdict.SHOULD_HAVE_REFUSED, comment="no"), "review.needs_ending"),
        (Judgement(Verdict.SHOULD_HAVE_REFUSED, ending="answered"), "review.needs_ending"),
        (Judgement(Verdict.PARTLY), "review.needs_words"),
        (Judgement(Verdict.WRONG_FACT, comment=" \n\u3000"), "review.needs_words"),
        (Judgement(Verdict.OVER_PROMISE, corrected_text=" "), "review.needs_words"),
        (Judgement(Verdict.OVER_PROMISE, must_contain=(" ", "\0")), "review.needs_words"),
    ],
)
def test_refuses_a_verdict_that_teaches_nothing(
    judges: Judge, database: Database, judgement: Judgement, key: str
) -> None:
    assert refusal(judges, LI, judgement) == key
    assert count(database, verdicts) == 0


@pytest.mark.parametrize(
    "judgement",
    [
        RIGHT,
        Judgement(Verdict.PARTLY, comment="the deadline is left out"),
        Judgement(Verdict.WRONG_FACT, must_not_contain=("15天",)),
        Judgement(Verdict.OVER_PROMISE, corrected_text="原则上不超过15个工作日。"),
        Judgement(Verdict.PARTLY, must_contain=("原则上",)),
        Judgement(Verdict.WRONG_MEASURE, measures=M07),
        Judgement(Verdict.SHOULD_HAVE_ANSWERED, measures=M07),
        REFUSE,
        Judgement(Verdict.SHOULD_HAVE_REFUSED, ending="clarify"),
    ],
)
def test_keeps_a_verdict_as_it_was_given(
    judges: Judge, given: Callable[[], tuple[Given, ...]], judgement: Judgement
) -> None:
    assert judges(LI, judgement) is State.HANDLED
    assert given() == (Given("li", Turn.FIRST, "2026-01-15T09:00:00.000+00:00", True, judgement),)


@pytest.mark.parametrize(
    ("judgement", "key"),
    [
        (Judgement(Verdict.RIGHT, reasons=("rude",)), "review.unknown_reason"),
        (Judgement(Verdict.WRONG_MEASURE, measures=("xian-2024-26#m40",)), "review.unknown_measure"),
        (Judgement(Verdict.WRONG_MEASURE, measures=("m06",)), "review.unknown_measure"),
        (Judgement(Verdict.SHOULD_HAVE_REFUSED, ending="refused"), "review.unknown_ending"),
        (Judgement(Verdict.RIGHT, comment="好" * (MAX_COMMENT_CHARS + 1)), "review.too_long"),
        (Judgement(Verdict.PARTLY, corrected_text="好" * (MAX_TEXT_CHARS + 1)), "review.too_long"),
        (Judgement(Verdict.PARTLY, must_contain=("1" * (MAX_FACT_CHARS + 1),)), "review.too_long"),
        (Judgement(Verdict.PARTLY, must_contain=("a",) * (MAX_FACTS + 1)), "review.too_many_facts"),
        (Judgement(Verdict.PARTLY, must_not_contain=("a",) * (MAX_FACTS + 1)), "review.too_many_facts"),
    ],
)
def test_refuses_a_broken_verdict(judges: Judge, database: Database, judgement: Judgement, key: str) -> None:
    assert refusal(judges, LI, judgement) == key
    assert count(database, verdicts) == count(database, audit_table) == 0


def test_refuses_ten_megabytes_at_once(judges: Judge) -> None:
    started = time.perf_counter()
    assert refusal(judges, LI, Judgement(Verdict.PARTLY, comment="1" * 10_000_000)) == "review.too_long"
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("unknown", ["", "f" * 32, "' OR 1=1 --"])
def test_refuses_an_answer_that_was_never_given(judges: Judge, unknown: str) -> None:
    assert refusal(judges, LI, of=unknown) == "review.unknown_answer"


def test_keeps_every_reason_it_knows(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    judges(LI, Judgement(Verdict.RIGHT, reasons=REASONS))
    assert given()[0].judgement.reasons == REASONS


def test_masks_personal_data(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    call = "电话13800138000"
    judges(LI, Judgement(Verdict.PARTLY, (), call, corrected_text=call, must_contain=(call,)))
    kept = given()[0].judgement
    assert {kept.comment, kept.corrected_text, *kept.must_contain} == {"电话[***]"}


def test_masks_personal_data_in_what_must_not_be_said(judges: Judge, database: Database) -> None:
    judges(LI, Judgement(Verdict.PARTLY, must_not_contain=("电话13800138000",)))
    with database.reading() as connection:
        kept = connection.execute(select(cases.c.case)).scalar_one()
    assert "13800138000" not in kept


def test_drops_what_no_database_can_hold(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    judges(LI, Judgement(Verdict.PARTLY, (), "期\0限\ud800\r\n不对", must_contain=("\ud800", " ", "\0")))
    assert given()[0].judgement == Judgement(Verdict.PARTLY, (), "期限?\n不对", must_contain=("?",))


def test_names_a_measure_once(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    judges(LI, Judgement(Verdict.WRONG_MEASURE, measures=M07 * 2))
    assert given()[0].judgement.measures == M07


# Turns


def test_one_verdict_settles_an_answer(judges: Judge, database: Database, notice: Notice) -> None:
    assert judges(LI) is State.HANDLED
    assert queue.counts(database, CHEN, (notice,)) == dict.fromkeys(queue.OPEN, 0)


def test_gives_the_item_back(judges: Judge, database: Database, answer_id: str) -> None:
    queue.take(database, LI, answer_id, now=NOW)
    judges(LI, wants_second())
    assert queue.take(database, WANG, answer_id, now=NOW) is None


def test_a_reviewer_may_want_a_second_verdict(judges: Judge) -> None:
    assert judges(LI, wants_second()) is State.SECOND
    assert refusal(judges, LI) == "review.needs_somebody_else"


def test_an_editor_is_no_second_reviewer_of_their_own_verdict(judges: Judge) -> None:
    judges(CHEN, wants_second())
    assert refusal(judges, CHEN) == "review.needs_somebody_else"


@pytest.mark.parametrize(
    ("lot", "share", "state"),
    [
        ("00000000", 0.0, State.HANDLED),
        ("00000000", 0.1, State.SECOND),
        ("19999999", 0.1, State.SECOND),
        ("1999999a", 0.1, State.HANDLED),
        ("ffffffff", 1.0, State.SECOND),
    ],
)
def test_draws_a_second_verdict_by_the_id(
    judges: Judge, database: Database, lot: str, share: float, state: State
) -> None:
    answer_id = checkable(database, answer_id=f"ffffffff{lot}{'f' * 16}")
    assert judges(LI, of=answer_id, share=share) is state


def test_draws_no_third_verdict(judges: Judge) -> None:
    judges(LI, wants_second(), share=1.0)
    assert judges(WANG, wants_second(), share=1.0) is State.HANDLED


def test_of_two_that_agree_the_first_counts(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    judges(LI, wants_second())
    assert judges(WANG, now=seconds(1)) is State.HANDLED
    assert standing(given()) == [("li", Verdict.RIGHT)]
    assert [one.turn for one in given()] == [Turn.FIRST, Turn.SECOND]


def test_of_two_that_differ_none_counts(judges: Judge, given: Callable[[], tuple[Given, ...]]) -> None:
    judges(LI, wants_second())
    assert judges(WANG, REFUSE, now=seconds(1)) is State.DISPUTED
    assert standing(given()) == []


def test_a_dispute_rises_in_the_queue(judges: Judge, database: Database, notice: Notice) -> None:
    heavy = answered(database, priority=59)
    judges(LI, wants_second())
    judges(WANG, REFUSE)
    shown = queue.items(database, CHEN, (notice,), queue.Filters(), now=NOW).items
    assert [item.answer_id for item in shown][1:] == [heavy]


@pytest.mark.parametrize("account", [LI, WANG, ZHAO])
def test_a_dispute_is_no_reviewers_to_settle(judges: Judge, account: Account) -> None:
    judges(LI, wants_second())
    judges(WANG, REFUSE)
    assert refusal(judges, account) == "review.needs_editor"


@pytest.mark.parametrize("editor", [CHEN, ADMINISTRATOR])
def test_an_editor_settles_a_dispute(
    judges: Judge, given: Callable[[], tuple[Given, ...]], editor: Account
) -> None:
    judges(LI, wants_second())
    judges(WANG, REFUSE, now=seconds(1))
    assert judges(editor, REFUSE, now=seconds(2)) is State.HANDLED
    assert standing(given()) == [(editor.name, Verdict.SHOULD_HAVE_REFUSED)]
    assert given()[-1].turn is Turn.FINAL


def test_an_editor_may_correct_what_was_settled(
    judges: Judge, given: Callable[[], tuple[Given, ...]]
) -> None:
    judges(LI)
    assert judges(CHEN, REFUSE, now=seconds(1)) is State.HANDLED
    assert standing(given()) == [("chen", Verdict.SHOULD_HAVE_REFUSED)]


def test_a_reviewer_may_not_correct_what_was_settled(judges: Judge) -> None:
    judges(LI)
    assert refusal(judges, WANG, REFUSE) == refusal(judges, LI, REFUSE) == "review.checked_meanwhile"


def test_names_who_checked_it_meanwhile(judges: Judge) -> None:
    judges(LI)
    with pytest.raises(ReviewError) as raised:
        judges(WANG)
    assert raised.value.values == {"name": "li"}


def test_after_a_complaint_the_first_verdict_is_given_anew(
    judges: Judge, given: Callable[[], tuple[Given, ...]], database: Database, answer_id: str
) -> None:
    judges(LI)
    feedback.give(database, answer_id, is_helpful=False, now=NOW)
    assert judges(LI, REFUSE, now=seconds(1)) is State.HANDLED
    assert [one.turn for one in given()] == [Turn.FIRST, Turn.FIRST]
    assert standing(given()) == [("li", Verdict.SHOULD_HAVE_REFUSED)]


def test_has_no_verdict_on_what_was_not_checked(given: Callable[[], tuple[Given, ...]]) -> None:
    assert given() == ()


# Somebody else


def test_does_not_judge_what_somebody_else_has_open(
    judges: Judge, database: Database, answer_id: str
) -> None:
    queue.take(database, WANG, answer_id, now=NOW)
    with pytest.raises(ReviewError) as raised:
        judges(LI)
    assert (raised.value.key, raised.value.values) == ("review.taken", {"name": "wang"})


def test_judges_what_somebody_else_left_open(judges: Judge, database: Database, answer_id: str) -> None:
    queue.take(database, WANG, answer_id, now=NOW)
    assert judges(LI, now=NOW + timedelta(minutes=20)) is State.HANDLED


def test_judges_what_nobody_opened(judges: Judge) -> None:
    assert judges(LI) is State.HANDLED


def ends(judges: Judge, doors: list[Database], judgement: Judgement) -> list[str | None]:
    """Let as many reviewers as there are doors judge at the same moment; None for each that is kept."""
    start = Barrier(len(doors))

    def one(number: int) -> str | None:
        start.wait()
        return refusal(judges, Account(f"r{number}", Role.REVIEWER), judgement, door=doors[number])

    with ThreadPoolExecutor(len(doors)) as pool:
        return list(pool.map(one, range(len(doors))))


def test_of_ten_at_once_one_gives_the_first_verdict(
    judges: Judge, database: Database, given: Callable[[], tuple[Given, ...]]
) -> None:
    found = ends(judges, [database] * 10, RIGHT)
    assert sorted(found, key=str) == [None] + ["review.checked_meanwhile"] * 9
    assert [(one.turn, one.is_standing) for one in given()] == [(Turn.FIRST, True)]


def test_of_ten_at_once_one_gives_the_first_and_one_the_second_verdict(
    judges: Judge, database: Database, given: Callable[[], tuple[Given, ...]]
) -> None:
    found = ends(judges, [database] * 10, wants_second())
    assert sorted(found, key=str) == [None] * 2 + ["review.checked_meanwhile"] * 8
    assert sorted(one.turn for one in given()) == [Turn.FIRST, Turn.SECOND]


def test_of_two_programs_one_gives_the_first_verdict(
    judges: Judge, database: Database, other: Database, given: Callable[[], tuple[Given, ...]]
) -> None:
    patient = open_again(database)
    found = ends(judges, [patient, other] * 3, RIGHT)
    patient.close()
    assert found.count(None) == len(given()) == 1
    assert audit.verify(database) == (1, ())


# The audit log


def test_every_verdict_has_its_line(judges: Judge, database: Database, answer_id: str) -> None:
    judges(LI, wants_second())
    judges(WANG, REFUSE)
    second, first = audit.newest(database)
    assert (first.actor, first.action, first.record) == ("li", "verdict", f"answer:{answer_id}")
    assert json.loads(first.details) == {"verdict": "right", "turn": "first", "state": "second"}
    assert json.loads(second.details)["state"] == "disputed"


def test_the_log_holds_no_words_of_a_comment(judges: Judge, database: Database) -> None:
    judges(LI, Judgement(Verdict.PARTLY, comment="secret"))
    assert "secret" not in audit.newest(database)[0].details


@pytest.mark.parametrize("trace", ["", "{", "[]", "{}", "null", '{"answer": {}}'])
def test_nothing_is_half_written_where_no_case_can_be_made(
    judges: Judge, database: Database, trace: str
) -> None:
    answer_id = answered(database, trace=trace)
    with pytest.raises((ValueError, LookupError, TypeError)):
        judges(LI, of=answer_id)
    assert [count(database, table) for table in (verdicts, cases, audit_table)] == [0, 0, 0]


def test_an_item_stays_open_where_no_case_can_be_made(judges: Judge, database: Database) -> None:
    answer_id = answered(database, trace="{")
    queue.take(database, LI, answer_id, now=NOW)
    with pytest.raises(ValueError, match="Expecting"):
        judges(LI, of=answer_id)
    assert queue.take(database, WANG, answer_id, now=NOW) == "li"


def test_a_refused_verdict_leaves_no_line(judges: Judge, database: Database) -> None:
    judges(LI)
    refusal(judges, WANG)
    assert audit.verify(database) == (1, ())


def test_a_verdict_that_cannot_be_logged_is_not_kept(judges: Judge, database: Database) -> None:
    with database.writing() as connection:
        connection.execute(audit_table.insert().values(number=1, **FORGED))
    with pytest.raises(RecordsError):
        judges(LI)
    assert [count(database, table) for table in (verdicts, cases)] == [0, 0]
