"""The facts of a text, typed and normalised: numbers with their units, dates, shares, names, quoted terms.

Fifteen working days, 15个工作日 and 十五个工作日 are one fact; 15 days is another. What is
asserted in a question (assistant/premises.py) and what is said in an answer
(assistant/verify.py) is held against a measure by these.
"""

import calendar
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from corpus.parse import chinese_number
from corpus.units import UnitNames, searchable


class FactKind(StrEnum):
    """What a fact is; its value is comparable within the kind only."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    MINUTES = "minutes"
    PERCENT = "percent"
    MONEY = "money"  # in yuan
    KILOVOLTS = "kilovolts"
    EVERY = "every"  # months between two occasions
    DATE = "date"  # (year, month, day), each of them or None
    MEASURE = "measure"  # a measure's number
    TIMES = "times"
    LEVEL = "level"  # of government, and above
    NUMBER = "number"
    UNIT = "unit"  # the printed names a mention may mean
    PLATFORM = "platform"
    QUOTED = "quoted"  # words between quotation marks


DURATIONS = frozenset({
    FactKind.WORKING_DAYS, FactKind.DAYS, FactKind.WEEKS, FactKind.MONTHS, FactKind.YEARS, FactKind.HOURS,
    FactKind.MINUTES,
})  # fmt: skip
Value = float | str | tuple[int | None, int | None, int | None] | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact, where it stands and how it is written there."""

    kind: FactKind
    value: Value
    printed: str
    start: int  # in the text as `read` gives it
    end: int


_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_NUMBERS = (
    {word: n for n, word in enumerate(_WORDS)}
    | {word: 10 * n for n, word in enumerate(_TENS, 2)}
    | {"hundred": 100, "a hundred": 100, "one hundred": 100}
    | {f"{ten} {_WORDS[n]}": 10 * t + n for t, ten in enumerate(_TENS, 2) for n in range(1, 10)}
)
_ZH = "[零〇一二三四五六七八九十百千两]+"
_EN = (
    rf"(?:{'|'.join(_TENS)})(?: (?:{'|'.join(_WORDS[1:10])})\b)?|(?:a |one )?hundred"
    rf"|{'|'.join(sorted(_WORDS, key=len, reverse=True))}"
)
# A word is looked up only where one of their first letters stands: a fifth of the time.
_EN_STARTS = "".join(sorted({word[0] for word in _EN_NUMBERS}))
_N = rf"(?P<n>\d+(?:\.\d+)?|{_ZH}|\b(?=[{_EN_STARTS}])(?:{_EN})\b)"
_MONTHS_EN = {name.casefold(): n for n, name in enumerate(calendar.month_name) if n} | {
    name.casefold(): n for n, name in enumerate(calendar.month_abbr) if n and name != "May"
}
_MONTH_EN = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))
_MONTH_ZH = r"(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])月"
_EVERY = {
    1.0: r"每个?月(?!结)|按月|一个?月[^\d,]{0,2}[一两][次回趟]"
    r"|(?<!settled )\bmonthly\b(?! clos)|\b(?:every|each|per|a) month\b",
    6.0: r"每半年|半年一次|每(?:6|六)个月|\b(?:every|each) (?:six|6) months\b|\btwice (?:a|per|each) year\b"
    r"|\bhalf[ -]?yearly\b|\b(?:every|each) half[ -](?:a[ -])?year\b"
    r"|\bsemi ?annual\w*\b|\bbiannual\w*\b|\bsix monthly\b",
    3.0: r"每个?季度?|按季度?|一个?季度[^\d,]{0,2}一?[次回趟]"
    r"|\bquarterly\b|\b(?:every|each) (?:quarter|three months)\b",
    12.0: r"每一?年(?!度)|一年[^\d,]{0,2}[一两][次回趟]|按年"
    r"|\bannual(?:ly)?\b|\byearly\b|\b(?:every|each|once a|per) year\b",
    0.25: r"每个?(?:周|星期|礼拜)(?!末|[一二三四五六日天])|\bweekly\b|\b(?:every|each|once a) week\b",
    0.5: r"每(?:两|二|2)(?:周|个星期)|\bfortnightly\b|\bevery (?:two|2) weeks\b",
    2.0: r"每(?:两|二|2)个月|\bevery (?:two|2) months\b|\bevery other month\b",
    24.0: r"每(?:两|二|2)年|\bevery (?:two|2) years\b",
}
_DAY_EN = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
# In this order; what one form takes no later one sees.
_PATTERNS: tuple[tuple[FactKind, tuple[str, ...]], ...] = (
    (FactKind.DATE, (
        rf"(?P<y>20\d\d)年(?:的)?{_MONTH_ZH}(?:(?P<d>\d{{1,2}})[日号])?",
        r"(?<!\d)(?P<y>20\d\d)[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2}))?(?!\d)",
        rf"\b{_DAY_EN} (?:of )?(?P<m>{_MONTH_EN})\.?(?:,? (?P<y>20\d\d))?\b",
        rf"\b(?P<m>{_MONTH_EN})\.? {_DAY_EN}(?!\d)(?:,? (?P<y>20\d\d))?\b",
        rf"\b(?P<m>{_MONTH_EN})\b\.?(?:,? (?:of )?(?P<y>20\d\d))?",
        rf"(?<![\d个])(?:(?P<y>去年|今年|明年))?{_MONTH_ZH}(?:(?P<d>\d{{1,2}})[日号]|份|底|初|中旬|前|之前)",
        r"(?<!\d)(?P<y>20\d\d)年(?!\d)",
        r"\b(?<![-\d])(?P<y>20[12]\d)\b(?!\])",
    )),
    (FactKind.EVERY, tuple(_EVERY.values())),
    (FactKind.PERCENT, (
        rf"百分之{_N}", rf"{_N}\s?(?:%|per ?cent\b|percent\b)",
        r"\bone in (?P<oneof>two|three|four|five|ten)\b",
        r"(?P<tenths>[一二三四五六七八九])成(?![为立本交果效长员])",
        r"(?P<half>一半|半数|减半|\bhalf (?:of|the)\b)",
    )),
    (FactKind.WORKING_DAYS, (rf"{_N}\s?个?工作(?:日|天)", rf"{_N} (?:working|business|work) ?days?\b")),
    (FactKind.DAYS, (
        rf"{_N}\s?个?(?:自然日|日历日|天|日(?=[内以之]))", rf"{_N} (?:calendar |natural )?days?\b",
    )),
    (FactKind.WEEKS, (rf"{_N}\s?个?(?:星期|礼拜|周)(?!年)", rf"{_N} weeks?\b")),
    (FactKind.MONTHS, (rf"{_N}\s?个月", rf"{_N} months?\b", r"(?P<half>半年)")),
    (FactKind.YEARS, (rf"{_N}\s?年(?=[内以期之]|[^\d度底初]|$)", rf"{_N} years?\b")),
    (FactKind.HOURS, (rf"{_N}\s?个?(?:小时|钟头)", rf"{_N} hours?\b")),
    (FactKind.MINUTES, (rf"{_N}\s?分钟", rf"{_N} ?min(?:ute)?s?\b")),
    (FactKind.MONEY, (
        rf"{_N}\s?(?P<scale>[万亿千百])?(?:块钱|元)", rf"{_N} (?P<scale>thousand |million )?(?:yuan|rmb)\b",
    )),
    (FactKind.KILOVOLTS, (rf"{_N}\s?(?:千伏|kv\b|kilovolts?\b)",)),
    (FactKind.MEASURE, (
        rf"第{_N}[项項条條](?![目])", r"措施\s?(?P<n>\d+)", r"\bmeasures? (?:no\.? ?)?(?P<n>\d+)",
    )),
    (FactKind.TIMES, (rf"{_N}(?:次|趟|回|遍)", rf"{_N} times\b", r"\b(?P<twice>twice) (?=a|per|each|every)")),
    (FactKind.LEVEL, (
        r"(?P<level>国家|省|市|区|县)级(?:及)?以上",
        r"\b(?P<level>national|provincial|municipal|city|county)(?: level)? (?:and|or) (?:above|higher)",
    )),
    (FactKind.NUMBER, (
        r"(?P<n>\d+(?:\.\d+)?)", r"(?P<n>[两二三四五六七八九十百]+)(?=[类级名亩倍批套种])",
        rf"\b(?=[{_EN_STARTS}])(?P<n>{_EN})[ -]"
        r"(?=sets?|batch|stages?|steps?|categor|types?|kinds?|tiers?|zones?|random)",
        r"(?P<n>[二三四五六七八九]?十[一二三四五六七八九]?)(?=[个项家次])",
    )),
)  # fmt: skip
_FORMS = tuple((kind, re.compile(pattern)) for kind, patterns in _PATTERNS for pattern in patterns)
_LEVELS = {"national": "国家", "provincial": "省", "municipal": "市", "city": "市", "county": "县"}
_SCALES = {"百": 100.0, "千": 1000.0, "万": 10_000.0, "亿": 1e8, "thousand ": 1000.0, "million ": 1e6}
_QUOTED = re.compile(
    r"[\u201c\u300a\u300c\"](?P<words>[^\u201c\u201d\u300a\u300b\u300c\u300d\"]{1,60})[\u201d\u300b\u300d\"]"
)


def read(text: str) -> str:
    """Return a text as facts are looked for in it."""
    return searchable(text)


def find_facts(text: str, units: UnitNames) -> tuple[Fact, ...]:
    """Return the facts of a text as `read` gives it, in order of their places."""
    found = [*_quoted(text), *_named(text, units), *_platforms(text)]
    # Figures within a name say nothing by themselves: the 12345 hotline.
    taken = [range(fact.start, fact.end) for fact in found if fact.kind is not FactKind.QUOTED]
    found += _measured(text, taken)
    return tuple(sorted(found, key=lambda fact: (fact.start, fact.end)))


def agrees(fact: Fact, others: Iterable[Fact]) -> bool:
    """Return whether a fact is among others of its kind; a date where it names no other part."""
    return any(_same(fact, other) for other in others)


def _same(fact: Fact, other: Fact) -> bool:
    if {fact.kind, other.kind} == {FactKind.MONTHS, FactKind.YEARS}:
        return _months(fact) == _months(other)
    if fact.kind is not other.kind:
        # 3类 and 三类 are numbers; a bare number may be told with its unit in the source.
        return fact.kind is FactKind.NUMBER and other.value == fact.value
    if fact.kind is FactKind.DATE:
        return all(a is None or a == b for a, b in zip(fact.value, other.value, strict=True))  # type: ignore[arg-type]
    if fact.kind is FactKind.UNIT:
        return bool(set(fact.value) & set(other.value))  # type: ignore[arg-type]
    return fact.value == other.value


def _months(fact: Fact) -> float:
    assert isinstance(fact.value, float)
    return fact.value * 12 if fact.kind is FactKind.YEARS else fact.value


def _measured(text: str, taken: list[range]) -> Iterator[Fact]:
    """Return what is a figure with or without a unit, the longer forms first."""
    for kind, pattern in _FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < span.stop and span.start < match.end() for span in taken):
                continue
            value = _value(kind, match)
            if value is None:
                continue
            taken.append(range(match.start(), match.end()))
            yield Fact(kind, value, match.group().strip(), match.start(), match.end())


def _value(kind: FactKind, match: re.Match[str]) -> Value | None:
    named = {name: found for name, found in match.groupdict().items() if found}
    if kind is FactKind.DATE:
        return _date(named)
    if kind is FactKind.EVERY:
        return next(every for every, pattern in _EVERY.items() if pattern == match.re.pattern)
    if "level" in named:
        return _LEVELS.get(named["level"].casefold(), named["level"])
    if "n" not in named:
        return _worded(kind, named)
    number = number_of(named["n"])
    return None if number is None else number * _SCALES.get(named.get("scale", ""), 1.0)


def _worded(kind: FactKind, named: dict[str, str]) -> float:
    """Return the number that a word has in it: half, twice, one in three, 三成."""
    if "oneof" in named:
        return round(100.0 / (number_of(named["oneof"]) or 1.0), 1)
    if "tenths" in named:
        return 10.0 * (chinese_number(named["tenths"]) or 0)
    if "twice" in named:
        return 2.0
    return 50.0 if kind is FactKind.PERCENT else 6.0


def number_of(numeral: str) -> float | None:
    """Return the number of a numeral in figures, Chinese or English; None where it is none."""
    if re.fullmatch(r"\d+(?:\.\d+)?", numeral):
        return float(numeral)
    if (english := _EN_NUMBERS.get(numeral.casefold())) is not None:
        return float(english)
    if numeral in {"百", "一百"}:
        return 100.0
    chinese = chinese_number(numeral.replace("两", "二").replace("〇", "零"))
    return None if chinese is None else float(chinese)


def _date(named: dict[str, str]) -> Value | None:
    year = named.get("y")
    month = named.get("m")
    number = None
    if month is not None:
        number = _MONTHS_EN.get(month.casefold()) or int(number_of(month) or 0)
        if not 1 <= number <= 12:
            return None
    if month and month.casefold() in {"may", "mar", "march"} and not (year or named.get("d")):
        return None  # a verb as often as a month
    day = int(named["d"]) if "d" in named else None
    return (int(year) if year and year.isdecimal() else None, number, day)


def _quoted(text: str) -> Iterator[Fact]:
    for match in _QUOTED.finditer(text):
        words = match["words"]
        yield Fact(FactKind.QUOTED, words.strip(" ,.;，。；"), match.group(), match.start(), match.end())


def _named(text: str, units: UnitNames) -> Iterator[Fact]:
    for start, end, names in units.find_spans(text):
        yield Fact(FactKind.UNIT, names, text[start:end], start, end)


def _platforms(text: str) -> Iterator[Fact]:
    for name, pattern in _platform_names().items():
        for match in pattern.finditer(text):
            yield Fact(FactKind.PLATFORM, name, match.group(), match.start(), match.end())


@cache
def _platform_names() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(files("assistant").joinpath("platforms.toml").read_text("utf-8"))
    return {
        name: re.compile("|".join(map(re.escape, map(searchable, [name, *names]))))
        for name, names in table["platforms"].items()
    }
