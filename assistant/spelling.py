"""Units and the words of lists as they are meant where they are typed by their sound only.

住健局 and zhujianju are 住建局. Only names and the few words of lists are looked for, and
a word that is right as it stands is left: 实现 sounds like 时限 and is not. English words of
names and lists are put right where a letter or two are wrong: measurs, Aproval.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from corpus.units import UnitNames
from index.words import spelt

_WORDS = (
    "牵头", "到期", "任务", "措施", "时限", "期限", "完成", "截止", "责任单位", "责任", "单位", "部门",
    "月底", "底前", "配合", "哪些", "几项", "几条", "多少", "一共", "方案", "措辞", "市级",
)  # fmt: skip
_OFTEN_MISTYPED = ("牵头", "到期", "任务", "时限")
# Everyday words that sound like those.
_RIGHT = frozenset(("实现", "事先", "视线", "失陷", "实线", "世贤", "人物", "前头", "到齐", "截至", "那些"))
# English words of lists; those of the units' names are added.
_ENGLISH_WORDS = (
    "measure", "measures", "deadline", "deadlines", "bureau", "commission", "department", "committee",
    "responsible", "jointly", "police", "policies", "policy",
    "section", "sections", "earliest", "latest", "notice", "printed",
    "january", "february", "march", "april", "august", "september", "october", "november", "december",
)  # fmt: skip
_LATIN_WORD = re.compile(r"[a-z]{5,}")
MIN_LIKENESS = 0.85  # one letter wrong in seven, as difflib counts
MIN_SYLLABLES = 3  # of a unit's name in characters: two syllables are too often something else
MAX_SYLLABLES = 10


def as_meant(text: str, units: UnitNames) -> str:
    """Return a text with names of units and words of lists in the characters they sound like."""
    text = _LATIN_WORD.sub(lambda match: _as_spelt(match.group(), units), text)
    syllables = spelt(text)
    if not syllables:
        return text
    known, names = _known(units), _names(units)
    pieces: list[str] = []
    at = n = 0
    starts = _starts(units)
    while n < len(syllables):
        pair = tuple(syllable for syllable, _, _ in syllables[n : n + 2])
        found = _longest(text, syllables, n, known) if pair in starts else None
        if found is None:
            n += 1
            continue
        length, meant = found
        start, end = syllables[n][1], syllables[n + length - 1][2]
        written = text[start:end]
        # 是资源规划局 is no 市资源规划局 typed by its sound.
        is_copula = meant.startswith("市") and written[0] in "是事" and written[1:] == meant[1:]
        if is_copula or _is_right(written, meant, names):
            n += 1 if written in _RIGHT else length
            continue
        pieces += [text[at:start], meant]
        at, n = end, n + length
    return "".join([*pieces, text[at:]])


def _longest(
    text: str, syllables: list[tuple[str, int, int]], n: int, known: Mapping[tuple[str, ...], str]
) -> tuple[int, str] | None:
    for length in range(min(MAX_SYLLABLES, len(syllables) - n), 1, -1):
        span = syllables[n : n + length]
        # Neither across a gap or a mark, 以“工作, nor out of the middle of a Latin word.
        between = [text[a[2] : b[1]] for a, b in zip(span, span[1:], strict=False)]
        if any(len(gap) > 1 or gap.strip() for gap in between):
            continue
        if _cuts_a_word(syllables, n, length):
            continue
        if (meant := known.get(tuple(syllable for syllable, _, _ in span))) is not None:
            return length, meant
    return None


def _cuts_a_word(syllables: list[tuple[str, int, int]], n: int, length: int) -> bool:
    """Return whether a stretch begins or ends within a Latin word, whose syllables share one place."""
    before = n > 0 and syllables[n - 1][1:] == syllables[n][1:]
    last = n + length - 1
    after = last + 1 < len(syllables) and syllables[last + 1][1:] == syllables[last][1:]
    return before or after


def _is_right(written: str, meant: str, names: frozenset[str]) -> bool:
    """Return whether a word stands as it is meant: 税务局 sounds like 水务局 and is another name."""
    return (
        written == meant
        or written in _RIGHT
        or written in names
        or (not written.isascii() and _is_short_name(written, meant))
    )


def _is_short_name(written: str, meant: str) -> bool:
    """Return whether two characters only sound like something: too many pairs do by chance."""
    return len(written) < MIN_SYLLABLES and meant not in _OFTEN_MISTYPED


@lru_cache(maxsize=4096)
def _as_spelt(word: str, units: UnitNames) -> str:
    """Return the English word of names and lists that a word in lower case is meant for, or itself."""
    alike = _english_words(units).get(word[0], ())
    if any(one.startswith(word) or word.startswith(one) for one in alike):
        return word  # right, or another form of it: measured
    return next(iter(get_close_matches(word, alike, n=1, cutoff=MIN_LIKENESS)), word)


@lru_cache(maxsize=2)
def _english_words(units: UnitNames) -> Mapping[str, tuple[str, ...]]:
    """Return the English words of names and lists by their first letter."""
    of_names = {word for alias in units.aliases if alias.isascii() for word in _LATIN_WORD.findall(alias)}
    words = sorted({*_ENGLISH_WORDS, *of_names})
    return {first: tuple(word for word in words if word[0] == first) for first in {word[0] for word in words}}


@lru_cache(maxsize=2)
def _known(units: UnitNames) -> Mapping[tuple[str, ...], str]:
    return dict(_spelt_words((*units.aliases, *_WORDS)))


@lru_cache(maxsize=2)
def _starts(units: UnitNames) -> frozenset[tuple[str, ...]]:
    """Return the first two syllables of each: nearly every place of a text is passed over by them."""
    return frozenset(syllables[:2] for syllables in _known(units))


@lru_cache(maxsize=2)
def _names(units: UnitNames) -> frozenset[str]:
    return frozenset((*units.aliases, *_WORDS))


def _spelt_words(words: Iterable[str]) -> Iterable[tuple[tuple[str, ...], str]]:
    for word in words:
        if not word.isascii() and len(word) > 1:
            yield tuple(syllable for syllable, _, _ in spelt(word)), word
