from pathlib import Path

import pytest

from corpus.notice import Notice
from index.words import Words, notice_vocabulary, plain


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
