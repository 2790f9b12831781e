import re
from dataclasses import replace

import pytest

from assistant.answer import Answer
from assistant.render import answer_markdown, copy_text, terminal
from corpus.notice import Notice
from tests.assistant.web.scripted import ScriptedAssistant


@pytest.fixture(scope="module")
def scripted(notice: Notice) -> ScriptedAssistant:
    return ScriptedAssistant(notice)


@pytest.fixture
def answer(scripted: ScriptedAssistant) -> Answer:
    return scripted.ask("水电气怎么报装？")


def test_terminal_begins_with_the_status_in_words(answer):
    assert terminal(answer).startswith("[有原文依据]")


def test_terminal_drops_the_signs_of_markdown(answer):
    assert not re.search(r"\*\*|^> ", terminal(answer), re.MULTILINE)


def test_terminal_numbers_each_source_with_its_span(answer):
    first = answer.citations[0]
    assert (
        f"[1] 市政办函〔2024〕26号 第6项 推行市政公用服务集成报装（字符 {first.start}–{first.end}）"
        in terminal(answer)
    )


def test_terminal_states_unit_and_deadline_once_for_two_quotations_of_a_measure(answer):
    assert terminal(answer).count("牵头单位：市行政审批局；完成时限：2024年10月底前") == 1


def test_terminal_has_no_sources_where_nothing_is_cited(scripted):
    assert "出处" not in terminal(scripted.ask("公积金怎么提取？"))


def test_terminal_gives_english_titles_to_an_english_reader(scripted):
    assert "Measure 6 Introduce integrated applications" in terminal(scripted.ask("utilities?"))


def test_copies_the_translation_above_the_quoted_words(scripted):
    answer = scripted.ask("utilities?")
    first = answer.citations[0]
    assert f"    {first.exact_en}\n    {first.exact}\n" in copy_text(answer)


def test_indents_every_line_of_a_quotation(answer):
    several = replace(answer, citations=(replace(answer.citations[0], exact="一\n二"),))
    assert "\n    一\n    二\n" in terminal(several)


def test_copy_text_holds_question_answer_and_quoted_words(answer):
    text = copy_text(answer)
    assert text.startswith("问：水电气怎么报装？")
    assert all(citation.exact in text for citation in answer.citations)


def test_markers_lead_to_the_quotation_of_this_answer(answer):
    assert "[[2]](#t7-2)" in answer_markdown(answer, "t7")


def test_a_marker_without_a_citation_stays_plain(answer):
    assert answer_markdown(replace(answer, text="x [9]"), "t1") == "x [9]"


@pytest.mark.parametrize(
    "text",
    [
        "![x](http://evil.example/a.png)",
        "<img src='http://evil.example/a.png'>",
        "[x](http://evil.example/)",
        "http://evil.example/",
        "www.evil.example",
    ],
)
def test_an_answer_brings_neither_image_nor_outside_link(answer, text):
    assert not re.search(
        r"!\[|\]\(http|<|\bhttps?:|\bwww\.", answer_markdown(replace(answer, text=text), "t1")
    )
