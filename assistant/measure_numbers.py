"""Measures that a question names by their number: 第36项, measures 3 and 7."""

import re

from corpus.parse import chinese_number

_DIGITS = r"\d{1,3}|[一二三四五六七八九十百零]{1,5}"
_AND_ZH = r"\s*[、,\uff0c和与及跟]\s*第?\s*"
_NUMBER_ZH = re.compile(
    rf"第\s*((?:{_DIGITS})(?:{_AND_ZH}(?:{_DIGITS}))*)\s*(?:项(?!目)|号|"
    r"[个条](?=措施|任务|标题|题目|名|$|\W|[是的由谁讲说要什呢叫在属归放写印]))"
    rf"|(?<!\d)((?:{_DIGITS}))\s*号(?:措施|任务)"
    rf"|(?:措施|任务)\s*((?:{_DIGITS}))(?=$|[^\w%\uff05]|[的是由谁什牵何有和与讲说要])"
)
_NUMBER_EN = re.compile(
    r"\b(?:measures?|items?|tasks?|number(?= \d{1,2}\b(?! (?:of|measures|units))))\s*"
    r"(?:no\.?|nos\.?|numbers?|#)?\s*(\d{1,3}(?:\s*(?:,|and|&|or)\s*\d{1,3})*)\b(?!\s*(?:%|working|days?))"
    r"|\b(\d{1,3})(?:st|nd|rd|th)\s+measure\b",
    re.IGNORECASE,
)
# 招标投标法第三十二条, 工作要求第二项: numbers of something else.
_OTHER_NUMBERS = re.compile(r"(?:法|条例|办法|规定|细则|[\u300b])\s*第|工作要求|总体要求")


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
