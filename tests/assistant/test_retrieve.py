from collections.abc import Callable, Iterable

import pytest

from assistant.answer import Intent, Kind, Status
from assistant.retrieve import ANSWER_FROM, retrieve
from assistant.shelf import Shelf
from corpus.notice import Measure
from index.search import Hit
from tests.assistant.conftest import FixedSearcher

SEARCH = Intent(Kind.SEARCH, "报装")


def numbers_of(measures: Iterable[Measure]) -> list[int]:
    return [measure.number for measure in measures]


def test_finds_nothing_where_the_search_finds_nothing(shelf: Shelf) -> None:
    found = retrieve(SEARCH, FixedSearcher(), shelf)
    assert (found.status, found.hits) == (Status.NOT_COVERED, ())


@pytest.mark.parametrize(
    ("probability", "status"),
    [(ANSWER_FROM - 0.01, Status.NOT_COVERED), (ANSWER_FROM, Status.ANSWERED), (0.99, Status.ANSWERED)],
)
def test_answers_from_the_probability_that_costs_least(
    shelf: Shelf, hit: Callable[..., Hit], probability: float, status: Status
) -> None:
    assert retrieve(SEARCH, FixedSearcher(hit("m06", probability)), shelf).status is status


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (0.45, 0.44, Status.CLARIFY),
        (0.45, 0.70, Status.CLARIFY),
        (0.45, 0.30, Status.NOT_COVERED),
        (0.60, 0.60, Status.ANSWERED),
        (0.20, 0.20, Status.NOT_COVERED),
    ],
)
def test_asks_back_where_two_unsure_passages_compete(
    shelf: Shelf, hit: Callable[..., Hit], first: float, second: float, status: Status
) -> None:
    searcher = FixedSearcher(hit("m06", first), hit("m15", second, rank=2))
    assert retrieve(SEARCH, searcher, shelf).status is status


def test_searches_for_the_whole_query(shelf: Shelf) -> None:
    searcher = FixedSearcher()
    retrieve(Intent(Kind.SEARCH, "水电气怎么报装 那谁负责"), searcher, shelf)
    assert searcher.queries == ["水电气怎么报装 那谁负责"]


def test_looks_a_number_up_without_searching(shelf: Shelf) -> None:
    searcher = FixedSearcher()
    found = retrieve(Intent(Kind.MEASURE, "第6项", measure_numbers=(6, 3)), searcher, shelf)
    assert [hit.passage.measure_number for hit in found.hits] == [6, 3]
    assert searcher.queries == []


def test_wants_every_sentence_of_a_measure_named_by_number(shelf: Shelf) -> None:
    found = retrieve(Intent(Kind.MEASURE, "第6项", measure_numbers=(6,)), FixedSearcher(), shelf)
    assert {sentence.score for sentence in found.hits[0].sentences} == {1.0}


@pytest.mark.parametrize("number", [0, 40, 100, 999])
def test_covers_no_number_that_is_not_there(shelf: Shelf, number: int) -> None:
    found = retrieve(Intent(Kind.MEASURE, "", measure_numbers=(number,)), FixedSearcher(), shelf)
    assert found.status is Status.NOT_COVERED


def test_lists_what_a_unit_leads(shelf: Shelf, led_by: dict[str, list[int]]) -> None:
    intent = Intent(Kind.LEAD_LIST, "", units=tuple(led_by))
    lists = retrieve(intent, FixedSearcher(), shelf).lists
    assert {listed.unit: numbers_of(listed.measures) for listed in lists} == led_by


def test_lists_where_a_unit_is_named_if_it_leads_nothing(shelf: Shelf) -> None:
    (listed,) = retrieve(Intent(Kind.LEAD_LIST, "", units=("市国资委",)), FixedSearcher(), shelf).lists
    assert (numbers_of(listed.measures), numbers_of(listed.also_named)) == ([], [25])


def test_lists_where_a_unit_is_responsible(shelf: Shelf) -> None:
    (listed,) = retrieve(Intent(Kind.RESPONSIBLE_LIST, "", units=("市地震局",)), FixedSearcher(), shelf).lists
    assert numbers_of(listed.measures) == [3, 13]
