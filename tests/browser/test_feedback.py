"""Saying whether an answer helped, as a visitor does it; the answers are scripted, the records real."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.database import Database
from assistant.review.desk import Desk
from assistant.review.feedback import Feedback, of_answer
from assistant.shelf import Shelf
from corpus.bank import load_questions
from corpus.notice import Notice
from tests.assistant.rows import judged
from tests.assistant.web.scripted import RecordedAssistant
from tests.browser.conftest import PHONE, overflow, served

pytestmark = pytest.mark.browser

UTILITIES = "水电气怎么报装？"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database.at(tmp_path_factory.mktemp("records") / "records.sqlite")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def recorded_site(notice: Notice, database: Database) -> Iterator[str]:
    shelf = Shelf.of([notice], load_questions(notice))
    with served(RecordedAssistant(notice, Desk.open(database, shelf))) as address:
        yield address


@pytest.fixture
def asked(open_page: Callable[..., Any], recorded_site: str, ask_in_browser: Callable[..., Any]) -> Any:
    page = open_page(recorded_site)
    ask_in_browser(page, UTILITIES)
    page.wait_for_selector("#helpful")
    return page


def answer_id_of(page: Any) -> str:
    return Path(page.get_attribute("#messages .permalink", "href").partition("?")[0]).name


def kept(database: Database, page: Any) -> list[Feedback]:
    return list(of_answer(database, answer_id_of(page)))


def test_an_unhelpful_answer_is_kept_with_its_reason(asked: Any, database: Database) -> None:
    asked.click("#unhelpful")
    asked.click("#rating-reason label:has-text('不完整')")
    asked.fill("#rating-comment textarea", "没有说要带什么材料")
    asked.click("#rating-send")
    asked.wait_for_selector("#rating-question:has-text('谢谢')")
    (given,) = kept(database, asked)
    assert (given.is_helpful, given.reason, given.comment) == (False, "incomplete", "没有说要带什么材料")
    assert asked.locator("#rating-form, #helpful, #unhelpful").count() == 0
    assert asked.faults == []


def test_a_helpful_answer_is_kept_once(asked: Any, database: Database) -> None:
    asked.dblclick("#helpful")
    asked.wait_for_selector("#rating-question:has-text('谢谢')")
    assert [given.is_helpful for given in kept(database, asked)] == [True]


def test_the_next_answer_is_asked_about_anew(asked: Any, ask_in_browser: Callable[..., Any]) -> None:
    asked.click("#helpful")
    asked.wait_for_selector("#rating-question:has-text('谢谢')")
    ask_in_browser(asked, "公积金怎么提取？")
    asked.wait_for_selector("#rating-question:has-text('有帮助吗')")
    assert asked.locator("#helpful").is_visible()


def test_what_was_typed_stays_where_it_cannot_be_kept(asked: Any, database: Database) -> None:
    asked.click("#unhelpful")
    asked.fill("#rating-comment textarea", "写了很久的话")
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback RENAME TO elsewhere")
    asked.click("#rating-send")
    asked.wait_for_selector("#rating-problem p")
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO feedback")
    assert asked.input_value("#rating-comment textarea") == "写了很久的话"
    asked.click("#rating-send")
    asked.wait_for_selector("#rating-question:has-text('谢谢')")
    assert [given.comment for given in kept(database, asked)] == ["写了很久的话"]


def test_the_permanent_link_shows_the_answer_and_its_correction(
    asked: Any, open_page: Callable[..., Any], recorded_site: str, database: Database
) -> None:
    address = f"{recorded_site}/answers/{answer_id_of(asked)}"
    judged(database, answer_id_of(asked), "partly", corrected_text="更正后的话。 [1]")
    asked.goto(address)
    assert asked.locator(".finding-corrected").is_visible()
    assert "更正后的话" in asked.locator("article.reply").inner_text()
    assert not asked.locator(".earlier .reply").is_visible()
    asked.click("article.reply a[href='#t1-1']")
    asked.wait_for_selector("mark.q-1.flash")
    assert asked.faults == []


def test_the_form_and_the_permanent_page_fit_a_phone(
    open_page: Callable[..., Any], recorded_site: str, ask_in_browser: Callable[..., Any]
) -> None:
    page = open_page(recorded_site, **PHONE)
    ask_in_browser(page, UTILITIES)
    page.click("#unhelpful")
    page.wait_for_selector("#rating-form")
    assert overflow(page) <= 0
    page.goto(f"{recorded_site}/answers/{answer_id_of(page)}")
    assert overflow(page) <= 0
