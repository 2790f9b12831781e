from pathlib import Path

import pytest

from corpus.bank import (
    Agreement,
    BankError,
    BankQuestion,
    NegativeQuestion,
    agreement,
    load_lookalikes,
    load_natural,
    load_negatives,
    load_questions,
    natural_negatives_path,
)
from corpus.notice import Notice
from corpus.text import fold

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
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "second": "m40"}', "unknown passage 'm40'"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "second": null}', "second is None"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "second": ["m06"]}', "second is ['m06']"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": ["none"]}', "unknown passage 'none'"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": "m07"}', "also is 'm07'"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": null}', "also is None"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": [7]}', "unknown passage 7"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": ["m06"]}', "names the label itself"),
        ('{"passage": "m06", "lang": "zh", "question": "甲?", "also": ["m07", "m07"]}', "a passage twice"),
        ('{"passage": "none", "lang": "zh", "question": "甲?"}', "unknown passage 'none'"),
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


@pytest.mark.parametrize(("second", "read"), [("m07", "xian-2024-26#m07"), ("none", "none")])
def test_reads_a_second_label(notice: Notice, bank: Path, second: str, read: str) -> None:
    bank.write_text(GOOD.replace("}", f', "second": "{second}"}}'), "utf-8")
    assert load_questions(notice, bank)[0].second == read


def test_reads_passages_that_answer_equally_well(notice: Notice, bank: Path) -> None:
    bank.write_text(GOOD.replace("}", ', "also": ["m07", "c1"]}'), "utf-8")
    assert load_questions(notice, bank)[0].also == ("xian-2024-26#m07", "xian-2024-26#c1")


def test_has_no_lookalikes_without_a_file(notice: Notice, bank: Path) -> None:
    assert load_lookalikes(notice, (), bank) == ()


def test_reads_lookalikes_as_it_reads_the_bank(notice: Notice, bank: Path) -> None:
    bank.write_text(GOOD, "utf-8")
    assert load_lookalikes(notice, (), bank) == load_questions(notice, bank)


def test_refuses_a_lookalike_that_the_bank_has(notice: Notice, bank: Path) -> None:
    asked = load_questions(notice)
    bank.write_text(f"{GOOD}\n{GOOD.replace('水电气怎么报装?', asked[0].text)}", "utf-8")
    with pytest.raises(BankError, match=f"bank.jsonl: line 3: '{asked[0].text}' stands in the bank already"):
        load_lookalikes(notice, asked, bank)


def test_reads_questions_as_they_come_in(notice: Notice, bank: Path) -> None:
    bank.write_text(GOOD, "utf-8")
    assert load_natural(notice, (), bank) == load_questions(notice, bank)


def test_keeps_questions_as_they_come_in_out_of_the_bank(notice: Notice, bank: Path) -> None:
    bank.write_text(GOOD, "utf-8")
    with pytest.raises(BankError, match="stands in the bank already"):
        load_natural(notice, load_questions(notice, bank), bank)


def test_no_shipped_question_for_calibration_is_indexed(notice: Notice) -> None:
    indexed = (*load_questions(notice), *load_lookalikes(notice, ()), *load_negatives())
    apart = (*load_natural(notice, ()), *load_negatives(natural_negatives_path()))
    assert not {fold(question.text) for question in indexed} & {fold(question.text) for question in apart}


def labelled(*pairs: tuple[str, str | None]) -> list[BankQuestion]:
    return [BankQuestion("甲?", "zh", first, second=second) for first, second in pairs]


def test_measures_agreement_beyond_chance() -> None:
    # p_o = 3/4; p_e = 2/4 * 1/4 + 2/4 * 3/4 = 1/2; (3/4 - 1/2) / (1 - 1/2) = 1/2
    questions = labelled(("a", "a"), ("a", "b"), ("b", "b"), ("b", "b"), ("b", None))
    assert agreement(questions) == Agreement(4, 0.75, 0.5)


def test_measures_disagreement_throughout() -> None:
    # p_o = 0; p_e = 1/2 * 1/2 + 1/2 * 1/2 = 1/2; (0 - 1/2) / (1 - 1/2) = -1
    assert agreement(labelled(("a", "b"), ("b", "a"))) == Agreement(2, 0.0, -1.0)


def test_has_no_kappa_where_there_is_one_label_only() -> None:
    assert agreement(labelled(("a", "a"), ("a", "a"))) == Agreement(2, 1.0, None)


def test_has_no_agreement_without_a_second_reader() -> None:
    assert agreement(labelled(("a", None))) == Agreement(0, None, None)


def test_no_shipped_question_is_answered_and_a_negative(notice: Notice) -> None:
    answered = {fold(question.text) for question in (*load_questions(notice), *load_lookalikes(notice, ()))}
    assert [negative for negative in load_negatives() if fold(negative.text) in answered] == []


def test_every_shipped_measure_is_asked_for_in_both_languages(notice: Notice) -> None:
    asked = {(question.passage_id, question.language) for question in load_questions(notice)}
    assert len(asked) == 2 * 45


def test_every_shipped_question_the_readers_differ_on_names_both_passages(notice: Notice) -> None:
    questions = (*load_questions(notice), *load_lookalikes(notice, ()))
    differing = [question for question in questions if question.second not in (question.passage_id, None)]
    assert [question.text for question in differing if question.second not in question.also] == []
