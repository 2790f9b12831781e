"""Lists and counts against an independent filter over the golden records, however they are asked for."""

import calendar
import itertools
import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Intent, Kind
from assistant.found import Listed
from assistant.list_shapes import By, Lexicon, Shape
from assistant.listing import find_listings
from assistant.normalise import normalise
from assistant.retrieve import retrieve
from assistant.select import list_measures
from assistant.shelf import Shelf
from corpus.units import UnitNames, parse_responsible_units
from tests.assistant.conftest import FixedSearcher

GOLDEN = Path(__file__).parents[1] / "corpus" / "golden.jsonl"
ROWS = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
UNITS = UnitNames.load()
TODAY = date(2026, 11, 23)

LEADS = sorted({unit for row in ROWS for unit in row["lead_units"]})
NAMED_IN = {
    row["number"]: {unit.name for unit in parse_responsible_units(row["responsible_units_printed"])[0]}
    for row in ROWS
}
NAMED = sorted(
    {unit for units in NAMED_IN.values() for unit in units if not unit.startswith(("市级", "市清"))}
)
MONTHS = sorted({(int(row["deadline"][:4]), int(row["deadline"][5:].split("月")[0])) for row in ROWS})
SECTIONS = (1, 2, 3, 4, 5)

LEAD_ZH = (
    "{u}牵头哪些措施",
    "{u}牵头的任务有几项",
    "列出{u}牵头的全部措施",
    "哪些事由{u}牵头",
    "请问{u}都负责哪几条?",
)
LEAD_EN = (
    "Which measures does the {u} lead?",
    "How many measures are led by the {u}?",
    "List all tasks headed by the {u}",
    "What is the {u} in charge of?",
    "measures led by the {u}",
)
NAMED_ZH = (
    "{u}是哪些措施的责任单位",
    "{u}配合哪些任务",
    "责任单位有{u}的措施有几项",
    "{u}参与哪些措施",
    "列出{u}被列为责任单位的任务",
)
NAMED_EN = (
    "Which measures name the {u} as a responsible unit?",
    "List the measures that have the {u} as a responsible unit",
    "How many measures name the {u} as responsible unit?",
    "Where is the {u} named as a responsible unit?",
    "measures with the {u} as responsible unit",
)
IN_ZH = (
    "{y}年{m}月到期的措施有哪些",
    "哪些任务{y}年{m}月到期",
    "{y}年{m}月份到期的有几项",
    "列出{y}年{m}月到期的任务",
    "{y}年{m}月要完成哪些措施",
)
IN_EN = (
    "Which measures are due in {n} {y}?",
    "List the measures due in {n} {y}",
    "How many tasks fall due in {n} {y}?",
    "which measures have {n} {y} deadlines",
    "What measures are to be completed in {n} {y}?",
)
BY_ZH = (
    "{y}年{m}月底前完成的措施有哪些",
    "{y}年{m}月底之前要完成几项任务",
    "哪些措施{y}年{m}月底前到期",
    "列出{y}年{m}月底以前完成的任务",
    "截至{y}年{m}月底应完成的措施有多少项",
)
BY_EN = (
    "Which measures are due by the end of {n} {y}?",
    "How many measures are due by {n} {y}?",
    "List measures to be finished by the end of {n} {y}",
    "What measures are due no later than {n} {y}?",
    "which tasks were due on or before the end of {n} {y}",
)
SECTION_ZH = (
    "第{s}部分有哪些措施",
    "第{s}部分共有几项任务",
    "列出第{s}部分的措施",
    "第{s}部分都包括哪些措施?",
    "({s})部分有多少项措施",
)
SECTION_EN = (
    "Which measures are in section {n}?",
    "How many measures are in part {n}?",
    "List the measures of section {n}",
    "section {n} measures",
    "What measures does part {n} have?",
)


def numbers(question: str, shelf: Shelf) -> list[list[int]]:
    """Return the measures of each list that the question asks for; [] where it asks for none."""
    asked = normalise(question).asked
    listings = find_listings(asked, shelf.lexicon(TODAY))
    found: tuple[Listed, ...] = retrieve(
        Intent(Kind.LIST, asked, listings=listings), FixedSearcher(), shelf
    ).lists
    return [[measure.number for measure in listed.measures] for listed in found]


def golden(**wanted: Any) -> list[int]:
    """Filter the golden records, independently of corpus/records.py."""
    return [row["number"] for row in ROWS if _fits(row, wanted)]


def _fits(row: dict[str, Any], wanted: dict[str, Any]) -> bool:
    year, month = int(row["deadline"][:4]), int(row["deadline"][5:].split("月")[0])
    return (
        wanted.get("lead", row["lead_units"][0]) in row["lead_units"]
        and ("named" not in wanted or wanted["named"] in NAMED_IN[row["number"]])
        and wanted.get("due", (year, month)) == (year, month)
        and (year, month) <= wanted.get("by", (9999, 1))
        and wanted.get("section", row["section"]) == row["section"]
    )


@pytest.mark.parametrize("template", LEAD_ZH + LEAD_EN)
def test_lists_what_each_unit_leads(shelf: Shelf, template: str) -> None:
    name = UNITS.english if template in LEAD_EN else str
    asked = {unit: numbers(template.format(u=name(unit)), shelf) for unit in LEADS}
    assert asked == {unit: [golden(lead=unit)] for unit in LEADS}


@pytest.mark.parametrize("template", NAMED_ZH + NAMED_EN)
def test_lists_where_each_unit_is_named(shelf: Shelf, template: str) -> None:
    name = UNITS.english if template in NAMED_EN else str
    asked = {unit: numbers(template.format(u=name(unit)), shelf) for unit in NAMED}
    assert asked == {unit: [golden(named=unit)] for unit in NAMED}


@pytest.mark.parametrize("template", IN_ZH + IN_EN)
def test_lists_what_is_due_in_each_month(shelf: Shelf, template: str) -> None:
    asked = {(y, m): numbers(template.format(y=y, m=m, n=calendar.month_name[m]), shelf) for y, m in MONTHS}
    assert asked == {month: [golden(due=month)] for month in MONTHS}


@pytest.mark.parametrize("template", BY_ZH + BY_EN)
def test_lists_what_is_due_by_each_month(shelf: Shelf, template: str) -> None:
    asked = {(y, m): numbers(template.format(y=y, m=m, n=calendar.month_name[m]), shelf) for y, m in MONTHS}
    assert asked == {month: [golden(by=month)] for month in MONTHS}


@pytest.mark.parametrize("template", SECTION_ZH + SECTION_EN)
def test_lists_each_section(shelf: Shelf, template: str) -> None:
    asked = {n: numbers(template.format(s="一二三四五"[n - 1], n=n), shelf) for n in SECTIONS}
    assert asked == {n: [golden(section=n)] for n in SECTIONS}


def test_joins_a_unit_and_a_month(shelf: Shelf) -> None:
    pairs = list(itertools.product(LEADS, MONTHS))
    asked = [numbers(f"{unit}牵头的措施中哪些在{y}年{m}月到期", shelf) for unit, (y, m) in pairs]
    assert asked == [[golden(lead=unit, due=month)] for unit, month in pairs]


def test_joins_a_unit_and_a_section(shelf: Shelf) -> None:
    pairs = list(itertools.product(LEADS, SECTIONS))
    asked = [numbers(f"第{'一二三四五'[n - 1]}部分{unit}牵头哪些措施", shelf) for unit, n in pairs]
    assert asked == [[golden(lead=unit, section=n)] for unit, n in pairs]


def test_joins_a_month_and_a_section(shelf: Shelf) -> None:
    pairs = list(itertools.product(MONTHS, SECTIONS))
    asked = [numbers(f"第{'一二三四五'[n - 1]}部分{y}年{m}月到期的任务有哪些", shelf) for (y, m), n in pairs]
    assert asked == [[golden(due=month, section=n)] for month, n in pairs]


def test_joins_two_units_that_lead_together(shelf: Shelf) -> None:
    pairs = list(itertools.combinations(LEADS, 2))
    asked = [numbers(f"{one}和{other}共同牵头的措施有哪些", shelf) for one, other in pairs]
    both = [[row["number"] for row in ROWS if {one, other} <= set(row["lead_units"])] for one, other in pairs]
    assert asked == [[found] for found in both]


def test_joins_a_lead_unit_and_a_named_one(shelf: Shelf) -> None:
    pairs = [(lead, named) for lead in LEADS for named in NAMED if lead != named]
    asked = [numbers(f"{lead}牵头、{named}配合的任务有哪些", shelf) for lead, named in pairs]
    assert asked == [[golden(lead=lead, named=named)] for lead, named in pairs]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("两个单位共同牵头的措施有哪些", [9, 11, 17, 22, 23, 32, 33, 38]),
        ("完成时限最早的是哪一项", [30]),
        ("Which tasks have the latest deadline?", [19, 21, 26, 28, 39]),
        ("完成时限是“2024年9月底”的措施有哪些", [7, 37]),
        ("哪些措施正文写有“严禁”", [39]),
        ("哪些措施写了原则上", [3, 16, 37]),
        ("Which measures contain 不得 or 严禁?", [23, 25, 37, 39]),
        ("哪一条印的是“完成时间”而不是“完成时限”?", [27]),
        ("要素保障部分不是市资源规划局牵头的有哪几条?", [14, 18, 19]),
        ("发改委牵头 11月到期", [21, 26, 28]),
        ("有没有2024年8月到期的任务", []),
        ("我在督查室上班，领导让我查市场监管局牵头的是哪项任务", [38]),
        ("住健局迁头、11月到其的有那些", [39]),
        ("chengguanju qiantou 几项", [23, 27]),
        ("财政局不牵头但被点名为责任单位的有几项", [1, 16, 20, 21, 23, 25, 26]),
        ("责任单位只有区县政府、西咸新区和开发区的措施有哪些", [5, 12, 14, 17, 19, 24, 29, 31, 33]),
        ("不算2023年的，最早到期的是哪一项", [29]),
        ("4月、5月到期的措施", [29, 33]),
        ("点名的责任单位最多的是哪一条措施", [6]),
        ("Which measures are due in April 2024 or earlier?", [29, 30, 34]),
        ("which measures are due between 1 October and 31 December 2024?", [6, 9, 19, 21, 26, 28, 39]),
        ("Q4 2024 deadlines: which measures?", [6, 9, 19, 21, 26, 28, 39]),
        ("which measures are due in the fourth quarter of 2024", [6, 9, 19, 21, 26, 28, 39]),
        ("which measurs are lead by the Administrativ Aproval buro", [6, 20, 29, 37]),
        ("我是做园区招商的，资源规划局牵头、同时点名发改委配合的有哪几项", [11, 13, 15, 16]),
        ("人社局 牵头 完成时限", [19, 24]),
        ("measures the housing bureau leads all by itself", [2, 3, 7, 10, 30, 39]),
    ],
)
def test_lists_by_other_conditions(shelf: Shelf, question: str, found: list[int]) -> None:
    assert numbers(question, shelf) == [found]


@pytest.mark.parametrize(
    ("question", "shape"),
    [
        ("请按牵头单位统计各单位牵头的任务数量", Shape.GROUPED),
        ("每个部分各有几项措施", Shape.GROUPED),
        ("把任务按到期月份分组", Shape.GROUPED),
        ("哪个单位牵头的措施最多", Shape.MOST),
        ("牵头任务最少的单位是哪个", Shape.LEAST),
    ],
)
def test_sees_what_is_to_be_done_with_the_measures(question: str, shape: Shape) -> None:
    (listing,) = find_listings(question, Lexicon(UNITS, 2024, TODAY))
    assert listing.shape is shape


def test_names_a_unit_that_the_notice_does_not_know() -> None:
    (listing,) = find_listings("市体育局牵头哪些措施", Lexicon(UNITS, 2024, TODAY))
    assert listing.unknown_unit == "市体育局"


def test_takes_no_question_of_the_bank_for_a_list_by_chance(shelf: Shelf) -> None:
    from index.sources import bank  # noqa: PLC0415

    texts = [question.text for notice in shelf.notices for question in bank(notice)]
    taken = [text for text in texts if find_listings(text, shelf.lexicon(TODAY))]
    assert len(taken) <= 30  # of 7,600; half of these ask for lists indeed


@pytest.mark.parametrize(
    "flood", ["市发改委", "by the end of ", "哪些措施", "2024年9月底前", "牵头和", "“鼓励”"]
)
def test_takes_no_long_time_over_a_flood_of_its_own_words(flood: str) -> None:
    started = time.perf_counter()
    find_listings((flood * 1000)[:1000], Lexicon(UNITS, 2024, TODAY))
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("按牵头单位分组", By.LEAD),
        ("39项措施按到期时间分个组", By.MONTH),
        ("按部分分组看看", By.SECTION),
        ("7月和9月到期的分别有几项", By.MONTH),
    ],
)
def test_groups_by_what_is_named(shelf: Shelf, text: str, by: By) -> None:
    (listing,) = find_listings(text, shelf.lexicon(TODAY))
    assert (listing.shape, listing.by) == (Shape.GROUPED, by)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("住建局和资规局都牵头的有哪些措施", {17, 22, 32}),
        ("Which measures are due in July 2024, and which in May 2024?", {24, 33}),
    ],
)
def test_reads_both(shelf: Shelf, text: str, numbers: set[int]) -> None:
    listings = find_listings(text, shelf.lexicon(TODAY))
    found = [
        m.number for listing in listings for m in list_measures(listing, shelf.notices[0], shelf).measures
    ]
    assert set(found) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("哪几条提到知识产权", {18, 33}),
        ("Which measures mention intellectual property?", {18, 33}),
        ("市住建局、市资源规划局都不牵头、9月到期的有哪些", {5, 18, 20, 23, 25, 27, 31, 37}),
        ("市行政审批局牵头、责任单位没有市市场监管局的", {6, 20, 29}),
        ("市住建局没牵头但要配合的有哪些", {4, 8, 13, 15, 21, 27, 34, 37}),
        (
            "What does the DRC lead, excluding those due in November 2024?",
            {1, 23, 34, 35, 36},
        ),
    ],
)
def test_reads_who_and_what_is_to_be_met(shelf: Shelf, text: str, numbers: set[int]) -> None:
    found = [
        m.number
        for one in find_listings(text, shelf.lexicon(TODAY))
        for m in list_measures(one, shelf.notices[0], shelf).measures
    ]
    assert set(found) == numbers


def test_takes_a_name_it_does_not_know_for_a_unit(shelf: Shelf) -> None:
    (listing,) = find_listings("Please list the measures led by Xi'an Customs.", shelf.lexicon(TODAY))
    assert listing.unknown_unit == "customs"


def test_lists_nothing_by_a_word_that_no_measure_has(shelf: Shelf) -> None:
    (listing,) = find_listings("哪几条提到区块链", shelf.lexicon(TODAY))
    assert list_measures(listing, shelf.notices[0], shelf).measures == ()
