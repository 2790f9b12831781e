"""The types of a question for a list while it is read."""

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from corpus.units import UnitNames
from index.wording import Wording

# Private-use characters stand for units in the text while it is read.
MARK = 0xE000
UNIT = "[\ue000-\uf000]"


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """A mention of units, replaced by a mark in the text."""

    names: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is known of the notices while a question for a list is read."""

    units: UnitNames
    year: int  # of the notice: that of months named without one
    today: date  # for what has passed
    topics: Collection[str] = ()  # pieces of text that are about few passages (assistant/shelf.py)
    wording: Wording | None = None  # which words the measures have


class Shape(StrEnum):
    """What is done with the measures."""

    LIST = "list"
    GROUPED = "grouped"
    MOST = "most"  # the groups with most measures
    LEAST = "least"
    WIDEST = "widest"  # the measures that name most responsible units
    EARLIEST = "earliest"
    LATEST = "latest"


class By(StrEnum):
    """What measures are grouped and ranked by."""

    LEAD = "lead"
    RESPONSIBLE = "responsible"
    SECTION = "section"
    MONTH = "month"


@cache
def list_words() -> dict[str, re.Pattern[str]]:
    """Return the patterns of listing.toml by their names."""
    table = tomllib.loads(files("assistant").joinpath("listing.toml").read_text("utf-8"))
    # ASCII: a word of the English list ends where a Chinese character follows.
    return {name: re.compile("|".join(row), re.IGNORECASE | re.ASCII) for name, row in table.items()}


def section_numbers(text: str) -> tuple[int, ...]:
    """Return the number of the section that an expression names; () where it names none."""
    return tuple(n for n in range(1, 6) if list_words()[f"section_{n}"].search(text))[:1]
