import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.web.cards import cards_html, facts_html, highlighted, oddities_html
from corpus.notice import Span
from corpus.translations import load_translation


def marked(html: str) -> list[str]:
    """Return the highlighted words, without their numbers."""
    found = re.findall(r"<mark[^>]*>(.*?)</mark>", html)
    return [unescape(re.sub(r"<sup>\d+</sup>", "", words)) for words in found]


@pytest.fixture
def cards(scripted, sources):
    return lambda question: cards_html(scripted.ask(question), sources, anchor="t1")


def test_one_card_shows_all_quotations_of_a_measure(cards, answer):
    html = cards("水电气怎么报装？")
    assert html.count("<details") == 1
    assert marked(html) == [citation.exact for citation in answer.citations]


def test_a_card_shows_the_measure_whole(cards, notice):
    text = re.sub(r"<sup>\d+</sup>|<[^>]+>", "", cards("水电气怎么报装？"))
    assert notice.measure(6).text in unescape(text)


def test_overlapping_quotations_are_each_marked_by_their_offsets(notice, answer):
    start = notice.measure(6).start
    first = replace(answer.citations[0], start=start, end=start + 6)
    second = replace(first, marker=2, start=start + 4, end=start + 9)
    html = highlighted(notice.source, Span(start, start + 12), [first, second])
    assert re.findall(r'class="([^"]+)"', html) == ["q-1", "q-1 q-2", "q-2"]


def test_a_quoted_unit_line_is_marked_in_its_field(cards):
    assert "市住建局、市数据局" in marked(cards("哪些措施有两个牵头单位？"))


def test_more_than_three_cards_are_folded_but_the_first(cards):
    html = cards("哪些措施有两个牵头单位？")
    assert [" open" in tag for tag in re.findall(r"<details[^>]*>", html)] == [True] + [False] * 7


def test_clause_and_document_data_have_cards_without_units(cards):
    html = cards("总体要求")
    assert html.count("<details") == 2
    assert "牵头单位" not in html


def test_a_measures_number_titles_and_document_stand_on_its_card(cards):
    html = cards("utilities")
    assert all(
        words in html
        for words in ("Measure 6", "推行市政公用服务集成报装", "Introduce integrated", "市政办函〔2024〕26号")
    )


def test_an_english_card_pairs_each_sentence_with_its_translation(cards, notice):
    html = unescape(re.sub(r"</?mark[^>]*>|<sup>\d+</sup>", "", cards("utilities")))
    for sentence in load_translation(notice).of("xian-2024-26#m06"):
        printed = notice.source[sentence.start : sentence.end]
        assert f'lang="en">{sentence.text}</p><p class="source-text" lang="zh-CN">{printed}</p>' in html


def test_translation_and_original_are_marked_alike(cards, scripted):
    first = scripted.ask("utilities").citations[0]
    assert marked(cards("utilities"))[:2] == [first.exact_en, first.exact]


def test_an_english_card_says_once_that_its_translation_is_unofficial(cards):
    assert cards("utilities").count("Unofficial translation, the Chinese prevails") == 1


def test_an_english_card_keeps_units_and_deadline_as_printed(cards, notice):
    html = unescape(cards("utilities"))
    assert notice.measure(6).responsible_units_printed in html
    assert "State Grid Xi'an Power Supply Company" in html
    assert '<span class="in-english">by 31 October 2024</span>' in html


def test_a_chinese_card_has_no_english(cards):
    assert "in-english" not in cards("水电气怎么报装？")


def test_a_traditional_card_has_traditional_labels_and_the_text_as_printed(scripted, sources, notice):
    html = cards_html(scripted.ask("水電氣怎麼報裝？", (), "zh-Hant"), sources, anchor="t1")
    assert "牽頭單位" in html
    assert notice.measure(6).text.partition("。")[0] in html
    assert '<dd><span lang="zh-CN">市行政审批局</span></dd>' in html


def test_related_measures_lead_to_the_list(cards):
    assert '<a href="/measures?n=15">' in cards("水电气怎么报装？")


@pytest.mark.parametrize(("number", "words"), [(2, "印载期限已过"), (6, "印载期限未到")])
def test_a_deadline_is_held_against_today(notice, sources, number, words):
    html = facts_html(notice, notice.measure(number), sources, "zh")
    assert words in html
    assert "通知没有写明是否已经完成" in html


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_every_oddity_of_the_notice_has_its_note(notice, language):
    notes = [
        oddities_html(notice, notice.measure(oddity.measure_number), language) for oddity in notice.oddities
    ]
    assert all(
        'class="oddity"' in note and oddity.printed in note
        for note, oddity in zip(notes, notice.oddities, strict=True)
    )


def test_every_measure_shows_its_printed_lines(notice, sources):
    for measure in notice.measures:
        html = unescape(facts_html(notice, measure, sources, "zh"))
        assert f"<dd>{measure.responsible_units_printed}" in html
        assert f"<dd>{measure.deadline.text} " in html


def test_what_enters_a_card_is_escaped(answer, sources, notice):
    odd = replace(answer.citations[0], document_number="<b>")
    html = cards_html(replace(answer, lang="en", citations=(odd,)), sources, anchor="t1")
    assert "<b>" not in html
