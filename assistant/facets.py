"""What is asked about a measure, and the typed evidence that a passage bears on it.

A question for a telephone number is answered by a number, never by a score. A facet
is asked for by its own words (facets.toml); where none is, the classifier of question
types says what is (assistant/question_type.py), and what comes near to it will do.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from assistant.answer import AskedFor, Facet
from assistant.question_type import likely_facet
from corpus.notice import Passage

# 多少钱一方有没有标准: whether there is a rule is a question about the content.
_ASKS_FOR_A_RULE = re.compile(
    r"公布|公示|有没有.{0,4}(?:标准|规定|指导价)|有(?:标准|规定|指导价)吗|怎么收|如何收"
    r"|谁(?:定|管|监管)|能不能少|能省|免(?:不|吗|费)"
    r"|\bpublish|\bis there (?:a|any) (?:rule|standard|guidance|cap|limit)\b|\bwho (?:sets|controls)\b",
    re.IGNORECASE,
)


# What every answer has, or its number: 这个期限过了没有, 责任单位有谁, 这是第几条, 那这个提了没.
_ON_THE_RECORD = re.compile(
    r"[期时]限|到期|截止|时间节点|(?:牵头|责任)单位|牵头|(?:第几|哪一?)[条項项]|提(?:了|到|过)(?:没|吗)"
    r"|(?<![a-z])deadlines?(?![a-z])|\bdue\b|\bwhich (?:measure|item)\b"
    r"|\b(?:lead|responsible) (?:unit|bureau)s?\b",
    re.IGNORECASE,
)
# 已经全面执行了,对吧: a premise, to be held against the notice's words.
_CHECKS = re.compile(
    r"(?:对吧|对吗|对不对|没错吧|是吧)\W*$|\b(?:right|correct|isn't it|aren't they)\W*$", re.IGNORECASE
)
# Without one of these 是谁 asks for a unit, never for somebody's name.
_ON_A_PERSON = re.compile(
    r"名|姓|叫|[局处科厅院校会组队]长|主任|书记|主席|领导|负责人|联系人|法官|律师|\bname|\bperson",
    re.IGNORECASE,
)


# 施工许可要交[哪些材料]: what asked, without what was asked for.
_LEFT_OF_ASKING = re.compile(
    r"(?:的|要|需要?|须|得|应当?|想)*(?:交|带|提交|准备|提供|办理?)?(?:些|点)?\W*$"
    r"|\W*\b(?:do|does|should|must|will) (?:i|we|you)\W*$",
    re.IGNORECASE,
)


class _Signs(NamedTuple):
    asked: re.Pattern[str]
    evidence: re.Pattern[str]
    near: re.Pattern[str]


def asked_for(text: str) -> AskedFor:
    """Return what a turn asks of its measure; the content unless it names, or sounds like, something else."""
    if named := _named_facet(text):
        return AskedFor(named)
    if _ON_THE_RECORD.search(text) or _CHECKS.search(text):
        return AskedFor()
    likely, is_plain = likely_facet(text)
    if likely == Facet.PERSON and not _ON_A_PERSON.search(text):
        return AskedFor()
    if likely in (Facet.PRICE, Facet.AMOUNT) and _ASKS_FOR_A_RULE.search(text):
        return AskedFor()
    return AskedFor(Facet(likely), by_name=False, is_plain=is_plain)


def _named_facet(text: str) -> Facet | None:
    for facet, signs in _signs().items():
        if signs.asked.search(text) and not (
            facet in (Facet.PRICE, Facet.AMOUNT) and _ASKS_FOR_A_RULE.search(text)
        ):
            return facet
    return None


def without_facet(text: str, facet: Facet) -> str:
    """Return a turn without the words that ask for the facet: what is left names the matter."""
    if facet is Facet.CONTENT:
        return text
    return _LEFT_OF_ASKING.sub("", _signs()[facet].asked.sub(" ", text).strip())


def is_stated(asked: AskedFor, passage: Passage) -> bool:
    """Return whether a passage says anything on what was asked; content always.

    Where the question only sounds like it, what comes near to it will do: a
    platform is an answer to where, but not to what the web address is. What is
    sounded out so is asked of measures, not of the document's head.
    """
    if asked.facet is Facet.CONTENT or (passage.measure_number is None and not asked.by_name):
        return True
    signs = _signs()[asked.facet]
    return bool(signs.evidence.search(passage.text)) or (
        not asked.is_plain and bool(signs.near.search(passage.text))
    )


@cache
def _signs() -> Mapping[Facet, _Signs]:
    table = tomllib.loads(files("assistant").joinpath("facets.toml").read_text("utf-8"))
    return {
        Facet(name): _Signs(
            re.compile("|".join(row["asked"]), re.IGNORECASE),
            re.compile(row["evidence"], re.IGNORECASE),
            re.compile(row.get("near", "(?!)"), re.IGNORECASE),
        )
        for name, row in table.items()
    }
