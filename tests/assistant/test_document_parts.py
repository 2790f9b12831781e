import pytest

from assistant import Assistant
from assistant.answer import Kind, Status
from assistant.document_parts import about_the_document, kind_of


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ("工作要求有哪几条", Kind.WORK_REQUIREMENTS),
        ("List the four work requirements", Kind.WORK_REQUIREMENTS),
        ("原文有没有印错的地方", Kind.ODDITIES),
        ("方案正文由哪几大部分构成", Kind.STRUCTURE),
        ("What are the main parts of the plan?", Kind.STRUCTURE),
        ("这个方案是谁发的", Kind.DOCUMENT),
        ("Who put out this notice?", Kind.DOCUMENT),
        ("联合验收怎么办", None),
    ],
)
def test_tells_what_part_is_asked_about(asked: str, kind: Kind | None) -> None:
    assert kind_of(asked) is kind


@pytest.mark.parametrize(
    ("asked", "earlier", "number"),
    [
        ("工作要求第二条", (), 2),
        ("那第三条呢", ("工作要求有哪几条",), 3),
        ("the last work requirement", (), 4),
    ],
)
def test_finds_one_work_requirement(asked: str, earlier: tuple[str, ...], number: int) -> None:
    intent = about_the_document(asked, earlier)
    assert intent is not None
    assert intent.clause_number == number


@pytest.mark.parametrize(
    ("asked", "facts"),
    [
        (
            "方案正文由哪几大部分构成",
            ("总体要求", "重点任务", "工作要求", "5个部分", "39项措施", "优审批、强监管"),
        ),
        ("每项措施后面都列了哪三样东西", ("牵头单位", "责任单位", "完成时限")),
        (
            "Which authority put out the circular?",
            ("General Office of the Xi'an Municipal People's Government",),
        ),
    ],
)
def test_answers_from_the_records(assistant: Assistant, asked: str, facts: tuple[str, ...]) -> None:
    answer = assistant.ask(asked)
    assert answer.status is Status.ANSWERED
    assert all(fact in answer.text for fact in facts)


@pytest.mark.parametrize(
    ("asked", "status", "fact"),
    [
        ("里头一共讲了几大块", Status.ANSWERED, "5个部分"),
        ("谁点头同意印出来的", Status.ANSWERED, "已经市政府同意"),
        (
            "who put this thing out",
            Status.ANSWERED,
            "General Office of the Xi'an Municipal People's Government",
        ),
        ("总体要求 原文", Status.ANSWERED, "紧盯项目所需所盼"),
        ("方案里“强化上下联动”是怎么要求的", Status.ANSWERED, "堵点难点问题"),
        ("列一下这个方案每一项的标题", Status.ANSWERED, "降低项目招标投标成本"),
        ("这份方案的解释权归哪家", Status.NOT_STATED, "文件没有写明"),
        ("这文件到哪天就过期作废了", Status.NOT_STATED, "文件没有写明"),
        ("第17条叫什么名字", Status.ANSWERED, "强化园区保障性住房建设"),
    ],
)
def test_answers_on_the_document_in_any_words(
    assistant: Assistant, asked: str, status: Status, fact: str
) -> None:
    answer = assistant.ask(asked)
    assert answer.status is status
    assert fact in answer.text


@pytest.mark.parametrize(
    "asked", ["施工图审查要几天", "招标计划公告谁发布", "护照过期了去哪换", "Python怎么读取Excel文件"]
)
def test_takes_no_other_question_for_one_on_the_document(assistant: Assistant, asked: str) -> None:
    assert all(citation.measure_number is not None for citation in assistant.ask(asked).citations)


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("文号是市政办发〔2024〕26号,对不对", "**不是市政办发〔2024〕26号**"),
        ("文号是市政办函〔2024〕26号吧", "**是的**"),
        ("方案重点任务是分4个部分吧", "**不是4个部分**，重点任务共5个部分。"),
        ("The plan has 5 sections, right?", "**Yes**, the key tasks have 5 sections."),
    ],
)
def test_settles_what_is_taken_for_granted_of_the_document(
    assistant: Assistant, asked: str, line: str
) -> None:
    assert line in assistant.ask(asked).text


@pytest.mark.parametrize("before", ["里头一共讲了几大块", "施工图审查要几天"])
def test_a_turn_that_names_the_document_is_about_it(assistant: Assistant, before: str) -> None:
    answer = assistant.ask("这文件到哪天就过期作废了", [before])
    assert answer.status is Status.NOT_STATED
    assert all(citation.measure_number is None for citation in answer.citations)
