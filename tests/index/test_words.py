from pathlib import Path

import pytest

from corpus.bank import BankQuestion, NegativeQuestion
from corpus.notice import Notice
from index.words import Words, has_han, is_pinyin, notice_vocabulary, plain


def test_keeps_a_unit_of_the_notice_as_one_word(words: Words) -> None:
    assert "市住建局" in words.words("这件事归市住建局管吗")


def test_gives_long_words_and_their_parts(words: Words) -> None:
    assert {"营业", "共享营业厅"} <= set(words.words("共享营业厅"))


def test_drops_question_words_from_words(words: Words) -> None:
    assert words.words("请问怎么") == []


def test_gives_overlapping_pairs_of_characters(words: Words) -> None:
    assert words.bigrams("水电气网") == ["水电", "电气", "气网"]


def test_gives_a_single_character_as_itself(words: Words) -> None:
    assert words.bigrams("水,电") == ["水", "电"]


def test_stems_english_alike_in_words_and_bigrams(words: Words) -> None:
    assert words.words("Permits") == words.bigrams("permit") == ["permit"]


def test_keeps_letters_and_digits_together(words: Words) -> None:
    assert words.words("10kV 12345") == ["10kv", "12345"]


@pytest.mark.parametrize("text", ["", " ", "?!", "\u200b", "\U0001f600", "\ud800"])
def test_finds_nothing_in_text_without_characters(words: Words, text: str) -> None:
    assert words.tokens(text) == []


@pytest.mark.parametrize("copy", ["１０ＫＶ报装", "10kv报装", "10KV 报装"])
def test_cuts_full_and_half_width_alike(words: Words, copy: str) -> None:
    assert words.tokens(copy) == words.tokens("10kV报装")


def test_gives_the_encoder_each_bigram_that_is_no_word(words: Words) -> None:
    tokens = words.tokens("水电气网")
    assert set(tokens) == set(words.words("水电气网")) | set(words.bigrams("水电气网"))
    assert len(tokens) == len(set(tokens))


def test_takes_units_and_quoted_terms_from_the_notice(notice: Notice) -> None:
    assert {"市住建局", "共享营业厅"} <= set(notice_vocabulary((notice,)))


def test_takes_no_group_of_units_as_a_word(notice: Notice) -> None:
    assert "各区县政府" not in notice_vocabulary((notice,))


def test_gives_the_vocabulary_in_a_fixed_order(notice: Notice) -> None:
    vocabulary = notice_vocabulary((notice,))
    assert list(vocabulary) == sorted(set(vocabulary))


def test_cuts_alike_with_a_broken_cache_of_jieba(words: Words, tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"no marshal")
    assert Words(["共享营业厅"], tmp_path).words("共享营业厅") == words.words("共享营业厅")


def test_keeps_its_cache_from_other_users(tmp_path: Path) -> None:
    Words((), tmp_path / "cache")
    assert (tmp_path / "cache").stat().st_mode & 0o077 == 0


def test_folds_width_and_case_and_keeps_spaces() -> None:
    assert plain("ＡB c") == "ab c"


def test_gives_overlapping_pairs_of_syllables(words: Words) -> None:
    assert words.syllables("水电气网") == ["shui dian", "dian qi", "qi wang"]


@pytest.mark.parametrize(("wrong", "right"), [("同水", "通水"), ("施功许可", "施工许可"), ("脱欠", "拖欠")])
def test_gives_homophones_the_same_syllables(words: Words, wrong: str, right: str) -> None:
    assert words.syllables(wrong) == words.syllables(right)


@pytest.mark.parametrize(
    "typed", ["tuoqian 工程款", "TUOQIAN工程款", "拖欠 gongchengkuan", "tuo qian gong cheng kuan"]
)
def test_gives_pinyin_the_syllables_of_its_characters(words: Words, typed: str) -> None:
    assert words.syllables(typed) == words.syllables("拖欠工程款")


def test_breaks_the_chain_at_a_word_that_is_no_pinyin(words: Words) -> None:
    assert words.syllables("水电 permit 气网") == ["shui dian", "qi wang"]


@pytest.mark.parametrize("text", ["", "?!", "水", "permit", "10kv 12345", "xqzv jkwq", "\ud800"])
def test_gives_no_syllables_where_no_two_follow_each_other(words: Words, text: str) -> None:
    assert words.syllables(text) == []


@pytest.mark.parametrize(
    "text", ["tuoqian gongchengkuan", "shigongxuke", "lian he yan shou", "Zenme ban shigong xukezheng?"]
)
def test_knows_a_question_in_pinyin(text: str) -> None:
    assert is_pinyin(text)


@pytest.mark.parametrize("text", ["", "?!", "tuoqian", "tuoqian 工程款", "How do I get a permit?", "10kv"])
def test_takes_no_other_question_for_pinyin(text: str) -> None:
    assert not is_pinyin(text)


def test_takes_hardly_an_english_question_for_pinyin(
    bank: tuple[BankQuestion, ...], negatives: tuple[NegativeQuestion, ...]
) -> None:
    english = [q.text for q in (*bank, *negatives) if q.language == "en" and " the " in q.text.lower()]
    assert len(english) > 500
    assert [text for text in english if is_pinyin(text)] == []


def test_splits_a_very_long_word_in_no_time(words: Words) -> None:
    assert len(words.syllables("a" * 20_000)) == 19_999


def test_tells_chinese_from_latin_text() -> None:
    assert [has_han("10kv报装"), has_han("permit 12345"), has_han("")] == [True, False, False]
