"""Deadlines as people ask for them: on or before, in, after, between, or in the printed words."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from corpus.parse import chinese_number

_MONTHS_EN = {name.casefold(): n for n, name in enumerate(calendar.month_name) if n} | {
    name.casefold(): n for n, name in enumerate(calendar.month_abbr) if n and name != "May"
}
_MONTH_EN = "(" + "|".join(sorted(_MONTHS_EN, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?:(20\d\d)年?(?:的|度)?)?"
_MONTH = r"(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?:份)?"
_DONE = (
    r"(?:就|应当?|须|要|得|必须|能|该)?(?:全部|都)?"
    r"(?:完成|办结|落实|到期|截止|截至|做完|办好|收尾|交账|结束|兑现|见效|满)?"
)
_PRINTED = re.compile(
    r"(?:完成?时[限间]|时限|期限|截止(?:时间|日期)?|deadline)[^\d]{0,8}((20\d\d)年(?:\d{1,2}月)?底(?:前)?)"
    r"|[\u201c\"'\u300c]((20\d\d)年(?:\d{1,2}月)?底(?:前)?)[\u201d\"'\u300d]"
)


@dataclass(frozen=True, slots=True)
class Due:
    """Which deadlines are meant, and how the question was read."""

    first: date | None
    last: date | None
    reading: str  # the key of its words in `prompts/`: due.by, due.in, due.after, due.between, due.printed
    printed: str | None = None


def find_due(text: str, year: int) -> tuple[Due | None, str]:
    """Return what a question says of deadlines, and the question without it; `year` where none is named.

    9月底前完成 means on or before 30 September; 9月到期 in September; a deadline
    quoted or named as what is printed means just that.
    """
    if printed := _PRINTED.search(text):
        words = printed.group(1) or printed.group(3)
        return Due(None, None, "due.printed", words), _without(text, printed)
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            if due := read(match, year):
                return due, _without(text, match)
    return None, text


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _month_of(numeral: str) -> int | None:
    month = int(numeral) if numeral.isdecimal() else chinese_number(numeral)
    return month if month is not None and 1 <= month <= 12 else None


def _first(year: int, month: int) -> date:
    return date(year, month, 1)


def _last(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _between(match: re.Match[str], year: int) -> Due | None:
    from_year, first, to_year, last = match.groups()
    months = _month_of(first), _month_of(last)
    if None in months:
        return None
    begin = int(from_year or to_year or year)
    return Due(_first(begin, months[0]), _last(int(to_year or from_year or year), months[1]), "due.between")  # type: ignore[arg-type]


def _by(match: re.Match[str], year: int) -> Due | None:
    named, month = match.group(1), _month_of(match.group(2))
    return None if month is None else Due(None, _last(int(named or year), month), "due.by")


def _before(match: re.Match[str], year: int) -> Due | None:
    named, month = match.group(1), _month_of(match.group(2))
    return None if month is None else Due(None, _first(int(named or year), month) - timedelta(1), "due.by")


def _by_day(match: re.Match[str], year: int) -> Due | None:
    named, month, day = match.group(1), _month_of(match.group(2)), int(match.group(3))
    return None if month is None else _to_day(int(named or year), month, day)


def _to_day(year: int, month: int, day: int) -> Due | None:
    try:
        return Due(None, date(year, month, day), "due.by")
    except ValueError:
        return None


def _after(match: re.Match[str], year: int) -> Due | None:
    named, month = match.group(1), _month_of(match.group(2))
    return None if month is None else Due(_last(int(named or year), month) + timedelta(1), None, "due.after")


def _from(match: re.Match[str], year: int) -> Due | None:
    named, month = match.group(1), _month_of(match.group(2))
    return None if month is None else Due(_first(int(named or year), month), None, "due.after")


def _in(match: re.Match[str], year: int) -> Due | None:
    named, month = match.group(1), _month_of(match.group(2))
    if month is None:
        return None
    return Due(_first(int(named or year), month), _last(int(named or year), month), "due.in")


def _whole(first: int, last: int, reading: str = "due.between"):  # type: ignore[no-untyped-def]
    def read(match: re.Match[str], year: int) -> Due:
        named = int(match.group(1) or year)
        return Due(_first(named, first), _last(named, last), reading)

    return read


def _year_end(match: re.Match[str], year: int) -> Due:
    return Due(None, date(int(match.group(1) or year), 12, 31), "due.by")


def _in_year(match: re.Match[str], year: int) -> Due:
    named = int(match.group(1) or year)
    return Due(_first(named, 1), _last(named, 12), "due.in_year")


def _quarter(match: re.Match[str], year: int) -> Due:
    n = "一二三四".find(match.group(2)) + 1 if match.group(2) in "一二三四" else int(match.group(2))
    named = int(match.group(1) or year)
    return Due(_first(named, 3 * n - 2), _last(named, 3 * n), "due.between")


def _after_national_day(match: re.Match[str], year: int) -> Due:
    return Due(date(int(match.group(1) or year), 10, 1), None, "due.after")


def _en(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _english(read, month: int = 1, named: int = 2):  # type: ignore[no-untyped-def]
    """Let a Chinese reading see an English match: its groups are month, year."""

    def wrapped(match: re.Match[str], year: int) -> Due | None:
        number = _MONTHS_EN[match.group(month).rstrip(".").casefold()]
        return read(_Groups(match.group(named), str(number)), year)  # type: ignore[no-any-return]

    return wrapped


class _Groups:
    """Stands for a match with the groups (year, month)."""

    def __init__(self, *groups: str | None) -> None:
        self._groups = groups

    def group(self, n: int) -> str | None:
        return self._groups[n - 1]

    def groups(self) -> tuple[str | None, ...]:
        return self._groups


def _between_en(match: re.Match[str], year: int) -> Due | None:
    first, from_year, last, to_year = match.groups()
    months = (str(_MONTHS_EN[name.rstrip(".").casefold()]) for name in (first, last))
    return _between(_Groups(from_year, next(months), to_year, next(months)), year)  # type: ignore[arg-type]


def _day_en(match: re.Match[str], year: int) -> Due | None:
    day, month, day2, month2, named = (
        match.group(2),
        match.group(1),
        match.group(3),
        match.group(4),
        match.group(5),
    )
    name = month or month2
    return _to_day(int(named or year), _MONTHS_EN[name.rstrip(".").casefold()], int(day or day2))


_Y_EN = r"(?:,?\s*(?:of\s+)?(20\d\d))?"
_DUE_EN = (
    r"(?:due|to be (?:done|finished|completed)|finished|completed?|done|expir\w+|falls?|fall due|end\w*"
    r"|that are)?\s*"
)
_DAY_EN = r"(\d{1,2})(?!\d)(?:st|nd|rd|th)?"
# Tried in this order: the more precise first.
_FORMS = (
    (
        re.compile(
            rf"{_YEAR}{_MONTH}(?:底|初)?(?:到|至|[-~\u2014\u2013]+|和){_YEAR}{_MONTH}(?:底)?(?:之间|期间|间|内)?(?:的)?{_DONE}"
        ),
        _between,
    ),
    (re.compile(rf"(?:截至|截止到?|不晚于|不迟于){_YEAR}{_MONTH}(\d{{1,2}})[日号]"), _by_day),
    (re.compile(rf"(?:截至|截止到?|不晚于|不迟于){_YEAR}{_MONTH}底?"), _by),
    (re.compile(rf"{_YEAR}{_MONTH}(\d{{1,2}})[日号](?:之前|以前|前)(?:要|应)?{_DONE}"), _by_day),
    (re.compile(rf"{_YEAR}{_MONTH}底(?:之前|以前|前){_DONE}"), _by),
    (re.compile(rf"{_YEAR}{_MONTH}(?:\u542b|\(含\))?(?:及|和)(?:以前|之前)"), _by),
    (re.compile(rf"{_YEAR}{_MONTH}(?:之前|以前|前){_DONE}"), _before),
    (re.compile(rf"{_YEAR}{_MONTH}(?:及|和)(?:以后|之后)"), _from),
    (re.compile(rf"{_YEAR}{_MONTH}(?:起|开始)"), _from),
    (re.compile(rf"(?:晚于|迟于|过了){_YEAR}{_MONTH}底?"), _after),
    (re.compile(rf"{_YEAR}{_MONTH}底?(?:之后|以后|后){_DONE}"), _after),
    (re.compile(rf"{_YEAR}{_MONTH}(?:底|内|中|里|当月)?(?:才|会)?{_DONE}"), _in),
    (re.compile(rf"{_YEAR}(?:过了)?国庆节?(?:之后|以后|后|过后)?才?{_DONE}"), _after_national_day),
    (re.compile(rf"{_YEAR}第?([一二三四1-4])季度{_DONE}"), _quarter),
    (re.compile(rf"{_YEAR}上半年{_DONE}"), _whole(1, 6)),
    (re.compile(rf"{_YEAR}下半年{_DONE}"), _whole(7, 12)),
    (re.compile(rf"{_YEAR}年?底(?:之前|以前|前)?{_DONE}"), _year_end),
    (re.compile(rf"(20\d\d)年(?:内|里|当年)?(?:就)?{_DONE}"), _in_year),
    (
        _en(
            rf"\bbetween (?:the (?:start|beginning) of )?{_MONTH_EN}{_Y_EN} and (?:the end of )?"
            rf"{_MONTH_EN}{_Y_EN}"
        ),
        _between_en,
    ),
    (_en(rf"\bfrom {_MONTH_EN}{_Y_EN} (?:to|until|through) (?:the end of )?{_MONTH_EN}{_Y_EN}"), _between_en),
    (
        _en(
            rf"\b(?:by|until|before|no later than|on or before) (?:(?:the )?"
            rf"(?:{_MONTH_EN} {_DAY_EN}|{_DAY_EN}(?: of)? {_MONTH_EN})){_Y_EN}"
        ),
        _day_en,
    ),
    (
        _en(rf"\b(?:before|by|until|no later than|on or before) (?:the )?end of {_MONTH_EN}{_Y_EN}"),
        _english(_by),
    ),
    (_en(rf"\b(?:by|until|no later than|on or before|up to|as late as) {_MONTH_EN}{_Y_EN}"), _english(_by)),
    (_en(rf"\b(?:before|earlier than|prior to) {_MONTH_EN}{_Y_EN}"), _english(_before)),
    (_en(rf"\b(?:after|later than) (?:the end of )?{_MONTH_EN}{_Y_EN}"), _english(_after)),
    (_en(rf"\b(?:from|since|starting) {_MONTH_EN}{_Y_EN}(?: (?:on|onwards?))?"), _english(_from)),
    (_en(rf"\b{_DUE_EN}(?:in|during|at the end of|for) {_MONTH_EN}{_Y_EN}"), _english(_in)),
    (_en(rf"\b{_MONTH_EN}{_Y_EN} deadlines?"), _english(_in)),
    (_en(r"\b(?:by|before) (?:the )?end of (?:the year|(20\d\d))"), _year_end),
    (_en(r"\bin (20\d\d)\b"), _in_year),
)
