"""All that may be said of a passage: its facts, its words in both languages, its clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.facts import Fact, find_facts, read
from assistant.shelf import Shelf
from corpus.notice import Measure, Passage
from corpus.text import fold

CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f:\uff1a\n]+")
SENTENCE = re.compile(r"[^\u3002.;\uff1b!?\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_APART = "\n;\n"  # no fact reaches across it
_LATIN = re.compile(r"[a-z][a-z'-]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A clause of the notice, in Chinese and, for a sentence of several, in English."""

    text: str
    sentence: str  # that it stands in
    pieces: frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """All that may be said of a passage."""

    facts: tuple[Fact, ...]
    folded: str  # all its words, in both languages
    pieces: frozenset[str]
    clauses: tuple[Source, ...]

    @classmethod
    def of(cls, passage: Passage, shelf: Shelf) -> "Known":
        measure = shelf.measure_of(passage)
        notice = shelf.notice_of(passage)
        day = notice.issued_on
        english = shelf.english_of(passage.passage_id, passage.start, passage.end)
        texts = [passage.text, english, passage.title, shelf.english.title(passage.passage_id)]
        texts += list(_record(measure, shelf)) if measure else []
        texts.append(f"{notice.document_number} {notice.title}")
        if measure is None:
            texts.append(f"{day.year}年{day.month}月{day.day}日")
        # Read in one go: the many short texts of the records would cost more than the long ones.
        facts = find_facts(read(_APART.join(texts)), shelf.units)
        whole = [
            read(piece)
            for text in (passage.text, english)
            for piece in SENTENCE.findall(text)
            if piece.strip()
        ]
        return cls(
            facts,
            fold("\n".join(texts)),
            frozenset(piece for text in texts for piece in pieces_in(read(text))) | _RECORD_PIECES,
            tuple(
                Source(clause, sentence, pieces_in(clause))
                for sentence in whole
                for clause in CLAUSE.findall(sentence)
            ),
        )

    def says(self, words: str) -> bool:
        """Return whether words stand in the notice; English ones, which are nowhere official, by half."""
        pieces = pieces_in(read(words))
        is_english = not _HAN.search(words)
        return fold(words) in self.folded or (is_english and 2 * len(pieces & self.pieces) >= len(pieces))

    def nearest(self, pieces: frozenset[str]) -> Source | None:
        """Return the clause that shares most with a clause of a sentence; None below a quarter."""
        best = max(self.clauses, key=lambda clause: len(pieces & clause.pieces), default=None)
        if best is None or len(pieces & best.pieces) < max(2, len(pieces) / 4):
            return None
        return best


def _record(measure: Measure, shelf: Shelf) -> Iterator[str]:
    """Return what the records hold of a measure, in both languages."""
    for unit in (*measure.lead_units, *measure.responsible_units):
        yield unit.name
        yield shelf.english.unit(unit.name)
    yield f"第{measure.number}项 measure {measure.number}"
    due = measure.deadline.due_on
    yield f"{measure.deadline.text} {due.year}年{due.month}月{due.day}日"
    yield f"第{measure.section.number}部分 {measure.section.title}"


def pieces_in(text: str) -> frozenset[str]:
    """Return pairs of Chinese characters and stems of Latin words."""
    han = [text[n : n + 2] for n in range(len(text) - 1) if _HAN.match(text[n]) and _HAN.match(text[n + 1])]
    return frozenset(han) | {_stem(word) for word in _LATIN.findall(text) if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "ies",
        "ied",
        "es",
        "ed",
        "s",
        "ly",
        "e",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "and",
        "or",
        "is",
        "are",
        "be",
        "been",
        "with",
        "as",
        "that",
        "this",
        "these",
        "those",
        "it",
        "its",
        "from",
        "will",
        "shall",
        "must",
        "may",
        "can",
        "which",
        "who",
        "whose",
        "their",
        "there",
        "under",
        "into",
        "than",
        "then",
        "has",
        "have",
        "had",
        "also",
        "any",
        "all",
        "such",
        "so",
        "not",
        "no",
        "within",
    ]
)


# What anybody says of a record: no measure is known by it.
_RECORD_PIECES = pieces_in(
    "牵头单位责任单位完成时限完成时间截止时间节点要求须在须于应当落实到位月底前完成参与配合等参与印作这项工作由负责牵头共同牵头"
    " lead leads led unit responsible deadline due date completed complete finish end before"
    " work measure bureau printed"
)
