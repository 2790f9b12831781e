"""The round of an answer: asked, complained of, corrected, approved, used, and suspended with its source."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from assistant import Assistant, Settings
from assistant.review import accounts, approvals, audit, verdicts
from assistant.review.accounts import Role
from assistant.review.approvals import ApprovalState
from assistant.review.desk import Desk
from tests.assistant.test_approvals import with_source
from tests.browser.conftest import overflow, served

pytestmark = pytest.mark.browser

QUESTION = "盖厂房的图纸要审几天"
PASSWORDS = {"li": "reviewing-12345", "wang": "approving-12345", "chen": "governing-12345"}
ROLES = {"li": Role.REVIEWER, "wang": Role.EDITOR, "chen": Role.ADMINISTRATOR}
APPROVED = "施工图审查时限原则上不超过15个工作日。"


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The real assistant with records of its own and three accounts."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("staff"), second_review_share=0.0)
    with Assistant.open(settings, say=lambda _: None) as opened:
        for name, role in ROLES.items():
            accounts.add(
                opened.desk.database, name, PASSWORDS[name], role, now=opened.desk.now(), actor="tests"
            )
        yield opened


@pytest.fixture(scope="module")
def staffed(working: Assistant) -> Iterator[str]:
    with served(working) as address:
        yield address


def sign_in(page: Any, address: str, name: str) -> None:
    page.goto(f"{address}/staff")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORDS[name])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/queue")


def leaves(page: Any) -> None:
    """Wait until the page has gone on to another address."""
    before = page.url
    page.wait_for_url(lambda url: url != before)


@pytest.fixture
def open_staff(open_page: Any, staffed: str) -> Any:
    def opening(name: str, **more: Any) -> Any:
        page = open_page(f"{staffed}/measures", **more)
        sign_in(page, staffed, name)
        return page

    return opening


def test_the_round_of_an_answer(  # noqa: PLR0917  (what pytest hands in)
    working: Assistant, staffed: str, open_page: Any, open_staff: Any, ask_in_browser: Any
) -> None:
    for other in ("招不到工人怎么办", "公积金怎么提取", "水电气怎么报装"):
        working.ask(other)

    # A user asks, and marks the answer unhelpful with a reason.
    asking = open_page(staffed)
    ask_in_browser(asking, QUESTION)
    asking.click("#unhelpful")
    asking.click("#rating-reason label:has-text('不完整')")
    asking.click("#rating-send")
    asking.wait_for_selector("#rating-question:has-text('谢谢')")
    old_address = asking.get_attribute("#messages .permalink", "href").partition("?")[0]

    # A reviewer finds it first in the queue and corrects it.
    reviewing = open_staff("li")
    assert reviewing.locator(".item .question").first.inner_text() == QUESTION
    reviewing.click("#next")
    reviewing.wait_for_selector("#judge")
    assert "不完整" in reviewing.locator(".alert").first.inner_text()
    reviewing.keyboard.press("2")
    reviewing.fill("[name=corrected_text]", APPROVED)
    reviewing.press("[name=corrected_text]", "Control+Enter")
    leaves(reviewing)

    # An editor approves the correction.
    answer_id = re.search(r"answers/(\w+)", old_address)[1]
    editing = open_staff("wang")
    editing.goto(f"{staffed}/staff/check/{answer_id}")
    editing.click("a:has-text('核准为标准答复')")
    assert editing.input_value("[name=text]") == APPROVED
    editing.click("#approve button.main")
    editing.wait_for_url(re.compile(r"/staff/approvals/[0-9a-f]{32}"))

    # The next asker gets it; the old address says that it was corrected.
    reply = ask_in_browser(open_page(staffed), f"请问{QUESTION}呢？")
    assert APPROVED.removesuffix("。") in reply.text
    assert "工作人员" in reply.text
    page = open_page(f"{staffed}/measures")
    page.goto(f"{staffed}{old_address}")
    assert "更正" in page.locator("main").inner_text()

    # The measure is changed: the approval is suspended with a task, and no longer used.
    changed = with_source(working.desk.shelf, "不超过15个工作日", "不超过12个工作日")
    Desk.open(working.desk.database, changed)
    (suspended,) = approvals.current(working.desk.database, ApprovalState.SUSPENDED)
    assert (suspended.questions, suspended.note) == ((QUESTION,), "xian-2024-26#m03")
    reviewing.goto(f"{staffed}/staff/queue")
    assert QUESTION in reviewing.locator(".alert").inner_text()
    working.desk.book.follow(at_once=True)
    assert working.ask(QUESTION).engine == "quote"
    assert audit.verify(working.desk.database)[1] == ()


def test_a_right_answer_takes_two_keys(working: Assistant, staffed: str, open_staff: Any) -> None:
    working.ask("用电报装要多少钱")
    page = open_staff("li")
    page.click("#next")
    page.wait_for_selector("#judge")
    answer_id = page.url.rpartition("/")[2]
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    leaves(page)
    (given,) = verdicts.of_answer(working.desk.database, answer_id)
    assert (given.judgement.verdict, given.reviewer) == ("right", "li")


def test_an_expired_session_loses_nothing(working: Assistant, staffed: str, open_staff: Any) -> None:
    answer = working.ask("土地怎么供应")
    page = open_staff("li")
    page.goto(f"{staffed}/staff/check/{answer.answer_id}")
    page.keyboard.press("2")
    page.fill("[name=comment]", "少了一句")
    page.context.clear_cookies()
    page.click("#judge button.main")
    page.wait_for_selector("#judge .problem:has-text('登录已过期')")
    assert page.input_value("[name=comment]") == "少了一句"
    fresh = page.context.new_page()
    sign_in(fresh, staffed, "li")
    page.click("#judge button.main")
    leaves(page)
    assert "少了一句" in verdicts.of_answer(working.desk.database, answer.answer_id)[0].judgement.comment


def test_what_is_too_long_stays_on_the_page(working: Assistant, staffed: str, open_staff: Any) -> None:
    answer = working.ask("项目融资有什么支持")
    page = open_staff("li")
    page.goto(f"{staffed}/staff/check/{answer.answer_id}")
    page.keyboard.press("2")
    page.evaluate("document.querySelector('[name=comment]').removeAttribute('maxlength')")
    page.locator("[name=comment]").evaluate("box => { box.value = '长'.repeat(10_000_000 / 3) }")
    page.click("#judge button.main")
    page.wait_for_selector("#judge .problem:not([hidden])")
    assert page.evaluate("document.querySelector('[name=comment]').value.length") > 3_000_000


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_the_window(staffed: str, open_staff: Any, width: int) -> None:
    page = open_staff("chen", width=width)
    names = ("queue", "next", "approvals", "approvals/new", "suggestions", "insight", "insight/themes", "log")
    widths = {name: (page.goto(f"{staffed}/staff/{name}"), overflow(page))[1] for name in names}
    assert {name: wide for name, wide in widths.items() if wide > 0} == {}
    assert page.faults == []
