import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.notice import Notice, NoticeFormatError
from corpus.text import clean, decode, fold, fold_aligned, sentences
from tests.corpus.mutations import thorough


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_decodes_what_offices_send(encoding: str) -> None:
    assert decode("市政办函〔2024〕26号".encode(encoding)) == "市政办函〔2024〕26号"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_decodes_every_line_end_to_one(line_end: str) -> None:
    assert decode(f"甲{line_end}{line_end}乙".encode()) == "甲\n\n乙"


def test_names_the_line_of_bytes_in_no_known_encoding() -> None:
    with pytest.raises(NoticeFormatError, match="line 3: neither UTF-8 nor GB18030"):
        decode("甲\r\n乙\r\n".encode() + b"\xff\xff")


@pytest.mark.parametrize("character", ["\x00", "\x0c", "\x85", "\u200b", "\u2028", "\ufffd", "\ue000"])
def test_names_the_line_of_a_character_no_notice_has(character: str) -> None:
    with pytest.raises(NoticeFormatError) as caught:
        clean(f"甲\n乙{character}丙")
    assert caught.value.line == 2


def test_refuses_utf_16() -> None:
    with pytest.raises(NoticeFormatError):
        decode("市政办函".encode("utf-16"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\uff11\uff10\u3000千伏\uff0c100\uff05", "10千伏,100%"),
        ("\u300c一件事\u300d", "\u201c一件事\u201d"),
        ("\u2018a\u2019", "'A'"),
        ("市政办函\u30142024\u301526号", "市政办函[2024]26号"),
        ("拿地\n 即开\t工", "拿地即开工"),
        ("Xi\u2019an", "XI'AN"),
    ],
)
def test_folds_two_ways_of_writing_into_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@thorough
@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_keeps_every_word_of_the_notice(notice: Notice) -> None:
    assert fold(notice.measures[0].title) == notice.measures[0].title


@thorough
@given(st.text())
def test_aligned_folding_keeps_the_length(text: str) -> None:
    assert len(fold_aligned(text)) == len(text)


def test_aligned_folding_makes_wide_forms_narrow() -> None:
    assert fold_aligned("\uff08\uff11\uff09\uff0c\uff1a\u3000。、") == "(1),: 。、"


def test_cuts_after_each_sentence() -> None:
    text = "甲。乙\uff01丙? 丁"
    assert [span.of(text) for span in sentences(text)] == ["甲。", "乙\uff01", "丙?", "丁"]


def test_does_not_cut_inside_quotes_or_brackets() -> None:
    text = "落实“甲。乙。”(见附件。)要求。丙。"
    assert [span.of(text) for span in sentences(text)] == ["落实“甲。乙。”(见附件。)要求。", "丙。"]


def test_leaves_a_closing_quote_with_its_sentence() -> None:
    assert [span.of("甲。”乙。") for span in sentences("甲。”乙。")] == ["甲。”", "乙。"]


def test_takes_an_open_quote_to_close_with_its_line() -> None:
    assert len(sentences("“甲。乙。\n丙。丁。")) == 3


def test_cuts_measure_24_into_its_three_sentences(notice: Notice) -> None:
    assert len(sentences(notice.measure(24).text)) == 3


@thorough
@given(st.text(alphabet="甲乙。\uff01?!“”()\n \u3000"))
def test_leaves_only_white_space_outside_of_sentences(text: str) -> None:
    covered = "".join(span.of(text) for span in sentences(text))
    assert "".join(covered.split()) == "".join(text.split())


def test_finds_no_sentence_in_nothing() -> None:
    assert sentences(" \n\u3000") == ()
