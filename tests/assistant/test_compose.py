from collections.abc import Callable
from datetime import date

import pytest

from assistant.answer import AskedFor, Draft, Facet, Intent, Kind, Language, Question, Status, Wording
from assistant.compose import compose
from assistant.endings import compose_ending, plain_ending
from assistant.found import Found
from assistant.listing import Listing
from assistant.retrieve import retrieve
from assistant.shelf import Shelf
from assistant.write_passage import oddity_words, quoted_spans
from corpus.notice import Notice
from corpus.records import Conditions
from index.search import Hit
from prompts.script import to_traditional
from tests.assistant.conftest import TODAY, FixedSearcher

SEARCH = Intent(Kind.SEARCH, "报装")


def asked(language: Language = "zh") -> Question:
    return Question("报装", "报装", language)


def worded(question: str, hit: Hit, shelf: Shelf, language: Language = "zh") -> Draft:
    """Compose the answer to a question of just these words."""
    asked = Question(question, question, language, asked=question)
    return compose(asked, SEARCH, Found(Status.ANSWERED, (hit,)), shelf, TODAY)


@pytest.fixture
def answered(shelf: Shelf) -> Callable[..., Draft]:
    def draft(*hits: Hit, language: Language = "zh", today: date = TODAY) -> Draft:
        return compose(asked(language), SEARCH, Found(Status.ANSWERED, hits), shelf, today)

    return draft


@pytest.fixture
def listed(shelf: Shelf) -> Callable[..., Draft]:
    def draft(role: str, *units: str, language: Language = "zh", today: date = TODAY) -> Draft:
        listings = tuple(Listing(Conditions(**{role: (unit,)})) for unit in units)  # type: ignore[arg-type]
        intent = Intent(Kind.LIST, "", listings=listings)
        return compose(asked(language), intent, retrieve(intent, FixedSearcher(), shelf), shelf, today)

    return draft


def test_names_the_measure_its_lead_unit_and_its_deadline(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    text = answered(hit("m06")).text
    assert "**第6项措施　推行市政公用服务集成报装**" in text
    assert "- **牵头单位**：市行政审批局 [" in text
    assert "- **完成时限**：2024年10月底前（" in text


def test_names_them_in_english(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    text = answered(hit("m06"), language="en").text
    assert "- **Lead unit**: Xi'an Municipal Administrative Approval Service Bureau (市行政审批局) [" in text
    assert "by 31 October 2024, printed 2024年10月底前 (passed as of 15 January 2026;" in text
    assert "; State Grid Xixian Power Supply Company; district and county governments; " in text


def test_quotes_the_original_in_english_too(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    quoted = {quotation.exact for quotation in answered(hit("m03"), language="en").quotations}
    assert quoted == {quotation.exact for quotation in answered(hit("m03")).quotations}


def test_puts_the_translation_of_each_sentence_above_its_original(
    answered: Callable[..., Draft], hit: Callable[..., Hit], shelf: Shelf
) -> None:
    draft = answered(hit("m03"), language="en")
    first = draft.quotations[0]
    translated = shelf.english_of(first.passage_id, first.start, first.end)
    assert f"\n\n> {translated} [1]\n>\n> {first.exact} [1]\n\n> " in draft.text


def test_says_once_that_a_translation_is_unofficial(
    answered: Callable[..., Draft], hit: Callable[..., Hit], shelf: Shelf
) -> None:
    intent = Intent(Kind.MEASURE, "", measure_numbers=(3, 6))
    both = Found(Status.ANSWERED, (hit("m03"), hit("m06")))
    text = compose(asked("en"), intent, both, shelf, TODAY).text
    assert text.count("Unofficial translation, each sentence with its Chinese original:") == 1


def test_frames_printed_words_in_traditional_characters(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    text = answered(hit("m06"), language="zh-Hant").text
    assert "**第6項措施　推行市政公用服务集成报装**" in text
    assert "- **牽頭單位**：市行政审批局 [" in text
    assert "截至2026年1月15日已過；文件未說明是否已經完成" in text


def test_quotes_as_printed_whatever_the_script(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    assert answered(hit("m03"), language="zh-Hant").quotations == answered(hit("m03")).quotations


def test_offers_questions_in_the_askers_script(
    answered: Callable[..., Draft], hit: Callable[..., Hit], shelf: Shelf
) -> None:
    (question,) = answered(hit("m06"), hit("m03", rank=2), language="zh-Hant").follow_ups
    assert question == to_traditional(shelf.example_question("xian-2024-26#m03", "zh") or "")


def test_says_what_the_notice_calls_an_everyday_word(shelf: Shelf, hit: Callable[..., Hit]) -> None:
    draft = worded("去哪装表", hit("m06"), shelf)
    assert "\n\n您问的“装表”，文件中称为“报装”。\n\n*" in draft.text
    assert draft.wordings == (Wording("装表", "报装", "xian-2024-26#m06"),)


def test_says_so_to_readers_of_english(shelf: Shelf, hit: Callable[..., Hit]) -> None:
    text = worded("Where do I apply for a hookup?", hit("m06"), shelf, "en").text
    assert "You asked about “hookup”; the notice calls it “" in text


def test_says_so_in_traditional_characters(shelf: Shelf, hit: Callable[..., Hit]) -> None:
    assert "您問的“裝表”，文件中稱爲“报装”。" in worded("去哪装表", hit("m06"), shelf, "zh-Hant").text


@pytest.mark.parametrize(
    ("question", "key"),
    [("装表怎么报装", "m06"), ("去哪装表", "m03"), ("水电气怎么接入", "m06")],
    ids=["the question has the term", "the passage lacks it", "no everyday word"],
)
def test_says_nothing_of_words_where(shelf: Shelf, hit: Callable[..., Hit], question: str, key: str) -> None:
    assert worded(question, hit(key), shelf).wordings == ()


def test_names_two_everyday_words_at_most(shelf: Shelf, hit: Callable[..., Hit], notice: Notice) -> None:
    terms = [e for e in shelf.glossary_of(hit("m25").passage).entries if e.term in notice.measure(25).text]
    by_term = {entry.term: entry.everyday for entry in terms if entry.language == "zh"}
    assert len(by_term) > 2
    assert len(worded("、".join(by_term.values()), hit("m25"), shelf).wordings) == 2


def test_says_what_a_measure_calls_it_that_does_not_state_what_was_asked(
    shelf: Shelf, hit: Callable[..., Hit]
) -> None:
    question = Question("装表电话", "装表电话", "zh", asked="装表电话")
    draft = compose(
        question,
        Intent(Kind.SEARCH, "q", AskedFor(Facet.TELEPHONE)),
        Found(Status.NOT_STATED, (hit("m06"),)),
        shelf,
        TODAY,
    )
    assert [wording.term for wording in draft.wordings] == ["报装"]


def test_says_that_a_deadline_has_passed(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    text = answered(hit("m06"), today=date(2024, 11, 1)).text
    assert "截至2024年11月1日已过；文件未说明是否已经完成" in text


def test_says_that_a_deadline_is_not_reached_on_its_last_day(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    assert "截至2024年10月31日未到" in answered(hit("m06"), today=date(2024, 10, 31)).text


def test_names_both_lead_units(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    assert "市住建局、市数据局" in answered(hit("m09")).text


def test_prints_the_responsible_units_as_printed(
    answered: Callable[..., Draft], hit: Callable[..., Hit], notice: Notice
) -> None:
    printed = notice.measure(37).responsible_units_printed
    assert f"- **责任单位**：{printed}（原文名单未列全" in answered(hit("m37")).text


def test_says_of_an_open_list_only_that_it_is_open(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    assert "未列全" not in answered(hit("m05")).text


@pytest.mark.parametrize(("key", "printed"), [("m30", "2023年6月底前"), ("m34", "2023年9月底前")])
def test_remarks_on_a_deadline_before_the_notice(
    answered: Callable[..., Draft], hit: Callable[..., Hit], key: str, printed: str
) -> None:
    text = answered(hit(key)).text
    assert f"原文如此：所印时限（{printed}）早于文件成文日期（2024年4月12日）" in text


@pytest.mark.parametrize(("key", "remark"), [("m27", "完成时间"), ("m37", "市住建局市级各相关单位")])
def test_remarks_on_what_readers_would_stumble_over(
    answered: Callable[..., Draft], hit: Callable[..., Hit], key: str, remark: str
) -> None:
    assert remark in answered(hit(key)).text.partition("原文如此")[2]


def test_remarks_on_nothing_where_nothing_is_odd(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    assert "原文如此" not in answered(hit("m06")).text


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_has_words_for_every_oddity_of_the_notice(notice: Notice, language: Language) -> None:
    for oddity in notice.oddities:
        assert oddity_words(oddity.kind, oddity.printed, notice, language)


def test_quotes_a_short_measure_whole(hit: Callable[..., Hit]) -> None:
    found = hit("m31", 0.9, 0.0, 0.1, 0.9)
    spans = quoted_spans(found.passage, found.sentences)
    assert [span for span in spans] == [(s.start, s.end) for s in found.sentences[1:]]


def test_quotes_the_near_sentences_of_a_long_measure(hit: Callable[..., Hit]) -> None:
    found = hit("m03", 0.9, 0.0, 0.9, 0.2, 0.7)
    spans = quoted_spans(found.passage, found.sentences)
    assert spans == tuple((found.sentences[n].start, found.sentences[n].end) for n in (1, 3))


def test_quotes_the_document_head_whole(hit: Callable[..., Hit]) -> None:
    found = hit("meta", 0.9, 0.9, 0.0)
    assert len(quoted_spans(found.passage, found.sentences)) == len(found.sentences)


def test_answers_from_a_clause_without_units(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    draft = answered(hit("c3.2"))
    assert "牵头单位**" not in draft.text
    assert {quotation.passage_id for quotation in draft.quotations} == {"xian-2024-26#c3.2"}


def test_relates_what_is_probable_enough(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    draft = answered(hit("m06"), hit("m15", 0.2, rank=2), hit("m37", 0.05, rank=3))
    assert draft.related == ("xian-2024-26#m15",)


def test_offers_questions_on_what_came_next(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    draft = answered(hit("m06"), hit("m15", rank=2), hit("m37", rank=3), hit("m01", rank=4))
    assert len(draft.follow_ups) == 2


def test_offers_no_question_on_what_is_improbable(
    answered: Callable[..., Draft], hit: Callable[..., Hit]
) -> None:
    draft = answered(hit("m06"), hit("m15", 0.02, rank=2), hit("m37", 0.0199, rank=3))
    assert len(draft.follow_ups) == 1


def test_gives_the_probability_as_confidence(answered: Callable[..., Draft], hit: Callable[..., Hit]) -> None:
    assert answered(hit("m06", 0.87)).confidence == 0.87


def test_lists_every_measure_with_a_marker(listed: Callable[..., Draft]) -> None:
    draft = listed("lead_units", "市发改委")
    assert "**市发改委**牵头的措施共 **8项**" in draft.text
    assert "8. 第36项　协同解决项目困难问题（2024年6月底前；牵头：市发改委） [8]" in draft.text
    assert (draft.confidence, draft.engine, len(draft.quotations)) == (1.0, "records", 8)


def test_counts_the_deadlines_that_have_passed(listed: Callable[..., Draft]) -> None:
    text = listed("lead_units", "市发改委", today=date(2024, 7, 1)).text
    assert "截至2024年7月1日，其中4项所印时限已过" in text


def test_counts_a_measure_once_that_two_units_lead(listed: Callable[..., Draft]) -> None:
    assert "其中1项所印时限已过" in listed("lead_units", "市司法局", "市公安局").text


def test_lists_in_english(listed: Callable[..., Draft]) -> None:
    text = listed("lead_units", "市文物局", language="en").text
    assert "**Xi'an Municipal Cultural Heritage Bureau (市文物局)** leads **1** measures" not in text
    assert "leads **1** of the 39 measures" in text


def test_says_where_a_unit_that_leads_nothing_is_named(listed: Callable[..., Draft]) -> None:
    draft = listed("lead_units", "市国资委")
    assert "**市国资委**不是任何一项的牵头单位" in draft.text
    assert "它被列为责任单位的措施有 **1项**" in draft.text
    assert [quotation.passage_id for quotation in draft.quotations] == ["xian-2024-26#m25"]


def test_says_that_a_unit_is_named_nowhere(listed: Callable[..., Draft]) -> None:
    draft = listed("responsible_units", "市文广局")
    assert "没有一项把**市文广局**列为责任单位" in draft.text
    assert draft.quotations == ()


def test_lists_several_units_one_after_the_other(listed: Callable[..., Draft]) -> None:
    text = listed("lead_units", "市司法局", "市公安局").text
    assert text.index("**市司法局**牵头") < text.index("**市公安局**牵头")


@pytest.mark.parametrize(("facet", "words"), [(Facet.TELEPHONE, "联系方式"), (Facet.AMOUNT, "具体金额")])
def test_says_what_is_not_stated_and_whom_to_ask(
    shelf: Shelf, hit: Callable[..., Hit], facet: Facet, words: str
) -> None:
    draft = compose(
        asked(),
        Intent(Kind.SEARCH, "q", AskedFor(facet)),
        Found(Status.NOT_STATED, (hit("m03"),)),
        shelf,
        TODAY,
    )
    assert draft.text.startswith(f"找到了相关措施，但文件没有写明您问的**{words}**")
    assert "可向牵头单位**市住建局**咨询" in draft.text
    assert draft.related == ("xian-2024-26#m36",)


def test_points_to_the_hotline_where_nothing_is_covered(shelf: Shelf) -> None:
    draft = compose_ending(asked(), SEARCH, Found(Status.NOT_COVERED), shelf)
    assert "没有关于这个问题的措施" in draft.text
    assert (draft.related, draft.confidence) == (("xian-2024-26#m36",), 0.0)


def test_says_how_many_measures_there_are(shelf: Shelf) -> None:
    intent = Intent(Kind.MEASURE, "第40项", measure_numbers=(40,))
    draft = compose_ending(asked(), intent, Found(Status.NOT_COVERED), shelf)
    assert "只有39项措施" in draft.text
    assert draft.confidence is None


def test_offers_the_two_that_compete(shelf: Shelf, hit: Callable[..., Hit]) -> None:
    found = Found(Status.CLARIFY, (hit("m06", 0.45), hit("c3.2", 0.44, rank=2)))
    draft = compose_ending(asked(), SEARCH, found, shelf)
    assert draft.follow_ups == ("第6项措施：推行市政公用服务集成报装", "强化上下联动")
    assert draft.quotations == ()


def test_fills_a_plain_ending() -> None:
    draft = plain_ending(Status.FAILED, "failed.text", "zh", answer_id="$answer_id")
    assert "编号 $answer_id 告诉管理员" in draft.text
