from pathlib import Path

import pytest

from corpus.bank import BankError, BankQuestion, NegativeQuestion, load_negatives, load_questions
from corpus.notice import Notice

GOOD = '{"passage": "m06", "lang": "zh", "question": "水电气怎么报装?"}\n'


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return tmp_path / "bank.jsonl"


def test_reads_questions_in_order(notice: Notice, bank: Path) -> None:
    bank.write_text(GOOD + '\n{"passage": "c3.2", "lang": "en", "question": "Who trains?"}', "utf-8")
    assert load_questions(notice, bank) == (
        BankQuestion("水电气怎么报装?", "zh", "xian-2024-26#m06"),
        BankQuestion("Who trains?", "en", "xian-2024-26#c3.2"),
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"passage": ', "no JSON"),
        ("[]", "not an object"),
        ('{"passage": "m06", "question": "甲?"}', "not an object with the keys"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "note": "x"}', "not an object with the keys"),
        ('{"passage": "m40", "lang": "zh", "question": "甲?"}', "unknown passage 'm40'"),
        ('{"passage": "m6", "lang": "zh", "question": "甲?"}', "unknown passage 'm6'"),
        ('{"passage": "m06", "lang": "fr", "question": "甲?"}', "unknown language 'fr'"),
        ('{"passage": "m06", "lang": "zh", "question": " "}', "question is ' '"),
        ('{"passage": "m06", "lang": "zh", "question": 1}', "question is 1"),
        ('{"passage": "m15", "lang": "zh", "question": "水电气 怎么报装\uff1f"}', "as in line 1"),
    ],
)
def test_names_file_and_line_of_a_broken_line(notice: Notice, bank: Path, line: str, problem: str) -> None:
    bank.write_text(GOOD + line, "utf-8")
    with pytest.raises(BankError, match="bank.jsonl: line 2: ") as caught:
        load_questions(notice, bank)
    assert problem in str(caught.value)


def test_says_so_when_there_is_no_bank(notice: Notice, bank: Path) -> None:
    with pytest.raises(BankError, match="bank.jsonl: cannot be read"):
        load_questions(notice, bank)


def test_reads_questions_that_nothing_answers(bank: Path) -> None:
    bank.write_text('{"lang": "zh", "group": "weather", "question": "明天下雨吗?"}', "utf-8")
    assert load_negatives(bank) == (NegativeQuestion("明天下雨吗?", "zh", "weather"),)


def test_refuses_a_negative_without_a_group(bank: Path) -> None:
    bank.write_text('{"lang": "zh", "question": "明天下雨吗?"}', "utf-8")
    with pytest.raises(BankError, match="line 1"):
        load_negatives(bank)
