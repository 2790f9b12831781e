"""The words of a question for a list, read one by one until something or nothing is left."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.due import Due, find_due
from corpus.text import fold_aligned
from corpus.units import UnitNames, searchable


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """A mention of units, replaced by a mark in the text."""

    names: tuple[str, ...]
    mark: str


# Private-use characters stand for units in the text while it is read.
_MARK = 0xE000
_UNIT = "[\ue000-\uf000]"


class Shape(StrEnum):
    """What is done with the measures."""

    LIST = "list"
    BY_UNIT = "by_unit"
    BY_SECTION = "by_section"
    BY_DEADLINE = "by_deadline"
    MOST = "most"  # the units that lead most
    LEAST = "least"
    EARLIEST = "earliest"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of a question say."""

    named: tuple[NamedUnits, ...]
    roles: tuple[tuple[int, str], ...]
    excluded: tuple[int, ...]
    due: Due | None
    label: str | None
    sections: tuple[int, ...]
    words: tuple[str, ...]
    jointly: bool | None
    passed: bool
    open: bool
    quantity: bool
    shape: tuple[Shape, int, int]
    by_time: bool
    unknown: str | None
    asks: bool
    has_role: bool
    has_things: bool
    counts_all: bool  # 一共多少项措施
    residue: str

    @property
    def has_criteria(self) -> bool:
        return any((
            self.due, self.label, self.sections, self.words, self.jointly is not None, self.passed,
            self.open, self.quantity, self.unknown, self.shape[0] is not Shape.LIST,
        ))  # fmt: skip


def read_asked(text: str, units: UnitNames, year: int) -> Asked:
    """Read a question word by word; `year`: of months named without one."""
    marked, named = _with_marks(fold_aligned(searchable(text)), units)
    due, rest = find_due(marked, year)
    read = _Reading(rest, list_words())
    read.take_out("aside")  # 含共同牵头的: no condition
    label = "完成时间" if read.has("label") else None
    sections, strength = read.sections(), read.strength()
    shape = read.shape()
    if named and shape[0] is Shape.MOST:  # 发改委和自规局谁牵头的多: both lists, counted
        shape = (Shape.LIST, 1, 1)
    unknown, excluded = read.unknown_unit(), read.excluded()
    roles = tuple(read.roles(named))
    return Asked(
        tuple(named), roles, excluded, due, label, sections, strength,
        jointly=read.flag("jointly", "alone"),
        # A day that is named says by itself what had passed by then.
        passed=read.has("passed") and due is None,
        open=read.has("open") and due is None,
        quantity=read.has("quantity"),
        shape=shape,
        by_time=read.has("sorted"),
        unknown=unknown,
        asks=read.has("asks"),
        has_role=bool(roles) or read.has("lead") or read.has("responsible"),
        has_things=read.has_things,
        counts_all=read.has("counts_all"),
        residue=read.residue(),
    )  # fmt: skip


def _with_marks(text: str, units: UnitNames) -> tuple[str, list[NamedUnits]]:
    """Replace each mention of units by one character."""
    pieces: list[str] = []
    named: list[NamedUnits] = []
    at = 0
    for start, end, names in units.find_spans(text):
        if start < at:
            continue
        mark = chr(_MARK + len(named))
        named.append(NamedUnits(names, mark))
        pieces += [text[at:start], mark]
        at = end
    return "".join([*pieces, text[at:]]), named


class _Reading:
    """Takes what it understands out of a question, until something or nothing is left."""

    def __init__(self, text: str, words: dict[str, re.Pattern[str]]) -> None:
        self._text = text
        self._words = words
        self.has_things = bool(words["things"].search(text))

    def has(self, name: str) -> bool:
        """Return whether words of this kind are there."""
        return bool(self._words[name].search(self._text))

    def take_out(self, name: str) -> None:
        self._text = self._words[name].sub(" ", self._text)

    def flag(self, yes: str, no: str) -> bool | None:
        if self.has(yes):
            return True
        return False if self.has(no) else None

    def sections(self) -> tuple[int, ...]:
        found = []
        for match in self._words["section"].finditer(self._text):
            found += [n for n in range(1, 6) if self._words[f"section_{n}"].search(match.group())][:1]
        self._text = self._words["section"].sub(" ", self._text)
        return tuple(dict.fromkeys(found))

    def strength(self) -> tuple[str, ...]:
        """Return the words that the text of a measure is to have, in Chinese."""
        if not self.has("mentions"):
            return ()
        quoted = [next(filter(None, groups)) for groups in self._words["quoted"].findall(self._text)]
        found = [word for word in quoted if _HAN.search(word)] or self._words["strength"].findall(self._text)
        if found:
            self._text = self._words["quoted"].sub(" ", self._text)
            self._text = self._words["strength"].sub(" ", self._text)
        return tuple(dict.fromkeys(_in_chinese(word) for word in found))

    def shape(self) -> tuple[Shape, int, int]:
        for shape in (Shape.BY_UNIT, Shape.BY_SECTION, Shape.BY_DEADLINE, Shape.EARLIEST, Shape.LATEST):
            if self.has(shape.value):
                return shape, 1, 1
        if self.has(Shape.MOST.value):
            second, top = self._words["second"].search(self._text), self._words["top"].search(self._text)
            n = {"三": 3, "两": 2, "五": 5, "3": 3, "2": 2, "5": 5, "three": 3, "two": 2, "five": 5}
            return Shape.MOST, 2 if second else 1, n.get(top.group(1).casefold(), 1) if top else 1
        if self.has(Shape.LEAST.value):
            return Shape.LEAST, 1, 1
        return Shape.LIST, 1, 1

    def unknown_unit(self) -> str | None:
        match = self._words["unknown_unit"].search(self._text)
        if match is None:
            return None
        self._text = f"{self._text[: match.start()]} {self._text[match.end() :]}"
        return match.group().strip()

    def excluded(self) -> tuple[int, ...]:
        return tuple(ord(mark) - _MARK for mark in self._words["excluded"].findall(self._text))

    def roles(self, named: Sequence[NamedUnits]) -> list[tuple[int, str]]:
        """Return each mention with the role that stands nearest to it: lead, responsible or any."""
        lead, responsible, either = (
            self.has("lead"),
            self.has("responsible"),
            self.has("either") or self.has("both"),
        )
        if not named or not (lead or responsible or either or self.has_things or self.has("asks")):
            return []
        if either or (lead and responsible and len(named) == 1 and not self.has("only_responsible")):
            return [(n, "any") for n in range(len(named))]
        if lead and responsible and len(named) > 1:
            return [(n, self._nearest_role(one.mark)) for n, one in enumerate(named)]
        role = "responsible" if responsible else "lead"
        return [(n, role) for n in range(len(named))]

    def _nearest_role(self, mark: str) -> str:
        at = self._text.index(mark)
        after = re.split(_UNIT, self._text[at + 1 :])[0]
        for name in ("responsible", "lead"):
            if self._words[name].search(after[:12]):
                return name
        before = re.split(_UNIT, self._text[:at])[-1]
        return "responsible" if self._words["responsible"].search(before[-14:]) else "lead"

    def residue(self) -> str:
        """Return what is left once every word of lists is taken out; "" for a question for the records."""
        rest = self._text
        for name in _TAKEN_OUT:
            rest = self._words[name].sub(" ", rest)
        rest = re.sub(_UNIT, " ", rest)
        left = re.sub(r"[\W\d_]+", "", rest)
        return left if re.search(r"[\u3400-\u9fff]", left) or re.search(r"[a-z]{3}", left) else ""


_HAN = re.compile(r"[\u3400-\u9fff]")
# What the notice says where an English question names its strength.
_STRENGTH_EN = (
    ("encourag", "鼓励"), ("explor", "探索"), ("pilot", "试点"), ("trial", "试行"),
    ("in principle", "原则上"),
    ("prohibit", "严禁"), ("forbid", "严禁"), ("must not", "不得"), ("working day", "工作日"),
)  # fmt: skip


def _in_chinese(word: str) -> str:
    return next((chinese for english, chinese in _STRENGTH_EN if word.casefold().startswith(english)), word)


# In this order: the longer expressions first.
_TAKEN_OUT = (
    "label", "jointly", "alone", "only_responsible", "responsible", "lead", "either", "both", "passed",
    "open", "quantity", "sorted", "by_unit", "by_section", "by_deadline", "earliest", "latest", "most",
    "least", "top", "second", "mentions", "asks", "things", "document", "grammar",
)  # fmt: skip


@cache
def list_words() -> dict[str, re.Pattern[str]]:
    """Return the patterns of listing.toml by their names."""
    table = tomllib.loads(files("assistant").joinpath("listing.toml").read_text("utf-8"))
    # ASCII: a word of the English list ends where a Chinese character follows.
    return {name: re.compile("|".join(row), re.IGNORECASE | re.ASCII) for name, row in table.items()}
