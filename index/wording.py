"""Which words of a question the notices have, in Chinese or in their English translation."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_ENDING = re.compile(r"(?:es|s|ing|ed)$")
_LONGEST_ENGLISH = 4  # words
_MOST_PASSAGES = 12  # that have the words: what more of them have tells nothing
_COMMON = """
    a an the of in on at by to for from with and or but as is are was be been it its this that these those
    all any each every no not only also into within other such which who what when where how many much
    measure measures task tasks item items lead leading responsible unit units bureau office city municipal
    government department section part end list name number total one two three deal cover mention say
    concern work notice plan documents document due before after between company companies enterprise
    enterprises business firm project projects under support need want help i we my our you your us me
"""
_SAY_NOTHING = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of passages. `chinese` and `english` by passage id, English in stems."""

    chinese: Mapping[str, str]
    english: Mapping[str, str]

    @classmethod
    def of(cls, chinese: Mapping[str, str], english: Mapping[str, Sequence[str]]) -> "Wording":
        return cls(chinese, {key: stems(" ".join(texts)) for key, texts in english.items()})

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Give the longest stretches of a text in lower case that stand in few passages, in order."""
        for run in _HAN_RUN.finditer(text):
            yield from self._chinese_spans(run.group(), run.start())
        yield from self._english_spans(text)

    def says(self, passage_id: str, words: str) -> bool:
        """Return whether a passage says English words, whatever their endings."""
        return f" {stems(words)} " in f" {self.english.get(passage_id, '')} "

    def _chinese_spans(self, run: str, offset: int) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(run) - 1:
            end = at + 1
            while end < len(run) and any(run[at : end + 1] in text for text in self.chinese.values()):
                end += 1
            if end - at > 1:
                if sum(run[at:end] in text for text in self.chinese.values()) <= _MOST_PASSAGES:
                    yield offset + at, offset + end
                at = end
            else:
                at += 1

    def _english_spans(self, text: str) -> Iterator[tuple[int, int]]:
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            end = next((end for end in self._ends(words, at) if self._are_few(words[at:end], text)), None)
            if end:
                yield words[at].start(), words[end - 1].end()
            at = end or at + 1

    @staticmethod
    def _ends(words: Sequence[re.Match[str]], at: int) -> Iterator[int]:
        """Give the ends of runs of words that only spaces part, the longest first."""
        end = at + 1
        for one, other in pairwise(words[at : at + _LONGEST_ENGLISH]):
            if other.start() - one.end() > 1:
                break
            end += 1
        yield from range(end, at, -1)

    def _are_few(self, words: Sequence[re.Match[str]], text: str) -> bool:
        if {words[0].group(), words[-1].group()} & _SAY_NOTHING:
            return False
        phrase = text[words[0].start() : words[-1].end()]
        return 0 < sum(self.says(key, phrase) for key in self.english) <= _MOST_PASSAGES


def stems(text: str) -> str:
    """Return a text's words in lower case without their commonest endings."""
    return " ".join(_ENDING.sub("", w) if len(w) > 4 else w for w in _WORD.findall(text.casefold()))
