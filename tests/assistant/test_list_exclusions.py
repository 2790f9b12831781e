from datetime import date

import pytest

from assistant.list_mentions import settle
from assistant.listing import find_listings
from assistant.select import list_measures
from assistant.shelf import Shelf
from corpus.records import Conditions
from corpus.text import fold_aligned
from corpus.units import searchable

TODAY = date(2024, 10, 31)


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        (
            "发改委牵头的,把6月份到期的刨掉,剩哪些",
            Conditions(due_first=date(2024, 6, 1), due_last=date(2024, 6, 30)),
        ),
        ("除市住建局牵头的以外,9月到期的有哪些", Conditions(lead_units=("市住建局",))),
        ("市住建局牵头、责任单位没有市财政局的", Conditions(responsible_units=("市财政局",))),
        ("9月到期、不在第二部分的有哪些", Conditions(sections=(2,))),
        ("Which are due in November, other than those led by the DRC?", Conditions(lead_units=("市发改委",))),
        ("9月到期的有哪些", None),
        ("我是市城管执法局的,9月到期、不是我们牵头的有哪些", Conditions(lead_units=("市城管执法局",))),
    ],
)
def test_finds_what_is_to_be_left_out(shelf: Shelf, text: str, left_out: Conditions | None) -> None:
    settled = settle(fold_aligned(searchable(text)), shelf.lexicon(TODAY))
    assert settled.without == ((left_out,) if left_out else ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("发改委牵头的活儿,把6月份到期的刨掉,剩哪些", {21, 23, 26, 28, 34}),
        ("Of the November 2024 batch, drop those headed by Development and Reform; what remains?", {19, 39}),
        ("住建局牵头、但时限并非2024年6月的有哪些任务", {7, 9, 17, 22, 30, 38, 39}),
    ],
)
def test_leaves_it_out(shelf: Shelf, text: str, numbers: set[int]) -> None:
    listings = find_listings(text, shelf.lexicon(TODAY))
    found = [
        m.number for listing in listings for m in list_measures(listing, shelf.notices[0], shelf).measures
    ]
    assert set(found) == numbers
