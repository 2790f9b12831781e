"""Stage 2: what a question asks for: a measure by meaning, one by its number, or a list from the records."""

import re
from collections.abc import Collection
from datetime import date

from assistant.answer import Facet, Focus, Intent, Kind, Question
from assistant.document_parts import about_the_document, kind_of
from assistant.facets import asked_facet
from assistant.focus import focus_of
from assistant.listing import Listing, continue_listings, find_listings, stands_alone
from assistant.needs import split_needs
from assistant.normalise import names_no_topic
from corpus.parse import chinese_number
from corpus.units import UnitNames

_DIGITS = r"\d{1,3}|[一二三四五六七八九十百零]{1,5}"
_AND_ZH = r"\s*[、,\uff0c和与及跟]\s*第?\s*"
_NUMBER_ZH = re.compile(
    rf"第\s*((?:{_DIGITS})(?:{_AND_ZH}(?:{_DIGITS}))*)\s*(?:项(?!目)|号|[个条](?=措施|任务|$|\W|是|的|由|谁|讲|说|要|什))"
    rf"|(?<!\d)((?:{_DIGITS}))\s*号(?:措施|任务)"
    rf"|措施\s*((?:{_DIGITS}))(?=$|[^\w%\uff05]|[的是由谁什牵何有和与讲说要])"
)
_NUMBER_EN = re.compile(
    r"\bmeasures?\s*(?:no\.?|nos\.?|numbers?|#)?\s*(\d{1,3}(?:\s*(?:,|and|&|or)\s*\d{1,3})*)\b(?!\s*(?:%|working|days?))"
    r"|\b(\d{1,3})(?:st|nd|rd|th)\s+measure\b",
    re.IGNORECASE,
)
# 招标投标法第三十二条, 工作要求第二项: numbers of something else.
_OTHER_NUMBERS = re.compile(r"(?:法|条例|办法|规定|细则|[\u300b])\s*第|工作要求|总体要求")


def understand(
    question: Question, units: UnitNames, *, year: int, today: date, topics: Collection[str] = ()
) -> Intent:
    """Return the intent; the query is the whole turn, as it is searched for.

    `year` is the notice's: that of months named without one. `topics`: pieces of text
    that are about few passages.
    """
    text = question.normalised
    if names_no_topic(text):
        return Intent(Kind.NO_TOPIC, text)
    if found := about_the_document(question.asked, question.earlier):
        return found
    focus, before = _focus(question, topics)
    if focus and focus.nth:
        if before and kind_of(before) is Kind.WORK_REQUIREMENTS:
            return Intent(Kind.WORK_REQUIREMENTS, text, clause_number=focus.nth)
        last = find_listings(before, units, year=year, today=today, topics=topics)
        kind = Kind.NTH if last else Kind.SEARCH
        return Intent(kind, text, asked_facet(question.asked), listings=last, focus=focus)
    # What this turn names stands before what its history named.
    if numbers := measure_numbers(question.asked) or measure_numbers(text):
        return Intent(Kind.MEASURE, text, asked_facet(question.asked), measure_numbers=numbers)
    in_focus = focus is not None and asked_facet(question.asked) is Facet.SECTION
    if not in_focus and (listings := _listings(question, units, year, today, topics)):
        return Intent(Kind.LIST, text, listings=listings)
    if focus and focus.is_all:
        facet = asked_facet(question.asked)
        parts = tuple(Intent(Kind.SEARCH, turn, facet) for turn in focus.turns)
        return Intent(Kind.SEARCH, text, facet, needs=parts, needs_are_said=True)
    needs = split_needs(question.asked)
    return Intent(
        Kind.SEARCH,
        text,
        asked_facet(question.asked),
        needs=tuple(_need(need, needs.asked_of_all, units, year, today, topics) for need in needs.texts)
        if len(needs.texts) > 1
        else (),
        needs_are_said=needs.is_said,
        needs_are_announced=needs.is_announced,
        focus=focus,
    )


def _focus(question: Question, topics: Collection[str]) -> tuple[Focus | None, str]:
    """Return what a turn may be about, and the turn before the one that points."""
    asked, earlier = question.asked, question.earlier
    if len(earlier) > 1 and names_no_topic(asked):
        # 第二个具体说说, then 它的期限: still the second.
        pointed = focus_of(earlier[-1], earlier[:-1], topics)
        if pointed and pointed.nth:
            return pointed, earlier[-2]
    return focus_of(asked, earlier, topics), earlier[-1] if earlier else ""


def _need(
    text: str, asked_of_all: str, units: UnitNames, year: int, today: date, topics: Collection[str]
) -> Intent:
    """Return the intent of one need of several: a question by itself, or a matter of which all is asked."""
    if numbers := measure_numbers(text):
        return Intent(Kind.MEASURE, text, asked_facet(text), measure_numbers=numbers)
    if listings := find_listings(text, units, year=year, today=today, topics=topics):
        return Intent(Kind.LIST, text, listings=listings)
    return Intent(Kind.SEARCH, text, asked_facet(asked_of_all or text))


def _listings(
    question: Question, units: UnitNames, year: int, today: date, topics: Collection[str]
) -> tuple[Listing, ...]:
    """Return the lists a turn asks for, by itself or as a change to those of the turn before."""
    listings = find_listings(question.asked, units, year=year, today=today, topics=topics)
    if not question.earlier or (listings and stands_alone(question.asked)):
        return listings
    last = find_listings(question.earlier[-1], units, year=year, today=today, topics=topics)
    continued = continue_listings(question.asked, last, units, year=year, today=today) if last else ()
    return continued or listings


def measure_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of measures that are named as such, in order of mention."""
    if _OTHER_NUMBERS.search(text):
        return ()
    named = [
        group for pattern in (_NUMBER_ZH, _NUMBER_EN) for found in pattern.findall(text) for group in found
    ]
    numbers = [_value(numeral) for numerals in named for numeral in re.findall(_DIGITS, numerals)]
    return tuple(dict.fromkeys(number for number in numbers if number is not None))


def _value(numeral: str) -> int | None:
    """Return the number; 100 for 一百 and more, which no notice has as many measures for."""
    if numeral.isdecimal():
        return int(numeral)
    return 100 if "百" in numeral else chinese_number(numeral)
