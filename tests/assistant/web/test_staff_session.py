"""Signing in to the staff pages, and what is refused without."""

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.database import Database
from assistant.database.tables import sessions
from assistant.database.tables import verdicts as verdicts_table
from assistant.review import accounts, audit, verdicts
from assistant.review.accounts import IDLE_MINUTES, LOCKED_MINUTES, MAX_FAILURES, SESSION_HOURS
from assistant.review.desk import Desk
from assistant.shelf import Shelf
from assistant.web.staff.routes import ACTIONS, PAGES
from assistant.web.staff.session import COOKIE, StaffSettings
from tests.assistant.rows import NOW, checkable
from tests.assistant.web.staffed import HERE, PASSWORD, Clock, Office, Recorder, said, text_of, told

SIGN_IN = "/staff/sign-in"
RIGHT = {"verdict": "right"}
BOTH_LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
Tries = Callable[..., object]


@pytest.fixture
def staffed(office: Office) -> Office:
    """An office with a reviewer, li."""
    office.employ("li")
    return office


def enter(browser: TestClient, name: str = "li", password: str = PASSWORD, **more: str):
    return browser.post(SIGN_IN, data={"name": name, "password": password, **more})


def filled(path: str) -> str:
    """Return the address of a route."""
    for field, value in (("answer_id", "a" * 32), ("approval_id", "b" * 32), ("name", "days.svg")):
        path = path.replace(f"{{{field}}}", value)
    return path


@BOTH_LANGUAGES
def test_a_fresh_install_says_how_to_make_the_first_account(office: Office, language: str) -> None:
    page = office.browser(language).get(SIGN_IN)
    assert told("sign_in.first", language) in page.text
    assert "staff add NAME --role administrator" in page.text
    assert "<form" not in page.text


@BOTH_LANGUAGES
def test_the_sign_in_page_has_a_form_once_there_is_an_account(staffed: Office, language: str) -> None:
    page = staffed.browser(language).get(SIGN_IN)
    assert page.text.count("<form") == 1
    assert told("sign_in.hint", language) in page.text


def test_a_right_password_leads_to_the_queue(staffed: Office) -> None:
    browser = staffed.browser()
    response = enter(browser)
    assert (response.status_code, response.headers["location"]) == (303, "/staff/queue")
    assert browser.get("/staff/queue").status_code == 200


def test_signs_in_on_either_database(database: Database, shelf: Shelf) -> None:
    office = Office(Desk.open(database, shelf, now=lambda: NOW))
    office.employ("李")
    browser = office.browser()
    enter(browser, "李")
    assert "李 · reviewer" in text_of(browser.get("/staff/queue"))


@BOTH_LANGUAGES
@pytest.mark.parametrize(("name", "password"), [("li", "guessing-12345"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_password_is_refused_in_words(
    staffed: Office, language: str, name: str, password: str
) -> None:
    response = enter(staffed.browser(language), name, password)
    assert response.status_code == 403
    assert told("sign_in.wrong", language) in response.text
    assert COOKIE not in response.cookies


@BOTH_LANGUAGES
def test_too_many_wrong_passwords_lock_the_account(staffed: Office, clock: Clock, language: str) -> None:
    browser = staffed.browser(language)
    for _ in range(MAX_FAILURES):
        enter(browser, password="guessing-12345")
    assert told("sign_in.locked", language) in enter(browser).text
    clock.forward(minutes=LOCKED_MINUTES)
    assert enter(browser).status_code == 303


def test_a_refused_sign_in_keeps_the_name_and_where_it_led(staffed: Office) -> None:
    page = enter(staffed.browser(), password="guessing-12345", next="/staff/insight").text
    assert 'name="name" value="li"' in page
    assert 'name="next" value="/staff/insight"' in page
    assert "guessing" not in page


@pytest.mark.parametrize("is_secure", [False, True])
def test_the_cookie_is_for_the_staff_pages_only(desk: Desk, is_secure: bool) -> None:
    office = Office(desk, StaffSettings(secure_cookies=is_secure))
    office.employ("li")
    name, *attributes = enter(office.browser()).headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert set(attributes) == {"HttpOnly", "Path=/staff", "SameSite=lax", *["Secure"] * is_secure}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_leads_to_the_sign_in_and_back(staffed: Office, path: str) -> None:
    asked_for = f"{filled(path)}?q=x&page=2"
    response = staffed.browser().get(asked_for)
    target = urlsplit(response.headers["location"])
    assert (response.status_code, target.path) == (303, SIGN_IN)
    assert parse_qs(target.query) == {"next": [asked_for]}
    assert f'value="{asked_for.replace("&", "&amp;")}"' in staffed.browser().get(target.geturl()).text


@pytest.mark.parametrize("path", ACTIONS)
def test_an_action_is_refused_without_a_session(staffed: Office, path: str) -> None:
    response = staffed.browser().post(filled(path), data=RIGHT, headers={"accept": "application/json"})
    assert (response.status_code, response.json()["sign_in"]) == (401, True)
    assert response.json()["detail"] == said("fault.signed_out")


@BOTH_LANGUAGES
def test_a_browser_without_a_script_is_told_on_a_page(staffed: Office, language: str) -> None:
    response = staffed.browser(language).post("/staff/approvals", data={"text": "x"})
    assert (response.status_code, response.headers["content-type"]) == (401, "text/html; charset=utf-8")
    assert told("fault.signed_out", language) in response.text


def test_every_page_needs_the_session_it_names(staffed: Office) -> None:
    browser = staffed.browser()
    browser.cookies.set(COOKIE, "made up", path="/staff")
    assert {browser.get(filled(path)).headers.get("location", "")[:14] for path in PAGES} == {SIGN_IN}


@pytest.mark.parametrize("path", ["/staff/queue?state=handled&q=a+b", "/staff/check/x", "/staff/insight"])
def test_signing_in_leads_to_the_page_asked_for(staffed: Office, path: str) -> None:
    assert enter(staffed.browser(), next=path).headers["location"] == path


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "\\\\evil.example",
        "/\\evil.example",
        "/staff/\\evil.example",
        "https://evil.example/staff/",
        "javascript:alert(1)",
        "/staff/sign-in",
        "/staff/sign-in?next=/staff/queue",
        "/staffed/queue",
        "/",
        "",
        "\ud800",
    ],
)
def test_signing_in_never_leads_outside(staffed: Office, path: str) -> None:
    given = path.encode("utf-8", "surrogatepass")
    assert enter(staffed.browser(), next=given).headers["location"] == "/staff/queue"
    shown = staffed.browser().get(f"{SIGN_IN}?next={quote(given, safe='')}").text
    assert 'name="next" value="/staff/queue"' in shown


def test_a_session_ends_when_nobody_uses_it(office: Office, clock: Clock) -> None:
    browser = office.seat("li")
    clock.forward(minutes=IDLE_MINUTES - 1)
    assert browser.get("/staff/queue").status_code == 200
    clock.forward(minutes=IDLE_MINUTES)
    assert browser.get("/staff/queue").status_code == 303


def test_a_session_ends_after_a_working_day(office: Office, clock: Clock) -> None:
    browser = office.seat("li")
    seen = []
    for _ in range(SESSION_HOURS * 3):
        seen.append(browser.get("/staff/queue").status_code)
        clock.forward(minutes=20)
    assert set(seen) == {200}
    assert browser.get("/staff/queue").status_code == 303


def test_signing_out_ends_the_session_and_takes_the_cookie(office: Office) -> None:
    browser = office.seat("li")
    token = browser.cookies[COOKIE]
    response = browser.post("/staff/sign-out")
    assert (response.status_code, response.headers["location"]) == (303, SIGN_IN)
    assert 'staff_session=""; ' in response.headers["set-cookie"]
    browser.cookies.set(COOKIE, token, path="/staff")
    assert browser.get("/staff/queue").status_code == 303


def test_signing_out_twice_does_no_harm(office: Office) -> None:
    browser = office.seat("li")
    assert [browser.post("/staff/sign-out").status_code for _ in range(2)] == [303, 303]


def test_another_session_outlives_a_sign_out(staffed: Office) -> None:
    first, second = staffed.browser(), staffed.browser()
    enter(first)
    enter(second)
    first.post("/staff/sign-out")
    assert second.get("/staff/queue").status_code == 200


def test_a_deactivated_account_is_shut_out_at_once(staffed: Office) -> None:
    browser = staffed.browser()
    enter(browser)
    accounts.deactivate(staffed.desk.database, "li", now=NOW, actor="chen")
    assert browser.get("/staff/queue").status_code == 303
    assert told("sign_in.wrong") in enter(browser).text


def test_another_role_holds_from_the_next_request(office: Office) -> None:
    browser = office.seat("li")
    assert browser.get("/staff/log").status_code == 403
    role = accounts.Role.ADMINISTRATOR
    accounts.change(office.desk.database, "li", role=role, now=NOW, actor="chen")
    assert browser.get("/staff/log").status_code == 200


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://testserver.evil.example"},
    {"origin": "http://testserver@evil.example"},
    {"origin": "http://testserver:8080"},
    {"origin": "http://[evil"},
    {"origin": "testserver"},
    {"origin": HERE, "sec-fetch-site": "cross-site"},
    {"origin": HERE, "sec-fetch-site": "same-site"},
    {"origin": "", "referer": "https://evil.example/staff/queue"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused_and_nothing_written(
    office: Office, record: Recorder, headers: dict[str, str]
) -> None:
    answer_id, browser = record(), office.seat("li")
    accept = {"accept": "application/json"}
    response = browser.post(f"/staff/check/{answer_id}", data=RIGHT, headers={**accept, **headers})
    assert (response.status_code, response.json()["detail"]) == (403, said("fault.foreign"))
    assert verdicts.of_answer(office.desk.database, answer_id) == ()
    assert audit.newest(office.desk.database) == ()


@pytest.mark.parametrize("path", [*ACTIONS, SIGN_IN, "/staff/sign-out"])
def test_no_route_takes_a_form_without_an_origin(office: Office, path: str) -> None:
    browser = office.seat("li", "administrator")
    del browser.headers["origin"]
    response = browser.post(filled(path), data=RIGHT)
    assert (response.status_code, told("fault.foreign") in response.text) == (403, True)
    assert browser.get("/staff/queue").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": HERE, "sec-fetch-site": "same-origin"},
        {"origin": "", "referer": f"{HERE}/staff/check/x"},
        {"origin": "https://testserver"},  # a proxy speaks TLS, we do not
    ],
)
def test_a_form_of_our_own_is_taken(office: Office, record: Recorder, headers: dict[str, str]) -> None:
    answer_id, browser = record(), office.seat("li")
    browser.post(f"/staff/check/{answer_id}", data=RIGHT, headers=headers)
    assert len(verdicts.of_answer(office.desk.database, answer_id)) == 1


def test_a_foreign_sign_in_begins_no_session(staffed: Office) -> None:
    browser = staffed.browser(origin="https://evil.example")
    assert COOKIE not in enter(browser).cookies
    with staffed.desk.database.reading() as connection:
        assert connection.execute(select(sessions)).all() == []


def test_a_foreign_form_is_refused_on_either_database(database: Database, shelf: Shelf) -> None:
    office = Office(Desk.open(database, shelf, now=lambda: NOW))
    answer_id = checkable(database)
    browser = office.seat("li")
    browser.post(f"/staff/check/{answer_id}", data=RIGHT, headers={"origin": "https://evil.example"})
    with database.reading() as connection:
        assert connection.execute(select(verdicts_table)).all() == []


def behind_proxy(office: Office) -> Office:
    return Office(office.desk, StaffSettings(header="X-Staff"))


def test_nobody_is_believed_unless_it_is_set(staffed: Office) -> None:
    assert staffed.browser(**{"x-staff": "li"}).get("/staff/queue").status_code == 303


def test_the_proxy_is_believed_where_it_is_set(staffed: Office) -> None:
    page = behind_proxy(staffed).browser(**{"x-staff": "li"}).get("/staff/queue")
    assert "li · reviewer" in text_of(page)


def test_the_proxy_may_name_somebody_in_chinese(office: Office) -> None:
    office.employ("李雷")
    browser = behind_proxy(office).browser()
    page = browser.get("/staff/queue", headers={"x-staff": "李雷".encode()})
    assert "李雷 · reviewer" in text_of(page)


@pytest.mark.parametrize("name", ["nobody", "li; wang", "\xff\xfe", "system"])
def test_a_name_that_is_no_account_is_refused(staffed: Office, name: str) -> None:
    headers = {"x-staff": name.encode("latin-1")}
    assert behind_proxy(staffed).browser().get("/staff/queue", headers=headers).status_code == 303


def test_whom_the_proxy_names_does_not_get_the_session_of_another(staffed: Office) -> None:
    browser = behind_proxy(staffed).browser()
    enter(browser)
    assert browser.get("/staff/queue").status_code == 200
    assert browser.get("/staff/queue", headers={"x-staff": "nobody"}).status_code == 303


def test_the_proxy_cannot_bring_back_a_deactivated_account(staffed: Office) -> None:
    accounts.deactivate(staffed.desk.database, "li", now=NOW, actor="chen")
    assert behind_proxy(staffed).browser(**{"x-staff": "li"}).get("/staff/queue").status_code == 303


def test_a_form_behind_a_proxy_must_be_our_own_too(staffed: Office, record: Recorder) -> None:
    answer_id = record()
    browser = behind_proxy(staffed).browser(**{"x-staff": "li", "origin": "https://evil.example"})
    assert browser.post(f"/staff/check/{answer_id}", data=RIGHT).status_code == 403


@pytest.mark.parametrize("path", ["/staff", "/staff/"])
def test_the_address_of_the_office_leads_to_the_queue(office: Office, path: str) -> None:
    assert office.browser().get(path).headers["location"] == "/staff/queue"


def test_a_staff_page_is_kept_by_no_cache(office: Office) -> None:
    browser = office.seat("li", "administrator")
    shown = [browser.get(filled(path)) for path in PAGES if path != "/staff/next"]
    assert {page.headers["cache-control"] for page in [*shown, browser.get(SIGN_IN)]} == {"no-store"}
