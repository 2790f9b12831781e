"""Questions about the document itself: its head, its structure, the work requirements, oddities."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from assistant.answer import AskedFor, Facet, Intent, Kind
from assistant.facets import asked_for
from assistant.question_type import document_type

_ONE_REQUIREMENT = re.compile(
    r"工作要求[^,\uff0c。]{0,4}第([一二三四1234])[条项点个]|第([一二三四1234])[条项点个]?工作要求"
    r"|\b(first|second|third|fourth|last) (?:of the )?(?:four )?work(?:ing)? requirements?\b"
    r"|\bno\.? ?([1234]) of the work(?:ing)? requirements\b",
    re.IGNORECASE,
)
_NTH_OF_THEM = re.compile(
    r"第([一二三四1234])[条项点个]|\b(first|second|third|fourth|last) (?:one|requirement|item)\b",
    re.IGNORECASE,
)
_NTH = {
    name: n
    for n, names in enumerate(("一1first", "二2second", "三3third", "四4fourth last"), 1)
    for name in (names[0], names[1], *names[2:].split())
}
ON_THE_DOCUMENT_FROM = (0.45, 0.8)  # where a word for a document or its parts is there, where none is
_SOME_OF_IT = re.compile(r"(?<!第)一(?:大|小)?部分")  # 抽一部分还是全查: no part of a document
_A_DOCUMENT = re.compile(
    r"(?:这[份个]?|本|该)(?:文件|通知|方案|政策|公文)"
    r"|\b(?:this|the) (?:notice|plan|document|circular|policy)\b",
    re.IGNORECASE,
)
_NAMES_IT = re.compile(
    r"(?<![a-z])文件(?!夹)|通知|方案|政策|文号|公文|红头|这[份个篇]|本文|它|里[头面]|原文|印|总体|要求|部分|板块|附件|落款"
    r"|\b(?:notice|plan|document|circular|policy|paper|text|it|its|this|sections?|parts?|printed|issued)\b",
    re.IGNORECASE,
)
SILENT = "silent"  # asks what such a document does not say of itself
_GENERAL = re.compile(r"总体要求|\bgeneral requirements?\b", re.IGNORECASE)
_PARTS = re.compile(r"几个?(?:部分|块)|三大?(?:部分|块)|\bparts\b|重点任务", re.IGNORECASE)
_KINDS = {
    "work_requirements": Kind.WORK_REQUIREMENTS,
    "oddities": Kind.ODDITIES,
    "structure": Kind.STRUCTURE,
    "document": Kind.DOCUMENT,
}


def about_the_document(text: str, earlier: Sequence[str] = ()) -> Intent | None:
    """Return the intent of a question about the document itself; None where it is about a measure."""
    if one := _ONE_REQUIREMENT.search(text):
        return Intent(Kind.WORK_REQUIREMENTS, text, clause_number=_nth(one))
    if earlier and (nth := _NTH_OF_THEM.search(text)) and kind_of(earlier[-1]) is Kind.WORK_REQUIREMENTS:
        return Intent(Kind.WORK_REQUIREMENTS, text, clause_number=_nth(nth))
    kind = kind_of(text)
    if kind in {Kind.STRUCTURE, None} and _GENERAL.search(text) and not _PARTS.search(text):
        return Intent(Kind.DOCUMENT, text, is_by_sound=True)
    return Intent(kind, text) if kind else None


def sounds_like_the_document(text: str) -> Intent | None:
    """Return the intent of a question that sounds like one about the document; None where it does not.

    Whether it is one the search says: no measure is what is asked for.
    """
    kind, share = document_type(_SOME_OF_IT.sub("", text))
    if share < ON_THE_DOCUMENT_FROM[not _NAMES_IT.search(text)]:
        return None
    if kind == SILENT:
        facet = asked_for(text).facet
        return Intent(Kind.DOCUMENT, text, AskedFor(Facet.OTHER if facet is Facet.CONTENT else facet))
    return Intent(_KINDS[kind], text, is_by_sound=True)


def names_the_document(text: str) -> bool:
    """Return whether a turn has a word for the document itself."""
    return bool(_A_DOCUMENT.search(text))


def kind_of(text: str) -> Kind | None:
    """Return what part of the document a text asks about."""
    return next((kind for kind, asked in _words().items() if asked.search(text)), None)


def _nth(match: re.Match[str]) -> int:
    return _NTH[next(filter(None, match.groups())).casefold()]


@cache
def _words() -> Mapping[Kind, re.Pattern[str]]:
    table = tomllib.loads(files("assistant").joinpath("document.toml").read_text("utf-8"))
    return {_KINDS[name]: re.compile("|".join(row["asked"]), re.IGNORECASE) for name, row in table.items()}
