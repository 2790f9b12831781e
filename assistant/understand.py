"""Stage 2: what a question asks for: a measure by meaning, one by its number, or a list from the records."""

import re

from assistant.answer import Intent, Kind, Question
from assistant.facets import asked_facet
from assistant.normalise import names_no_topic
from corpus.parse import chinese_number
from corpus.units import UnitNames

# A list question is grammar, not vocabulary: the verb of leading and the word for
# "which" stand side by side but for fillers (市住建局都负责啥), and no matter comes
# between them (市住建局负责的联合验收包括什么 asks about a matter).
_LEAD = (
    r"(?:牵头|主抓|负责|主管|分管|主导|承担|带头|领头|打头|挑头|配合|参与|协助|协办|责任单位"
    r"|(?<![监城保代托网高接])管(?![理道网线家控委廊辖护]))"
)
_TASK = r"(?:措施|任务|事项|事情|事儿|工作|改革|项目|事|项|条)"
_WHICH = r"(?:哪些|哪几?[项条个件块]|哪一[项条个件块]|哪方面|哪|什么|啥|几[项条个件]|多少)"
_ALL = r"(?:列出|列举|罗列|列一下|全部|所有|一共|总共|清单|汇总|盘点)"
# No two alternatives share a reading, or a flood of 事项 would be tried in 2^n ways.
_FILLER = (
    r"(?:[的了着过都又还也共有是为在事项条,\uff0c、:\uff1a\s]|本?(?:方案|通知|文件)[里中]?|内容|措施|任务|工作|改革"
    rf"|项目|包括|主要|具体|分别|一下|{_ALL})*"
)
_LIST_ZH = re.compile(
    rf"{_LEAD}{_FILLER}{_WHICH}{_FILLER}(?:[呢吗啊呀]|\W|$)"  # 负责什么, 牵头的措施有哪些
    rf"|{_LEAD}(?:单位)?(?:为|是)?.{{0,16}}?的{_TASK}{_FILLER}{_WHICH}"  # 牵头单位为市人社局的任务是哪几项
    rf"|{_LEAD}{_FILLER}{_WHICH}个?{_TASK}"  # 牵头哪些措施
    rf"|{_WHICH}{_FILLER}{_TASK}.{{0,24}}?{_LEAD}"  # 哪些措施由市发改委牵头
    rf"|{_WHICH}(?:由|归|是|属于?|要?靠).{{0,20}}?{_LEAD}"  # 哪些归市住建局管
    rf"|{_ALL}.{{0,24}}?{_LEAD}.{{0,16}}?{_TASK}"  # 列出市发改委牵头的措施
    rf"|{_LEAD}(?:的|.{{0,20}}?[)\uff09]的){_FILLER}{_ALL}"  # 由市住建局牵头(含共同牵头)的全部措施
    rf"|{_LEAD}的?{_TASK}{_FILLER}\W*$"  # 市住建局牵头的措施
    # 市住建局有哪些任务, 市住建局的职责
    rf"|^.{{2,16}}?(?:有{_WHICH}|的)(?:主要|具体)?(?:任务|职责|分工|措施)(?:{_FILLER}{_WHICH})?\W*$"
    r"|^.{2,14}?(?:做|干)些?(?:什么|啥|嘛)的?[呢吗啊呀]?\W*$"  # 市税务局是干啥的
)
_THINGS_EN = r"(?:measures?|tasks?|items?|things|reforms?|actions?)"
_LEAD_EN = (
    r"(?:lead|leads|led|leading|heading|assigned to|in charge(?: of)?|responsible(?: for)?|responsible units?"
    r"|head|heads|headed|run|runs|oversee|oversees|handle|handles|look after|manage|manages"
    r"|support|supports|supporting|involved(?: in)?|take part in|participates? in)"
)
_LIST_EN = re.compile(
    rf"\b(?:which|what|how many|list|all|every|show)\b.{{0,200}}?\b{_THINGS_EN}\b.{{0,200}}?\b{_LEAD_EN}\b"
    r"|\bwhat(?:'s|\u2019s| is| are| does| do| else (?:is|does)| all (?:is|does))\b"
    rf"[^,;]{{0,80}}\b(?:{_LEAD_EN}|do)\W*$"
    rf"|\b{_THINGS_EN}\s+(?:that\s+are\s+|which\s+are\s+)?(?:led|headed|run)\s+by\b"
    rf"|\b{_THINGS_EN}\s+(?:of|under|for)\s+the\s+[\w\s-]{{3,60}}\W*$"
    rf"|\beverything\b[^,;]{{0,80}}\b{_LEAD_EN}\W*$"
    rf"|['\u2019]s\s+{_THINGS_EN}\W*$"
    r"|\bresponsibilities\b",
    re.IGNORECASE,
)
_RESPONSIBLE = re.compile(
    r"责任单位|配合|参与|协助|协办"
    r"|\b(?:supporting|supports?|responsible units?|involved|take part|participates?)\b",
    re.IGNORECASE,
)

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


def understand(question: Question, units: UnitNames) -> Intent:
    """Return the intent; the query is the whole turn, as it is searched for."""
    text = question.normalised
    facet = asked_facet(question.asked)
    if names_no_topic(text):
        return Intent(Kind.NO_TOPIC, text)
    # What this turn names stands before what its history named.
    if numbers := measure_numbers(question.asked) or measure_numbers(text):
        return Intent(Kind.MEASURE, text, facet, measure_numbers=numbers)
    named = units.find_units(question.asked) or units.find_units(text)
    if named and _asks_for_list(text):
        role = Kind.RESPONSIBLE_LIST if _RESPONSIBLE.search(text) else Kind.LEAD_LIST
        return Intent(role, text, facet, units=named)
    return Intent(Kind.SEARCH, text, facet)


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


def _asks_for_list(text: str) -> bool:
    """Return whether a unit's measures are asked for: not 水电气报装市行政审批局负责吗."""
    return bool(_LIST_ZH.search(text) or _LIST_EN.search(text))
