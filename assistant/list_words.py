"""The words of a question for a list, read one by one until something or nothing is left."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.due import MONTH_NAMES, Due, find_due, month_number
from assistant.list_mentions import WordAsked, settle
from assistant.list_reader import Reading
from assistant.list_shapes import MARK, By, Lexicon, NamedUnits, Shape, list_words
from assistant.spelling import as_meant
from corpus.records import Conditions
from corpus.text import fold_aligned
from corpus.units import UnitNames, searchable
from index.topics import pieces_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of a question say."""

    named: tuple[NamedUnits, ...]
    roles: tuple[tuple[int, str], ...]  # which of them, and lead, responsible, any or both
    without: tuple[Conditions, ...]  # what is to be left out
    due: Due | None
    label: str | None
    sections: tuple[int, ...]
    words: tuple[str, ...]
    english_words: tuple[str, ...]
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
    no_before: bool  # printed 月底, not 月底前
    exact: int | None  # 只牵头两项的单位
    title_words: tuple[str, ...]  # 标题含“降低”的
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
    n_topics: int  # pieces of what is left that are about something

    @property
    def names_a_matter(self) -> bool:
        return self.n_topics > 0

    @property
    def has_criteria(self) -> bool:
        return any((
            self.due, self.label, self.sections, self.words, self.english_words,
            self.jointly is not None, self.passed, self.open, self.quantity, self.unknown,
            self.shape[0] is not Shape.LIST,
            self.only_local, self.only_groups, self.no_before, self.exact, self.title_words, self.without,
        ))  # fmt: skip


def read_asked(text: str, lexicon: Lexicon, *, is_list: bool = False) -> Asked:
    """Read a question word by word.

    `is_list`: a list is asked for, so that words it names are to stand in the text: 哪几条提到消防.
    """
    folded = _tidied(as_meant(fold_aligned(searchable(text)), lexicon.units))
    folded = _without_who_asks(folded, lexicon.units)
    as_of, folded = _as_of(folded)
    only_local, folded = _only_local(folded)
    says_only_groups = bool(list_words()["only_groups"].search(folded))
    settled = settle(folded, lexicon, is_list=is_list)
    marked, named, told = _with_marks(settled.text, settled.roles, lexicon.units)
    due, rest = find_due(marked, lexicon.year)
    read = Reading(rest, list_words())
    read.take_out("aside")  # 含共同牵头的: no condition
    says_quoted = read.has("quoted")
    label = "完成时间" if read.has("label") else None
    title_words = read.title_words()
    both_words = read.has("both_words")
    sections, strength = read.sections(), read.strength(is_list=is_list)
    if is_list and not (title_words or strength or read.has("no_before")):
        strength = read.quoted_words() or read.text_words()
    only_groups = says_only_groups and not (only_local or settled.without or _names_a_group(named, read))
    shape, by = _shape(read, named, due)
    unknown, jointly = read.unknown_unit(), read.flag("jointly", "alone")
    is_selected = any((
        named, due, sections, title_words, strength, unknown, label, only_groups, only_local,
        settled.without, shape[0] is not Shape.LIST, jointly is not None, read.has("quantity"),
    ))  # fmt: skip
    told_words = _told_words(settled.words, read, is_selected=is_selected) if not strength else ()
    read.take_out_words(told_words)
    strength = strength or tuple(word for word in told_words if not word.isascii())
    names_role = read.has("lead") or read.has("responsible")
    roles = told if settled.roles is not None else tuple(read.roles(named, is_list=is_list))
    says = read.has_things or read.has("asks") or read.has("either") or read.has("both")
    residue = read.residue()
    if is_list and lexicon.topics and not (is_selected or told_words):
        unknown, strength = _not_known(residue, read, lexicon.topics)
    names_words = bool(strength and says_quoted) or bool(told_words)
    return Asked(
        named, roles, settled.without, due, label, sections, strength,
        tuple(word for word in told_words if word.isascii()),
        both_words,
        jointly=jointly,
        # A day that is named says by itself what had passed by then.
        passed=read.has("passed") and due is None,
        open=read.has("open") and due is None,
        quantity=read.has("quantity"),
        shape=shape,
        by=by,
        by_time=read.has("sorted"),
        only_local=only_local,
        only_groups=only_groups,
        no_before=read.has("no_before"),
        exact=read.exact(),
        title_words=title_words,
        in_one_list=read.has("same_list"),
        either_leads=read.has("either_lead"),
        as_of=as_of,
        unknown=unknown,
        asks=read.has("asks"),
        has_role=names_role or (bool(roles) and (is_list or says)),
        has_role_word=names_role,
        has_things=read.has_things,
        counts_all=read.has("counts_all"),
        says_due=bool(list_words()["due_words"].search(marked)),
        is_about_measures=bool(named or list_words()["core"].search(marked)),
        wants_list=read.has("wants_list"),
        residue=residue,
        # Words that the text is to have say that it is to be looked through.
        n_topics=0 if names_words else len(topics_of(residue, lexicon.topics)),
    )  # fmt: skip


def _names_a_group(named: Sequence[NamedUnits], read: Reading) -> bool:
    """Return whether 笼统写“市级各相关单位”的 asks for that name, and does not add that nobody is named."""
    return any(name in GROUPS for one in named for name in one.names) and not read.has("names_none")


def _shape(read: Reading, named: Sequence[NamedUnits], due: Due | None) -> tuple[tuple[Shape, int, int], By]:
    shape, by = read.shape(), read.by()
    if due and due.months and read.has("how_many_each"):
        shape, by = (Shape.GROUPED, 1, 1), By.MONTH  # 7月和9月到期的分别有几项
    if named and shape[0] is Shape.MOST and by is not By.MONTH:
        shape = (Shape.LIST, 1, 1)  # 发改委和自规局谁牵头的多: both lists, counted
    return shape, by


def _told_words(words: Sequence[WordAsked], read: Reading, *, is_selected: bool) -> tuple[str, ...]:
    """Return the words of the notices that are likely enough to be asked for."""
    if not is_selected and (read.has("lead") or read.has("responsible")):
        return ()  # 责任单位还有谁 asks for the units of one measure
    least = WORD_FROM[is_selected or read.has("passed") or read.has("open")]
    return tuple(word.text for word in words if word.share >= least)


def _not_known(residue: str, read: Reading, topics: Collection[str]) -> tuple[str | None, tuple[str, ...]]:
    """Return what is left as a unit, or as words, that the notices do not have; nothing of else is known."""
    names_role = read.has("lead") or read.has("responsible")
    is_name = bool(_NAME.fullmatch(residue)) and not topics_of(residue, topics)
    if names_role and read.has("wants_list") and is_name:
        return residue, ()
    return None, (residue,) if read.has("mentions") and _WORDS.fullmatch(residue) else ()


# Of a unit: long enough for a name, too short for a story. Of words: one expression.
_NAME = re.compile(r"(?=.*[\u3400-\u9fff]{3})[\u3400-\u9fff]{3,12}|(?=.*[a-z]{4})[a-z]+(?: [a-z]+){0,2}")
_WORDS = re.compile(r"[\u3400-\u9fff]{2,8}|[a-z]+(?: [a-z]+)?")
WORD_FROM = (0.4, 0.85)  # where nothing else selects, where something does
# 市级各相关单位 is a name for no unit at all.
GROUPS = frozenset({"市级各相关单位", "市级各部门"})


def topics_of(text: str, topics: Collection[str]) -> set[str]:
    """Return the pieces of a text that are about few passages."""
    return {piece for piece in pieces_of(text) if piece in topics}


_BARE_EN = "housing|planning|finance|tax|police|water|commerce|transport|civil affairs|data|statistics"
_SPELLINGS = (
    (
        re.compile(rf"\b((?:by|with|neither|nor|under) )({_BARE_EN})(?! (?:bureau|and urban))\b"),
        r"\1\2 bureau",
    ),
    (re.compile(r"(列出|给出|找出)(?=发改)"), r"\1 "),  # 出发 is a word
    # 文件是2024年发的: no deadline.
    (re.compile(r"(?:文件|通知|方案|文)是?20\d\d年(?:\d{1,2}月)?(?:印|发|出|下)[^,，]{0,4}[,，]?"), " "),
    (re.compile(r"\bbur(?:o|eu|oe?au)\b"), "bureau"),
    (re.compile(r"(?<=多少)\s?(?:tiao|xiang|ge)\b"), "项"),
    (re.compile(r"(?<=\d)nian"), "年"),
    (re.compile(r"(?<=\d)yue(?:di|低)?"), "月底"),
    (re.compile(r"(?<=月)低"), "底"),
    (
        re.compile(
            r"(?<=月)(以[前后]|之[前后])\((?!不|非)(?:含|包括)?[^()]{0,8}(?:也算|含|包括|在内)[^()]{0,6}\)"
        ),
        r"及\1",
    ),
    (re.compile(r"(?<=季度)\([^()]*\)|(?<=part|tion) \([a-z ,]+\)"), " "),
    (re.compile(r"\((?<!不)(?:含|包括)[^()]{0,24}\)|(?<=半年)\([^()]{0,12}\)"), ""),
    (
        re.compile(
            r"([\u3400-\u9fff]{2,4}?)(?:、|和|与|跟|及)([\u3400-\u9fff]{2,4}?)(?:两|2)(?:个|家)(?:局|部门)?"
        ),
        r"\1局和\2局",
    ),
    (re.compile(r"\bwi?ch (?:me?a?sures?)\b"), "which measures"),
    (re.compile(r"\bdedlines?\b"), "deadline"),
    (re.compile(r"(?<=20\d\d),? and which (?:ones )?(?:are )?(?:due )?in "), " and "),
    (re.compile(r"(?:搞|管)([\u3400-\u9fff]{2,4}?)的(?:那个|那家)?(局|部门)"), r"\1\2"),
)


def _tidied(text: str) -> str:
    for pattern, written in _SPELLINGS:
        text = pattern.sub(written, text)
    return text


_WE = re.compile(r"我们|咱们?|俺们?|我[局司]|本[局单司]|\bour\b|\bwe\b|\bus\b")


def _without_who_asks(text: str, units: UnitNames) -> str:
    """Return a text without who asks, unless he asks about his own unit: 我是国网公司的,我们要做哪几条."""
    match = list_words()["who_asks"].search(text)
    if match is None or (units.find_spans(match.group()) and _WE.search(text, match.end())):
        return text
    return list_words()["who_asks"].sub("", text)


_AS_OF = re.compile(
    r"(?:假设|假如|如果|若)?(?:以|按)?(?:现在|今天|当前|今日)(?:是|为|算)?"
    r"(?P<y>20\d\d)年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号][,，]?"
)


_AS_OF_EN = re.compile(
    rf"\b(?:dated|issued on|as of|as at) (?P<d>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m>{MONTH_NAMES}),? "
    r"(?P<y>20\d\d)\b"
)


def _as_of(text: str) -> tuple[date | None, str]:
    """Return the day that is to be taken for today, and the text without it."""
    match = _AS_OF.search(text) or _AS_OF_EN.search(text)
    if match is None:
        return None, text
    try:
        day = date(int(match["y"]), month_number(match["m"]), int(match["d"]))
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


def _with_marks(
    text: str, roles: Sequence[str] | None, units: UnitNames
) -> tuple[str, tuple[NamedUnits, ...], tuple[tuple[int, str], ...]]:
    """Replace each mention of units by one character; return which of them is to have which role."""
    pieces: list[str] = []
    named: list[NamedUnits] = []
    told: list[tuple[int, str]] = []
    at = 0
    for n, (start, end, names) in enumerate(units.find_spans(text)):
        if start < at:
            continue
        role = roles[n] if roles and n < len(roles) else "any"
        if any(named[k].names == names and said == role for k, said in told):
            pieces += [text[at:start], " "]  # 国动办(就是原来的人防办): one unit
        else:
            mark = chr(MARK + len(named))
            told.append((len(named), role))
            named.append(NamedUnits(names, mark))
            pieces += [text[at:start], mark]
        at = end
    return "".join([*pieces, text[at:]]), tuple(named), tuple(told)
