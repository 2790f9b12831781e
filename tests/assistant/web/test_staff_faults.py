"""What goes wrong on the staff pages: it is said in words, and nothing is half kept."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Table, func, select

from assistant.database.tables import approvals, audit, cases, queue, sessions, verdicts
from assistant.review.queue import TAKEN_MINUTES
from assistant.web.staff.routes import ACTIONS, PAGES
from prompts import LANGUAGES
from tests.assistant.rows import checkable
from tests.assistant.web.staffed import PASSWORD, Clock, Office, Recorder, rewrite, said, told

BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
JSON = {"accept": "application/json"}
RIGHT = {"verdict": "right"}
APPROVAL = {"questions": "怎么报装", "text": "在政务服务中心设置水电气网综合服务窗口。", "measures": "6"}
WRITTEN = (verdicts, approvals, cases, audit, sessions)
GONE = "f" * 32
Count = Callable[[], dict[str, int]]


@pytest.fixture
def li(office: Office) -> TestClient:
    return office.seat("li")


@pytest.fixture
def wang(office: Office) -> TestClient:
    return office.seat("wang", "editor")


@pytest.fixture
def answer_id(record: Recorder) -> str:
    return record()


@pytest.fixture
def counted(office: Office) -> Count:
    """Count the rows of everything that staff write."""

    def count(table: Table) -> int:
        with office.desk.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return lambda: {table.name: count(table) for table in WRITTEN}


@pytest.fixture
def lock(office: Office) -> Iterator[Callable[[], sqlite3.Connection]]:
    """Let another program hold the file, until it is closed."""
    held = []

    def locking() -> sqlite3.Connection:
        other = sqlite3.connect(str(office.desk.database.url.database), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held.append(other)
        return other

    yield locking
    for other in held:
        other.close()


# Locked records.


@BOTH_LANGUAGES
def test_a_verdict_on_locked_records_is_refused_whole(
    office: Office, answer_id: str, counted: Count, lock: Any, language: str
) -> None:
    browser, before = office.seat("li", language=language), counted()
    lock()
    response = browser.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    assert (response.status_code, response.json()["detail"]) == (503, said("fault.records", language))
    assert counted() == {**before, "sessions": 1}


def test_a_verdict_is_kept_once_the_records_are_free(li: TestClient, answer_id: str, lock: Any) -> None:
    holding = lock()
    refused = li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    holding.close()
    kept = li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    assert (refused.status_code, kept.status_code) == (503, 200)


def test_an_approval_on_locked_records_is_refused_whole(wang: TestClient, counted: Count, lock: Any) -> None:
    before = counted()
    lock()
    sent = wang.post("/staff/approvals", data={**APPROVAL, "ending": "answered"}, headers=JSON)
    assert (sent.status_code, sent.json()["detail"]) == (503, said("fault.records"))
    assert counted() == before


def test_a_sign_in_on_locked_records_is_refused(office: Office, counted: Count, lock: Any) -> None:
    office.employ("li")
    before = counted()
    lock()
    response = office.browser().post("/staff/sign-in", data={"name": "li", "password": PASSWORD})
    assert (response.status_code, told("fault.records") in response.text) == (503, True)
    assert counted() == before


def test_a_sign_out_on_locked_records_is_refused(li: TestClient, lock: Any) -> None:
    lock()
    response = li.post("/staff/sign-out")
    assert (response.status_code, told("fault.records") in response.text) == (503, True)


def test_reading_goes_on_while_the_records_are_locked(li: TestClient, answer_id: str, lock: Any) -> None:
    lock()
    assert li.get("/staff/queue").status_code == 200
    page = li.get(f"/staff/check/{answer_id}")  # opening an answer is written down
    assert (page.status_code, told("fault.records") in page.text) == (503, True)


@pytest.mark.parametrize("path", [*PAGES, "/staff/sign-in"])
def test_no_page_fails_without_words_when_the_records_are_gone(
    office: Office, wang: TestClient, path: str
) -> None:
    with office.desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE sessions")
        connection.exec_driver_sql("DROP TABLE accounts")
    page = wang.get(path)
    assert (page.status_code, told("fault.records") in page.text) == (503, True)


def test_the_words_of_the_database_stay_in_the_log(
    li: TestClient, answer_id: str, lock: Any, caplog: Any
) -> None:
    lock()
    page = li.post(f"/staff/check/{answer_id}", data=RIGHT).text
    assert "locked" not in page
    assert "database is locked" in caplog.text


# Bodies.


@pytest.mark.parametrize("path", [*ACTIONS, "/staff/sign-in"])
def test_ten_megabytes_are_refused(wang: TestClient, counted: Count, path: str) -> None:
    before = counted()
    response = wang.post(path.replace("{", "").replace("}", ""), data={**RIGHT, "comment": "x" * 10_000_000})
    assert (response.status_code, bool(response.json()["detail"])) == (413, True)
    assert counted() == before


def test_the_longest_comment_allowed_is_kept(li: TestClient, answer_id: str) -> None:
    fields = {**RIGHT, "comment": "长" * 2000, "corrected_text": "长" * 5000}
    sent = {name: (None, value) for name, value in fields.items()}  # in parts, as the page's script sends it
    assert li.post(f"/staff/check/{answer_id}", files=sent, headers=JSON).status_code == 200


FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
BODIES = {
    "nothing": (b"", FORM),
    "no kind": (b"verdict=right", ""),
    "json": (json.dumps(RIGHT).encode(), "application/json"),
    "octets": (bytes(range(256)), FORM),
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "half a part": (b"--x\r\nContent-Disposition: form-data; name=", PARTS),
    "no name": (b"--x\r\nContent-Disposition: form-data\r\n\r\nright\r\n--x--\r\n", PARTS),
    "a file": (
        b'--x\r\nContent-Disposition: form-data; name="verdict"; filename="a"\r\n\r\nright\r\n--x--\r\n',
        PARTS,
    ),
    "another boundary": (b"--y\r\n\r\n--y--\r\n", PARTS),
    "many fields": (b"&".join(b"a=1" for _ in range(5000)), FORM),
    "an unknown coding": (
        b'--x\r\nContent-Disposition: form-data; name="verdict"\r\n\r\nright\xff\r\n--x--\r\n',
        f"{PARTS}; charset=klingon",
    ),
    "surrogates": (
        b'--x\r\nContent-Disposition: form-data; name="verdict"\r\n\r\n\\ud800\r\n--x--\r\n',
        f"{PARTS}; charset=unicode_escape",
    ),
}


@pytest.mark.parametrize("body", BODIES)
@BOTH_LANGUAGES
def test_a_body_that_is_no_form_is_refused_in_words(
    office: Office, answer_id: str, counted: Count, body: str, language: str
) -> None:
    browser, (content, kind) = office.seat("li", language=language), BODIES[body]
    before, headers = counted(), {**JSON, "content-type": kind}
    response = browser.post(f"/staff/check/{answer_id}", content=content, headers=headers)
    assert response.status_code in (400, 422)
    assert response.json()["detail"] in {
        said(key, language) for key in ("fault.foreign", "review.no_verdict")
    }
    assert counted() == before


@pytest.mark.parametrize("path", [*ACTIONS, "/staff/sign-in", "/staff/sign-out"])
@pytest.mark.parametrize("body", BODIES)
def test_no_route_falls_over_a_body(office: Office, wang: TestClient, path: str, body: str) -> None:
    content, kind = BODIES[body]
    for field in ("answer_id", "approval_id"):
        path = path.replace(f"{{{field}}}", GONE)
    response = wang.post(path, content=content, headers={"content-type": kind})
    assert response.status_code in (303, 400, 403, 404, 409, 422)


# Two people at once.


def test_the_verdict_of_who_comes_second_is_refused_with_the_name_of_the_first(
    office: Office, li: TestClient, answer_id: str
) -> None:
    zhao = office.seat("zhao")
    li.get(f"/staff/check/{answer_id}")
    refused = zhao.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    assert (refused.status_code, refused.json()["detail"]) == (409, said("review.taken", name="li"))


@BOTH_LANGUAGES
def test_a_verdict_on_what_was_checked_meanwhile_is_refused(
    office: Office, li: TestClient, answer_id: str, counted: Count, language: str
) -> None:
    zhao = office.seat("zhao", language=language)
    li.post(f"/staff/check/{answer_id}", data=RIGHT)
    before = counted()
    refused = zhao.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    wanted = (409, said("review.checked_meanwhile", language, name="li"))
    assert (refused.status_code, refused.json()["detail"]) == wanted
    assert counted() == before


def test_who_was_away_too_long_is_told_who_has_it_now(
    office: Office, li: TestClient, clock: Clock, answer_id: str
) -> None:
    zhao = office.seat("zhao")
    li.get(f"/staff/check/{answer_id}")
    clock.forward(minutes=TAKEN_MINUTES)
    zhao.get(f"/staff/check/{answer_id}")
    refused = li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    assert (refused.status_code, refused.json()["detail"]) == (409, said("review.taken", name="zhao"))


def test_a_verdict_sent_twice_counts_once(li: TestClient, answer_id: str, counted: Count) -> None:
    sent = [li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON) for _ in range(2)]
    assert [response.status_code for response in sent] == [200, 409]
    assert counted()["verdicts"] == 1


# Damaged records.


def without(*names: str) -> Callable[[dict[str, Any]], None]:
    """Take a field out of a trace."""

    def taking(trace: Any) -> None:
        for name in names[:-1]:
            trace = trace[name]
        del trace[names[-1]]

    return taking


DAMAGED = {
    "empty": "",
    "cut off": '{"answer": {"answer_id"',
    "no fields": "{}",
    "a list": "[]",
    "a number": "7",
    "no answer": without("answer"),
    "no text": without("answer", "text"),
    "no citations": without("answer", "citations"),
    "no hits": without("hits"),
    "no place": lambda trace: trace["answer"]["citations"][0].pop("start"),
    "a place in words": lambda trace: trace["answer"]["citations"][0].update(start="x"),
    "text that is none": lambda trace: trace["answer"].update(text=None),
    "a strange ending": lambda trace: trace["answer"].update(status="perfect"),
    "a question in words": lambda trace: trace.update(question="x"),
    "an intent in words": lambda trace: trace.update(intent="x"),
    "confidence in words": lambda trace: trace["answer"].update(confidence="x"),
    "times in words": lambda trace: trace.update(durations_ms={"search": "x"}),
    "hits in words": lambda trace: trace.update(hits="x"),
}


@pytest.mark.parametrize("damage", DAMAGED)
@BOTH_LANGUAGES
def test_a_damaged_record_is_said_to_be_one(
    office: Office, answer_id: str, damage: str, language: str
) -> None:
    rewrite(office.desk.database, answer_id, DAMAGED[damage])
    browser = office.seat("wang", "editor", language=language)
    page = browser.get(f"/staff/check/{answer_id}")
    assert page.status_code == 500
    assert told("review.unreadable", language, answer_id=answer_id) in page.text
    assert "x-content-type-options" in page.headers


@pytest.mark.parametrize("damage", DAMAGED)
def test_no_other_page_falls_over_a_damaged_record(
    office: Office, wang: TestClient, answer_id: str, damage: str
) -> None:
    rewrite(office.desk.database, answer_id, DAMAGED[damage])
    paths = ["queue", "next", "suggestions", "insight", "insight/themes", "export/cases.jsonl"]
    assert {wang.get(f"/staff/{path}").status_code for path in paths} <= {200, 303}
    assert wang.get(f"/staff/approvals/new?answer={answer_id}").status_code in (200, 500)


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_verdict_on_a_damaged_record_is_kept_whole_or_not_at_all(
    office: Office, li: TestClient, answer_id: str, counted: Count, damage: str
) -> None:
    rewrite(office.desk.database, answer_id, DAMAGED[damage])
    before = counted()
    response = li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON)
    grown = {name: n - before[name] for name, n in counted().items()}
    assert (response.status_code, set(grown.values())) in [(200, {1, 0}), (500, {0})]
    assert grown["verdicts"] == grown["cases"] == grown["audit"]


def test_an_answer_is_not_taken_where_it_cannot_be_shown(
    office: Office, li: TestClient, answer_id: str
) -> None:
    rewrite(office.desk.database, answer_id, "{}")
    li.get(f"/staff/check/{answer_id}")
    with office.desk.database.reading() as connection:
        assert connection.execute(select(queue.c.assigned_to)).scalar_one() is None


def test_what_is_damaged_is_told_in_the_log(
    office: Office, li: TestClient, answer_id: str, caplog: Any
) -> None:
    rewrite(office.desk.database, answer_id, "{}")
    li.get(f"/staff/check/{answer_id}")
    assert f"the record of answer {answer_id} cannot be read" in caplog.text
    assert "KeyError" in caplog.text


def test_an_answer_that_failed_is_no_damaged_record(office: Office, li: TestClient) -> None:
    answer_id = checkable(office.desk.database, status="failed", cited=[])
    assert li.post(f"/staff/check/{answer_id}", data=RIGHT, headers=JSON).status_code == 200


@pytest.mark.parametrize("path", ["queue", "insight"])
def test_a_table_that_is_gone_is_a_fault_of_the_records(office: Office, li: TestClient, path: str) -> None:
    with office.desk.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE verdicts")
    page = li.get(f"/staff/{path}")
    assert (page.status_code, told("fault.records") in page.text) == (503, True)
