"""Two servers on one database, as two programs run behind one address."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from assistant import Assistant
from assistant.answer import Status
from assistant.database import Database
from assistant.record import Journal
from assistant.review import audit, queue
from assistant.review.accounts import Account, Role
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.desk import Desk
from assistant.review.queue import Filters
from assistant.review.verdicts import Judgement, Verdict
from assistant.shelf import Shelf
from tests.assistant.conftest import FixedClock
from tests.assistant.databases import open_again

QUESTION = "盖厂房的图纸要审几天"
LI, WANG = Account("li", Role.EDITOR), Account("wang", Role.EDITOR)


@pytest.fixture
def servers(database: Database, shelf: Shelf, assistant: Assistant) -> Iterator[tuple[Assistant, Assistant]]:
    other = open_again(database)

    def server(records: Database) -> Assistant:
        clock, desk = FixedClock(date(2026, 1, 15)), Desk.open(records, shelf, second_share=0.0)
        return Assistant(shelf, assistant._searcher, Journal(records), clock, desk=desk)

    yield server(database), server(other)
    other.close()


def desk_of(server: Assistant) -> Desk:
    assert server.desk is not None
    return server.desk


def test_what_one_answers_staff_of_the_other_find(servers: tuple[Assistant, Assistant]) -> None:
    answer = servers[0].ask(QUESTION)
    desk = desk_of(servers[1])
    page = queue.items(desk.database, LI, desk.notices, Filters(), now=desk.now())
    assert [item.answer_id for item in page.items] == [answer.answer_id]


def test_of_two_reviewers_on_two_servers_one_gets_the_item(servers: tuple[Assistant, Assistant]) -> None:
    answer = servers[0].ask(QUESTION)
    desks = list(map(desk_of, servers))

    def taking(n: int) -> str | None:
        return queue.take(desks[n].database, (LI, WANG)[n], answer.answer_id, now=desks[n].now())

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(taking, range(2)))) in (["None", "li"], ["None", "wang"])


def test_what_an_editor_of_one_approves_the_other_answers(servers: tuple[Assistant, Assistant]) -> None:
    cited = {"xian-2024-26#m03": ""}
    text = "施工图审查时限原则上不超过15个工作日。"
    active = ApprovalState.ACTIVE
    desk_of(servers[0]).approve(
        LI, Approval("", 0, active, "zh", (QUESTION,), Status.ANSWERED, text, cited, None, None, "", "", "")
    )
    desk_of(servers[1]).book.follow(at_once=True)
    assert [server.ask(QUESTION).engine for server in servers] == ["approved", "approved"]


def test_one_log_tells_of_both(servers: tuple[Assistant, Assistant]) -> None:
    answers = [server.ask(QUESTION) for server in servers]
    judging: list[Callable[[], object]] = [
        lambda: desk_of(servers[1]).judge(LI, answers[0].answer_id, Judgement(Verdict.RIGHT)),
        lambda: desk_of(servers[0]).judge(WANG, answers[1].answer_id, Judgement(Verdict.RIGHT)),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda judge: judge(), judging))
    assert audit.verify(desk_of(servers[0]).database) == (2, ())
