"""How text is cut for search: jieba words with the notices' own vocabulary, character bigrams.

The same functions cut what is indexed and what is asked; a change to either
makes an index stale, so their settings are part of its fingerprint.
"""

import logging
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

import jieba
import Stemmer

from corpus.notice import Notice
from index.private import keep_private

# Runs of Han characters; runs of Latin letters and digits (10kv, e-signature).
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:['.][a-z0-9]+)*")
_QUOTED = re.compile(r"[\u201c\u300a]([\u3400-\u9fff\w+]{2,12})[\u201d\u300b]")
_HAN = range(0x3400, 0xA000)
MIN_FREQUENCY = 5  # of a word in jieba's counts: 137,000 of its 349,000 words
_HAN_CHARACTER = re.compile(r"[\u3400-\u9fff]")

N_RECENT = 32  # texts whose words are kept
# Question words say what kind of answer is wanted, not which measure holds it.
_STOP = frozenset(
    """
    a an and any are as at be by can could do does for from get have how i if in is it me my of on or our
    s so that the their there they this to us was we what when where which who why will with would you your
    的 了 吗 呢 啊 吧 呀 么 我 我们 你 你们 是 有 在 就 都 也 和 与 及 或 请问 怎么 怎样 如何 什么 哪 哪些
    哪个 哪里 谁 能 能不能 可以 是不是 有没有 多少 几 个 这 那 要 想
    """.split()  # noqa: SIM905  (a list of words reads better than 100 quoted ones)
)


class Words:
    """Cuts text into words, bigrams, or both. Holds one jieba dictionary."""

    def __init__(self, vocabulary: Iterable[str], cache_dir: Path) -> None:
        """Load jieba with extra words; `cache_dir` is private to this user.

        jieba would otherwise read a marshalled cache from the world-writable
        temporary folder.
        """
        jieba.setLogLevel(logging.CRITICAL)
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._jieba = jieba.Tokenizer(str(_dictionary(cache_dir)))
        self._jieba.tmp_dir = str(cache_dir)
        for word in sorted(set(vocabulary)):
            self._jieba.add_word(word)
        self._stem = Stemmer.Stemmer("english").stemWord
        # One question is cut for three legs, the encoder, the scope and four hits.
        self._recent = lru_cache(maxsize=N_RECENT)(self._cut)

    def words(self, text: str) -> list[str]:
        """Return words in order: Chinese by jieba (long words and their parts), Latin stemmed."""
        return list(self._recent(text))

    def _cut(self, text: str) -> tuple[str, ...]:
        found: list[str] = []
        for run in _runs(text):
            if _is_han(run):
                found += [word for word in self._jieba.cut_for_search(run) if word not in _STOP]
            elif run not in _STOP:
                found.append(self._stem(run))
        return tuple(found)

    def bigrams(self, text: str) -> list[str]:
        """Return overlapping pairs of Chinese characters and stemmed Latin words, in order."""
        found: list[str] = []
        for run in _runs(text):
            if _is_han(run):
                found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
            elif run not in _STOP:
                found.append(self._stem(run))
        return found

    def syllables(self, text: str) -> list[str]:
        """Return overlapping pairs of toneless pinyin syllables, in order.

        Homophones and wrong characters of the same sound agree (通水 and 同水),
        and so does pinyin typed among characters (tuoqian 工程款). Latin words
        that are no pinyin break the chain.
        """
        found: list[str] = []
        chain: list[str] = []
        for run in _runs(text):
            spelt = _spelling()(run) if _is_han(run) else _as_pinyin(run)
            if not spelt:
                chain = []
            for syllable in spelt:
                if chain:
                    found.append(f"{chain[-1]} {syllable}")
                chain.append(syllable)
        return found

    def tokens(self, text: str) -> list[str]:
        """Return what the shipped encoder reads: words, and the bigrams that are no words."""
        words = self.words(text)
        seen = set(words)
        return words + [pair for pair in self.bigrams(text) if pair not in seen]


def notice_vocabulary(notices: Sequence[Notice]) -> tuple[str, ...]:
    """Return the notices' own words: units and terms printed in quotation marks, sorted."""
    found: set[str] = set()
    for notice in notices:
        for measure in notice.measures:
            found |= {
                unit.name for unit in measure.lead_units + measure.responsible_units if not unit.is_group
            }
            found |= {term for term in _QUOTED.findall(measure.text) if _is_han(term)}
    return tuple(sorted(found))


def has_han(text: str) -> bool:
    return bool(_HAN_CHARACTER.search(text))


def is_pinyin(text: str) -> bool:
    """Return whether a text is nothing but pinyin, at least three syllables of it."""
    spelt = [_as_pinyin(run) for run in _runs(text)]
    return bool(spelt) and all(spelt) and sum(map(len, spelt)) >= 3


def spelt(text: str) -> list[tuple[str, int, int]]:
    """Return (toneless syllable, start, end) of each character, and of each syllable of pinyin.

    The syllables of a Latin word all have the word's place. What is neither is left out.
    """
    found: list[tuple[str, int, int]] = []
    for run in _RUN.finditer(plain(text)):
        if _is_han(run.group()):
            syllables = _spelling()(run.group())
            found += [
                (syllable, run.start() + n, run.start() + n + 1) for n, syllable in enumerate(syllables)
            ]
        else:
            found += [(syllable, run.start(), run.end()) for syllable in _as_pinyin(run.group())]
    return found


def plain(text: str) -> str:
    """Return text in compatibility form and lower case, spaces kept."""
    return unicodedata.normalize("NFKC", text).casefold()


def _runs(text: str) -> list[str]:
    return _RUN.findall(plain(text))


def _is_han(run: str) -> bool:
    return all(ord(character) in _HAN for character in run)


def _dictionary(cache_dir: Path) -> Path:
    """Return jieba's dictionary without its rarest words: 40 MB and half a second less at every start."""
    path = cache_dir / f"jieba-{MIN_FREQUENCY}.txt"
    if not path.is_file():
        with jieba.get_dict_file() as stream:
            lines = stream.read().decode("utf-8").splitlines(keepends=True)
        aside = path.with_suffix(f".{os.getpid()}")
        kept = (line for line in lines if int(line.split(" ")[1]) >= MIN_FREQUENCY)
        aside.write_text("".join(kept), encoding="utf-8")
        os.replace(aside, path)
    return path


@cache
def _spelling() -> Callable[[str], list[str]]:
    """Return the function from characters to toneless syllables."""
    keep_private()  # switches off a phrase table of 30 MB that homophones do not need
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return lazy_pinyin


@cache
def _syllable_table() -> frozenset[str]:
    """Return every toneless syllable that some character has."""
    keep_private()
    from pypinyin import Style  # noqa: PLC0415
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415
    from pypinyin.style import convert  # noqa: PLC0415

    readings = {reading for value in PINYIN_DICT.values() for reading in value.split(",")}
    return frozenset(convert(reading, Style.NORMAL, strict=False) for reading in readings)


def _as_pinyin(run: str) -> list[str]:
    """Split a Latin word into the fewest pinyin syllables; empty if it is none."""
    table, longest = _syllable_table(), 6
    # For each end, the fewest syllables up to it and where the last one starts: no lists, so
    # that a word of thousands of letters costs no more than its length.
    best: list[tuple[int, int] | None] = [(0, 0), *([None] * len(run))]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - longest), end):
            head, known = best[start], best[end]
            shorter = head is not None and (known is None or head[0] + 1 < known[0])
            if head is not None and shorter and run[start:end] in table:
                best[end] = (head[0] + 1, start)
    return _split(run, best) if best[-1] else []


def _split(run: str, best: Sequence[tuple[int, int] | None]) -> list[str]:
    found: list[str] = []
    end = len(run)
    while (step := best[end]) is not None and end:
        found.append(run[step[1] : end])
        end = step[1]
    return found[::-1]
