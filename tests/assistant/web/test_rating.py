"""What happens when a visitor says whether the last answer helped."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import gradio as gr
import pytest
from sqlalchemy import select

from assistant.answer import Answer
from assistant.database.tables import queue
from assistant.review import feedback
from assistant.review.desk import Desk
from assistant.review.feedback import REASONS
from assistant.web import rating
from assistant.web.chat import Conversation, Rating, messages
from assistant.web.talk import Parts, ask_why, complain, rate
from prompts import sentences
from tests.assistant.web.scripted import RecordedAssistant, ScriptedAssistant


def parts_of(assistant: ScriptedAssistant) -> Parts:
    """Return parts in which only the rating's components are real."""
    with gr.Blocks(analytics_enabled=False):
        real = {"assistant": assistant, "language": "zh", "rating": rating.build("zh")}
    return Parts(**{field.name: real.get(field.name, field.name) for field in fields(Parts)})


@pytest.fixture
def parts(recorded: RecordedAssistant) -> Parts:
    return parts_of(recorded)


@pytest.fixture
def talk(recorded: RecordedAssistant) -> Conversation:
    return Conversation().asking("x").answered(recorded.ask("水电气怎么报装？"))


@pytest.fixture
def said(desk: Desk, talk: Conversation) -> Callable[[], list[Any]]:
    """Give what is kept of the last answer."""
    answer_id = answer_of(talk).answer_id
    return lambda: [
        (one.is_helpful, one.reason, one.comment) for one in feedback.of_answer(desk.database, answer_id)
    ]


def answer_of(talk: Conversation) -> Answer:
    assert talk.answer is not None
    return talk.answer


def is_visible(update: dict[Any, Any], component: Any) -> bool:
    return bool(update[component]["visible"])


def test_asks_below_an_answer(parts: Parts, talk: Conversation) -> None:
    shown = rating.view(parts.rating, talk, parts.assistant, "zh")
    assert shown[parts.rating.question] == "这个回答有帮助吗？"
    assert [is_visible(shown, part) for part in (parts.rating.row, parts.rating.form)] == [True, False]


def test_does_not_ask_while_an_answer_is_awaited(parts: Parts, talk: Conversation) -> None:
    shown = rating.view(parts.rating, talk.asking("y"), parts.assistant, "zh")
    assert not is_visible(shown, parts.rating.row)


def test_does_not_ask_where_nothing_is_recorded(scripted: ScriptedAssistant, talk: Conversation) -> None:
    parts = parts_of(scripted)
    assert not is_visible(rating.view(parts.rating, talk, scripted, "zh"), parts.rating.row)


def test_keeps_that_an_answer_helped(parts: Parts, talk: Conversation, said: Any) -> None:
    shown = rate(parts, talk)
    assert said() == [(True, None, "")]
    assert shown[parts.rating.question].startswith("谢谢")
    assert not is_visible(shown, parts.rating.helpful)


def test_keeps_nothing_before_the_form_is_sent(parts: Parts, talk: Conversation, said: Any) -> None:
    shown = ask_why(parts, talk)
    assert is_visible(shown, parts.rating.form)
    assert said() == []


def test_keeps_why_an_answer_did_not_help(parts: Parts, talk: Conversation, said: Any, desk: Desk) -> None:
    shown = complain(parts, talk.rated(Rating.ASKED), "incomplete", "没说费用")
    assert said() == [(False, "incomplete", "没说费用")]
    assert "工作人员会核对" in shown[parts.rating.question]
    with desk.database.reading() as connection:
        assert "unhelpful" in connection.execute(select(queue.c.reasons)).scalar_one()


@pytest.mark.parametrize("comment", [None, "", "\ud800", "<b>x</b>"])
def test_a_reason_and_a_comment_may_be_left_out_or_odd(
    parts: Parts, talk: Conversation, said: Any, comment: str | None
) -> None:
    complain(parts, talk, None, comment)
    assert len(said()) == 1


def test_keeps_one_word_on_each_answer(parts: Parts, talk: Conversation, said: Any) -> None:
    talk = rate(parts, talk)[parts.conversation]
    assert rate(parts, talk) == ask_why(parts, talk) == complain(parts, talk, "other", "x")
    assert len(said()) == 1


def test_an_answer_given_again_may_be_rated_again(
    parts: Parts, talk: Conversation, recorded: RecordedAssistant
) -> None:
    again = talk.rated(Rating.HELPFUL).asking("x").answered(recorded.ask("报装"))
    assert again.rating is Rating.NONE


def test_a_fault_of_the_records_leaves_the_form_and_says_so(
    parts: Parts, talk: Conversation, desk: Desk
) -> None:
    with desk.database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE feedback RENAME TO elsewhere")
    shown = complain(parts, talk, "other", "写了很久的话")
    assert list(shown) == [parts.rating.problem]
    assert "还在" in shown[parts.rating.problem]


def test_an_answer_that_was_not_recorded_says_so(
    parts: Parts, desk: Desk, scripted: ScriptedAssistant
) -> None:
    talk = Conversation().asking("x").answered(scripted.ask("报装"))
    shown = rate(parts, talk)
    assert "answer-1" in shown[parts.rating.problem]


def test_a_comment_that_is_too_long_says_so(parts: Parts, talk: Conversation, said: Any) -> None:
    shown = complain(parts, talk, None, "长" * 1001)
    assert "1001" in shown[parts.rating.problem]
    assert said() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_reason_and_every_thanks_has_words(language: str) -> None:
    known = sentences("page", language)
    wanted = [*(f"reason_{reason}" for reason in REASONS), Rating.HELPFUL, Rating.UNHELPFUL]
    assert [key for key in wanted if f"feedback.{key}" not in known] == []


def test_each_answer_has_its_permanent_link(talk: Conversation) -> None:
    answer_id = answer_of(talk).answer_id
    assert (
        f'href="/answers/{answer_id}?lang=zh">固定链接'
        in messages(talk, "zh", is_recorded=True)[1]["content"]
    )
    assert f'href="/en/answers/{answer_id}?lang=en"' in messages(talk, "en", is_recorded=True)[1]["content"]


def test_without_records_there_is_no_permanent_link(talk: Conversation) -> None:
    assert "/answers/" not in messages(talk, "zh")[1]["content"]
