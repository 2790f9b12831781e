from datetime import date

import pytest

from assistant.list_exclusions import without_exclusion
from assistant.listing import find_listings
from assistant.select import list_measures
from assistant.shelf import Shelf

TODAY = date(2024, 10, 31)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("发改委牵头的,把6月份到期的刨掉,剩哪些", "6月份到期"),
        ("除市住建局牵头的以外,9月到期的有哪些", "市住建局牵头的"),
        ("Which are due in November, other than those led by the DRC?", "those led by the DRC"),
        ("9月到期的有哪些", ""),
    ],
)
def test_finds_what_is_to_be_left_out(text: str, left_out: str) -> None:
    assert without_exclusion(text)[1] == left_out


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("发改委牵头的活儿,把6月份到期的刨掉,剩哪些", {21, 23, 26, 28, 34}),
        ("Of the November 2024 batch, drop those headed by Development and Reform; what remains?", {19, 39}),
        ("住建局牵头、但时限并非2024年6月的有哪些任务", {7, 9, 17, 22, 30, 38, 39}),
    ],
)
def test_leaves_it_out(shelf: Shelf, text: str, numbers: set[int]) -> None:
    listings = find_listings(text, shelf.units, year=2024, today=TODAY, topics=shelf.topics)
    found = [m.number for listing in listings for m in list_measures(listing, shelf.notices[0]).measures]
    assert set(found) == numbers
