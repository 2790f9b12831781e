import time

import pytest

from assistant.ask import Assistant
from assistant.needs import split_needs


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("审图多久?顺便问下保证金能缓缴吗", ("审图多久", "保证金能缓缴吗")),
        ("水电报装和联合验收分别由谁牵头?", ("水电报装", "联合验收")),
        ("环评 绿色通道;联合验收 单独验收", ("环评 绿色通道", "联合验收 单独验收")),
        ("保证金能缓缴的有哪些人?银行收不收?", ("保证金能缓缴的有哪些人", "银行收不收")),
        ("工地没水没电;贷款也批不下来。这两件事归谁管?", ("工地没水没电", "贷款也批不下来")),
        (
            "Our drawings are stuck in review; the bank wants more collateral. Who deals with each?",
            ("Our drawings are stuck in review", "the bank wants more collateral"),
        ),
        (
            "How long may drawing review take, and who pays for the power line?",
            ("How long may drawing review take", "who pays for the power line"),
        ),
    ],
)
def test_cuts_a_turn_into_its_needs(text: str, needs: tuple[str, ...]) -> None:
    assert split_needs(text).texts == needs


@pytest.mark.parametrize(
    "text",
    [
        "我们是做市政的,想接水电,怎么报装?",  # background, then the question
        "联合验收怎么办?由谁牵头?",  # the second leans on the first
        "Which unit leads utility hookups, and by when?",
        "告知承诺+预审批 产业项目",
        "水电气怎么报装",
    ],
)
def test_leaves_one_need_whole(text: str) -> None:
    assert split_needs(text).texts == (text,)


def test_takes_no_long_time_over_a_flood_of_its_own_words() -> None:
    started = time.perf_counter()
    split_needs("A和B,另外" * 140)
    assert time.perf_counter() - started < 1.0


def test_answers_each_need_under_its_own_heading(assistant: Assistant) -> None:
    answer = assistant.ask("施工图审查最长几个工作日?另外农民工工资保证金能不能缓缴?")
    assert "**问题1：施工图审查最长几个工作日**" in answer.text
    assert "**问题2：农民工工资保证金能不能缓缴**" in answer.text
    assert {citation.measure_number for citation in answer.citations} == {3, 24}


def test_says_which_need_the_notice_does_not_cover(assistant: Assistant) -> None:
    answer = assistant.ask("施工图审查最长几个工作日?另外地铁票价啥时候涨?")
    assert {citation.measure_number for citation in answer.citations} == {3}
    assert "没有关于这一点的措施" in answer.text


def test_takes_no_markup_from_the_asker(assistant: Assistant) -> None:
    answer = assistant.ask("施工图审查最长几个工作日[9]?另外**农民工**工资保证金能不能缓缴?")
    assert "[9]" not in answer.text
    assert "**问题2：农民工 工资保证金能不能缓缴**" in answer.text
