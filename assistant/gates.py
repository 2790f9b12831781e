"""Gates: what no score can refuse: another place, year or document, an attack, the operator's list.

A gate reads one turn and returns what it found there, or None. Every pattern is
bounded, so that a flood of its own words takes no longer than other text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.answer import Status
from assistant.errors import SettingsError
from assistant.instructions import Turn
from corpus.notice import Notice
from corpus.places import Place, normalised, shipped_places
from corpus.text import decode, fold, fold_aligned
from prompts.script import to_simplified

# About the assistant itself, and tasks for an entertainer; whole turns, or their beginning.
_SMALL_TALK = re.compile(
    r"^(?:(?:请问|那)?你(?:到底)?是(?:谁|什么(?:模型|东西)|机器人|真人|人工智能|ai)"
    r"|你(?:叫什么|多大|有感情)|(?:给我|请|帮我)?(?:讲|说)(?:一?个|点)?(?:笑话|故事)"
    r"|(?:给我|请|帮我)?写(?:一?[首篇段个])?(?:诗|情书|小说|歌词|代码|作文)"
    r"|(?:who|what) (?:are|made|built|created) you\b|are you (?:a |an )?(?:human|robot|bot|real|ai)\b"
    r"|(?:please |can you |could you )?tell (?:me |us )?a (?:joke|story)\b"
    r"|(?:please |can you |could you )?write (?:me |us )?(?:a |some )(?:poem|song|joke|story|code)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason to end a turn before anything is searched for."""

    name: str
    status: Status
    key: str  # of its words in `prompts/`
    reads: Callable[[Turn], str | None]
    facts: Mapping[str, object] = field(default_factory=dict)  # for the words, besides what it found


@dataclass(frozen=True, slots=True)
class Stop:
    """A gate that closed, and the values of its words."""

    gate: str
    status: Status
    key: str
    values: Mapping[str, object]


def gates_of(notices: Sequence[Notice], blocklist: Sequence[str] = ()) -> tuple[Gate, ...]:
    """Return all gates, in the order in which they are tried.

    `blocklist` has the operator's expressions, folded; either script meets the other.
    """
    notice = notices[0]
    covers = {"document_number": notice.document_number, "total": len(notice.measures)}
    documents = frozenset(fold(notice.document_number) for notice in notices)
    years = frozenset(year for notice in notices for year in _years_of(notice))
    return (
        Gate(
            "blocklist",
            Status.DECLINED,
            "declined.blocklist",
            partial(_is_blocked, tuple(map(to_simplified, blocklist))),
        ),
        Gate("instruction", Status.DECLINED, "declined.instruction", _only_instructs),
        Gate("small_talk", Status.DECLINED, "declined.small_talk", _is_small_talk),
        Gate(
            "other_document",
            Status.NOT_COVERED,
            "not_covered.other_document",
            lambda turn: other_document(turn.asked, documents),
            covers,
        ),
        Gate(
            "other_year",
            Status.NOT_COVERED,
            "not_covered.other_year",
            lambda turn: other_year(turn.asked, years),
            covers,
        ),
        Gate(
            "other_place",
            Status.NOT_COVERED,
            "not_covered.other_place",
            lambda turn: other_place(turn.asked),
            covers,
        ),
    )


def first_stop(turn: Turn, gates: Sequence[Gate]) -> Stop | None:
    """Return the first gate that closes; None if the turn passes all of them."""
    for gate in gates:
        found = gate.reads(turn)
        if found is not None:
            values = {"named": found, **gate.facts} if gate.facts else {}
            return Stop(gate.name, gate.status, gate.key, values)
    return None


# The operator's list


def read_blocklist(path: Path | None) -> tuple[str, ...]:
    """Return the expressions of a list, folded: one a line, # starts a comment line.

    Raises SettingsError, naming the file, where it cannot be read.
    """
    if path is None:
        return ()
    try:
        lines = decode(path.read_bytes()).split("\n")
    except (OSError, ValueError) as error:
        raise SettingsError(f"ASSISTANT_BLOCKLIST={str(path)!r}: cannot be read: {error}") from error
    expressions = (fold(line) for line in lines if not line.lstrip().startswith("#"))
    return tuple(dict.fromkeys(expression for expression in expressions if expression))


def _is_blocked(expressions: tuple[str, ...], turn: Turn) -> str | None:
    text = to_simplified(fold(turn.text)) if expressions else ""
    return next((expression for expression in expressions if expression in text), None)


def _only_instructs(turn: Turn) -> str | None:
    return turn.text if not turn.asked else None


# Another document, another year

_NUMBER_OF_DOCUMENT = re.compile(
    r"([国省市区县陕京沪津渝粤川浙苏鲁豫鄂湘晋甘][\u4e00-\u9fff]{0,8})?"
    r"(?:[\u3014\[(\u3010\uff3b]\s?((?:19|20)\d\d)\s?[\u3015\])\u3011\uff3d]\s?|(?<=[发函令字])\s?((?:19|20)\d\d)"
    r"年?\s?)"
    r"第?\s?(\d{1,4})\s?号"
)
# 国务院的优化营商环境条例, 陕西省优化营商环境条例里: someone else's document as what is asked about.
_OTHER_ISSUER = re.compile(
    r"(?:国务院|国办|中央|省委|省政府|陕西省|省里|住建部|财政部)(?:(?!西安|这|本)[\w\u300a\u300b\u201c\u201d]){0,24}?"
    r"(?:条例|规定|办法|文件|方案|措施|意见|决定)"
    r"(?=[里中]?(?:对|关于|是?怎么|如何|有(?:几|哪|什么)|一共|总共|第|的内容|讲|说|里|规定|要求)|$)"
    r"|\b(?:state council|shaanxi provincial|provincial government of shaanxi)\b[\w' -]{0,60}?"
    r"\b(?:decree|circular|regulations?)\b",
    re.IGNORECASE,
)
_DOCUMENT_ZH = r"(?:政策|规划|方案|文件|通知|计划|条例|办法|规定|公告|细则|意见|版本|新政|路线图|蓝图)"
_DOCUMENT_EN = (
    r"(?:plans?|notices?|polic(?:y|ies)|circulars?|decrees?|documents?|regulations?|rules|roadmaps?"
    r"|strateg(?:y|ies)|programmes?|programs?|version|edition|guidelines?)"
)
# The year belongs to the document: 2019年的政策, 西安市2018年发的那份文件; but not
# 2019年拿的地按哪个政策, 2026年这个方案还有效吗.
_YEAR_OF_DOCUMENT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:年度?)(?![^,\uff0c]{0,4}(?:底|末|前|以前|之前|内)|\s?\d{1,2}\s?月)"
    r"(?:(?![我您你咱哪按这该本还仍已就签欠拖拿地]|开工|申请|适用|完成|到期|是不是|能不能|[,.;:?!\u3002\uff0c\uff1f\uff01\uff1b\uff1a]).)"
    rf"{{0,28}}?{_DOCUMENT_ZH}"
    rf"|(?<!by )(?<!before )(?<!until )(?<!\d)\b"
    rf"((?:19|20)\d\d)\b(?:'s)?(?: [\w-]{{1,20}}){{0,3}}? {_DOCUMENT_EN}\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(r"年底|之前|以前|截止|\b(?:by|before|until|deadline|due)\b", re.IGNORECASE)


def other_document(text: str, own: frozenset[str]) -> str | None:
    """Return the document asked about, if it is not one of `own` (folded numbers)."""
    text = fold_aligned(text)
    found = list(_NUMBER_OF_DOCUMENT.finditer(text))
    others = [match.group() for match in found if not _is_own(match, own)]
    if found:
        return others[0] if len(others) == len(found) else None
    issued = _OTHER_ISSUER.search(text)
    return issued.group().strip() if issued else None


def other_year(text: str, own: frozenset[int]) -> str | None:
    """Return the year of the document asked about, if it is not one of `own`; a deadline is none."""
    text = fold_aligned(text)
    years = [a or b for a, b in _YEAR_OF_DOCUMENT.findall(text)]
    if not years or any(int(year) in own for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)):
        return None
    return None if _DEADLINE.search(text) else years[0]


def _is_own(match: re.Match[str], own: frozenset[str]) -> bool:
    issuer, *years, number = match.groups()
    year = next(filter(None, years))
    return any(_same_number(fold(issuer or ""), fold(f"[{year}]{number}号"), document) for document in own)


def _same_number(issuer: str, number: str, document: str) -> bool:
    own_issuer = document.removesuffix(number)
    return document.endswith(number) and (not issuer or issuer.endswith(own_issuer))


def _years_of(notice: Notice) -> set[int]:
    due = {measure.deadline.due_on.year for measure in notice.measures}
    return due | set(range(min(due), notice.issued_on.year + 2))


# Another place

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


def _is_small_talk(turn: Turn) -> str | None:
    found = _SMALL_TALK.match(turn.asked.strip())
    return found.group() if found else None
