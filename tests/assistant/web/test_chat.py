from dataclasses import replace
from string import Template

import pytest

from assistant.answer import Status
from assistant.web.chat import Conversation, as_typed, messages, panel, related_questions
from prompts import sentences


@pytest.fixture
def talk(answer):
    return Conversation().asking("水电气怎么报装？").answered(answer)


def test_a_pending_turn_says_that_it_is_being_looked_up():
    assert "正在通知原文中查找" in messages(Conversation().asking("x"), "zh")[1]["content"]


def test_a_stopped_turn_says_so_and_counts_as_no_answer():
    stopped = Conversation().asking("x").stopped()
    assert "已停止" in messages(stopped, "zh")[1]["content"]
    assert stopped.answer is None


def test_refused_turns_are_part_of_the_history(scripted, talk):
    longer = talk.asking("写一首诗").answered(scripted.ask("写一首诗"))
    assert longer.history == ("水电气怎么报装？", "写一首诗")


def test_keeps_the_question_as_the_assistant_masked_it(scripted):
    talk = Conversation().asking("我的电话是13800000000").answered(scripted.ask("我的电话是13800000000"))
    assert "13800000000" not in messages(talk, "zh")[0]["content"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("status", Status)
def test_every_status_has_its_look_and_its_words(answer, status, language):
    talk = Conversation().asking("x").answered(replace(answer, status=status, lang=language))
    shown = messages(talk, language)[1]["content"]
    assert f'class="status status-{status}"' in shown
    assert sentences("page", language)[f"status.{status}"] in shown


def test_the_panel_shows_the_last_answers_cards_and_keeps_the_earlier(talk, answer, sources):
    html = panel(talk.asking("y").answered(answer), sources, "zh")
    assert 'class="turn" id="t1"' in html
    assert 'class="turn current" id="t2"' in html


def test_the_panel_keeps_the_cards_while_the_next_question_is_pending(talk, sources):
    assert 'class="turn current" id="t1"' in panel(talk.asking("y"), sources, "zh")


def test_the_panel_is_one_block_of_html(talk, sources):
    assert "\n" not in panel(talk, sources, "zh")


def test_related_passages_become_questions(answer, sources):
    assert related_questions(answer, sources)[0] == "第15项措施：强化土地供应前基础设施配套"


def test_related_passages_become_questions_in_the_askers_script(answer, sources):
    traditional = replace(answer, lang="zh-Hant")
    assert related_questions(traditional, sources)[0] == "第15項措施：強化土地供應前基礎設施配套"


def test_a_traditional_answer_has_its_label_and_its_language(answer):
    talk = Conversation().asking("x").answered(replace(answer, lang="zh-Hant"))
    assert (
        '<span class="status status-answered" lang="zh-Hant">有原文依據</span>'
        in (messages(talk, "zh")[1]["content"])
    )


def test_a_question_is_shown_as_typed():
    assert as_typed("<b>*x*</b>") == r"&lt;b&gt;\*x\*&lt;/b&gt;"


def test_a_long_conversation_forgets_its_oldest_turns():
    talk = Conversation()
    for number in range(60):
        talk = talk.asking(str(number)).stopped()
    assert [talk.turns[0].question, len(talk.turns)] == ["10", 50]


def placeholders(language):
    return {
        key: sorted(Template(text).get_identifiers()) for key, text in sentences("page", language).items()
    }


def test_both_sheets_have_the_same_sentences_with_the_same_placeholders():
    assert sentences("page", "zh").keys() == sentences("page", "en").keys()
    different = {key for key, names in placeholders("zh").items() if names != placeholders("en")[key]}
    assert different <= {"start.lead"}
