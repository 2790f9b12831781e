"""The pages as a visitor has them. What is asked here is answered from a script."""

import re
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import PHONE, is_in_view, overflow

pytestmark = pytest.mark.browser

UTILITIES = "水电气怎么报装？"


@pytest.fixture
def page(open_page, site):
    return open_page(site)


def test_says_what_is_recorded_before_the_first_question(page):
    assert "留存" in page.locator(".recorded").inner_text()
    assert is_in_view(page, ".recorded")


def test_shows_two_examples_for_each_section_and_an_english_row(page, notice):
    titles = page.locator(".examples > .examples-title").all_inner_texts()
    assert [title.strip() for title in titles] == [*(s.title for s in notice.sections), "English"]
    page.locator(".examples button").nth(11).wait_for()  # drawn after their titles
    assert page.locator(".examples button").count() == 12


def test_enter_sends_and_the_answer_stands_beside_its_card(page, ask_in_browser):
    reply = ask_in_browser(page, UTILITIES)
    assert reply.status == "answered"
    assert "市行政审批局" in reply.text
    assert [re.search(r"第\d+项", card)[0] for card in reply.cards] == ["第6项"]


def test_highlights_the_quoted_words_in_the_card(page, ask_in_browser):
    quoted = ask_in_browser(page, UTILITIES).quoted
    assert quoted[0] == "集中公布水电气网报装全程办理环节、时限、费用和服务承诺。1"
    assert len(quoted) == 2


def test_a_marker_opens_its_card_and_flashes_its_quotation(page, ask_in_browser):
    ask_in_browser(page, "哪些措施有两个牵头单位？")
    assert page.locator(".card[open]").count() == 1
    page.click("#messages a[href='#t1-5']")
    page.wait_for_selector(".card[open] mark.q-5.flash")
    assert is_in_view(page, "mark.q-5")


def test_a_marker_of_an_earlier_answer_brings_its_cards_back(page, ask_in_browser):
    ask_in_browser(page, UTILITIES)
    ask_in_browser(page, "总体要求是什么？")
    page.click("#messages a[href='#t1-1']")
    assert page.locator(".turn.current").get_attribute("id") == "t1"


def test_shift_enter_begins_a_new_line(page):
    page.fill("#question textarea", "第一行")
    page.press("#question textarea", "Shift+Enter")
    page.keyboard.type("第二行")
    assert page.input_value("#question textarea") == "第一行\n第二行"


def test_enter_that_confirms_a_word_does_not_send(page):
    page.fill("#question textarea", "shui")
    page.locator("#question textarea").evaluate(
        "box => ['keydown', 'keypress'].forEach(name => box.dispatchEvent(new KeyboardEvent(name,"
        " {key: 'Enter', bubbles: true, isComposing: true})))"
    )
    page.wait_for_timeout(500)
    assert page.locator("#messages").count() == 0


@pytest.mark.parametrize(
    ("question", "status", "label"),
    [
        (UTILITIES, "answered", "有原文依据"),
        ("接入要多少钱？", "not_stated", "通知没有写明这一点"),
        ("公积金怎么提取？", "not_covered", "通知没有涉及"),
        ("中介服务怎么管？", "clarify", "请先选定一项"),
        ("写一首诗", "declined", "不在答复范围"),
        ("出错了", "failed", "系统出错"),
        ("崩溃", "failed", "系统出错"),
    ],
)
def test_each_ending_has_its_own_look(page, ask_in_browser, question, status, label):
    assert ask_in_browser(page, question).status == status
    assert page.locator(f".status-{status}").inner_text() == label
    mask = page.locator(f".status-{status}").evaluate("e => getComputedStyle(e, '::before').maskImage")
    assert mask.startswith("url(")


def test_no_two_endings_share_colour_or_icon(page):
    looks = page.evaluate(
        """() => ['answered', 'not_stated', 'not_covered', 'clarify', 'declined', 'failed'].map(status => {
          const label = document.body.appendChild(document.createElement('span'));
          label.className = 'status status-' + status;
          return [getComputedStyle(label).color, getComputedStyle(label, '::before').maskImage];
        })"""
    )
    assert [len(set(column)) for column in zip(*looks, strict=True)] == [6, 6]


def test_choices_are_buttons_that_ask(page, ask_in_browser):
    ask_in_browser(page, "中介服务怎么管？")
    page.click("button:has-text('中介服务有哪些收费限制？')")
    page.wait_for_selector("#messages .status >> nth=1")
    assert page.locator("#messages .user-row").last.inner_text() == "中介服务有哪些收费限制？"


def test_related_measures_and_next_questions_are_buttons(page, ask_in_browser):
    ask_in_browser(page, UTILITIES)
    labels = page.locator(".suggestions button").all_inner_texts()
    assert labels[0] == "哪些单位负责报装？"
    assert "第15项措施：强化土地供应前基础设施配套" in labels


def test_an_unusable_question_stays_in_the_box_with_a_sentence(page):
    page.fill("#question textarea", "长" * 1001)
    page.click("#send")
    page.wait_for_selector("#problem p")
    assert is_in_view(page, "#problem p")
    assert len(page.input_value("#question textarea")) == 1001


def test_copies_answer_and_sources(open_page, site, ask_in_browser):
    page = open_page(site, permissions=["clipboard-read", "clipboard-write"])
    ask_in_browser(page, UTILITIES)
    page.click("#copy")
    page.wait_for_selector("#toast.shown")
    assert "[1] 市政办函〔2024〕26号 第6项" in page.evaluate("navigator.clipboard.readText()")


def test_can_be_stopped_while_it_works_and_asked_again(open_page, slow_site):
    page = open_page(slow_site)
    page.fill("#question textarea", UTILITIES)
    page.press("#question textarea", "Enter")
    page.wait_for_selector("#messages .busy")
    page.click("#stop")
    page.wait_for_selector("#messages .note")
    page.wait_for_timeout(1500)
    assert page.locator("#messages .status").count() == 0
    page.click("#retry")
    page.wait_for_selector("#messages .status-answered")
    assert page.locator("#messages .user-row").count() == 1


def test_a_new_conversation_begins_at_the_start(page, ask_in_browser):
    ask_in_browser(page, UTILITIES)
    page.click("#new")
    page.wait_for_selector("#start")
    assert page.locator("#panel .card").count() == 0


def test_mark_up_from_outside_stays_text(page, ask_in_browser):
    reply = ask_in_browser(page, "攻击 <b>x</b> ![a](http://evil.example/q.png) http://evil.example/z")
    assert "<img" in reply.text
    assert page.locator("#messages img, #messages a[href*='evil']").count() == 0


def test_no_outside_host_is_asked_for_anything(page, ask_in_browser, site):
    ask_in_browser(page, "攻击")
    page.goto(f"{site}/measures?lang=zh")
    hosts = {urlsplit(url).netloc for url in page.requested if not url.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(site).netloc}
    assert page.faults == []


def test_nothing_is_kept_in_the_browser(page, ask_in_browser):
    ask_in_browser(page, UTILITIES)
    assert UTILITIES not in page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])")


@pytest.mark.parametrize("question", [UTILITIES, "哪些措施有两个牵头单位？", "写一首诗"])
def test_a_phone_needs_no_sideways_scrolling(open_page, site, ask_in_browser, question):
    page = open_page(site, **PHONE)
    assert overflow(page) <= 0
    ask_in_browser(page, question)
    assert overflow(page) <= 0


def test_a_phone_leads_from_the_answer_to_its_sources_and_back(open_page, site, ask_in_browser):
    page = open_page(site, **PHONE)
    ask_in_browser(page, UTILITIES)
    page.click("text=查看引用（1）")
    assert is_in_view(page, "#t1")
    page.click(".turn.current .to-answer")
    assert is_in_view(page, "#messages .bot-row")


def test_a_phone_keeps_the_question_box_in_view(open_page, site, ask_in_browser):
    page = open_page(site, **PHONE)
    ask_in_browser(page, "哪些措施有两个牵头单位？")
    page.evaluate("window.scrollTo(0, 400)")
    assert is_in_view(page, "#question textarea")
    size = page.locator("#question textarea").evaluate("box => getComputedStyle(box).fontSize")
    assert size == "16px"


def test_an_english_browser_gets_english_and_may_switch(open_page, site):
    page = open_page(site, locale="en-US")
    assert page.url.endswith("/en/")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.click("a.language")
    page.wait_for_selector("text=您想了解通知里的哪件事")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_an_english_answer_has_english_titles_on_its_cards(open_page, site, ask_in_browser):
    reply = ask_in_browser(open_page(f"{site}/en/"), "How do utilities work?")
    assert "Introduce integrated applications" in reply.cards[0]


def test_an_english_answer_has_its_translation_beside_the_original(open_page, site, ask_in_browser):
    page = open_page(f"{site}/en/")
    quoted = ask_in_browser(page, "How do utilities work?").quoted
    assert quoted[0].startswith("Publish in one place")
    assert quoted[1] == "集中公布水电气网报装全程办理环节、时限、费用和服务承诺。1"
    first = page.locator("#messages blockquote").first.locator("p").all_inner_texts()
    assert [line[:10] for line in first] == ["Publish in", "集中公布水电气网报装"]


def test_a_phone_gives_an_english_card_its_whole_width(open_page, site, ask_in_browser):
    page = open_page(f"{site}/en/", **PHONE)
    ask_in_browser(page, "How do utilities work?")
    assert page.locator("#panel .card").bounding_box()["width"] > 300
    assert overflow(page) <= 0


def test_a_marker_flashes_the_translation_and_the_original(open_page, site, ask_in_browser):
    page = open_page(f"{site}/en/")
    ask_in_browser(page, "How do utilities work?")
    page.locator("#messages a[href='#t1-2']").first.click()
    page.wait_for_selector("mark.q-2.flash")
    assert page.locator("mark.q-2.flash").count() == 2


def test_a_traditional_question_has_a_traditional_answer_and_printed_sources(page, ask_in_browser):
    reply = ask_in_browser(page, "水電氣怎麼報裝？")
    assert page.locator(".status").inner_text() == "有原文依據"
    assert "牽頭單位" in reply.cards[0]
    assert reply.quoted[0] == "集中公布水电气网报装全程办理环节、时限、费用和服务承诺。1"


@pytest.mark.parametrize("path", ["/", "/measures"])
def test_dark_mode_follows_the_system(open_page, site, path):
    page = open_page(f"{site}{path}", color_scheme="dark")
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", colour)[:3])) < 60
