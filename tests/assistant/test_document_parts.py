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
