from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select, update

from assistant.answer import Answer, Status
from assistant.database import Database
from assistant.database.tables import queue as queue_table
from assistant.review import feedback, queue
from assistant.review.accounts import Account, Role
from assistant.review.priority import WEIGHTS, Reason, is_drawn, priority_of, reasons_of
from assistant.review.queue import TAKEN_MINUTES, Filters, Page, State
from corpus.notice import Notice
from tests.assistant.databases import open_again
from tests.assistant.rows import CHEN, LI, NOW, WANG, answered, judged, passage

Shown = Callable[..., list[str]]
LIMITED = Account("zhao", Role.REVIEWER, ("市行政审批局",))  # leads 6
ALL = Filters()


@pytest.fixture
def page(database: Database, notice: Notice) -> Callable[..., Page]:
    def page(account: Account = LI, filters: Filters = ALL, now: datetime = NOW, **limits: int) -> Page:
        return queue.items(database, account, (notice,), filters, now=now, **limits)

    return page


@pytest.fixture
def shown(page: Callable[..., Page]) -> Shown:
    """Give the ids of the items shown, in order."""
    return lambda *given, **named: [item.answer_id for item in page(*given, **named).items]


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another program's door to the same records."""
    opened = open_again(database)
    yield opened
    opened.close()


def minutes(n: float) -> datetime:
    return NOW + timedelta(minutes=n)


def put(database: Database, answer_id: str, state: State) -> None:
    with database.writing() as connection:
        mine = queue_table.c.answer_id == answer_id
        connection.execute(update(queue_table).where(mine).values(state=state))


def place(database: Database, answer_id: str) -> tuple[str, str, int, str | None]:
    with database.reading() as connection:
        row = connection.execute(select(queue_table).where(queue_table.c.answer_id == answer_id)).one()
    return row.state, row.reasons, row.priority, row.handled_at


def taken_at_once(doors: tuple[Database, Database], answer_id: str) -> list[str | None]:
    """Let two reviewers open one item at the same moment."""
    start = Barrier(2)

    def take(door: Database, account: Account) -> str | None:
        start.wait()
        return queue.take(door, account, answer_id, now=NOW)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(take, doors, (LI, WANG)))


def fresh(status: Status, confidence: float | None = 0.95) -> Answer:
    return Answer("0" * 32, "水电气", "zh", status, "text", confidence=confidence)


# What is to be checked first


@pytest.mark.parametrize(
    ("answer", "reasons"),
    [
        (fresh(Status.ANSWERED), ()),
        (fresh(Status.ANSWERED, 0.89), (Reason.LOW_CONFIDENCE,)),
        (fresh(Status.ANSWERED, None), (Reason.LOW_CONFIDENCE,)),
        (fresh(Status.FAILED, None), (Reason.FAILED,)),
        (fresh(Status.CLARIFY), (Reason.NO_ANSWER,)),
        (fresh(Status.NOT_STATED), (Reason.NO_ANSWER,)),
        (fresh(Status.NOT_COVERED, 0.1), (Reason.NO_ANSWER,)),
        (fresh(Status.DECLINED, None), ()),
    ],
)
def test_says_why_an_answer_should_be_checked(answer: Answer, reasons: tuple[Reason, ...]) -> None:
    assert reasons_of(answer, is_sampled=False, is_new=False) == reasons


def test_names_the_weightiest_reason_first() -> None:
    found = reasons_of(fresh(Status.ANSWERED, 0.5), is_sampled=True, is_new=True)
    assert found == (Reason.LOW_CONFIDENCE, Reason.SAMPLED, Reason.NEW_WORDING)


def test_a_complaint_outweighs_all_other_reasons_together_but_one() -> None:
    own = (Reason.FAILED, Reason.LOW_CONFIDENCE, Reason.SAMPLED, Reason.NO_ANSWER, Reason.NEW_WORDING)
    assert priority_of([Reason.UNHELPFUL]) > priority_of(own)
    assert set(WEIGHTS) == set(Reason)


@pytest.mark.parametrize(
    ("start", "share", "drawn"),
    [("00000000", 0.05, True), ("0ccccccc", 0.05, True), ("0ccccccd", 0.05, False), ("ffffffff", 1.0, True)],
)
def test_draws_by_the_first_digits_of_the_id(start: str, share: float, drawn: bool) -> None:
    assert is_drawn(start + "f" * 24, share) is drawn


def test_draws_nothing_where_the_share_is_nothing() -> None:
    assert not is_drawn("0" * 32, 0.0)


# Order and pages


def test_shows_the_weightiest_first(database: Database, shown: Shown) -> None:
    ids = [answered(database, priority=n) for n in (5, 200, 60)]
    assert shown() == [ids[1], ids[2], ids[0]]


def test_shows_the_newest_of_equal_weight_first(database: Database, shown: Shown) -> None:
    ids = [answered(database, priority=60, asked_at=minutes(n)) for n in (0, 2, 1)]
    assert shown() == [ids[1], ids[2], ids[0]]


def test_pages_do_not_overlap_and_leave_nothing_out(database: Database, shown: Shown) -> None:
    ids = [answered(database, priority=60) for _ in range(7)]  # all of one moment
    pages = [shown(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert sorted(pages[0] + pages[1] + pages[2]) == sorted(ids)


def test_counts_what_the_filters_leave_not_what_a_page_shows(
    database: Database, page: Callable[..., Page]
) -> None:
    for status in ("answered",) * 5 + ("clarify",) * 4:
        answered(database, status=status, cited=("m06", "m07"))
    found = page(LI, Filters(status="answered", passage_id=passage("m06")), limit=2)
    assert (len(found.items), found.total) == (2, 5)


def test_counts_what_an_account_may_check(database: Database, page: Callable[..., Page]) -> None:
    answered(database, cited=("m06",))
    answered(database, cited=("m03",))
    assert page(LIMITED).total == 1


def test_an_empty_queue_has_no_pages(page: Callable[..., Page]) -> None:
    assert page() == Page((), 0)


def test_shows_an_item_as_it_was_asked(database: Database, page: Callable[..., Page]) -> None:
    reasons = "no_answer new_wording"
    answered(database, question="拿地即开工", status="clarify", confidence=None, reasons=reasons)
    item = page().items[0]
    assert (item.question, item.status, item.confidence) == ("拿地即开工", "clarify", None)
    assert (item.state, item.reasons) == (State.UNREAD, (Reason.NO_ANSWER, Reason.NEW_WORDING))


# Who sees what


@pytest.mark.parametrize(
    ("account", "states"),
    [(LI, {State.UNREAD, State.SECOND}), (CHEN, {State.UNREAD, State.SECOND, State.DISPUTED})],
)
def test_shows_open_states_and_disputes_to_editors_only(
    database: Database, page: Callable[..., Page], account: Account, states: set[State]
) -> None:
    for state in State:
        put(database, answered(database), state)
    assert {item.state for item in page(account).items} == states


def test_shows_handled_answers_when_asked_for(database: Database, shown: Shown) -> None:
    handled = answered(database, state="handled")
    answered(database)
    assert shown(LI, Filters(state=State.HANDLED)) == [handled]


def test_never_gives_a_reviewer_their_own_first_verdict_again(database: Database, shown: Shown) -> None:
    answer_id = answered(database)
    judged(database, answer_id, reviewer="li")
    put(database, answer_id, State.SECOND)
    assert (shown(LI), shown(WANG)) == ([], [answer_id])


def test_shows_a_reviewer_an_answer_they_judged_once_a_user_complains(
    database: Database, shown: Shown
) -> None:
    answer_id = answered(database)
    judged(database, answer_id, reviewer="li")
    feedback.give(database, answer_id, is_helpful=False, now=NOW)
    assert shown(LI) == [answer_id]


def test_shows_a_limited_account_what_cites_or_found_its_measures(database: Database, shown: Shown) -> None:
    cited, found = answered(database, cited=("m06",)), answered(database, found=("m06",))
    answered(database, cited=("m03",))
    answered(database)
    assert set(shown(LIMITED)) == {cited, found}


def test_an_account_of_a_unit_that_leads_nothing_sees_nothing(database: Database, shown: Shown) -> None:
    answered(database, cited=("m06",))
    assert shown(Account("qian", Role.REVIEWER, ("市地震局",))) == []


def test_limits_an_account_to_exactly_the_measures_its_units_lead(
    notice: Notice, led_by: dict[str, list[int]]
) -> None:
    account = Account("zhao", Role.REVIEWER, ("市文物局", "市工信局"))
    numbers = sorted({*led_by["市文物局"], *led_by["市工信局"]})
    assert queue.passages_of(account, (notice,)) == {passage(f"m{number:02}") for number in numbers}


def test_does_not_limit_an_account_without_units(notice: Notice) -> None:
    assert queue.passages_of(LI, (notice,)) is None


def test_one_item_is_hidden_from_an_account_limited_to_others(database: Database, notice: Notice) -> None:
    answer_id = answered(database, cited=("m03",))
    assert queue.item(database, LIMITED, (notice,), answer_id, now=NOW) is None
    assert queue.item(database, LI, (notice,), answer_id, now=NOW) is not None


def test_one_item_can_be_read_by_who_may_not_check_it(database: Database, notice: Notice) -> None:
    answer_id = answered(database, state="disputed")
    assert queue.item(database, LI, (notice,), answer_id, now=NOW) is not None


def test_knows_no_item_that_was_never_asked(database: Database, notice: Notice) -> None:
    assert queue.item(database, LI, (notice,), "nobody", now=NOW) is None


def test_counts_the_open_states_for_an_account(database: Database, notice: Notice) -> None:
    for state in State:
        put(database, answered(database, cited=("m06",)), state)
    counts = {State.UNREAD: 1, State.SECOND: 1, State.DISPUTED: 0}
    assert queue.counts(database, LI, (notice,)) == counts
    assert queue.counts(database, CHEN, (notice,)) == {**counts, State.DISPUTED: 1}


# Filters


def test_filters_by_state(database: Database, shown: Shown) -> None:
    answered(database)
    second = answered(database, state="second")
    assert shown(LI, Filters(state=State.SECOND)) == [second]


@pytest.mark.parametrize("reason", list(Reason))
def test_filters_by_reason(database: Database, shown: Shown, reason: Reason) -> None:
    ids = {one: answered(database, reasons=one) for one in Reason}
    both = answered(database, reasons=f"new_wording {reason}")
    assert set(shown(LI, Filters(reason=reason))) == {ids[reason], both} | (
        {both} if reason is Reason.NEW_WORDING else set()
    )


def test_filters_by_status(database: Database, shown: Shown) -> None:
    answered(database)
    declined = answered(database, status="declined")
    assert shown(LI, Filters(status="declined")) == [declined]


def test_filters_by_passage_cited_not_found(database: Database, shown: Shown) -> None:
    cited = answered(database, cited=("m06",), found=("m07",))
    answered(database, cited=("m07",), found=("m06",))
    assert shown(LI, Filters(passage_id=passage("m06"))) == [cited]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("100%", "检查100%吗"),
        ("_", "a_b"),
        ("\\", "a\\b"),
        ("'", "it's"),
        ("/", "a/b"),
        ("报装", "水电气报装"),
        (" HOOK ", "utility Hookups"),
    ],
)
def test_filters_by_text_as_it_stands(database: Database, shown: Shown, text: str, question: str) -> None:
    found = answered(database, question=question)
    answered(database, question="检查1000次 ab")
    assert shown(LI, Filters(text=text)) == [found]


@pytest.mark.parametrize("text", ["\0", "\ud800", "a" * 100_000])
def test_finds_nothing_for_text_that_cannot_stand_in_a_question(
    database: Database, shown: Shown, text: str
) -> None:
    answered(database, question="没有")
    assert shown(LI, Filters(text=f"水{text}")) == []


def test_a_blank_text_filters_nothing(database: Database, shown: Shown) -> None:
    assert shown(LI, Filters(text=" \u3000")) == shown(LI) == []
    answer_id = answered(database)
    assert shown(LI, Filters(text=" \u3000")) == [answer_id]


def test_filters_what_is_open_with_me(database: Database, shown: Shown) -> None:
    mine, theirs, _ = (answered(database) for _ in range(3))
    queue.take(database, LI, mine, now=NOW)
    queue.take(database, WANG, theirs, now=NOW)
    assert shown(LI, Filters(is_mine=True)) == [mine]


def test_what_was_open_with_me_too_long_is_mine_no_more(database: Database, shown: Shown) -> None:
    queue.take(database, LI, answered(database), now=NOW)
    assert shown(LI, Filters(is_mine=True), minutes(TAKEN_MINUTES)) == []


def test_all_filters_must_hold(database: Database, shown: Shown) -> None:
    wanted = Filters(status="clarify", reason=Reason.NO_ANSWER, text="水")
    answered(database, status="clarify", reasons="no_answer", question="电")
    answered(database, reasons="no_answer", question="水")
    found = answered(database, status="clarify", reasons="no_answer", question="水")
    assert shown(LI, wanted) == [found]


# Taking


def test_says_who_has_an_item_open(database: Database, page: Callable[..., Page]) -> None:
    answer_id = answered(database)
    assert queue.take(database, LI, answer_id, now=NOW) is None
    assert queue.take(database, WANG, answer_id, now=minutes(1)) == "li"
    assert page(WANG).items[0].assigned_to == "li"


def test_who_has_an_item_open_may_open_it_again(database: Database) -> None:
    answer_id = answered(database)
    queue.take(database, LI, answer_id, now=NOW)
    assert queue.take(database, LI, answer_id, now=minutes(19)) is None
    assert queue.take(database, WANG, answer_id, now=minutes(TAKEN_MINUTES + 1)) == "li"


@pytest.mark.parametrize("trial", range(5))
def test_gives_an_item_to_one_of_two_reviewers(database: Database, trial: int) -> None:
    answer_id = answered(database)
    first, second = taken_at_once((database, database), answer_id)
    assert (first, second) in [(None, "li"), ("wang", None)]


@pytest.mark.parametrize("trial", range(5))
def test_gives_an_item_to_one_of_two_programs(database: Database, other: Database, trial: int) -> None:
    patient = open_again(database)
    answer_id = answered(database)
    first, second = taken_at_once((patient, other), answer_id)
    patient.close()
    assert (first, second) in [(None, "li"), ("wang", None)]


def test_a_lapsed_assignment_may_be_taken(database: Database, page: Callable[..., Page]) -> None:
    answer_id = answered(database)
    queue.take(database, LI, answer_id, now=NOW)
    assert page(WANG, now=minutes(TAKEN_MINUTES)).items[0].assigned_to is None
    assert queue.take(database, WANG, answer_id, now=minutes(TAKEN_MINUTES)) is None


def test_gives_an_item_back(database: Database) -> None:
    answer_id = answered(database)
    queue.take(database, LI, answer_id, now=NOW)
    queue.release(database, LI, answer_id)
    assert queue.take(database, WANG, answer_id, now=NOW) is None


def test_does_not_give_back_what_somebody_else_has_open(database: Database) -> None:
    answer_id = answered(database)
    queue.take(database, LI, answer_id, now=NOW)
    queue.release(database, WANG, answer_id)
    assert queue.take(database, WANG, answer_id, now=NOW) == "li"


# The next item


def test_gives_the_weightiest_item_next(database: Database, notice: Notice) -> None:
    answered(database, priority=5)
    heavy = answered(database, priority=60)
    assert queue.next_item(database, LI, (notice,), now=NOW) == heavy


def test_passes_over_what_others_have_open(database: Database, notice: Notice) -> None:
    heavy, light = answered(database, priority=60), answered(database)
    queue.take(database, WANG, heavy, now=NOW)
    assert queue.next_item(database, LI, (notice,), now=NOW) == light
    assert queue.next_item(database, WANG, (notice,), now=NOW) == heavy


def test_has_nothing_next_where_all_is_done_or_open_elsewhere(database: Database, notice: Notice) -> None:
    answered(database, state="handled")
    queue.take(database, WANG, answered(database), now=NOW)
    assert queue.next_item(database, LI, (notice,), now=NOW) is None


def test_gives_next_what_was_left_open_too_long(database: Database, notice: Notice) -> None:
    answer_id = answered(database)
    queue.take(database, WANG, answer_id, now=NOW)
    assert queue.next_item(database, LI, (notice,), now=minutes(TAKEN_MINUTES)) == answer_id


def test_gives_next_only_what_the_account_may_check(database: Database, notice: Notice) -> None:
    answered(database, cited=("m03",), priority=60)
    mine = answered(database, cited=("m06",))
    assert queue.next_item(database, LIMITED, (notice,), now=NOW) == mine


# A user's complaint


def test_a_complaint_puts_an_answer_first(database: Database, shown: Shown) -> None:
    every = WEIGHTS[Reason.FAILED] + WEIGHTS[Reason.LOW_CONFIDENCE] + WEIGHTS[Reason.SAMPLED]
    suspected = answered(database, priority=every, asked_at=minutes(1))
    complained = answered(database)
    feedback.give(database, complained, is_helpful=False, now=NOW)
    assert shown() == [complained, suspected]


def test_a_complaint_puts_a_handled_answer_back(database: Database, shown: Shown) -> None:
    answer_id = answered(database, reasons="sampled", priority=30, state="handled")
    feedback.give(database, answer_id, is_helpful=False, now=NOW)
    assert shown() == [answer_id]
    assert place(database, answer_id) == ("unread", "unhelpful sampled", 230, None)


def test_a_second_complaint_weighs_no_more(database: Database) -> None:
    answer_id = answered(database)
    for _ in range(2):
        feedback.give(database, answer_id, is_helpful=False, now=NOW)
    assert place(database, answer_id) == ("unread", "unhelpful", 200, None)


def test_praise_leaves_an_answer_where_it_is(database: Database) -> None:
    answer_id = answered(database, state="handled", reasons="sampled", priority=30)
    feedback.give(database, answer_id, is_helpful=True, now=NOW)
    assert place(database, answer_id) == ("handled", "sampled", 30, None)


def test_a_complaint_takes_an_item_from_nobody(database: Database, page: Callable[..., Page]) -> None:
    answer_id = answered(database)
    queue.take(database, LI, answer_id, now=NOW)
    feedback.give(database, answer_id, is_helpful=False, now=NOW)
    assert page().items[0].assigned_to == "li"
