"""Whether a clause about a measure is stronger than the notice, or says the contrary of it."""

import re
from collections.abc import Iterator, Sequence

from assistant.known import CLAUSE, Known, Source, pieces_in
from assistant.patterns import patterns

SHORT_CLAUSE = 5  # words or pairs of characters; less says too little to be compared
_WORDS_OF = patterns("claims")
# What softens, by kind: as the notice and its translation write it, and as a sentence may.
_SOFT = {
    kind: (_WORDS_OF[f"printed_{kind}"], _WORDS_OF[f"said_{kind}"])
    for kind in ("encouraged", "explored", "in_principle", "by_degrees")
}
_ABSOLUTE = _WORDS_OF["absolute"]
_MUST = _WORDS_OF["must"]
_DONE = _WORDS_OF["done"]
_OPTIONAL = _WORDS_OF["optional"]
_DENIED = _WORDS_OF["denied"]
_DENIES = _WORDS_OF["denies"]
_REFUSES = _WORDS_OF["refuses"]
_PERMITS = _WORDS_OF["permits"]
_PERMITS_NOT = _WORDS_OF["permits_not"]
_BEFORE_AFTER = (
    re.compile(r"之前|以前|(?<=[地工报让拨])前|供地前|开工前|\b(?:before|prior to|ahead of)\b"),
    re.compile(r"之后|以后|(?<=[地工报让拨])后|\b(?:after|once|following)\b"),
)
_PAYS = _WORDS_OF["pays"]
_WAIVED = _WORDS_OF["waived"]


def turned(text: str, known: Sequence[Known]) -> Iterator[str]:
    """Find clauses that are stronger than the source's, or that say the contrary."""
    for clause in CLAUSE.findall(text):
        pieces = pieces_in(clause)
        sources = [source for one in known if (source := one.nearest(pieces))]
        if len(pieces) < SHORT_CLAUSE or not sources:
            continue
        source = max(sources, key=lambda one: len(pieces & one.pieces))
        for finds in (_strengthened, _added, _denied, _reordered):
            yield from (f"{clause.strip()!r} {problem}" for problem in finds(clause, text, source))


def _strengthened(clause: str, text: str, source: Source) -> Iterator[str]:
    """Find a word of strength that is lost, or that the source does not have."""
    for kind, (printed, said) in _SOFT.items():
        if printed.search(source.text) and not said.search(text):
            yield f"loses a word: the notice says {kind}"
        if printed.search(clause) and not said.search(source.sentence):
            yield f"says {kind}, the notice does not"
    if _ABSOLUTE.search(clause) and not (_ABSOLUTE.search(source.sentence) or _MUST.search(source.text)):
        yield "promises more than the notice"


def _added(_clause: str, text: str, source: Source) -> Iterator[str]:
    """Find that something is told as done, or as a free choice: a notice says what is to be done."""
    for added in (_DONE, _OPTIONAL):
        found = added.search(text)
        if found and not added.search(source.sentence):
            yield f"says {found.group()!r}, the notice does not"


def _denied(clause: str, text: str, source: Source) -> Iterator[str]:
    """Find a negation that is lost, added or turned into leave or a charge."""
    if _DENIED.search(source.text) and not _DENIES.search(text):
        yield "leaves out what the notice denies"
    if _DENIES.search(clause) and not _DENIES.search(source.sentence):
        yield "denies what the notice says"
    if _REFUSES.search(source.sentence) and _PERMITS.search(clause) and not _PERMITS_NOT.search(clause):
        yield "permits what the notice refuses"
    if _PAYS.search(clause) and not _DENIES.search(clause) and _WAIVED.search(source.sentence):
        yield "charges for what the notice waives"


def _reordered(clause: str, _text: str, source: Source) -> Iterator[str]:
    """Find before where the source says after."""
    for before, after in (_BEFORE_AFTER, _BEFORE_AFTER[::-1]):
        turned = after.search(clause) and not before.search(clause)
        if turned and before.search(source.text) and not after.search(source.sentence):
            yield "turns before and after"
