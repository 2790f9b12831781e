"""Deadlines as people ask for them: on or before, in, after, between, or in the printed words."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from corpus.parse import chinese_number

_MONTHS_EN = (
    {name.casefold(): n for n, name in enumerate(calendar.month_name) if n}
    | {name.casefold(): n for n, name in enumerate(calendar.month_abbr) if n and name != "May"}
    | {"sept": 9}
)
MONTH_NAMES = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))
# Groups: y, m, d of a day; y2, m2 of the end of a stretch; q a quarter.
_Y, _Y2 = (rf"(?:(?P<{name}>20\d\d)年?(?:的|度)?)?" for name in ("y", "y2"))
_M, _M2 = (rf"(?P<{name}>\d{{1,2}}|十[一二]?|[一二三四五六七八九])月(?:份)?" for name in ("m", "m2"))
_M_EN, _M2_EN = (rf"(?P<{name}>{MONTH_NAMES})\.?" for name in ("m", "m2"))
_Y_EN, _Y2_EN = (rf"(?:,?\s*(?:of\s+)?(?P<{name}>20\d\d))?" for name in ("y", "y2"))
_D = r"(?P<d>\d{1,2})"
_D2_ZH = r"(?P<d2>\d{1,2})"
_D_EN = rf"{_D}(?!\d)(?:st|nd|rd|th)?"
_D2_EN = r"(?P<d2>\d{1,2})(?!\d)(?:st|nd|rd|th)?"
_QUARTERS_EN = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_DONE = (
    r"(?:就|应当?|须|要|得|必须|能|该)*(?:全部|都)?"
    r"(?:完成|办结|落实|到期|截止|截至|[做办弄搞干]完|办好|收尾|交账|结束|兑现|见效|满)?"
)
_DUE_EN = (
    r"(?:due|to be (?:done|finished|completed)|finished|completed?|done|expir\w+|falls?|fall due|end\w*"
    r"|that are)?\s*"
)
_PRINTED = re.compile(
    r"(?:完成?时[限间]|时限|期限|截止(?:时间|日期)?|deadline)[^\d]{0,8}(20\d\d年(?:\d{1,2}月)?底(?:前)?)"
    r"|[\u201c\"'\u300c](20\d\d年(?:\d{1,2}月)?底(?:前)?)[\u201d\"'\u300d]"
)


MAX_DUES = 4  # in one question


@dataclass(frozen=True, slots=True)
class Due:
    """Which deadlines are meant, and how the question was read."""

    first: date | None
    last: date | None
    reading: str  # the key of its words in `prompts/`: due.by, due.in, due.after, due.between, due.printed
    printed: str | None = None
    months: tuple[tuple[int, int], ...] = ()  # (year, month), where single months are named


class _Named(NamedTuple):
    """What a form names; months and days that it does not name are 1."""

    year: int
    month: int
    day: int
    last_year: int
    last_month: int
    quarter: int
    last_day: int = 1


class DueSpan(NamedTuple):
    """Where a text speaks of a deadline."""

    start: int
    end: int
    due: Due


def find_due(text: str, year: int) -> tuple[Due | None, str]:
    """Return what a question says of deadlines, and the question without it; `year` where none is named.

    9月底前完成 means on or before 30 September; 9月到期 in September; a deadline
    quoted or named as what is printed means just that.
    """
    found = _first_due(text, year)
    return (found.due, f"{text[: found.start]} {text[found.end :]}") if found else (None, text)


def find_dues(text: str, year: int) -> tuple[DueSpan, ...]:
    """Return every deadline that a text speaks of, in order."""
    found: list[DueSpan] = []
    while len(found) < MAX_DUES and (one := _first_due(text, year)):
        found.append(one)
        text = f"{text[: one.start]}{' ' * (one.end - one.start)}{text[one.end :]}"
    return tuple(sorted(found, key=lambda one: one.start))


def _first_due(text: str, year: int) -> DueSpan | None:
    if printed := _PRINTED.search(text):
        words = printed.group(1) or printed.group(2)
        return DueSpan(*printed.span(), Due(None, None, "due.printed", words))
    if several := _months_named(text, year):
        return several
    for pattern, read in _FORMS:
        for match in pattern.finditer(text):
            try:
                due = read(_named(match, year))
            except ValueError:  # 13月, 31 June: no day, so nothing is said of one
                continue
            return DueSpan(*match.span(), due)
    return None


_SEVERAL_ZH = re.compile(
    r"(?:(?P<y>20\d\d)年(?:的)?)?(?P<months>(?:(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:月(?:份|底)?(?:到期|完成)?(?:的)?(?:那[条项]|任务|措施)?(?:[、,和及或与跟]|\s)*(?:印[成着])?(?:20\d\d年)?|(?:[、,和及或与跟]|\s)+))+(?:\d{1,2}|[一二三四五六七八九十]{1,2})月)(?:份|底)?(?:这[两三]个月)?(?:才|会)?"
    + _DONE
)
_SEVERAL_EN = re.compile(
    r"\b(?:due |fall(?:ing)? )?(?:in |for )?"
    rf"(?P<months>(?:(?:{MONTH_NAMES})(?: 20\d\d)?(?:, | or | and |, or |, and ))+(?:{MONTH_NAMES}))"
    r"(?: (?P<y>20\d\d))?\b",
    re.IGNORECASE,
)


def _months_named(text: str, year: int) -> DueSpan | None:
    """Return what is due in one of several months that are named one by one; None where none are."""
    if match := _SEVERAL_ZH.search(text):
        numerals = re.findall(r"(?<!\d)(?:\d{1,2}(?!\d)|[一二三四五六七八九十]{1,2})", match["months"])
    elif match := _SEVERAL_EN.search(text):
        if re.search(r"\b(?:between|from)\s*$", text[: match.start()], re.IGNORECASE):
            return None
        numerals = re.findall(MONTH_NAMES, match["months"], re.IGNORECASE)
    else:
        return None
    try:
        months = tuple((int(match["y"] or year), month_number(numeral)) for numeral in numerals)
    except ValueError:
        return None
    return DueSpan(*match.span(), Due(None, None, "due.months", months=months))


def _named(match: re.Match[str], year: int) -> _Named:
    found = match.groupdict()
    first, last = found.get("y"), found.get("y2")
    quarter = found.get("q") or "1"
    return _Named(
        year=int(first or last or year),
        month=month_number(found.get("m")),
        day=int(found.get("d") or 1),
        last_year=int(last or first or year),
        last_month=month_number(found.get("m2")),
        last_day=int(found.get("d2") or 1),
        quarter=_quarter(quarter.casefold()),
    )


def _quarter(numeral: str) -> int:
    return _QUARTERS_EN.get(numeral) or (
        int(numeral) if numeral.isdecimal() else chinese_number(numeral) or 1
    )


def month_number(numeral: str | None) -> int:
    """Return the month of 9, 九 or September; ValueError where there is none."""
    if numeral is None:
        return 1
    month = _MONTHS_EN.get(numeral.casefold())
    if month is None:
        month = int(numeral) if numeral.isdecimal() else chinese_number(numeral)
    if month is None or not 1 <= month <= 12:
        raise ValueError(numeral)
    return month


def _end_of(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _after_day(named: _Named) -> Due:
    month, day = (named.month, named.day) if named.day > 1 else (named.last_month, named.last_day)
    return Due(date(named.last_year, month, day) + timedelta(1), None, "due.after")


def _by(named: _Named) -> Due:
    return Due(None, _end_of(named.year, named.month), "due.by")


def _by_day(named: _Named) -> Due:
    return Due(None, date(named.year, named.month, named.day), "due.by")


def _before(named: _Named) -> Due:
    return Due(None, date(named.year, named.month, 1) - timedelta(1), "due.by")


def _by_year_end(named: _Named) -> Due:
    return Due(None, date(named.year, 12, 31), "due.by")


def _after(named: _Named) -> Due:
    return Due(_end_of(named.year, named.month) + timedelta(1), None, "due.after")


def _from(named: _Named) -> Due:
    return Due(date(named.year, named.month, 1), None, "due.after")


def _after_national_day(named: _Named) -> Due:
    return Due(date(named.year, 10, 1), None, "due.after")


def _in(named: _Named) -> Due:
    return Due(date(named.year, named.month, 1), _end_of(named.year, named.month), "due.in")


def _in_year(named: _Named) -> Due:
    return Due(date(named.year, 1, 1), date(named.year, 12, 31), "due.in_year")


def _between(named: _Named) -> Due:
    first = date(named.year, named.month, 1)
    return Due(first, _end_of(named.last_year, named.last_month), "due.between")


def _between_days(named: _Named) -> Due:
    first = date(named.year, named.month, named.day)
    return Due(first, date(named.last_year, named.last_month, named.last_day), "due.between")


def _in_quarter(named: _Named) -> Due:
    last = 3 * named.quarter
    return Due(date(named.year, last - 2, 1), _end_of(named.year, last), "due.between")


def _in_first_half(named: _Named) -> Due:
    return Due(date(named.year, 1, 1), date(named.year, 6, 30), "due.between")


def _in_second_half(named: _Named) -> Due:
    return Due(date(named.year, 7, 1), date(named.year, 12, 31), "due.between")


_BY_EN = r"\b(?:by|until|before|no later than|on or before)"
# Tried in this order: the more precise first.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Named], Due]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read)
    for pattern, read in (
        (
            rf"{_Y}{_M}{_D}[日号](?:到|至|[-~\u2014\u2013]+){_Y2}{_M2}(?P<d2>\d{{1,2}})[日号](?:之间|期间|间|内)?的?{_DONE}",
            _between_days,
        ),
        (rf"{_Y}{_M}底?(?:及|和)(?:以后|之后){_DONE}", _from),
        (
            rf"{_Y}{_M}(?:底|初)?(?:到|至|[-~\u2014\u2013]+){_Y2}{_M2}底?(?:之间|期间|间|内)?的?{_DONE}",
            _between,
        ),
        (rf"(?:截至|截止到?|不晚于|不迟于){_Y}{_M}{_D}[日号]", _by_day),
        (rf"(?:截至|截止到?|不晚于|不迟于){_Y}{_M}底?", _by),
        (rf"{_Y}{_M}{_D}[日号](?:之前|以前|前)(?:要|应)?{_DONE}", _by_day),
        (
            rf"(?:晚于|迟于|过了){_Y}{_M}{_D}[日号]|{_Y2}{_M2}{_D2_ZH}[日号](?:之后|以后|后){_DONE}",
            _after_day,
        ),
        (rf"{_Y}{_M}底(?:之前|以前|前){_DONE}", _by),
        (rf"{_Y}{_M}(?:\u542b|\(含\))?(?:及|和)(?:以前|之前)", _by),
        (rf"{_Y}{_M}(?:之前|以前|前){_DONE}", _before),
        (rf"{_Y}{_M}(?:及|和)(?:以后|之后)", _from),
        (rf"{_Y}{_M}(?:起|开始)", _from),
        (rf"(?:晚于|迟于|过了){_Y}{_M}底?", _after),
        (rf"{_Y}{_M}底?(?:之后|以后|后){_DONE}", _after),
        (rf"{_Y}{_M}(?:底|内|中|里|当月)?(?:才|会)?{_DONE}", _in),
        (rf"{_Y}(?:过了)?国庆节?(?:之后|以后|后|过后)?才?{_DONE}", _after_national_day),
        (rf"{_Y}第?(?P<q>[一二三四1-4])季度{_DONE}", _in_quarter),
        (rf"{_Y}上半年{_DONE}", _in_first_half),
        (rf"{_Y}下半年{_DONE}", _in_second_half),
        (rf"(?P<y>20\d\d)年?底(?:之前|以前|前)?{_DONE}", _by_year_end),
        (rf"年底(?:之前|以前|前){_DONE}|年底(?=完成|到期|截止)", _by_year_end),
        (rf"(?P<y>20\d\d)年(?:内|里|当年)?就?{_DONE}", _in_year),
        (rf"\b(?:due )?(?:in |by )?{_M_EN}{_Y_EN} or (?:earlier|before|sooner)", _by),
        (rf"\b(?:due )?(?:in |by )?{_M_EN}{_Y_EN} or later", _from),
        (
            rf"\b(?:between|from) (?:the )?{_D_EN} (?:of )?{_M_EN}{_Y_EN} (?:and|to|until|through) (?:the )?"
            rf"{_D2_EN} (?:of )?{_M2_EN}{_Y2_EN}",
            _between_days,
        ),
        (
            rf"\b(?:between|from) {_M_EN} {_D_EN}{_Y_EN} (?:and|to|until|through) "
            rf"{_M2_EN} {_D2_EN}{_Y2_EN}",
            _between_days,
        ),
        (
            rf"\bbetween (?:the (?:start|beginning) of )?{_M_EN}{_Y_EN} and (?:the end of )?{_M2_EN}{_Y2_EN}",
            _between,
        ),
        (rf"\bfrom {_M_EN}{_Y_EN} (?:to|until|through) (?:the end of )?{_M2_EN}{_Y2_EN}", _between),
        (rf"{_BY_EN} (?:the )?{_M_EN} {_D_EN}{_Y_EN}", _by_day),
        (rf"{_BY_EN} (?:the )?{_D_EN}(?: of)? {_M_EN}{_Y_EN}", _by_day),
        (rf"{_BY_EN} (?:the )?end of {_M_EN}{_Y_EN}", _by),
        (rf"\b(?:by|until|no later than|on or before|up to|as late as) {_M_EN}{_Y_EN}", _by),
        (rf"\b(?:before|earlier than|prior to) {_M_EN}{_Y_EN}", _before),
        (rf"\b(?:after|later than) (?:the end of )?{_M_EN}{_Y_EN}", _after),
        (rf"\b(?:from|since|starting) {_M_EN}{_Y_EN}(?: (?:on|onwards?))?", _from),
        (rf"\b{_DUE_EN}(?:in|during|at the end of|for) {_M_EN}{_Y_EN}", _in),
        (rf"\b{_M_EN}{_Y_EN} deadlines?", _in),
        (r"\b(?:by|before) (?:the )?end of (?:the year|(?P<y>20\d\d))", _by_year_end),
        (rf"\bdue {_M_EN}{_Y_EN}", _in),
        (
            r"\b(?:in |during )?(?:the )?(?P<q>first|second|third|fourth|last) quarter(?: of)?"
            r"(?: (?P<y>20\d\d))?",
            _in_quarter,
        ),
        (r"\b(?:in |during )?q(?P<q>[1-4])(?: (?:of )?(?P<y>20\d\d))?\b", _in_quarter),
        (rf"\b{_M_EN},? (?P<y>20\d\d)\b", _in),
        (rf"(?:\b(?:how|what) about|^and) {_M_EN}(?=\W*$)", _in),
        (r"\b(?:in|within) (?:the )?(?:calendar )?(?:year )?(?P<y>20\d\d)\b", _in_year),
        (r"\b(?:within|in|during) (?:the )?first half(?: of)?(?: (?P<y>20\d\d))?", _in_first_half),
        (r"\b(?:within|in|during) (?:the )?second half(?: of)?(?: (?P<y>20\d\d))?", _in_second_half),
        (r"\b(?P<y>20\d\d) (?:printed|deadlines?|as (?:the|their) (?:deadline|year))", _in_year),
        (r"\b(?:dated|printed(?: with| as)?|have) (?P<y>20\d\d)\b", _in_year),
    )
)
