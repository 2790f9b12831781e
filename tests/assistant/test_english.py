import pytest

from assistant.english import English
from assistant.shelf import Shelf
from corpus.notice import Notice, facts_span


@pytest.fixture(scope="module")
def english(shelf: Shelf) -> English:
    return shelf.english


def test_names_every_unit_and_group_of_the_notice(english: English, notice: Notice) -> None:
    for measure in notice.measures:
        named = english.units((*measure.lead_units, *measure.responsible_units))
        assert named.isascii()


def test_names_units_in_printed_order(english: English, notice: Notice) -> None:
    assert english.units(notice.measure(25).responsible_units).split("; ")[:2] == [
        "Xi'an Intermediate People's Court",
        "Xi'an Municipal Administration for Market Regulation",
    ]


@pytest.mark.parametrize(("number", "said"), [(3, "by 30 June 2024"), (30, "by 30 June 2023")])
def test_says_a_deadline_by_its_last_day(english: English, notice: Notice, number: int, said: str) -> None:
    assert english.deadline(notice.measure(number).deadline) == said


def test_says_the_lines_of_facts_in_printed_order(shelf: Shelf, notice: Notice) -> None:
    measure = notice.measure(19)
    facts = facts_span(measure)
    assert shelf.english_of("xian-2024-26#m19", facts.start, facts.end).split("\n") == [
        "Lead unit: Xi'an Municipal Human Resources and Social Security Bureau",
        "Responsible units: district and county governments; Xixian New Area Administrative Committee; "
        "administrative committees of the development zones",
        "Deadline: by 30 November 2024",
    ]


def test_says_one_line_of_facts_alone(shelf: Shelf, notice: Notice) -> None:
    line = notice.measure(19).deadline_line
    assert shelf.english_of("xian-2024-26#m19", line.start, line.end) == "Deadline: by 30 November 2024"


def test_gives_the_stored_translation_of_a_sentence(shelf: Shelf) -> None:
    for sentence in shelf.english.sentences(shelf.passage("xian-2024-26#c3.2")):
        assert shelf.english_of("xian-2024-26#c3.2", sentence.start, sentence.end) == sentence.text
