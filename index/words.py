"""How text is cut for search: jieba words with the notices' own vocabulary, character bigrams.

The same functions cut what is indexed and what is asked; a change to either
makes an index stale, so their settings are part of its fingerprint.
"""

import logging
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import jieba
import Stemmer

from corpus.notice import Notice

# Runs of Han characters; runs of Latin letters and digits (10kv, e-signature).
_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:['.][a-z0-9]+)*")
_QUOTED = re.compile(r"[\u201c\u300a]([\u3400-\u9fff\w+]{2,12})[\u201d\u300b]")
_HAN = range(0x3400, 0xA000)

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
        self._jieba = jieba.Tokenizer()
        cache_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._jieba.tmp_dir = str(cache_dir)
        for word in sorted(set(vocabulary)):
            self._jieba.add_word(word)
        self._stem = Stemmer.Stemmer("english").stemWord

    def words(self, text: str) -> list[str]:
        """Return words in order: Chinese by jieba (long words and their parts), Latin stemmed."""
        found: list[str] = []
        for run in _runs(text):
            if _is_han(run):
                found += [word for word in self._jieba.cut_for_search(run) if word not in _STOP]
            elif run not in _STOP:
                found.append(self._stem(run))
        return found

    def bigrams(self, text: str) -> list[str]:
        """Return overlapping pairs of Chinese characters and stemmed Latin words, in order."""
        found: list[str] = []
        for run in _runs(text):
            if _is_han(run):
                found += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
            elif run not in _STOP:
                found.append(self._stem(run))
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


def plain(text: str) -> str:
    """Return text in compatibility form and lower case, spaces kept."""
    return unicodedata.normalize("NFKC", text).casefold()


def _runs(text: str) -> list[str]:
    return _RUN.findall(plain(text))


def _is_han(run: str) -> bool:
    return all(ord(character) in _HAN for character in run)
