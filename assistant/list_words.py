"""The words of a question for a list, read one by one until something or nothing is left."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from assistant.due import Due, find_due
from assistant.list_reader import Reading
from assistant.list_shapes import MARK, By, NamedUnits, Shape, list_words
from assistant.spelling import as_meant
from corpus.text import fold_aligned
from corpus.units import UnitNames, searchable


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
    title_words: tuple[str, ...]  # 标题含“降低”的
    not_responsible: tuple[int, ...]  # 责任单位不含开发区的
    in_one_list: bool  # 同时点名发改委和住建局: both of them
    either_leads: bool  # 住建局或资规局牵头: one of them
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
            self.title_words, self.not_responsible,
        ))  # fmt: skip


def read_asked(text: str, units: UnitNames, year: int, topics: Collection[str] = ()) -> Asked:
    """Read a question word by word; `year`: of months named without one.

    `topics`: pieces of text that are about few passages; see `pieces_of`.
    """
    folded = _tidied(as_meant(fold_aligned(searchable(text)), units))
    folded = list_words()["who_asks"].sub("", folded)
    not_year, folded = _excluded_year(folded)
    as_of, folded = _as_of(folded)
    only_local, folded = _only_local(folded)
    marked, named = _with_marks(folded, units)
    due, rest = find_due(marked, year)
    is_about_measures = bool(named or list_words()["core"].search(marked))
    says_due = bool(list_words()["due_words"].search(marked))
    read = Reading(rest, list_words())
    read.take_out("aside")  # 含共同牵头的: no condition
    says_quoted = read.has("quoted")
    label = "完成时间" if read.has("label") else None
    title_words, not_responsible = read.title_words(), read.marked("not_responsible")
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
        title_words=title_words,
        not_responsible=not_responsible,
        in_one_list=read.has("same_list"),
        either_leads=read.has("either_lead"),
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
    (re.compile(r"\bbur(?:o|eu|oe?au)\b"), "bureau"),
    (re.compile(r"(?<=多少)\s?(?:tiao|xiang|ge)\b"), "项"),
    (re.compile(r"(?<=\d)nian"), "年"),
    (re.compile(r"(?<=\d)yue(?:di|低)?"), "月底"),
    (re.compile(r"(?<=月)低"), "底"),
    (
        re.compile(r"(?<=月)(以[前后]|之[前后])\((?:含|包括)?[^()]{0,8}(?:也算|含|包括|在内)[^()]{0,6}\)"),
        r"及\1",
    ),
    (re.compile(r"(?<=季度)\([^()]*\)|(?<=part|tion) \([a-z ,]+\)"), " "),
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
        mark = chr(MARK + len(named))
        named.append(NamedUnits(names, mark))
        pieces += [text[at:start], mark]
        at = end
    return "".join([*pieces, text[at:]]), named
