"""Another place: questions about the rules of another city, province or country."""

import re
from collections.abc import Sequence

from corpus.places import Place, normalised, shipped_places

_PARTY = (
    r"(?:企业|公司|集团|总部|分公司|老板|商人|客商|投资[商者客人]|供应商|供货商|客户|总包|承包商|施工|民企|国企|厂家|厂商"
    r"|开发商|设计院|设计师|建筑师|律师|同行|朋友|亲戚|团队|工人|包工头|咨询|房企|甲方|乙方|车企|个体|人(?!社|民|才|防|大|均|力|脸))"
)
_GOODS = r"(?:进口|设备|机器|产品|技术|品牌|货|材料)"
_COMES = re.compile(
    r"\s?(?:[省市区县]|地区|那边|那儿)?\s?(?:过来|赶来|搬|迁"
    r"|来(?=的|西安|这|到|投|开|做|干|[,.?!;\uff0c\u3002]|$)|籍|口音|老乡|出身)"
)
_PARTY_AFTER = re.compile(rf"\s?[省市区县]?\s?的?(?:{_PARTY}|{_GOODS})")
_FROM = re.compile(
    r"(?:来自|从|老家[在是]?|总部[在设]?|注册[在于]|户口在|毕业于|"
    r"(?:我们?|咱们?|俺们?|公司|本人)(?:是|为|属于)(?:一家)?|像|仿照|借鉴|不如)\s?$"
)
_AND = ("、", "和", "与", "及", "and", "or")
_SPEAKER_IN = re.compile(r"(?:我们?|本?人|公司|现在)[人]?[还现]?在\s?$")
_FIRST_PERSON = re.compile(r"我|咱|俺|欠|拖|来|落户|入驻|引进|参加|参与|在这|投资")
_HERE = re.compile(
    r"这边|这里|这儿|本市|本地|咱们?[市这]|你们[市这]|咱这|\bhere\b"
    r"|\b(?:the|this|your) (?:notice|plan|scheme)\b"
)
_THERE = re.compile(r"那边|那里|那儿|当地|\bthat city\b|\bthere\s?(?:[?.,!;]|$)")
_FROM_EN = re.compile(
    r"(?:\bfrom|\b(?:based|headquartered|registered|born|live|work|company|office|boss|friends?|newspaper"
    r"|firm|headquarters) in|\b(?:i'm|i am|we're|we are) (?:currently )?in|\b(?:like|copying|than|such as"
    r"|similar to|the way|leaving for|might go to)"
    r"|\b(?:architect|buyer|investor|owner|supplier|contractor|client|customer|designer|partner)s? in)\s$"
)
_PARTY_EN = re.compile(
    r"(?:-| )(?:based|born|registered|firm|compan(?:y|ies)|investors?|developers?|contractors?|builders?"
    r"|manufacturers?|suppliers?|architects?|designers?|people|team|office|head office|headquarters"
    r"|restaurateur|factory owner|businesses|business|lawyers?|agency|group|client|customers?|banks?)\b"
)
_INTO = re.compile(r"(?:去|到|往|在)\s?$|\bin\s$")


def other_place(text: str) -> str | None:
    """Return the other place whose rules are asked about.

    None where a place is where the asker or another party comes from, and where
    Xi'an is what is asked about, whatever else is named.
    """
    text = normalised(text)
    places = shipped_places().find(text)
    others = [place for place in places if place.where == "elsewhere"]
    if not others:
        return None
    homes = [place for place in places if place.where == "home"]
    asked = [place for place in others if not _is_origin(place, others, text)]
    if any(not _is_home_of_asker(place, text) for place in homes):
        return None
    if homes:  # 我们是西安的公司, 去成都建厂
        asked = [place for place in asked if _INTO.search(text, max(0, place.start - 3), place.start)]
        return asked[0].name if asked else None
    if _HERE.search(text):
        return None
    ends = {place.end for place in others}
    if any(there.start() not in ends for there in _THERE.finditer(text)):
        asked = asked or others
    return asked[0].name if asked else None


def _is_origin(place: Place, others: Sequence[Place], text: str) -> bool:
    """Return whether a place is where somebody or something comes from: 从深圳搬来, a Beijing firm."""
    start = max(0, place.start - 24)
    if before := [other for other in others if text[other.end : place.start].strip() in _AND]:
        return _is_origin(before[0], (), text)
    if _FROM.search(text, start, place.start) or _FROM_EN.search(text, start, place.start):
        return True
    if _COMES.match(text, place.end) or (
        _SPEAKER_IN.search(text, start, place.start) and text[place.end : place.end + 1] in ",.\uff0c\u3002;"
    ):
        return True
    if _PARTY_EN.match(text, place.end):
        return True
    return bool(_PARTY_AFTER.match(text, place.end) and _FIRST_PERSON.search(text))


_AT_HOME = re.compile(r"(?:我们?|人|公司|厂)(?:是|就?在|人在)\s?$|\b(?:we're|we are|i'm|i am) an? $")


def _is_home_of_asker(place: Place, text: str) -> bool:
    """Return whether Xi'an is where the asker is, not what is asked about: 我们是西安的公司."""
    return bool(
        _AT_HOME.search(text, max(0, place.start - 12), place.start)
        and re.compile(
            rf"\s?市?的?(?:{_PARTY}|[,\uff0c])| (?:firm|company|business|developer|contractor)\b"
        ).match(text, place.end)
    )
