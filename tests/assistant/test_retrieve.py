from collections.abc import Callable, Iterable
from typing import Any

import pytest

from assistant.answer import Intent, Kind, Status
from assistant.decide import ANSWER_FROM
from assistant.found import Listed
from assistant.list_shapes import Shape
from assistant.listing import Listing
from assistant.retrieve import retrieve
from assistant.shelf import Shelf
from corpus.notice import Measure
from corpus.records import Conditions
from index.search import Hit
from tests.assistant.conftest import FixedSearcher

SEARCH = Intent(Kind.SEARCH, "报装")


def numbers_of(measures: Iterable[Measure]) -> list[int]:
    return [measure.number for measure in measures]


def listed_by(shelf: Shelf, conditions: Conditions, **listing: Any) -> tuple[Listed, ...]:
    asked = Intent(Kind.LIST, "", listings=(Listing(conditions, **listing),))
    return retrieve(asked, FixedSearcher(), shelf).lists


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
        (0.67, 0.67, Status.ANSWERED),
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
    listings = tuple(Listing(Conditions(lead_units=(unit,))) for unit in led_by)
    lists = retrieve(Intent(Kind.LIST, "", listings=listings), FixedSearcher(), shelf).lists
    assert {listed.only_unit: numbers_of(listed.measures) for listed in lists} == led_by


def test_lists_where_a_unit_is_named_if_it_leads_nothing(shelf: Shelf) -> None:
    (listed,) = listed_by(shelf, Conditions(lead_units=("市国资委",)))
    assert (numbers_of(listed.measures), numbers_of(listed.also_named)) == ([], [25])


def test_lists_where_a_unit_is_responsible(shelf: Shelf) -> None:
    (listed,) = listed_by(shelf, Conditions(responsible_units=("市地震局",)))
    assert numbers_of(listed.measures) == [3, 13]


@pytest.mark.parametrize(("shape", "numbers"), [(Shape.EARLIEST, [30]), (Shape.LATEST, [19, 21, 26, 28, 39])])
def test_lists_the_earliest_and_the_latest(shelf: Shelf, shape: Shape, numbers: list[int]) -> None:
    (listed,) = listed_by(shelf, Conditions(), shape=shape)
    assert numbers_of(listed.measures) == numbers


def test_leaves_out_what_a_unit_leads(shelf: Shelf) -> None:
    (listed,) = listed_by(
        shelf, Conditions(sections=(2,)), without=(Conditions(lead_units=("市资源规划局",)),)
    )
    assert numbers_of(listed.measures) == [14, 18, 19]


def test_sorts_by_deadline(shelf: Shelf) -> None:
    (listed,) = listed_by(shelf, Conditions(lead_units=("市人社局",)), sorted_by_deadline=True)
    assert numbers_of(listed.measures) == [24, 19]


def test_covers_no_unit_that_the_notice_does_not_name(shelf: Shelf) -> None:
    listing = Listing(Conditions(), unknown_unit="市体育局")
    found = retrieve(Intent(Kind.LIST, "", listings=(listing,)), FixedSearcher(), shelf)
    assert found.status is Status.NOT_COVERED
