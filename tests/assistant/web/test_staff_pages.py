"""What the staff pages show, to whom, and in which words."""

import ast
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient
from jinja2 import Environment, nodes
from sqlalchemy import update

from assistant.answer import Status
from assistant.database import Database
from assistant.database.tables import audit as audit_table
from assistant.database.tables import queue as queue_table
from assistant.review import approvals, audit, cases, feedback, verdicts
from assistant.review.accounts import Role
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.desk import Desk
from assistant.review.priority import Reason
from assistant.review.queue import TAKEN_MINUTES, State
from assistant.review.verdicts import Turn, Verdict
from assistant.shelf import Shelf
from assistant.web.staff.routes import ACTIONS, PAGES
from assistant.web.staff.sheet import name_of
from prompts import LANGUAGES, sentences
from tests.assistant.rows import NOW, answered, checkable, judged, passage, rated
from tests.assistant.web.scripted import ScriptedAssistant
from tests.assistant.web.staffed import FOUND, Clock, Office, Recorder, rewrite, said, text_of, told

BOTH_LANGUAGES = pytest.mark.parametrize("language", LANGUAGES)
JSON = {"accept": "application/json"}
WINDOW = "在政务服务中心设置水电气网综合服务窗口。"
WRONG = "施工图审查时限是10个工作日。"  # 15, in principle
UNIT = "市行政审批局"  # leads measure 6
OTHER_UNIT = "市司法局"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
GONE = "f" * 32
MEASURES = [f"m{number:02}" for number in range(1, 40)]


def family(key: str) -> str:
    return cases.destination_of(cases.family_of([passage(key)], "content", ""))


OFFERED = next(key for key in MEASURES if family(key) == "suggestion")
Approve = Callable[..., Approval]


@pytest.fixture
def li(office: Office) -> TestClient:
    return office.seat("li")


@pytest.fixture
def wang(office: Office) -> TestClient:
    return office.seat("wang", "editor")


@pytest.fixture
def chen(office: Office) -> TestClient:
    return office.seat("chen", "administrator")


@pytest.fixture
def limited(office: Office) -> TestClient:
    """An editor who sees the answers of one unit's measures only."""
    return office.seat("zhao", "editor", [UNIT])


@pytest.fixture
def approved(desk: Desk) -> Approve:
    """Keep an approved answer, whatever the gate says of it."""

    def approving(text: str = WINDOW, **more: Any) -> Approval:
        fields = {"language": "zh", "questions": ["水电气怎么报装"], "ending": "answered", "text": text}
        fields |= {"passages": {passage("m06"): ""}, **more}
        approval = approvals.read_fields(fields, actor=more.pop("actor", "wang"), now=NOW)
        return approvals.keep(desk.database, approval, action="approval")

    return approving


def judge(browser: TestClient, answer_id: str, verdict: str = "right", **more: Any) -> Any:
    return browser.post(f"/staff/check/{answer_id}", data={"verdict": verdict, **more}, headers=JSON)


def approve(browser: TestClient, text: str = WINDOW, **more: str) -> Any:
    fields = {"questions": "水电气怎么报装", "text": text, "measures": "6", "ending": "answered", **more}
    return browser.post("/staff/approvals", data=fields, headers=JSON)


def questions(page: Any) -> list[str]:
    """Return the questions in a list, in order."""
    pieces = page.text.split('class="question"')[1:]
    return [piece.partition(">")[2].partition("<")[0] for piece in pieces]


def filled(path: str) -> str:
    for field in ("answer_id", "approval_id", "name"):
        path = path.replace(f"{{{field}}}", GONE)
    return path


# Who may see what.


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_shown_from_its_role_on(office: Office, path: str, role: Role) -> None:
    response = office.seat("li", role).get(filled(path))
    least = PAGES[path][1]
    assert (response.status_code == 403) is not role.includes(least)
    assert (told("review.not_allowed", role=least) in response.text) is not role.includes(least)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", ACTIONS)
def test_an_action_is_taken_from_its_role_on(office: Office, path: str, role: Role) -> None:
    response = office.seat("li", role).post(filled(path), data={"verdict": "right"}, headers=JSON)
    assert (response.status_code == 403) is not role.includes(ACTIONS[path][1])


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("reviewer", ["queue", "approvals", "insight"]),
        ("editor", ["queue", "approvals", "suggestions", "insight"]),
        ("administrator", ["queue", "approvals", "suggestions", "insight", "log"]),
    ],
)
def test_the_head_links_to_what_a_role_may_see(office: Office, role: str, names: list[str]) -> None:
    head = office.seat("li", role).get("/staff/queue").text.partition("</header>")[0]
    linked = [name for name in ("queue", "approvals", "suggestions", "insight", "log") if f"/{name}" in head]
    assert linked == names


def test_a_limited_account_is_told_its_units(limited: TestClient) -> None:
    assert f"zhao · editor · {UNIT}" in text_of(limited.get("/staff/queue"))


def test_a_limited_account_sees_the_answers_of_its_units(
    desk: Desk, limited: TestClient, record: Recorder
) -> None:
    mine = record("水电气怎么报装？")
    checkable(desk.database, question="图审要多久", cited=["m03"])
    assert questions(limited.get("/staff/queue")) == ["水电气怎么报装？"]
    assert limited.get(f"/staff/check/{mine}").status_code == 200
    assert judge(limited, mine).status_code == 200


def test_a_limited_account_finds_no_other_answer_on_any_page(desk: Desk, limited: TestClient) -> None:
    other = checkable(desk.database, cited=["m03"])
    sentence = told("review.unknown_answer", answer_id=other)
    shown = [limited.get(f"/staff/{page}{other}") for page in ("check/", "approvals/new?answer=")]
    assert [page.status_code for page in shown] == [404, 404]
    assert all(sentence in page.text for page in shown)


def test_a_limited_account_cannot_act_on_another_answer(desk: Desk, limited: TestClient) -> None:
    other = checkable(desk.database, cited=["m03"])
    sent = [judge(limited, other), approve(limited, answer_id=other)]
    sent.append(limited.post(f"/staff/suggestions/{other}", data={"decision": "decline"}, headers=JSON))
    assert [response.status_code for response in sent] == [404, 404, 404]
    assert verdicts.of_answer(desk.database, other) == ()
    assert approvals.current(desk.database) == ()


def test_a_limited_editor_is_offered_suggestions_of_its_units_only(desk: Desk, office: Office) -> None:
    led = desk.notices[0].measure(int(OFFERED[1:])).lead_units[0].name
    judge(office.seat("li"), checkable(desk.database, question="我的问题", cited=[OFFERED]))
    shown = [office.seat(unit, "editor", [unit]).get("/staff/suggestions").text for unit in (led, "nobody")]
    assert ["我的问题" in page for page in shown] == [True, False]


@pytest.mark.parametrize(("units", "n"), [([UNIT], 1), ([], 2)])
def test_a_limited_account_sees_the_themes_of_its_units_only(
    desk: Desk, office: Office, units: list[str], n: int
) -> None:
    for question, cited in (("报装要多少钱", "m06"), ("图审要多少钱", "m03")):
        answered(desk.database, question=question, status="not_stated", cited=[cited])
    page = office.seat("zhao", "reviewer", units).get("/staff/insight/themes").text
    assert told("insight.themes_lead", n=n) in page


def test_a_limited_account_counts_its_own_answers(desk: Desk, limited: TestClient) -> None:
    for cited in ("m06", "m06", "m03"):
        answered(desk.database, cited=[cited])
    assert "2 questions" in text_of(limited.get("/staff/insight"))


@pytest.mark.parametrize(("unit", "status"), [(UNIT, 200), (OTHER_UNIT, 404), ("", 404), ("没有", 404)])
def test_a_limited_account_gets_the_memo_of_its_units(limited: TestClient, unit: str, status: int) -> None:
    assert limited.get("/staff/memo", params={"unit": unit}).status_code == status


# The queue.


def test_the_queue_shows_the_weightiest_first_and_of_these_the_newest(desk: Desk, li: TestClient) -> None:
    for question, priority, hours in (("旧", 5, 2), ("新", 5, 1), ("急", 200, 9)):
        asked_at = NOW - timedelta(hours=hours)
        answered(desk.database, question=question, priority=priority, asked_at=asked_at)
    assert questions(li.get("/staff/queue")) == ["急", "新", "旧"]


FILTERS = {
    "": ["甲", "乙"],
    "state=unread": ["甲", "乙"],
    "state=handled": ["丙"],
    "reason=sampled": ["甲"],
    "status=clarify": ["乙"],
    "measure=6": ["甲"],
    "measure=06": ["甲"],
    "measure=m06": ["甲"],
    "q=乙": ["乙"],
    "q=%25": [],
    "mine=1": [],
    "state=unread&reason=sampled&status=answered&measure=6&q=甲": ["甲"],
    "state=unread&status=clarify&measure=6": [],
    "state=nothing&reason=nothing&status=nothing&measure=99&mine=2": ["甲", "乙"],
    "measure=99999999999999999999999": ["甲", "乙"],
    f"measure={'9' * 5000}": ["甲", "乙"],
    "q=%00": ["甲", "乙"],
}


@pytest.fixture
def three(desk: Desk) -> None:
    answered(desk.database, question="甲", cited=["m06"], reasons="sampled", priority=30)
    answered(desk.database, question="乙", cited=["m07"], status="clarify")
    answered(desk.database, question="丙", state="handled")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("query", FILTERS)
def test_the_queue_shows_what_its_filters_leave(li: TestClient, query: str) -> None:
    page = li.get(f"/staff/queue?{query}")
    assert questions(page) == FILTERS[query]
    assert f"{len(FILTERS[query])} answers" in page.text


def test_the_queue_filters_on_either_database(database: Database, shelf: Shelf) -> None:
    browser = Office(Desk.open(database, shelf, now=lambda: NOW)).seat("li")
    answered(database, question="甲", cited=["m06"], reasons="sampled")
    answered(database, question="乙")
    asked = ("reason=sampled&measure=6", "q=%00乙", "page=999999999", "mine=1")
    assert [questions(browser.get(f"/staff/queue?{query}")) for query in asked] == [["甲"], ["乙"], [], []]


@pytest.fixture
def pages(desk: Desk, li: TestClient) -> Callable[[str], list[str]]:
    """Give the questions on a page of a queue of 120."""
    for n in range(120):
        answered(desk.database, question=f"{n}", asked_at=NOW - timedelta(minutes=n), confidence=None)
    return lambda number: questions(li.get(f"/staff/queue?page={number}"))


def test_the_queue_is_paged(pages: Callable[[str], list[str]]) -> None:
    shown = [question for number in ("1", "2", "3") for question in pages(number)]
    assert shown == [str(n) for n in range(120)]
    assert pages("4") == []


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "1e3", "²", "9" * 5000])
def test_a_page_that_is_no_number_is_the_first(pages: Callable[[str], list[str]], number: str) -> None:
    assert pages(number)[0] == "0"


@pytest.mark.usefixtures("pages")
def test_paging_keeps_the_filters(li: TestClient) -> None:
    page = li.get("/staff/queue?status=answered&page=2&lang=en").text
    assert 'href="/staff/queue?status=answered&amp;page=1"' in page
    assert 'href="/staff/queue?status=answered&amp;page=3"' in page


@pytest.mark.usefixtures("pages")
def test_the_queue_says_which_part_it_shows(li: TestClient) -> None:
    assert "120 answers · 51 to 100" in text_of(li.get("/staff/queue?page=2"))
    assert "120 answers ·" not in text_of(li.get("/staff/queue?page=9"))


def test_the_queue_counts_what_is_open(desk: Desk, li: TestClient, wang: TestClient) -> None:
    for state in ("unread", "unread", "second", "disputed", "handled"):
        answered(desk.database, state=state)
    shown = [text_of(browser.get("/staff/queue")) for browser in (li, wang)]
    assert "2 unread 1 for a second reviewer 0 disputed" in shown[0]
    assert "2 unread 1 for a second reviewer 1 disputed" in shown[1]


def test_the_next_one_is_the_first_that_is_free(
    desk: Desk, record: Recorder, li: TestClient, wang: TestClient
) -> None:
    first = record()
    second = answered(desk.database, asked_at=NOW - timedelta(hours=1))
    wang.get(f"/staff/check/{first}")
    assert li.get("/staff/next").headers["location"] == f"/staff/check/{second}"


def test_there_is_no_next_one_in_an_empty_queue(li: TestClient) -> None:
    assert li.get("/staff/next").headers["location"] == "/staff/queue"
    assert told("queue.none") in li.get("/staff/queue").text


def test_the_queue_shows_suspended_approvals_first(li: TestClient, desk: Desk, approved: Approve) -> None:
    kept = approved()
    approvals.suspend_changed(desk.database, {}, now=NOW)
    page = li.get("/staff/queue")
    assert told("queue.rechecks", n=1) in page.text
    assert f'href="/staff/approvals/{kept.approval_id}"' in page.text


# The check sheet.


@pytest.fixture
def answer_id(record: Recorder) -> str:
    return record()


@pytest.fixture
def sheet(li: TestClient, answer_id: str) -> Callable[[], str]:
    return lambda: li.get(f"/staff/check/{answer_id}").text


def test_each_quotation_stands_beside_its_source(sheet: Callable[[], str], desk: Desk) -> None:
    lines = sheet().split('<li class="line')[1:]
    ticks = [line.partition('"')[0].strip() for line in lines]
    assert ticks == ["tick-none", "tick-ok", "tick-ok", "tick-none"]
    assert "<mark>集中公布水电气网报装全程办理环节、时限、费用和服务承诺。</mark>" in lines[1]
    assert f"[1] {name_of(passage('m06'), desk.shelf)}" in lines[1]


@BOTH_LANGUAGES
def test_an_answer_that_is_borne_out_says_so(office: Office, answer_id: str, language: str) -> None:
    page = office.seat("li", language=language).get(f"/staff/check/{answer_id}").text
    assert told("check.ticked", language) in page
    assert told("check.tick.ok", language) in page


def broken(field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda trace: trace["answer"]["citations"][0].update({field: value})


@pytest.mark.parametrize(
    "change",
    [
        broken("exact", "通知没有这样写。"),
        broken("start", 7),
        broken("end", 10**9),
        broken("passage_id", "gone#m01"),
        lambda trace: trace["answer"]["citations"].pop(0),
    ],
)
def test_a_sentence_that_its_source_does_not_bear_is_flagged(
    desk: Desk, sheet: Callable[[], str], answer_id: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    rewrite(desk.database, answer_id, change)
    page = sheet()
    assert 'class="line tick-flag"' in page
    assert told("check.flagged", n=1) in page
    assert told("check.ticked") not in page


def test_a_quotation_without_a_marker_is_flagged(desk: Desk, sheet: Any, answer_id: str) -> None:
    rewrite(desk.database, answer_id, lambda trace: trace["answer"].update(text="> 通知没有这样写。"))
    assert 'class="line tick-flag"' in sheet()


def test_the_sheet_shows_the_turns_before(record: Recorder, li: TestClient) -> None:
    page = li.get(f"/staff/check/{record('要多久？', history=('水电气怎么报装？', '谁牵头？'))}")
    assert "Before: 水电气怎么报装？ Before: 谁牵头？ 要多久？" in text_of(page)


def test_the_sheet_shows_what_users_said(desk: Desk, sheet: Callable[[], str], answer_id: str) -> None:
    rated(desk.database, answer_id, is_helpful=False, reason="incomplete", comment="少了时限")
    rated(desk.database, answer_id, is_helpful=True, given_at=NOW + timedelta(hours=1))
    page = sheet()
    assert f"{told('check.unhelpful')} · {told('complaint.incomplete')}：少了时限" in page
    assert told("check.helpful") in page


def test_the_sheet_shows_the_passages_found(desk: Desk, li: TestClient, answer_id: str) -> None:
    table = text_of(li.get(f"/staff/check/{answer_id}")).partition("Passages found")[2]
    places = [table.index(f"{n} {name_of(passage(key), desk.shelf)}") for n, key in enumerate(FOUND, start=1)]
    assert places == sorted(places)
    assert "cited" in table[places[0] : places[1]]
    assert "cited" not in table[places[1] : places[2]]


def test_a_passage_that_reads_otherwise_today_is_flagged(desk: Desk, sheet: Any, answer_id: str) -> None:
    rewrite(desk.database, answer_id, lambda trace: trace["hits"][1].update(sha256="0" * 64))
    assert sheet().count(told("check.source_changed")) == 1


def test_the_sheet_shows_route_times_and_versions(li: TestClient, answer_id: str) -> None:
    page = text_of(li.get(f"/staff/check/{answer_id}"))
    assert "Route search Asks for content Searched for 水电气怎么报装？" in page
    assert "understand 0.40 ms → search 11.20 ms" in page
    assert f"Notices {'n' * 16} Encoder {'e' * 16} Wording p Index –" in page


def test_the_sheet_shows_what_the_gate_replaced(li: TestClient, record: Recorder) -> None:
    answer_id = record(problems=("问题一",), repairs=("改句二",), fault="RuntimeError()")
    page = text_of(li.get(f"/staff/check/{answer_id}"))
    assert all(shown in page for shown in ("Fact gate: 问题一", "Fact gate: 改句二", "Fault: RuntimeError()"))
    assert told("check.flagged", n=2) in page


@pytest.mark.parametrize(
    "question", ["有两个牵头单位的措施", "中介", "写诗", "出错", "总体要求", "utilities", "報裝"]
)
@BOTH_LANGUAGES
def test_every_ending_can_be_checked(
    office: Office, record: Recorder, scripted: ScriptedAssistant, question: str, language: str
) -> None:
    answer = scripted.ask(question)
    page = office.seat("li", language=language).get(f"/staff/check/{record(question, answer=answer)}")
    assert page.status_code == 200
    assert told(f"ending.{answer.status}", language) in page.text


# Verdicts.


@pytest.fixture
def given(desk: Desk, answer_id: str) -> Callable[[], tuple[verdicts.Given, ...]]:
    return lambda: verdicts.of_answer(desk.database, answer_id)


def test_a_verdict_is_kept_and_leads_to_the_next(
    li: TestClient, record: Recorder, answer_id: str, given: Any
) -> None:
    response = judge(li, answer_id, "partly", comment="少了时限", reasons=["incomplete", "deadline"])
    assert response.json() == {"next": "/staff/queue"}
    (kept,) = given()
    assert (kept.reviewer, kept.judgement.comment) == ("li", "少了时限")
    assert kept.judgement.reasons == ("incomplete", "deadline")


def test_a_browser_without_a_script_goes_on_to_the_next(li: TestClient, answer_id: str) -> None:
    response = li.post(f"/staff/check/{answer_id}", data={"verdict": "right"})
    assert (response.status_code, response.headers["location"]) == (303, "/staff/queue")


REFUSED = {
    "review.no_verdict": {"verdict": "perfect"},
    "review.needs_words": {"verdict": "partly"},
    "review.needs_measure": {"verdict": "wrong_measure"},
    "review.needs_ending": {"verdict": "should_have_refused"},
    "review.unknown_measure": {"verdict": "wrong_measure", "measures": "99"},
    "review.unknown_reason": {"verdict": "partly", "comment": "x", "reasons": "x"},
    "review.unknown_ending": {"verdict": "should_have_refused", "ending": "x"},
    "review.too_long": {"verdict": "right", "comment": "长" * 2001},
    "review.too_many_facts": {"verdict": "wrong_fact", "must_contain": "一\n" * 21},
}


@pytest.mark.parametrize("key", REFUSED)
@BOTH_LANGUAGES
def test_a_verdict_that_cannot_be_kept_says_why(
    office: Office, answer_id: str, given: Any, key: str, language: str
) -> None:
    browser = office.seat("li", language=language)
    response = browser.post(f"/staff/check/{answer_id}", data=REFUSED[key], headers=JSON)
    beginning = Template(sentences("staff", language)[key]).template.partition("$")[0]
    assert (response.status_code, response.json()["sign_in"]) == (422, False)
    assert response.json()["detail"].startswith(beginning)
    assert given() == ()


@pytest.mark.parametrize("measures", ["9" * 5000, "9" * 9, "²", "0", "-6", "m6", "c99"])
def test_a_measure_that_is_none_is_refused(li: TestClient, answer_id: str, measures: str) -> None:
    assert judge(li, answer_id, "wrong_measure", measures=measures).status_code == 422


@pytest.mark.parametrize(
    ("written", "meant"),
    [("15", ["m15"]), ("6, 15", ["m06", "m15"]), ("6，15、06 ,", ["m06", "m15"]), ("c3.1", ["c3.1"])],
)
def test_measures_are_written_as_people_do(
    li: TestClient, answer_id: str, given: Any, written: str, meant: list[str]
) -> None:
    judge(li, answer_id, "wrong_measure", measures=written)
    assert given()[0].judgement.measures == tuple(map(passage, meant))


def test_a_verdict_is_kept_on_either_database(database: Database, shelf: Shelf) -> None:
    browser = Office(Desk.open(database, shelf, second_share=0.0, now=lambda: NOW)).seat("li")
    answer_id = checkable(database)
    judge(browser, answer_id, "partly", comment="少\0了")
    assert verdicts.of_answer(database, answer_id)[0].judgement.comment == "少了"


def test_what_was_typed_before_the_mind_changed_does_not_count(
    li: TestClient, answer_id: str, given: Any
) -> None:
    judge(li, answer_id, "right", measures="99", corrected_text="x", ending="declined")
    assert given()[0].judgement.corrected_text is None


def test_an_editor_goes_on_to_approve(wang: TestClient, answer_id: str) -> None:
    response = judge(wang, answer_id, "partly", corrected_text=WINDOW, then="approve")
    assert response.json()["next"] == f"/staff/approvals/new?answer={answer_id}"


def test_a_second_reviewer_does_not_see_the_first_verdict(office: Office, li: Any, answer_id: str) -> None:
    judge(li, answer_id, "partly", comment="我的看法", second="on")
    page = office.seat("zhao").get(f"/staff/check/{answer_id}").text
    assert 'id="judge"' in page
    assert "我的看法" not in page
    assert told("check.given") not in page


def test_an_editor_who_is_the_second_does_not_see_it_either(li: Any, wang: Any, answer_id: str) -> None:
    judge(li, answer_id, "partly", comment="我的看法", second="on")
    assert "我的看法" not in wang.get(f"/staff/check/{answer_id}").text


def test_the_first_reviewer_sees_the_verdict_and_has_no_form(li: Any, answer_id: str, desk: Desk) -> None:
    judge(li, answer_id, "partly", comment="我的看法", second="on")
    page = li.get(f"/staff/check/{answer_id}").text
    assert "我的看法" in page
    assert 'id="judge"' not in page


def test_who_checked_first_does_not_keep_the_second_from_it(office: Office, li: Any, answer_id: str) -> None:
    judge(li, answer_id, second="on")
    li.get(f"/staff/check/{answer_id}")
    zhao = office.seat("zhao")
    assert zhao.get("/staff/next").headers["location"] == f"/staff/check/{answer_id}"
    assert judge(zhao, answer_id).status_code == 200


def test_whoever_decides_sees_both_verdicts(office: Office, li: Any, wang: Any, answer_id: str) -> None:
    judge(li, answer_id, "partly", comment="看法一", second="on")
    judge(office.seat("zhao"), answer_id, "over_promise", comment="看法二")
    assert told("check.disputed") in li.get(f"/staff/check/{answer_id}").text
    page = wang.get(f"/staff/check/{answer_id}").text
    assert all(shown in page for shown in ("看法一", "看法二", 'id="judge"'))


def test_only_an_editor_looks_again_at_what_is_handled(li: Any, wang: Any, answer_id: str) -> None:
    judge(li, answer_id)
    forms = ['id="judge"' in browser.get(f"/staff/check/{answer_id}").text for browser in (li, wang)]
    assert forms == [False, True]
    assert told("check.handled") in li.get(f"/staff/check/{answer_id}").text


def test_no_form_is_shown_for_what_somebody_else_has_open(
    office: Office, li: Any, wang: Any, clock: Clock, answer_id: str
) -> None:
    li.get(f"/staff/check/{answer_id}")
    page = wang.get(f"/staff/check/{answer_id}").text
    assert told("review.taken", name="li") in page
    assert 'id="judge"' not in page
    assert "open with li" in text_of(wang.get("/staff/queue"))
    clock.forward(minutes=TAKEN_MINUTES)
    assert 'id="judge"' in wang.get(f"/staff/check/{answer_id}").text


def test_what_is_put_back_is_free_again(li: Any, wang: Any, answer_id: str) -> None:
    li.get(f"/staff/check/{answer_id}")
    assert li.post(f"/staff/check/{answer_id}/release").headers["location"] == "/staff/queue"
    assert 'id="judge"' in wang.get(f"/staff/check/{answer_id}").text


def test_nobody_puts_back_what_another_has_open(li: Any, wang: Any, answer_id: str) -> None:
    li.get(f"/staff/check/{answer_id}")
    wang.post(f"/staff/check/{answer_id}/release")
    assert told("review.taken", name="li") in wang.get(f"/staff/check/{answer_id}").text


# What a stranger or a colleague typed.


@pytest.fixture
def spoilt(office: Office, record: Recorder, approved: Approve) -> tuple[TestClient, list[str]]:
    """Script in everything that can be typed; a browser, and all pages that show it."""
    database = office.desk.database
    answer_id = record(EVIL, history=(EVIL,), problems=(EVIL,), repairs=(EVIL,), fault=EVIL)
    rewrite(database, answer_id, lambda trace: trace["answer"].update(text=f"> {EVIL} [1]\n\n{EVIL}"))
    rated(database, answer_id, is_helpful=False, comment=EVIL)
    judged(database, answer_id, "partly", reviewer=EVIL, comment=EVIL, corrected_text=EVIL)
    taken = record(EVIL)
    kept = approved(EVIL, questions=[EVIL, f"{EVIL} 2"], waiver=EVIL, passages={EVIL: ""}, actor=EVIL)
    judge(office.seat("li"), checkable(database, question=EVIL, cited=[OFFERED]))
    with database.writing() as connection:
        connection.execute(
            update(queue_table)
            .where(queue_table.c.answer_id == taken)
            .values(assigned_to=EVIL, assigned_until="2999")
        )
        audit.append(connection, now=NOW, actor=EVIL, action=EVIL[:30], record=EVIL, details={EVIL: EVIL})
    paths = [f"check/{answer_id}", f"check/{taken}", "queue?state=unread", f"approvals/{kept.approval_id}"]
    paths += [f"approvals/new?answer={answer_id}", "approvals", "suggestions", "log", "insight"]
    return office.seat(EVIL, "administrator"), paths


def test_what_anybody_typed_is_text_on_every_page(spoilt: tuple[TestClient, list[str]]) -> None:
    browser, paths = spoilt
    shown = {path: browser.get(f"/staff/{path}") for path in paths}
    assert {path: page.status_code for path, page in shown.items()} == dict.fromkeys(paths, 200)
    assert [
        path for path, page in shown.items() if "<script>alert" in page.text or "<img src=x" in page.text
    ] == []
    assert all(page.text.count("&lt;script&gt;alert(1)") for page in shown.values())


@pytest.mark.parametrize(
    "path",
    [
        "queue?q=EVIL&measure=EVIL&state=EVIL&reason=EVIL&page=EVIL&EVIL=EVIL",
        "approvals?state=EVIL",
        "suggestions?state=EVIL",
        "insight?since=EVIL&until=EVIL",
        "insight/EVIL",
        "insight/themes?since=EVIL",
        "memo?unit=EVIL",
        "export/EVIL",
        "log?before=EVIL",
        "check/EVIL",
        "approvals/EVIL",
        "approvals/new?answer=EVIL",
        "sign-in?next=/staff/EVIL",
    ],
)
def test_what_an_address_says_is_text(chen: TestClient, path: str) -> None:
    page = chen.get(f"/staff/{path}".replace("EVIL", "%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27%3E%00"))
    assert page.status_code in (200, 404)
    assert "<script>alert" not in page.text
    assert "\"'>" not in page.text


def test_a_name_typed_at_the_sign_in_is_text(office: Office) -> None:
    office.employ("li")
    page = office.browser().post(
        "/staff/sign-in", data={"name": EVIL, "password": EVIL, "next": f"/staff/{EVIL}"}
    )
    assert "<script>alert" not in page.text


# What is not there.


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (f"check/{GONE}", "review.unknown_answer"),
        ("check/x%2F..%2F%00", None),
        (f"check/{'x' * 3000}", None),
        (f"approvals/{GONE}", "approval.unknown"),
        (f"approvals/new?answer={GONE}", "review.unknown_answer"),
        ("approvals/new?answer=%00", None),
        ("insight/nothing.csv", "review.unknown_file"),
        ("insight/accuracy.png", "review.unknown_file"),
        ("export/answers.jsonl", "review.unknown_file"),
        ("memo?unit=nobody", "review.unknown_unit"),
    ],
)
def test_what_is_not_there_is_not_found_in_words(chen: TestClient, path: str, key: str | None) -> None:
    page = chen.get(f"/staff/{path}")
    values = {"answer_id": GONE, "approval_id": GONE, "name": path.rpartition("/")[2], "unit": "nobody"}
    if key:
        wanted = Template(sentences("staff", "en")[key])
        assert wanted.substitute({name: values[name] for name in wanted.get_identifiers()}) in text_of(page)
    assert page.status_code in ((404,) if key else (404, 200))


def test_what_is_not_there_is_not_found_on_either_database(database: Database, shelf: Shelf) -> None:
    browser = Office(Desk.open(database, shelf, now=lambda: NOW)).seat("chen", "administrator")
    paths = (
        "check/%00",
        "check/" + "x" * 3000,
        "approvals/%00x",
        "suggestions?state=%00",
        "log?before=9999999999",
    )
    assert [browser.get(f"/staff/{path}").status_code for path in paths] == [404, 404, 404, 200, 200]


@pytest.mark.parametrize("path", ["check/{}", "suggestions/{}", "approvals/{}/withdraw"])
def test_an_action_on_what_is_not_there_is_refused(chen: TestClient, path: str) -> None:
    sent = chen.post(f"/staff/{path.format(GONE)}", data={"verdict": "right"}, headers=JSON)
    assert (sent.status_code, bool(sent.json()["detail"])) in {(404, True), (409, True)}


# Approved answers.


def test_an_approval_is_filled_from_a_correction(li: Any, wang: Any, answer_id: str) -> None:
    judge(li, answer_id, "wrong_measure", measures="15", corrected_text="更正后的文字")
    page = wang.get(f"/staff/approvals/new?answer={answer_id}").text
    assert ">水电气怎么报装？</textarea>" in page
    assert ">更正后的文字</textarea>" in page
    assert 'name="measures" value="15"' in page
    assert f'name="answer_id" value="{answer_id}"' in page


def test_an_approval_is_filled_from_an_answer_that_is_right(wang: TestClient, answer_id: str) -> None:
    page = wang.get(f"/staff/approvals/new?answer={answer_id}").text
    assert 'name="measures" value="6"' in page
    assert ">集中公布水电气网报装全程办理环节、时限、费用和服务承诺。" in page


def test_an_approval_shows_the_source_beside_it(wang: TestClient, desk: Desk, answer_id: str) -> None:
    page = wang.get(f"/staff/approvals/new?answer={answer_id}").text
    assert desk.shelf.passage(passage("m06")).text in page


def test_other_wordings_can_be_ticked(desk: Desk, wang: TestClient, record: Recorder) -> None:
    answer_id, _ = record("水电气怎么报装？"), record("报装水电气找谁？")
    page = wang.get(f"/staff/approvals/new?answer={answer_id}").text
    assert 'name="also" value="报装水电气找谁？"' in page
    approve(wang, also="报装水电气找谁？")
    assert approvals.current(desk.database)[0].questions == ("水电气怎么报装", "报装水电气找谁？")


def test_an_approval_is_kept_and_shown(wang: TestClient, desk: Desk, answer_id: str) -> None:
    target = approve(wang, answer_id=answer_id, note="第一版").json()["next"]
    page = wang.get(target)
    assert "1 · in use · wang · 2026-01-15 17:00 第一版" in text_of(page)
    assert f'href="/staff/check/{answer_id}"' in page.text
    assert "水电气怎么报装" in questions(wang.get("/staff/approvals"))


def test_an_approval_is_kept_on_either_database(database: Database, shelf: Shelf) -> None:
    browser = Office(Desk.open(database, shelf, now=lambda: NOW)).seat("wang", "editor")
    target = approve(browser, f"{WINDOW}\0", note="\0", questions="水电气\0怎么报装").json()["next"]
    sent = browser.post(f"{target}/withdraw", data={"note": "x\0"}, headers=JSON)
    assert (sent.status_code, browser.get(target).status_code) == (200, 200)
    assert approve(browser, answer_id="\0" + "x" * 100).status_code == 404


@BOTH_LANGUAGES
def test_an_objection_of_the_gate_is_a_sentence(office: Office, desk: Desk, language: str) -> None:
    response = approve(office.seat("wang", "editor", language=language), WRONG, measures="3")
    beginning = sentences("staff", language)["approval.gate"].partition("$")[0]
    assert response.status_code == 422
    assert response.json()["detail"].startswith(beginning)
    assert "10个工作日" in response.json()["detail"]
    assert approvals.current(desk.database) == ()


def test_a_waiver_lets_a_text_stand(wang: TestClient, desk: Desk) -> None:
    approve(wang, WRONG, measures="3", waiver="电话核实")
    assert approvals.current(desk.database)[0].waiver == "电话核实"
    assert told("approved.waived") in wang.get("/staff/approvals").text


APPROVAL_REFUSED = {
    "approval.no_question": {"questions": " \n "},
    "approval.no_text": {"text": " "},
    "approval.too_many_questions": {"questions": "\n".join(f"问题{n}" for n in range(51))},
    "review.too_long": {"text": "长" * 5001},
    "review.needs_measure": {"measures": ""},
    "review.unknown_measure": {"measures": "40"},
    "review.unknown_ending": {"ending": "clarify"},
}


@pytest.mark.parametrize("key", APPROVAL_REFUSED)
def test_an_approval_that_cannot_be_kept_says_why(wang: TestClient, desk: Desk, key: str) -> None:
    response = approve(wang, **APPROVAL_REFUSED[key])
    assert response.status_code == 422
    assert response.json()["detail"].startswith(sentences("staff", "en")[key].partition("$")[0])
    assert approvals.current(desk.database) == ()


@pytest.mark.parametrize(
    "text", ["[1]", "[9] [0] [99999999999999999999]", "**", "> ", "|a|\n|-|", "<b>[1]</b>", "$x"]
)
def test_any_text_is_kept_or_refused_in_words(wang: TestClient, text: str) -> None:
    answers = [approve(wang, text, waiver=waiver) for waiver in ("", "x")]
    assert {response.status_code for response in answers} <= {200, 409, 422}


def test_a_second_approval_of_a_wording_is_refused(wang: TestClient) -> None:
    approve(wang)
    assert approve(wang).json()["detail"] == said("approval.double", question="水电气怎么报装")


def test_a_change_is_a_version_with_its_history(wang: TestClient, desk: Desk) -> None:
    approve(wang, note="第一版")
    (kept,) = approvals.current(desk.database)
    approve(wang, f"{WINDOW}{WINDOW}", approval_id=kept.approval_id, version="1", note="第二版")
    page = text_of(wang.get(f"/staff/approvals/{kept.approval_id}"))
    assert page.index("2 · in use · wang") < page.index("第二版") < page.index("1 · in use · wang")


@pytest.mark.parametrize("version", ["0", "7", "", "x", "9" * 5000])
def test_a_change_of_an_older_version_is_refused(wang: TestClient, desk: Desk, version: str) -> None:
    approve(wang)
    (kept,) = approvals.current(desk.database)
    response = approve(wang, "另一版", approval_id=kept.approval_id, version=version, waiver="x")
    assert (response.status_code, response.json()["detail"]) == (409, said("approval.changed_meanwhile"))


def test_a_change_does_not_move_to_another_answer(wang: TestClient, desk: Desk, answer_id: str) -> None:
    approve(wang, answer_id=answer_id)
    (kept,) = approvals.current(desk.database)
    approve(wang, approval_id=kept.approval_id, version="1", answer_id="x" * 100)
    assert approvals.current(desk.database)[0].answer_id == answer_id


def test_a_withdrawn_approval_says_by_whom_and_why(wang: TestClient, desk: Desk, approved: Approve) -> None:
    path = f"/staff/approvals/{approved().approval_id}"
    wang.post(f"{path}/withdraw", data={"note": "已经过时"})
    assert approvals.current(desk.database)[0].state is ApprovalState.WITHDRAWN
    assert "Withdrawn by wang. 已经过时" in text_of(wang.get(path))
    assert "/withdraw" not in wang.get(path).text


def test_a_suspended_approval_says_what_changed(wang: TestClient, desk: Desk, approved: Approve) -> None:
    kept = approved()
    approvals.suspend_changed(desk.database, {}, now=NOW)
    page = wang.get(f"/staff/approvals/{kept.approval_id}").text
    assert told("approved.recheck", passages=passage("m06")) in page


def test_approvals_are_listed_by_state(wang: TestClient, desk: Desk, approved: Approve) -> None:
    wang.post(f"/staff/approvals/{approved().approval_id}/withdraw", data={"note": "x"})
    approved(questions=["怎么招标"])
    shown = {state: questions(wang.get(f"/staff/approvals?state={state}")) for state in ApprovalState}
    assert shown == {"active": ["怎么招标"], "suspended": [], "withdrawn": ["水电气怎么报装"]}


def test_a_reviewer_reads_approvals_and_cannot_change_them(li: TestClient, approved: Approve) -> None:
    page = li.get(f"/staff/approvals/{approved().approval_id}").text
    assert WINDOW in page
    assert '<button class="main">' not in page
    assert "/withdraw" not in page


# Suggestions for the question bank.


@pytest.fixture
def offered(desk: Desk, li: TestClient) -> str:
    answer_id = checkable(desk.database, question="问个问题", cited=[OFFERED])
    judge(li, answer_id)
    return answer_id


def test_a_checked_question_is_offered(wang: TestClient, offered: str, desk: Desk) -> None:
    page = wang.get("/staff/suggestions").text
    assert 'value="问个问题"' in page
    assert name_of(passage(OFFERED), desk.shelf) in page
    assert f"/staff/check/{offered}" in page


@pytest.mark.parametrize(
    ("decision", "state"), [("accept", "accepted"), ("decline", "declined"), ("", "declined")]
)
def test_a_suggestion_is_accepted_or_declined(
    wang: TestClient, offered: str, decision: str, state: str
) -> None:
    sent = {"decision": decision, "question": "问个 更好的问题"}
    assert wang.post(f"/staff/suggestions/{offered}", data=sent).headers["location"] == "/staff/suggestions"
    assert told("suggested.none") in wang.get("/staff/suggestions").text
    assert "问个 更好的问题" in wang.get(f"/staff/suggestions?state={state}").text


def test_a_suggestion_is_decided_once(wang: TestClient, offered: str) -> None:
    sent = {"decision": "accept", "question": "问个问题"}
    answers = [wang.post(f"/staff/suggestions/{offered}", data=sent, headers=JSON) for _ in range(2)]
    assert [response.status_code for response in answers] == [200, 409]
    assert answers[1].json()["detail"] == said("suggestion.decided")


def test_a_suggestion_without_words_is_not_accepted(wang: TestClient, offered: str) -> None:
    sent = wang.post(f"/staff/suggestions/{offered}", data={"decision": "accept"}, headers=JSON)
    assert (sent.status_code, sent.json()["detail"]) == (422, said("suggestion.length", length=0))


def test_an_unknown_state_of_suggestions_shows_the_open_ones(wang: TestClient, offered: str) -> None:
    assert "问个问题" in wang.get("/staff/suggestions?state=nothing").text


# Insight and files.


@pytest.fixture
def counted(desk: Desk) -> None:
    for n, status in enumerate(("answered", "answered", "not_stated", "not_covered")):
        asked_at = NOW - timedelta(days=n)
        answer_id = answered(desk.database, status=status, cited=["m06"], asked_at=asked_at, is_sampled=True)
        rated(desk.database, answer_id, is_helpful=n > 0, reason=None if n else "unclear")
        judged(desk.database, answer_id, "right" if n else "wrong_fact")


@pytest.mark.usefixtures("counted")
@BOTH_LANGUAGES
def test_the_insight_page_counts_what_was_asked(office: Office, language: str) -> None:
    page = text_of(office.seat("li", language=language).get("/staff/insight"))
    assert f"4 {told('insight.questions', language)}" in page
    assert f"75.0% {told('insight.accuracy', language)}" in page
    assert f"3 : 1 {told('insight.feedback', language)}" in page


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("period", "n"),
    [
        ("since=2026-01-15", 1),
        ("until=2026-01-14", 3),
        ("since=2026-01-13&until=2026-01-14", 2),
        ("since=2026-02-30&until=x", 4),
        ("since=0001-01-01&until=9999-12-31", 4),
        ("since=9999-12-31", 0),
    ],
)
def test_a_period_is_of_days_in_xian(li: TestClient, period: str, n: int) -> None:
    assert f"{n} questions" in text_of(li.get(f"/staff/insight?{period}"))
    assert li.get(f"/staff/insight/days.svg?{period}").status_code == 200


def test_insight_has_nothing_to_say_of_empty_records(li: TestClient) -> None:
    page = text_of(li.get("/staff/insight"))
    assert "0 questions – accuracy of the sample" in page
    assert li.get("/staff/insight/accuracy.svg").status_code == 200


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {
    "insight/days.svg": ("image/svg+xml", b"<svg"),
    "insight/accuracy.svg": ("image/svg+xml", b"<svg"),
    "insight/insight.xlsx": (EXCEL, b"PK"),
    **{
        f"insight/{name}.csv": ("text/csv; charset=utf-8", "\ufeff".encode())
        for name in ("summary", "counts", "days", "measures", "sections", "weeks")
    },
    f"memo?unit={UNIT}": (WORD, b"PK"),
    "export/approved.jsonl": ("application/jsonl", b'{"approval_id"'),
    "export/cases.jsonl": ("application/jsonl", b""),
}


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("path", FILES)
def test_a_file_is_of_its_kind(chen: TestClient, approved: Approve, path: str) -> None:
    approved()
    response = chen.get(f"/staff/{path}")
    kind, beginning = FILES[path]
    assert (response.status_code, response.headers["content-type"]) == (200, kind)
    assert response.content.startswith(beginning)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("insight/measures.csv", "measures.csv"),
        (f"memo?unit={UNIT}", "%E5%B8%82%E8%A1%8C%E6%94%BF%E5%AE%A1%E6%89%B9%E5%B1%80.docx"),
    ],
)
def test_a_file_is_saved_under_its_name(li: TestClient, path: str, name: str) -> None:
    disposition = li.get(f"/staff/{path}").headers["content-disposition"]
    assert disposition == f"attachment; filename*=UTF-8''{name}"


def test_a_cell_is_never_a_formula(desk: Desk, li: TestClient) -> None:
    answered(desk.database, engine="=cmd|' /C calc'!A0")
    answered(desk.database, engine="\uff1d1+1")
    cells = li.get("/staff/insight/counts.csv").content.decode("utf-8-sig")
    assert "engine,'=cmd|' /C calc'!A0,1" in cells
    assert "engine,'\uff1d1+1,1" in cells


def test_a_cell_of_a_workbook_is_text(desk: Desk, li: TestClient) -> None:
    answered(desk.database, engine="=1+1")
    book = ZipFile(io.BytesIO(li.get("/staff/insight/insight.xlsx").content))
    assert not any(b"<f>" in book.read(name) for name in book.namelist())


def test_the_memo_has_what_the_notice_leaves_open(desk: Desk, li: TestClient) -> None:
    answered(desk.database, question="报装要多少钱", status="not_stated", facet="price", cited=["m06"])
    document = ZipFile(io.BytesIO(li.get(f"/staff/memo?unit={UNIT}").content)).read("word/document.xml")
    assert "报装要多少钱" in document.decode()


def test_the_regression_set_is_exported(desk: Desk, li: TestClient, wang: TestClient) -> None:
    measured = next(key for key in MEASURES if family(key) == "regression")
    judge(li, checkable(desk.database, question="测一测", cited=[measured]))
    (row,) = wang.get("/staff/export/cases.jsonl").text.splitlines()
    assert json.loads(row)["question"] == "测一测"


def test_themes_group_what_was_not_answered(desk: Desk, li: TestClient) -> None:
    answered(desk.database, question="公积金怎么提取", status="not_covered")
    assert told("insight.themes_lead", n=1) in li.get("/staff/insight/themes").text


# The log.


def test_the_log_tells_who_did_what(li: TestClient, chen: TestClient, answer_id: str) -> None:
    judge(li, answer_id)
    page = text_of(chen.get("/staff/log"))
    assert f"1 2026-01-15 17:00 li verdict answer:{answer_id}" in page
    assert told("log.holds", n=1) in page


def test_a_changed_line_is_told(chen: TestClient, li: TestClient, desk: Desk, answer_id: str) -> None:
    judge(li, answer_id)
    with desk.database.writing() as connection:
        connection.execute(update(audit_table).values(actor="wang"))
    page = chen.get("/staff/log").text
    assert told("log.broken") in page
    assert "line 1 was changed" in page


@pytest.fixture
def long_log(desk: Desk) -> None:
    with desk.database.writing() as connection:
        for n in range(1, 151):
            audit.append(connection, now=NOW, actor=f"actor{n}", action="x", record="x")


@pytest.mark.usefixtures("long_log")
def test_the_log_is_paged(chen: TestClient) -> None:
    first, second = chen.get("/staff/log").text, chen.get("/staff/log?before=51").text
    assert "actor150<" in first
    assert 'href="/staff/log?before=51"' in first
    assert ("actor50<" in second, "actor51<" in second, 'class="pager"' in second) == (True, False, False)


@pytest.mark.usefixtures("long_log")
@pytest.mark.parametrize("before", ["x", "-1", "9" * 20, "9" * 5000, "²"])
def test_a_place_in_the_log_that_is_none_is_its_end(chen: TestClient, before: str) -> None:
    assert "actor150<" in chen.get(f"/staff/log?before={before}").text


# Words.


@BOTH_LANGUAGES
@pytest.mark.parametrize(
    "path", ["queue", "approvals", "approvals/new", "suggestions", "insight", "insight/themes", "log"]
)
def test_a_page_is_in_the_language_of_its_reader(office: Office, path: str, language: str) -> None:
    page = office.seat("chen", "administrator", language=language).get(f"/staff/{path}").text
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert f" - {told('staff.name', language)}</title>" in page
    assert told("staff.sign_out", "en" if language == "zh" else "zh") not in page


def test_a_chosen_language_is_kept(li: TestClient) -> None:
    assert '<html lang="zh-CN">' in li.get("/staff/queue?lang=zh").text
    assert '<html lang="zh-CN">' in li.get("/staff/insight").text
    assert '<html lang="en">' in li.get("/staff/insight?lang=en").text


def test_the_link_to_the_other_language_keeps_what_is_shown(li: TestClient) -> None:
    page = li.get("/staff/queue?state=handled&q=%3C%22&lang=en").text
    assert 'href="/staff/queue?state=handled&amp;q=%3C%22&amp;lang=zh"' in page


def test_a_refused_form_links_to_a_page(li: TestClient, answer_id: str) -> None:
    page = li.post(f"/staff/check/{answer_id}/release", headers={"origin": "null"}).text
    assert 'href="/staff/queue?lang=zh"' in page


# A key that a template puts together, and all its ends.
ENDS = {
    "ending.": list(Status),
    "role.": list(Role),
    "state.": list(State),
    "reason.": list(Reason),
    "verdict.": list(Verdict),
    "turn.": list(Turn),
    "why.": verdicts.REASONS,
    "complaint.": feedback.REASONS,
    "approved.": list(ApprovalState),
    "suggested.": ["open", "accepted", "declined"],
    "staff.": ["queue", "approvals", "suggestions", "insight", "log"],
    "check.": ["disputed", "handled"],
    "check.engine.": ["quote", "records", "approved"],
    "check.tick.": ["ok", "flag", "none"],
    "check.told.": ["gate", "kind", "asks_for", "query", "measures"],
    "check.version.": ["index", "notices", "encoder", "prompts"],
}
SHEETS = files("assistant.web.staff").joinpath("templates")


def calls() -> Iterator[tuple[nodes.Expr, set[str]]]:
    """Give the key and the names of the values of every t(…) in the templates."""
    for template in SHEETS.iterdir():
        for call in Environment().parse(template.read_text("utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                yield call.args[0], {keyword.key for keyword in call.kwargs}


@BOTH_LANGUAGES
def test_every_sentence_of_a_template_is_in_the_sheet(language: str) -> None:
    sheet = sentences("staff", language)
    fixed = [(key.value, values) for key, values in calls() if isinstance(key, nodes.Const)]
    wrong = [
        key for key, values in fixed if set(Template(sheet.get(key, "$missing")).get_identifiers()) != values
    ]
    assert len(fixed) > 150
    assert wrong == []


@BOTH_LANGUAGES
@pytest.mark.parametrize("beginning", ENDS)
def test_every_end_of_a_key_has_words(beginning: str, language: str) -> None:
    sheet = sentences("staff", language)
    assert [end for end in ENDS[beginning] if f"{beginning}{end}" not in sheet] == []


def test_all_keys_that_are_put_together_are_known() -> None:
    joined = [key for key, _ in calls() if isinstance(key, nodes.Concat)]
    assert {key.nodes[0].value for key in joined} == set(ENDS)


@BOTH_LANGUAGES
def test_every_sentence_of_the_program_is_in_the_sheet(language: str) -> None:
    named = set()
    for path in (Path(__file__).parents[3] / "assistant").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "words" and len(node.args) > 1:
                sheet, key = node.args[:2]
                if ast.unparse(sheet) == "'staff'" and isinstance(key, ast.Constant):
                    named.add(key.value)
    assert "fault.records" in named
    assert named - sentences("staff", language).keys() == set()
