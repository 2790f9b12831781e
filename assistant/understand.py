"""Stage 2: what a question asks for: a measure by meaning, one by its number, or a list from the records."""

import re
from datetime import date

from assistant.answer import Intent, Kind, Question
from assistant.facets import asked_facet
from assistant.listing import find_listings
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


def understand(question: Question, units: UnitNames, *, year: int, today: date) -> Intent:
    """Return the intent; the query is the whole turn, as it is searched for.

    `year` is the notice's: that of months named without one.
    """
    text = question.normalised
    if names_no_topic(text):
        return Intent(Kind.NO_TOPIC, text)
    facet = asked_facet(question.asked)
    # What this turn names stands before what its history named.
    if numbers := measure_numbers(question.asked) or measure_numbers(text):
        return Intent(Kind.MEASURE, text, facet, measure_numbers=numbers)
    if listings := find_listings(question.asked, units, year=year, today=today):
        return Intent(Kind.LIST, text, facet, listings=listings)
    if listings := find_listings(text, units, year=year, today=today):
        # 那市文物局呢, after a list for another unit: this one's alone.
        named = set(units.find_units(question.asked))
        ours = tuple(listing for listing in listings if named & set(listing.units))
        return Intent(Kind.LIST, text, facet, listings=ours or listings)
    needs = split_needs(question.asked)
    return Intent(Kind.SEARCH, text, facet, needs=needs if len(needs) > 1 else ())


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
