from string import Template

import pytest

from assistant.answer import Facet, Status
from corpus.notice import ODDITY_KINDS
from prompts import ANSWER_SHEETS, LANGUAGES, SHEETS, WordsError, digest, sentences, words


def placeholders(sheet: str, language: str) -> dict[str, set[str]]:
    texts = sentences(sheet, language)
    return {key: set(Template(text).get_identifiers()) for key, text in texts.items()}


@pytest.mark.parametrize("sheet", SHEETS)
def test_both_languages_have_the_same_keys_and_placeholders(sheet: str) -> None:
    assert placeholders(sheet, "zh") == placeholders(sheet, "en")


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_a_template_with_words(sheet: str, language: str) -> None:
    for key, text in sentences(sheet, language).items():
        assert text.strip(), key
        assert Template(text).is_valid(), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", Status)
def test_every_ending_has_words(status: Status, language: str) -> None:
    assert words("page", f"status.{status}", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", sorted(set(Status) - {Status.ANSWERED}))
def test_every_ending_but_answered_has_an_answer(status: Status, language: str) -> None:
    assert any(key.startswith(f"{status}.") for key in sentences("answer", language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ODDITY_KINDS)
def test_every_oddity_has_words(kind: str, language: str) -> None:
    assert f"oddity.{kind}" in sentences("answer", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("facet", sorted(set(Facet) - {Facet.CONTENT}))
def test_every_facet_has_words(facet: Facet, language: str) -> None:
    assert words("answer", f"not_stated.{facet}", language)


def test_fills_a_sentence() -> None:
    filled = words("answer", "unusable.too_long", "en", length=1001, limit=1000)
    assert filled == "The question is too long: 1001 characters, at most 1000. Please shorten it."


def test_a_value_is_not_filled_in_turn() -> None:
    assert "$limit" in words("answer", "unusable.too_long", "zh", length="$limit", limit=1000)


def test_traditional_readers_get_the_chinese_sheet_in_their_script() -> None:
    assert words("answer", "unusable.empty", "zh-Hant") == "問題是空的。請用一句話說出您想了解的事情。"


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_traditional_sheet_has_the_same_placeholders(sheet: str) -> None:
    assert placeholders(sheet, "zh-Hant") == placeholders(sheet, "zh")


def test_what_the_notice_prints_is_filled_in_as_printed() -> None:
    filled = words("answer", "clarify.choose", "zh-Hant", number=6, title="推行市政公用服务集成报装")
    assert filled == "第6項措施：推行市政公用服务集成报装"


def test_an_oddity_is_named_as_printed() -> None:
    said = words("answer", "oddity.deadline_label", "zh-Hant")
    assert said == "原文如此：此處印作“完成时间”，其餘各項印作“完成时限”。"


@pytest.mark.parametrize("values", [{}, {"length": 1}, {"length": 1, "limit": 2, "other": 3}])
def test_refuses_missing_and_unused_values(values: dict[str, int]) -> None:
    with pytest.raises(WordsError, match=r"takes \['length', 'limit'\]"):
        words("answer", "unusable.too_long", "zh", **values)


def test_refuses_a_sentence_it_does_not_have() -> None:
    with pytest.raises(WordsError, match=r"answer\.en\.toml has no sentence 'nothing'"):
        words("answer", "nothing", "en")


def test_has_one_digest_of_all_sheets_an_answer_is_made_of() -> None:
    assert len(digest()) == 12
    assert int(digest(), 16)
    assert set(SHEETS) - set(ANSWER_SHEETS) == {"staff"}
