"""The permanent page of an answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer, Citation, Status, Trace
from assistant.record import new_answer_id
from assistant.review.accounts import Account, Role
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.desk import Desk
from assistant.review.published import answer_of
from assistant.web import create_app
from tests.assistant.rows import judged, passage
from tests.assistant.web.scripted import RecordedAssistant

EDITOR = Account("wang", Role.EDITOR)
CORRECTED = datetime(2026, 1, 16, 20, tzinfo=UTC)  # 17 January in Xi'an
Get = Callable[..., Any]


@pytest.fixture
def answer(recorded: RecordedAssistant) -> Answer:
    return recorded.ask("水电气怎么报装？")


@pytest.fixture
def get(recorded: RecordedAssistant) -> Iterator[Get]:
    """Fetch the page of an answer, Chinese unless told otherwise."""
    app = create_app(recorded)
    client = TestClient(app, raise_server_exceptions=False)

    def getting(answer_id: str, language: str = "zh", **more: Any) -> Any:
        home = "/en" if language == "en" else ""
        return client.get(f"{home}/answers/{answer_id}", params={"lang": language}, **more)

    yield getting
    client.close()


def approved(desk: Desk, answer: Answer, text: str) -> Approval:
    approval = Approval(
        approval_id="",
        version=0,
        state=ApprovalState.ACTIVE,
        language="zh",
        questions=(answer.question,),
        ending=Status.ANSWERED,
        text=text,
        passages={passage("m06"): ""},
        waiver="checked by hand",
        answer_id=answer.answer_id,
        changed_by="",
        changed_at="",
        note="",
    )
    return desk.approve(EDITOR, approval)


def test_shows_question_answer_status_time_and_cards(get: Get, answer: Answer) -> None:
    html = get(answer.answer_id).text
    assert '<h1 class="asked" lang="zh">水电气怎么报装？</h1>' in html
    assert "有原文依据" in html
    assert '<a href="#t1-1">[1]</a>' in html
    assert html.count('<details class="card"') == 1
    assert 'class="q-1"' in html
    assert "北京时间" in html


def test_shows_each_answer_to_whoever_has_its_address_only(get: Get, answer: Answer) -> None:
    response = get(answer.answer_id)
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-robots-tag"] == "noindex"


def test_stands_in_the_readers_language(get: Get, answer: Answer) -> None:
    html = get(answer.answer_id, "en").text
    assert "Recorded answer" in html
    assert f"/answers/{answer.answer_id}?lang=zh" in html


def test_leads_an_english_browser_to_the_english_page(client: TestClient) -> None:
    headers = {"accept-language": "en"}
    response = client.get("/answers/a%20b", headers=headers, follow_redirects=False)
    assert response.headers["location"] == "/en/answers/a%20b"
    assert client.get("/answers/x?lang=zh", headers=headers, follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    "answer_id", ["f" * 32, "nix", "%00", "x" * 400, "a b", "%ED%A0%80", "<script>alert(1)", "'--"]
)
def test_an_unknown_id_has_a_page_that_says_so(get: Get, answer_id: str) -> None:
    response = get(answer_id)
    assert response.status_code == 404
    assert "没有这个回答" in response.text
    assert "<script>alert" not in response.text


def test_an_answer_that_was_not_written_has_no_page(get: Get) -> None:
    assert get(new_answer_id()).status_code == 404


def test_says_when_the_records_cannot_be_read(get: Get, answer: Answer, desk: Desk) -> None:
    with desk.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE answers RENAME TO elsewhere")
    response = get(answer.answer_id)
    assert response.status_code == 503
    assert "暂时读不到" in response.text


def test_says_nothing_of_an_answer_found_right(get: Get, answer: Answer, desk: Desk) -> None:
    judged(desk.database, answer.answer_id, "right", corrected_text="x")
    assert "finding" not in get(answer.answer_id).text


def test_shows_a_reviewers_correction_first_and_the_earlier_answer_folded(
    get: Get, answer: Answer, desk: Desk
) -> None:
    judged(
        desk.database, answer.answer_id, "partly", corrected_text="**窗口**办理。 [1]", reviewed_at=CORRECTED
    )
    html = get(answer.answer_id).text
    assert "此回答已于2026-01-17由工作人员更正" in html
    assert (
        html.index("<strong>窗口</strong>办理")
        < html.index("原来的回答（已作废）")
        < html.index("第6项</strong>")
    )
    assert '<details class="card earlier">' in html


def test_names_no_reviewer(get: Get, answer: Answer, desk: Desk) -> None:
    judged(desk.database, answer.answer_id, "partly", corrected_text="x", reviewer="li-xiaoming")
    assert "li-xiaoming" not in get(answer.answer_id).text


def test_a_correction_with_another_measure_drops_the_cards_of_the_wrong_one(
    get: Get, answer: Answer, desk: Desk
) -> None:
    judged(desk.database, answer.answer_id, "wrong_measure", corrected_text="见第15项。", measures=("m15",))
    html = get(answer.answer_id).text
    assert html.count('<details class="card"') == 0
    assert "强化土地供应前基础设施配套" in html


def test_a_correction_that_nothing_is_stated_has_that_ending(get: Get, answer: Answer, desk: Desk) -> None:
    judged(
        desk.database, answer.answer_id, "should_have_refused", corrected_text="没有。", ending="not_covered"
    )
    assert "通知没有涉及" in get(answer.answer_id).text


def test_a_correction_that_the_source_does_not_bear_out_is_not_shown(
    get: Get, answer: Answer, desk: Desk
) -> None:
    judged(desk.database, answer.answer_id, "wrong_fact", corrected_text="3个工作日办完。")
    html = get(answer.answer_id).text
    assert "认为此回答有误" in html
    assert "3个工作日" not in html


@pytest.mark.parametrize(
    ("verdict", "said"), [("wrong_fact", "认为此回答有误"), ("partly", "不完整或部分有误")]
)
def test_says_that_an_answer_is_wrong_before_there_is_a_correction(
    get: Get, answer: Answer, desk: Desk, verdict: str, said: str
) -> None:
    judged(desk.database, answer.answer_id, verdict, comment="internal")
    html = get(answer.answer_id).text
    assert said in html
    assert "internal" not in html
    assert "原来的回答" not in html


def test_a_verdict_that_no_longer_stands_says_nothing(get: Get, answer: Answer, desk: Desk) -> None:
    judged(desk.database, answer.answer_id, "wrong_fact", is_standing=False)
    assert "finding" not in get(answer.answer_id).text


def test_an_approved_answer_holds_before_a_verdict(get: Get, answer: Answer, desk: Desk) -> None:
    judged(desk.database, answer.answer_id, "partly", corrected_text="旧的更正")
    approved(desk, answer, "到综合服务窗口一次申请。")
    html = get(answer.answer_id).text
    assert "到综合服务窗口一次申请" in html
    assert "旧的更正" not in html
    assert "此回答已于2026-01-15由工作人员更正" in html


def test_an_answer_approved_as_it_was_is_no_correction(
    get: Get, recorded: RecordedAssistant, answer: Answer, desk: Desk
) -> None:
    text = "到综合服务窗口一次申请。"
    same = again(recorded, answer, text=f"**{text}** [1]")
    approved(desk, same, text)
    assert "finding" not in get(same.answer_id).text


def test_a_withdrawn_approval_no_longer_counts(get: Get, answer: Answer, desk: Desk) -> None:
    desk.withdraw(EDITOR, approved(desk, answer, "到窗口。"), note="")
    assert "finding" not in get(answer.answer_id).text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](http://evil.example)",
        "![x](http://evil.example/a.png)",
        "<http://evil.example>",
        "http://evil.example",
        "[x]\n\n[x]: http://evil.example",
        "[x](javascript:alert(1))",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_nothing_of_an_answer_becomes_mark_up(get: Get, answer: Answer, desk: Desk, text: str) -> None:
    judged(desk.database, answer.answer_id, "partly", corrected_text=text)
    html = get(answer.answer_id).text
    assert "<script>alert" not in html
    assert 'href="http' not in html
    assert 'href="javascript' not in html
    assert "<img" not in html


def test_a_question_is_escaped(get: Get, recorded: RecordedAssistant) -> None:
    asked = recorded.ask("<script>alert(1)</script>公积金")
    assert "<script>alert" not in get(asked.answer_id).text


def again(recorded: RecordedAssistant, answer: Answer, **changes: Any) -> Answer:
    """Record the answer once more, with other fields."""
    other = replace(answer, answer_id=new_answer_id(), **changes)
    recorded.journal.record(Trace(other), "p")
    return other


@pytest.mark.parametrize(
    "changes", [{"exact": "今天没有的原文"}, {"passage_id": "gone-1#m01", "notice_id": "gone-1"}]
)
def test_quotes_what_the_notice_no_longer_says_as_it_was(
    get: Get, recorded: RecordedAssistant, answer: Answer, changes: dict[str, Any]
) -> None:
    first: Citation = replace(answer.citations[0], **changes)
    html = get(again(recorded, answer, citations=(first, answer.citations[1])).answer_id).text
    assert "<blockquote lang" in html
    assert "现行文件的文字已有变化" in html


def test_shows_every_ending(get: Get, recorded: RecordedAssistant) -> None:
    for question in ("接入要多少钱？", "公积金怎么提取？", "中介服务怎么管？", "写一首诗", "出错了"):
        assert get(recorded.ask(question).answer_id).status_code == 200


def test_reads_a_recorded_answer_as_it_was(answer: Answer) -> None:
    assert answer_of(answer.as_dict()) == answer


def test_without_records_there_is_no_answer(client: TestClient) -> None:
    assert client.get("/answers/answer-1", params={"lang": "zh"}).status_code == 404
