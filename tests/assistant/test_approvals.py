import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from assistant import Answer, Assistant, Status
from assistant.approved import REFRESH_S, bound_hash, marked, n_negations
from assistant.database import Database
from assistant.errors import ReviewError
from assistant.record import Journal
from assistant.review import approvals, audit
from assistant.review.approvals import (
    MAX_QUESTION_CHARS,
    MAX_QUESTIONS,
    MAX_TEXT_CHARS,
    Approval,
    ApprovalState,
)
from assistant.review.desk import Desk, hashes_of
from assistant.shelf import Shelf
from corpus import shipped_metadata
from corpus.parse import parse_notice
from corpus.passages import passages
from tests.assistant.conftest import FixedClock
from tests.assistant.databases import open_again
from tests.assistant.rows import CHEN, LI, NOW, answered, passage

HOOKUPS = "水电气怎么报装"
WINDOW = "在政务服务中心设置水电气网综合服务窗口。"
WRONG = "施工图审查时限是10个工作日。"  # 15, in principle
LONG = (
    "高新区有一个社会投资的工业项目现在准备办理水电气网的报装手续在政务服务中心的综合服务窗口一次申请以后"
    "要求15个工作日办完而且由市行政审批局统一受理怎么办"
)
SAME = [
    HOOKUPS,
    "水电气怎么报装？",
    "水电气　怎么报装?",
    "请问水电气怎么报装呢",
    "您好，我想问一下水电气怎么报装，谢谢",
    "水電氣怎麼報裝",
    "水电气如何报装",
    "水电气如何报装",
]
OTHERS = [
    "水电气由谁报装",
    "水电气什么时候报装",
    "水电气在哪里报装",
    "水电气报装要多久",
    "水电气怎么报装多少钱",
    "水电气报装的电话",
    "水电气报装要什么材料",
    "水电气不怎么报装",
    "不用水电气怎么报装",
    "市水务局的水电气怎么报装",
    "水电网怎么报装",
    "水电怎么报装",
    "水电气怎么报装要3天吗",
    "上海水电气怎么报装",
    "第6项措施",
]
CHANGES = [
    ("15个", "25个"),
    ("15个", "5个"),
    ("15个工作日", "15个自然日"),
    ("要求", "不要求"),
    ("统一受理", "不统一受理"),
    ("怎么办", "怎么办不了"),
    ("市行政审批局", "市行政执法局"),
    ("市行政审批局", "市住建局"),
    ("怎么办", "多久"),
    ("怎么办", "找谁"),
    ("现在", "没有"),
]
Asks = Callable[..., Answer]


@pytest.fixture
def desk(database: Database, shelf: Shelf) -> Desk:
    return Desk.open(database, shelf, now=lambda: NOW)


@pytest.fixture
def asks(desk: Desk, assistant: Assistant) -> Asks:
    """Ask the real search with a desk of its own."""
    return at(desk, assistant).ask


@pytest.fixture
def other(database: Database, shelf: Shelf) -> Iterator[Desk]:
    """The desk of another program on the same records."""
    opened = open_again(database)
    yield Desk.open(opened, shelf, now=lambda: NOW)
    opened.close()


@pytest.fixture(scope="session")
def changed(shelf: Shelf) -> Shelf:
    """The notice with another word in measure 6."""
    return with_source(shelf, "集中公布水电气网报装", "统一公布水电气网报装")


def at(desk: Desk, assistant: Assistant) -> Assistant:
    clock = FixedClock(NOW.date())
    return Assistant(desk.shelf, assistant._searcher, Journal(desk.database), clock, desk=desk)


def with_source(shelf: Shelf, old: str, new: str) -> Shelf:
    """Return a shelf whose notice has other words, as many characters; its English stays."""
    source = shelf.notices[0].source
    notice = parse_notice(source.replace(old, new), shipped_metadata()[0])
    by_id = {p.passage_id: p for p in passages(notice)}
    notices = {notice.notice_id: notice}
    return replace(shelf, notices=(notice,), _notices=notices, _passages=by_id)


def approval(
    *questions: str,
    text: str = WINDOW,
    cites: tuple[str, ...] = ("m06",),
    ending: Status = Status.ANSWERED,
    language: str = "zh",
    waiver: str | None = None,
    answer_id: str | None = None,
) -> Approval:
    cited = {passage(key): "" for key in cites}
    questions = questions or (HOOKUPS,)
    state = ApprovalState.ACTIVE
    return Approval("", 0, state, language, questions, ending, text, cited, waiver, answer_id, "", "", "")


def refusal(desk: Desk, wanted: Approval) -> str | None:
    """Return why an approval is refused; None where it is kept."""
    try:
        desk.approve(CHEN, wanted)
    except ReviewError as refused:
        return refused.key
    return None


def actions(database: Database) -> list[tuple[str, str]]:
    return [(line.actor, line.action) for line in audit.newest(database)]


# Keeping


def test_keeps_an_approval_as_of_the_source_today(desk: Desk, shelf: Shelf) -> None:
    kept = desk.approve(CHEN, approval(answer_id="a1"), note="asked often")
    assert (kept.version, kept.state, kept.changed_by, kept.note) == (1, "active", "chen", "asked often")
    assert kept.passages == {passage("m06"): bound_hash(shelf.passage(passage("m06")), shelf)}
    assert approvals.current(desk.database) == (kept,)


def test_keeps_every_version(desk: Desk) -> None:
    first = desk.approve(CHEN, approval())
    second = desk.approve(CHEN, replace(first, text="设置水电气网综合服务窗口。"), note="shorter")
    assert second.version == 2
    assert approvals.history(desk.database, first.approval_id) == (second, first)
    assert approvals.current(desk.database) == (second,)


def test_has_no_history_of_what_it_does_not_know(desk: Desk) -> None:
    assert approvals.history(desk.database, "nobody") == ()


def test_finds_the_approval_that_came_from_an_answer(desk: Desk) -> None:
    answer_id = answered(desk.database)
    first = desk.approve(CHEN, approval(answer_id=answer_id))
    second = desk.approve(CHEN, first)
    assert approvals.of_answer(desk.database, answer_id) == second
    assert approvals.of_answer(desk.database, "nobody") is None


def test_withdraws_an_approval_and_keeps_it(desk: Desk, asks: Asks) -> None:
    kept = desk.approve(CHEN, approval())
    withdrawn = desk.withdraw(CHEN, kept, note="not needed")
    assert (withdrawn.version, withdrawn.state) == (2, "withdrawn")
    assert approvals.current(desk.database, ApprovalState.ACTIVE) == ()
    assert asks(HOOKUPS).engine == "quote"


def test_uses_again_what_was_withdrawn_and_approved_anew(desk: Desk, asks: Asks) -> None:
    withdrawn = desk.withdraw(CHEN, desk.approve(CHEN, approval()), note="")
    assert desk.approve(CHEN, withdrawn).version == 3
    assert asks(HOOKUPS).engine == "approved"


def test_logs_every_change(desk: Desk) -> None:
    desk.withdraw(CHEN, desk.approve(CHEN, approval()), note="no longer")
    assert actions(desk.database) == [("chen", "approval_withdrawn"), ("chen", "approval")]
    assert json.loads(audit.newest(desk.database)[0].details)["note"] == "no longer"
    assert audit.verify(desk.database) == (2, ())


def test_a_wording_written_twice_is_kept_once(desk: Desk) -> None:
    kept = desk.approve(CHEN, approval(HOOKUPS, f" {HOOKUPS}\n", "", "水电气\0如何办"))
    assert kept.questions == (HOOKUPS, "水电气如何办")


# Refusing


BROKEN = [
    (approval(""), "approval.no_question"),
    (approval(" \n", "\0"), "approval.no_question"),
    (approval(*map(str, range(MAX_QUESTIONS + 1))), "approval.too_many_questions"),
    (approval("好" * (MAX_QUESTION_CHARS + 1)), "review.too_long"),
    (approval(text=" \n"), "approval.no_text"),
    (approval(text="好" * (MAX_TEXT_CHARS + 1)), "review.too_long"),
    (approval(text="好" * 10_000_000), "review.too_long"),
    (approval(waiver="好" * (MAX_TEXT_CHARS + 1)), "review.too_long"),
    (approval(ending=Status.FAILED), "review.unknown_ending"),
    (approval(ending=Status.CLARIFY), "review.unknown_ending"),
    (approval(cites=()), "review.needs_measure"),
    (approval(cites=("m40",)), "review.unknown_measure"),
    (approval(cites=("other#m06",)), "review.unknown_measure"),
    (replace(approval(), approval_id="nobody", version=1), "approval.unknown"),
]


def test_refuses_a_broken_approval(desk: Desk) -> None:
    assert [refusal(desk, wanted) for wanted, _ in BROKEN] == [key for _, key in BROKEN]
    assert approvals.current(desk.database) == ()
    assert actions(desk.database) == []


def test_refuses_an_approval_without_any_question(desk: Desk) -> None:
    assert refusal(desk, replace(approval(), questions=())) == "approval.no_question"


@pytest.mark.parametrize("again", [HOOKUPS, "请问水电气如何报装呢？", "水電氣 怎麼報裝", "水电气如何报装"])
def test_refuses_a_wording_that_another_approval_has(desk: Desk, again: str) -> None:
    desk.approve(CHEN, approval())
    assert refusal(desk, approval("新的问法", again)) == "approval.double"


def test_takes_over_a_wording_of_what_was_withdrawn(desk: Desk) -> None:
    desk.withdraw(CHEN, desk.approve(CHEN, approval()), note="")
    assert refusal(desk, approval()) is None


def test_an_approval_may_keep_its_own_wordings(desk: Desk) -> None:
    assert refusal(desk, desk.approve(CHEN, approval())) is None


def test_refuses_a_version_that_was_changed_meanwhile(desk: Desk) -> None:
    first = desk.approve(CHEN, approval())
    desk.approve(CHEN, first)
    assert refusal(desk, first) == "approval.changed_meanwhile"
    with pytest.raises(ReviewError, match="changed_meanwhile"):
        desk.withdraw(CHEN, first, note="")


def test_only_editors_approve_and_withdraw(desk: Desk) -> None:
    kept = desk.approve(CHEN, approval())
    with pytest.raises(ReviewError, match="not_allowed"):
        desk.approve(LI, kept)
    with pytest.raises(ReviewError, match="not_allowed"):
        desk.withdraw(LI, kept, note="")


def at_once(desks: list[Desk], wanted: Approval) -> list[str | None]:
    """Let several editors approve the same thing at the same moment."""
    start = Barrier(len(desks))

    def one(desk: Desk) -> str | None:
        start.wait()
        return refusal(desk, wanted)

    with ThreadPoolExecutor(len(desks)) as pool:
        return list(pool.map(one, desks))


def test_of_two_programs_one_changes_a_version(shelf: Shelf, desk: Desk, other: Desk) -> None:
    patient = Desk.open(open_again(desk.database), shelf, now=lambda: NOW)
    found = at_once([patient, other] * 3, desk.approve(CHEN, approval()))
    patient.database.close()
    assert sorted(found, key=str) == [None] + ["approval.changed_meanwhile"] * 5


def test_of_two_programs_one_approves_a_wording(shelf: Shelf, desk: Desk, other: Desk) -> None:
    patient = Desk.open(open_again(desk.database), shelf, now=lambda: NOW)
    found = at_once([patient, other] * 3, approval())
    patient.database.close()
    assert sorted(found, key=str) == [None] + ["approval.double"] * 5


# The fact gate


@pytest.mark.parametrize("waiver", [None, "", " \n"])
def test_refuses_a_text_that_the_fact_gate_objects_to(desk: Desk, waiver: str | None) -> None:
    wanted = approval("施工图审查的时限", text=WRONG, cites=("m03",), waiver=waiver)
    with pytest.raises(ReviewError) as raised:
        desk.approve(CHEN, wanted)
    assert raised.value.key == "approval.gate"
    assert "10个工作日" in str(raised.value.values["problems"])


def test_shows_a_text_as_written_where_an_editor_says_why(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval("施工图审查的时限", text=WRONG, cites=("m03",), waiver="told so by phone"))
    answer = asks("施工图审查的时限")
    assert (answer.status, answer.engine) == (Status.ANSWERED, "approved")
    assert WRONG in answer.text


def test_keeps_the_reason_in_the_log(desk: Desk) -> None:
    desk.approve(CHEN, approval("施工图审查的时限", text=WRONG, cites=("m03",), waiver="told so by phone"))
    assert json.loads(audit.newest(desk.database)[0].details)["waiver"] == "told so by phone"


def test_keeps_no_reason_where_there_is_nothing_to_waive(desk: Desk) -> None:
    assert desk.approve(CHEN, approval(waiver="just in case")).waiver is None


@pytest.mark.parametrize("text", [f"{WINDOW} [7]", f"{WINDOW} [0]", "> 没有这句话 [1]"])
def test_no_reason_helps_a_text_that_would_be_withheld(desk: Desk, text: str) -> None:
    assert refusal(desk, approval(text=text, waiver="because")) == "approval.gate"


def test_approves_that_the_notice_does_not_cover_something(desk: Desk, asks: Asks) -> None:
    nothing = approval(
        "红烧肉的做法", text="本通知不涉及。", cites=(), ending=Status.NOT_COVERED, waiver="so"
    )
    desk.approve(CHEN, nothing)
    answer = asks("红烧肉的做法")
    assert (answer.status, answer.engine, answer.citations) == (Status.NOT_COVERED, "approved", ())


# Using


def test_uses_an_approval_for_the_same_words(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval())
    assert [question for question in SAME if asks(question).engine != "approved"] == []


@pytest.mark.parametrize("question", ["办水电气走什么程序", "水电气网一次申请", HOOKUPS])
def test_uses_an_approval_for_each_of_its_wordings(desk: Desk, asks: Asks, question: str) -> None:
    desk.approve(CHEN, approval(HOOKUPS, "办水电气走什么程序", "水电气网一次申请"))
    assert asks(question).engine == "approved"


def test_uses_a_wording_in_traditional_characters(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval("水電氣 怎麼報裝"))
    assert asks(HOOKUPS).engine == "approved"


def test_uses_an_english_approval_for_english_questions_only(desk: Desk, asks: Asks) -> None:
    text = "A one-stop window for water, power and gas is set up."
    desk.approve(CHEN, approval("how do I get utility hookups", text=text, language="en"))
    assert asks("How do I get Utility Hookups?").engine == "approved"
    assert asks(HOOKUPS).engine == "quote"


def test_never_uses_an_approval_for_another_question(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval())
    assert [question for question in OTHERS if asks(question).engine == "approved"] == []


def test_never_uses_an_approval_where_one_word_of_many_differs(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval(LONG))
    assert asks(LONG).engine == "approved"
    changed = [LONG.replace(old, new) for old, new in CHANGES]
    assert [question for question in changed if asks(question).engine == "approved"] == []


@pytest.mark.parametrize(
    ("question", "history"),
    [("那谁负责", (HOOKUPS,)), ("那水电气呢", ("施工图审查要多久",)), ("下一项呢", ("第5项措施",))],
)
def test_never_uses_an_approval_for_a_turn_that_needs_the_ones_before(
    desk: Desk, asks: Asks, question: str, history: tuple[str, ...]
) -> None:
    desk.approve(CHEN, approval(question, waiver="so"))
    assert asks(question, history=history).engine != "approved"


def test_gives_the_normal_answer_where_nothing_is_approved(asks: Asks) -> None:
    assert asks(HOOKUPS).engine == "quote"


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("要评审", 0),
        ("不用评审", 1),
        ("能不能报装", 0),
        ("有没有窗口", 0),
        ("没有窗口", 1),
        ("不是不能", 2),
        ("not without a permit", 2),
        ("isn't it", 1),
        ("要不要评审", 0),
        ("", 0),
    ],
)
def test_counts_what_denies_not_what_asks(text: str, n: int) -> None:
    assert n_negations(text) == n


# The answer


def test_marks_the_answer_as_approved_with_its_day(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval())
    answer = asks(HOOKUPS)
    assert answer.text.startswith("*本答复由工作人员于2026年1月15日核准，依据市政办函〔2024〕26号")
    assert (answer.engine, answer.status, answer.confidence) == ("approved", Status.ANSWERED, None)


def test_shows_the_approved_text_and_the_facts_of_its_measure(desk: Desk, asks: Asks) -> None:
    desk.approve(CHEN, approval())
    text = asks(HOOKUPS).text
    assert [words for words in (f"{WINDOW} [1]", "市行政审批局", "2024年10月底前") if words not in text] == []


def test_cites_verbatim_from_the_source(desk: Desk, asks: Asks, shelf: Shelf) -> None:
    two = "设置水电气网综合服务窗口 [1]。审查时限原则上不超过15个工作日 [2]。"
    desk.approve(CHEN, approval(text=two, cites=("m06", "m03")))
    answer = asks(HOOKUPS)
    source = shelf.notices[0].source
    assert [c.exact for c in answer.citations] == [source[c.start : c.end] for c in answer.citations]
    assert [c.measure_number for c in answer.citations] == [6, 3, 6, 3]


def test_keeps_what_looks_like_a_program_as_text(desk: Desk, asks: Asks) -> None:
    text = "设置水电气网综合服务窗口 <b>$title {0} %s</b>"
    desk.approve(CHEN, approval(text=text, waiver="so"))
    assert text in asks(HOOKUPS).text


@pytest.mark.parametrize(
    ("text", "n_passages", "shown"),
    [
        ("甲。乙。", 1, "甲。 [1]乙。 [1]"),
        ("甲 [1]。乙。", 1, "甲 [1]。乙。 [1]"),
        ("甲。\n\n乙", 1, "甲。 [1]\n\n乙 [1]"),
        ("One. Two.", 1, "One. [1] Two. [1]"),
        ("甲。乙。", 2, "甲。乙。"),
        ("甲。", 0, "甲。"),
    ],
)
def test_marks_each_sentence_where_one_passage_is_cited(text: str, n_passages: int, shown: str) -> None:
    assert marked(text, n_passages) == shown


# The source changes


def test_suspends_an_approval_when_its_source_changes(desk: Desk, changed: Shelf) -> None:
    kept = desk.approve(CHEN, approval())
    Desk.open(desk.database, changed, now=lambda: NOW)
    (suspended,) = approvals.current(desk.database)
    assert (suspended.state, suspended.version, suspended.note) == ("suspended", 2, passage("m06"))
    assert suspended.passages == kept.passages
    assert actions(desk.database)[0] == ("system", "approval_suspended")


def test_gives_the_normal_answer_once_its_source_changed(
    desk: Desk, changed: Shelf, assistant: Assistant
) -> None:
    desk.approve(CHEN, approval())
    fresh = at(Desk.open(desk.database, changed, now=lambda: NOW), assistant)
    answer = fresh.ask(HOOKUPS)
    assert (answer.engine, answer.status, answer.citations[0].measure_number) == ("quote", "answered", 6)


def test_a_program_that_reads_another_source_never_uses_what_was_approved_of_this_one(
    desk: Desk, changed: Shelf, assistant: Assistant
) -> None:
    fresh = at(Desk.open(desk.database, changed, now=lambda: NOW), assistant)
    desk.approve(CHEN, approval())  # by a program that has not been started anew
    assert fresh.desk is not None
    fresh.desk.book.follow(at_once=True)
    assert fresh.ask(HOOKUPS).engine == "quote"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("牵头单位:市行政审批局\n责任单位:市城管执法局", "牵头单位:市城管执法局\n责任单位:市行政审批局"),
        ("2024年10月底前\n7.", "2024年11月底前\n7."),
    ],
)
def test_is_bound_to_units_and_deadline_too(desk: Desk, shelf: Shelf, old: str, new: str) -> None:
    desk.approve(CHEN, approval())
    assert old in shelf.notices[0].source
    Desk.open(desk.database, with_source(shelf, old, new), now=lambda: NOW)
    assert approvals.current(desk.database)[0].state is ApprovalState.SUSPENDED


def test_leaves_what_rests_on_other_measures(desk: Desk, changed: Shelf) -> None:
    kept = desk.approve(CHEN, approval("施工图联审", text="实行施工图审查全过程数字化管理。", cites=("m03",)))
    Desk.open(desk.database, changed, now=lambda: NOW)
    assert approvals.current(desk.database) == (kept,)


def test_suspends_what_rests_on_a_passage_that_is_gone(desk: Desk, shelf: Shelf) -> None:
    desk.approve(CHEN, approval())
    without = {key: value for key, value in hashes_of(shelf).items() if key != passage("m06")}
    (suspended,) = approvals.suspend_changed(desk.database, without, now=NOW)
    assert suspended.state is ApprovalState.SUSPENDED


def test_suspends_once(desk: Desk, changed: Shelf) -> None:
    desk.approve(CHEN, approval())
    Desk.open(desk.database, changed, now=lambda: NOW)
    Desk.open(desk.database, changed, now=lambda: NOW)
    assert len(approvals.history(desk.database, approvals.current(desk.database)[0].approval_id)) == 2


def test_programs_that_start_together_suspend_once(desk: Desk, changed: Shelf, database: Database) -> None:
    for number in range(10):
        desk.approve(CHEN, approval(f"{'甲乙丙丁戊己庚辛壬癸'[number]}怎么办"))
    doors = [open_again(database) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda door: Desk.open(door, changed, now=lambda: NOW), doors))
    for door in doors:
        door.close()
    assert {(one.state, one.version) for one in approvals.current(database)} == {("suspended", 2)}
    assert audit.verify(database) == (20, ())


def test_an_editor_approves_the_changed_source_anew(desk: Desk, changed: Shelf, assistant: Assistant) -> None:
    desk.approve(CHEN, approval())
    fresh = Desk.open(desk.database, changed, now=lambda: NOW)
    again = fresh.approve(CHEN, approvals.current(desk.database)[0])
    assert (again.version, again.state) == (3, "active")
    assert at(fresh, assistant).ask(HOOKUPS).engine == "approved"


# Several programs


def test_what_one_program_approves_another_uses(desk: Desk, other: Desk, assistant: Assistant) -> None:
    elsewhere = at(other, assistant)
    assert elsewhere.ask(HOOKUPS).engine == "quote"
    desk.approve(CHEN, approval())
    other.book.follow(at_once=True)
    assert elsewhere.ask(HOOKUPS).engine == "approved"


def test_another_program_follows_by_itself(desk: Desk, other: Desk, assistant: Assistant) -> None:
    elsewhere = at(other, assistant)
    elsewhere.ask(HOOKUPS)
    kept = desk.approve(CHEN, approval())
    time.sleep(REFRESH_S)
    assert elsewhere.ask(HOOKUPS).engine == "approved"
    desk.withdraw(CHEN, kept, note="")
    time.sleep(REFRESH_S)
    assert elsewhere.ask(HOOKUPS).engine == "quote"


def test_says_whether_anything_changed(desk: Desk) -> None:
    before = approvals.moment(desk.database)
    kept = desk.approve(CHEN, approval())
    after = approvals.moment(desk.database)
    desk.withdraw(CHEN, kept, note="")
    assert len({before, after, approvals.moment(desk.database)}) == 3


# Export


def test_reads_what_it_exported(desk: Desk) -> None:
    kept = desk.approve(CHEN, approval("施工图审查的时限", text=WRONG, cites=("m03",), waiver="so"))
    fields = json.loads(json.dumps(approvals.as_fields(kept)))
    read = approvals.read_fields(fields, actor="chen", now=NOW + timedelta(days=1))
    same = ("language", "questions", "ending", "text", "passages", "waiver")
    assert [getattr(read, name) for name in same] == [getattr(kept, name) for name in same]
    assert (read.approval_id, read.version, read.answer_id) == ("", 0, None)


def test_approves_what_it_read(desk: Desk, asks: Asks) -> None:
    fields = approvals.as_fields(approval())
    desk.approve(CHEN, approvals.read_fields(fields, actor="chen", now=NOW))
    assert asks(HOOKUPS).engine == "approved"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "fr"),
        ("language", None),
        ("questions", HOOKUPS),
        ("questions", [1]),
        ("ending", "refused"),
        ("ending", 1),
        ("text", None),
        ("passages", [passage("m06")]),
        ("waiver", {"why": "so"}),
    ],
)
def test_names_the_field_that_is_broken(field: str, value: object) -> None:
    fields = {**approvals.as_fields(approval()), field: value}
    with pytest.raises(ReviewError) as raised:
        approvals.read_fields(fields, actor="chen", now=NOW)
    assert raised.value.key == "approval.broken_field"
    assert field in str(raised.value.values["field"])


def test_a_field_that_lacks_is_broken() -> None:
    with pytest.raises(ReviewError, match="broken_field"):
        approvals.read_fields({}, actor="chen", now=NOW)
