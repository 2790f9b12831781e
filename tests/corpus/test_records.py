from datetime import date

import pytest

from corpus.notice import Notice
from corpus.records import (
    Conditions,
    count_by_lead_unit,
    group_by_deadline,
    group_by_lead_unit,
    group_by_section,
    matching,
    responsibility,
)


def test_counts_47_lead_assignments_over_16_units(notice: Notice) -> None:
    counts = count_by_lead_unit(notice.measures)
    assert (len(counts), sum(counts.values())) == (16, 47)


def test_eight_measures_have_two_lead_units(notice: Notice) -> None:
    shared = [m.number for m in notice.measures if len(m.lead_units) == 2]
    assert shared == [9, 11, 17, 22, 23, 32, 33, 38]


def test_the_housing_bureau_leads_most(notice: Notice) -> None:
    assert next(iter(count_by_lead_unit(notice.measures).items())) == ("市住建局", 11)


def test_a_measure_with_two_lead_units_stands_under_both(notice: Notice) -> None:
    groups = group_by_lead_unit(notice.measures)
    assert notice.measure(33) in groups["市司法局"]
    assert notice.measure(33) in groups["市公安局"]


def test_groups_by_section(notice: Notice) -> None:
    groups = group_by_section(notice.measures)
    assert {section.number: len(group) for section, group in groups.items()} == {
        1: 10,
        2: 9,
        3: 8,
        4: 7,
        5: 5,
    }


def test_groups_by_deadline_earliest_first(notice: Notice) -> None:
    groups = group_by_deadline(notice.measures)
    assert {f"{day:%Y-%m}": len(group) for day, group in groups.items()} == {
        **{"2023-06": 1, "2023-09": 1, "2024-04": 1, "2024-05": 1, "2024-06": 11, "2024-07": 1},
        **{"2024-09": 16, "2024-10": 2, "2024-11": 5},
    }


def test_selects_everything_without_a_condition(notice: Notice) -> None:
    assert matching(notice.measures, Conditions()) == notice.measures


@pytest.mark.parametrize(
    ("unit", "numbers"),
    [("市人社局", [19, 24]), ("市司法局", [33]), ("市法院", []), ("住建局", [])],
)
def test_selects_by_lead_unit_as_printed(notice: Notice, unit: str, numbers: list[int]) -> None:
    assert [m.number for m in matching(notice.measures, Conditions(lead_units=(unit,)))] == numbers


def test_selects_by_responsible_unit(notice: Notice) -> None:
    assert [m.number for m in matching(notice.measures, Conditions(responsible_units=("市国资委",)))] == [25]
    assert len(matching(notice.measures, Conditions(responsible_units=("各区县政府",)))) == 39


def test_selects_by_inclusive_dates(notice: Notice) -> None:
    chosen = matching(notice.measures, Conditions(due_first=date(2024, 5, 31), due_last=date(2024, 7, 31)))
    assert len(chosen) == 13


def test_joins_conditions(notice: Notice) -> None:
    chosen = matching(
        notice.measures, Conditions(sections=(1,), lead_units=("市住建局",), due_last=date(2024, 6, 30))
    )
    assert [m.number for m in chosen] == [2, 3, 10]


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [(3, "市住建局", "lead"), (3, "市地震局", "responsible"), (3, "市水务局", "not_named")]
    + [(5, "市水务局", "no")],
)
def test_says_no_only_where_the_list_is_closed(notice: Notice, number: int, unit: str, said: str) -> None:
    assert responsibility(notice.measure(number), unit) == said
