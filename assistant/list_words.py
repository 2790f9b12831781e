"""The words of a question for a list, read one by one until something or nothing is left."""

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.due import Due, find_due
from assistant.facts import number_of
from assistant.spelling import as_meant
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
    both_words: bool  # each of them, not one of them
    jointly: bool | None
    passed: bool
    open: bool
    quantity: bool
    shape: tuple[Shape, int, int]
    by: By
    by_time: bool
    only_local: bool  # districts and zones alone are responsible
    only_groups: bool  # no department is named as responsible
    not_year: int | None
    no_before: bool  # printed 月底, not 月底前
    exact: int | None  # 只牵头两项的单位
    as_of: date | None  # 假设现在是2024年8月1日
    unknown: str | None
    asks: bool
    has_role: bool
    has_role_word: bool
    has_things: bool
    counts_all: bool  # 一共多少项措施
    says_due: bool
    is_about_measures: bool
    wants_list: bool  # 哪些, 几项, which measures
    residue: str
    names_a_matter: bool  # what is left is about something

    @property
    def has_criteria(self) -> bool:
        return any((
            self.due, self.label, self.sections, self.words, self.jointly is not None, self.passed,
            self.open, self.quantity, self.unknown, self.shape[0] is not Shape.LIST,
            self.only_local, self.only_groups, self.not_year, self.no_before, self.exact,
        ))  # fmt: skip


def read_asked(text: str, units: UnitNames, year: int, topics: Collection[str] = ()) -> Asked:
    """Read a question word by word; `year`: of months named without one.

    `topics`: pieces of text that are about few passages; see `pieces_of`.
    """
    folded = _tidied(as_meant(fold_aligned(searchable(text)), units))
    not_year, folded = _excluded_year(folded)
    as_of, folded = _as_of(folded)
    only_local, folded = _only_local(folded)
    marked, named = _with_marks(folded, units)
    due, rest = find_due(marked, year)
    is_about_measures = bool(named or list_words()["core"].search(marked))
    says_due = bool(list_words()["due_words"].search(marked))
    read = _Reading(rest, list_words())
    read.take_out("aside")  # 含共同牵头的: no condition
    says_quoted = read.has("quoted")
    label = "完成时间" if read.has("label") else None
    both_words = read.has("both_words")
    sections, strength = read.sections(), read.strength()
    only_groups = read.has("only_groups") and not only_local
    shape, by = read.shape(), read.by()
    if named and shape[0] is Shape.MOST and by is not By.MONTH:
        shape = (Shape.LIST, 1, 1)  # 发改委和自规局谁牵头的多: both lists, counted
    unknown, excluded = read.unknown_unit(), read.excluded()
    roles = tuple(read.roles(named))
    return Asked(
        tuple(named), roles, excluded, due, label, sections, strength, both_words,
        jointly=read.flag("jointly", "alone"),
        # A day that is named says by itself what had passed by then.
        passed=read.has("passed") and due is None,
        open=read.has("open") and due is None,
        quantity=read.has("quantity"),
        shape=shape,
        by=by,
        by_time=read.has("sorted"),
        only_local=only_local,
        only_groups=only_groups,
        not_year=not_year,
        no_before=read.has("no_before"),
        exact=read.exact(),
        as_of=as_of,
        unknown=unknown,
        asks=read.has("asks"),
        has_role=bool(roles) or read.has("lead") or read.has("responsible"),
        has_role_word=read.has("lead") or read.has("responsible"),
        has_things=read.has_things,
        counts_all=read.has("counts_all"),
        says_due=says_due,
        is_about_measures=is_about_measures,
        wants_list=read.has("wants_list"),
        residue=(residue := read.residue()),
        # Words of the text that are quoted say that the text is to be looked through.
        names_a_matter=not (strength and says_quoted) and topics_of(residue, topics) != set(),
    )  # fmt: skip


_LATIN = re.compile(r"[a-z]{3,}")
_RUN = re.compile(r"[\u3400-\u9fff]+")


def pieces_of(text: str) -> set[str]:
    """Return the Latin words and the pairs of neighbouring characters of a text in lower case."""
    pairs = {run[n : n + 2] for run in _RUN.findall(text) for n in range(len(run) - 1)}
    return pairs | set(_LATIN.findall(text))


def topics_of(text: str, topics: Collection[str]) -> set[str]:
    """Return the pieces of a text that are about few passages."""
    return {piece for piece in pieces_of(text) if piece in topics}


_SPELLINGS = (
    (re.compile(r"(?<=多少)\s?(?:tiao|xiang|ge)\b"), "项"),
    (re.compile(r"(?<=\d)nian"), "年"),
    (re.compile(r"(?<=\d)yue(?:di|低)?"), "月底"),
    (re.compile(r"(?<=月)低"), "底"),
    (
        re.compile(r"(?<=月)(以[前后]|之[前后])\((?:含|包括)?[^()]{0,8}(?:也算|含|包括|在内)[^()]{0,6}\)"),
        r"及\1",
    ),
    (re.compile(r"\((?:含|包括)[^()]{0,10}\)|(?<=半年)\([^()]{0,12}\)"), " "),
    (re.compile(r"(?:搞|管)([\u3400-\u9fff]{2,4}?)的(?:那个|那家)?(局|部门)"), r"\1\2"),
)


def _tidied(text: str) -> str:
    for pattern, written in _SPELLINGS:
        text = pattern.sub(written, text)
    return text


def _excluded_year(text: str) -> tuple[int | None, str]:
    """Return the year whose deadlines are to be left out, and the text without it."""
    match = list_words()["not_year"].search(text)
    if match is None:
        return None, text
    return int(next(filter(None, match.groups()))), f"{text[: match.start()]} {text[match.end() :]}"


_AS_OF = re.compile(
    r"(?:假设|假如|如果|若)?(?:以|按)?(?:现在|今天|当前|今日)(?:是|为|算)?"
    r"(?P<y>20\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号][,，]?"
)


def _as_of(text: str) -> tuple[date | None, str]:
    """Return the day that is to be taken for today, and the text without it."""
    match = _AS_OF.search(text)
    if match is None:
        return None, text
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:  # no such day
        return None, text
    return day, f"{text[: match.start()]} {text[match.end() :]}"


def _only_local(text: str) -> tuple[bool, str]:
    """Return whether the measures are meant for which districts and zones alone are responsible."""
    words = list_words()
    match = words["local_groups"].search(text)
    if match is None or not words["only"].search(text):
        return False, text
    return True, f"{text[: match.start()]} {text[match.end() :]}"


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
        if not self.has(no):
            return True if self.has(yes) else None
        return bool(self._words[yes].search(self._words[no].sub(" ", self._text)))

    def sections(self) -> tuple[int, ...]:
        found = []
        for match in self._words["section"].finditer(self._text):
            found += [n for n in range(1, 6) if self._words[f"section_{n}"].search(match.group())][:1]
        self._text = self._words["section"].sub(" ", self._text)
        return tuple(dict.fromkeys(found))

    def strength(self) -> tuple[str, ...]:
        """Return the words that the text of a measure is to have, in Chinese."""
        if not (self.has("mentions") or self.has("quoted_strength")):
            return ()
        quoted = [next(filter(None, groups)) for groups in self._words["quoted"].findall(self._text)]
        found = [word for word in quoted if _HAN.search(word)] or self._words["strength"].findall(self._text)
        if found:
            self._text = self._words["quoted"].sub(" ", self._text)
            self._text = self._words["strength"].sub(" ", self._text)
        return tuple(dict.fromkeys(_in_chinese(word) for word in found))

    def shape(self) -> tuple[Shape, int, int]:
        """Return what is done with the measures, the rank that is asked for and how many ranks."""
        most, least = self.has(Shape.MOST.value), self.has(Shape.LEAST.value)
        grouped = any(self.has(name) for name in ("by_unit", "by_section", "by_deadline"))
        found = (
            (self.has("sorted"), Shape.LIST),
            (self.has(Shape.WIDEST.value), Shape.WIDEST),
            (grouped and not (most or least), Shape.GROUPED),
            (self.has(Shape.EARLIEST.value) and not (most or least), Shape.EARLIEST),
            (self.has(Shape.LATEST.value) and not (most or least), Shape.LATEST),
            (most, Shape.MOST),
            (least, Shape.LEAST),
        )
        shape = next((shape for is_asked, shape in found if is_asked), Shape.LIST)
        top = self._words["top"].search(self._text)
        n_ranks = _COUNTS.get(next(filter(None, top.groups())).casefold(), 1) if top else 1
        is_most = shape is Shape.MOST
        return shape, 2 if is_most and self.has("second") else 1, n_ranks if is_most else 1

    def exact(self) -> int | None:
        match = self._words["exact"].search(self._text)
        numeral = next(filter(None, match.groups())) if match else ""
        return int(number_of(numeral) or 0) if numeral else None

    def by(self) -> By:
        """Return what is grouped or ranked."""
        if self.has("by_deadline"):
            return By.MONTH
        if self.has("by_section"):
            return By.SECTION
        return By.RESPONSIBLE if self.has("responsible") and not self.has("lead") else By.LEAD

    def unknown_unit(self) -> str | None:
        match = self._words["unknown_unit"].search(self._text)
        if match is None:
            return None
        self._text = f"{self._text[: match.start()]} {self._text[match.end() :]}"
        return match.group().strip()

    def excluded(self) -> tuple[int, ...]:
        found = self._words["excluded"].findall(self._text)
        return tuple(ord(mark) - _MARK for groups in found for mark in groups if mark)

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
        after = re.split(_UNIT, self._text[at + 1 :])[0][:14]
        before = re.split(_UNIT, self._text[:at])[-1][-14:]
        found = [(99, "lead")]
        for name in ("lead", "responsible"):
            if follows := self._words[name].search(after):
                found.append((follows.start(), name))
            for precedes in self._words[name].finditer(before):
                found.append((len(before) - precedes.end(), name))
        return min(found, key=lambda one: one[0])[1]

    def residue(self) -> str:
        """Return what is left once every word of lists is taken out; "" for a question for the records."""
        rest = self._text
        for name in _TAKEN_OUT:
            rest = self._words[name].sub(" ", rest)
        rest = re.sub(_UNIT, " ", rest)
        left = re.sub(r"[\W\d_]+", " ", rest).strip()
        return left if re.search(r"[\u3400-\u9fff]", left) or re.search(r"[a-z]{3}", left) else ""


_COUNTS = {"三": 3, "两": 2, "五": 5, "3": 3, "2": 2, "5": 5, "three": 3, "two": 2, "five": 5}
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
    "label", "no_before", "exact", "widest", "jointly", "alone", "only_responsible", "only_groups", "only",
    "responsible",
    "lead", "either", "both", "passed", "open", "quantity", "sorted", "by_unit", "by_section",
    "by_deadline", "earliest", "latest", "most", "least", "top", "second", "mentions", "asks", "things",
    "document", "grammar",
)  # fmt: skip


@cache
def list_words() -> dict[str, re.Pattern[str]]:
    """Return the patterns of listing.toml by their names."""
    table = tomllib.loads(files("assistant").joinpath("listing.toml").read_text("utf-8"))
    # ASCII: a word of the English list ends where a Chinese character follows.
    return {name: re.compile("|".join(row), re.IGNORECASE | re.ASCII) for name, row in table.items()}
