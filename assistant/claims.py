"""The fact gate: a sentence about a measure, held against that measure. Plain code, whoever wrote it.

Every number, date, share, unit, platform and quoted term of the sentence must be the
measure's; a lead must lead; a word of strength may not be raised, a negation not
turned; and no other measure may fit the words much better.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.facts import Fact, FactKind, agrees, find_facts, read
from assistant.patterns import patterns
from assistant.shelf import Shelf
from corpus.notice import Measure, Passage
from corpus.text import fold, sentences

_CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f:\uff1a\n]+")
_SENTENCE = re.compile(r"[^\u3002.;\uff1b!?\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z'-]+")
_WORDS_OF = patterns("claims")
# What softens, by kind: as the notice and its translation write it, and as a sentence may.
_SOFT = {
    kind: (_WORDS_OF[f"printed_{kind}"], _WORDS_OF[f"said_{kind}"])
    for kind in ("encouraged", "explored", "in_principle", "by_degrees")
}
_LEADS = tuple(pattern for name, pattern in _WORDS_OF.items() if name.startswith("leads_"))
_AFTER_LEADS = _WORDS_OF["after_leads"]  # what an English sentence names after its leads are other units
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
SHORT_CLAUSE = 5  # words or pairs of characters; less says too little to be compared
SUPPORT_AT_LEAST = 0.35
OTHER_SUPPORTS_BY = 0.2
OTHER_AT_LEAST = 0.6


@dataclass(frozen=True, slots=True)
class _Source:
    """A clause of the notice, in Chinese and, for a sentence of several, in English."""

    text: str
    sentence: str  # that it stands in
    pieces: frozenset[str]


class Claims:
    """Checks sentences against the measures they cite. Built once for a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def problems(self, sentence: str, cited: Sequence[Passage]) -> tuple[str, ...]:
        """Return what in a sentence the cited passages do not bear out; () if it may be shown."""
        if not cited:
            return ("cites nothing",)
        text = read(sentence)
        known = [self.known(passage) for passage in cited]
        found = [
            *self._unknown_facts(text, known),
            *_wrong_leads(text, cited, self._shelf),
            *self._unsupported(text, cited, known),
            *_turned(text, known),
        ]
        return tuple(dict.fromkeys(found))

    def known(self, passage: Passage) -> "Known":
        """Return all that may be said of a passage; gathered once."""
        cached = self._cache.get(passage.passage_id)
        if cached is None:
            cached = self._cache[passage.passage_id] = Known.of(passage, self._shelf)
        return cached

    @cached_property
    def _cache(self) -> dict[str, "Known"]:
        return {}

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """Return how much a piece of text tells, by how few passages have it."""
        passages = [self.known(p) for notice in self._shelf.notices for p in self._shelf.passages_of(notice)]
        counts: dict[str, int] = {}
        for known in passages:
            for piece in known.pieces:
                counts[piece] = counts.get(piece, 0) + 1
        return {piece: math.log(1 + len(passages) / n) for piece, n in counts.items()}

    def nearest_sentence(self, sentence: str, passages: Sequence[Passage]) -> tuple[Passage, tuple[int, int]]:
        """Return the sentence of the passages that shares most with a sentence, by its place."""
        pieces = _pieces(read(sentence))
        found = []
        for passage in passages:
            for span in sentences(passage.text):
                start, end = passage.start + span.start, passage.start + span.end
                english = self._shelf.english_of(passage.passage_id, start, end)
                own = _pieces(read(span.of(passage.text))) | _pieces(read(english))
                found.append((len(pieces & own), passage, (start, end)))
        _, passage, span_in_source = max(found, key=lambda one: one[0])
        return passage, span_in_source

    def _unknown_facts(self, text: str, known: Sequence["Known"]) -> Iterator[str]:
        for fact in find_facts(text, self._shelf.units):
            if fact.kind is FactKind.QUOTED:
                if not any(one.says(str(fact.value)) for one in known):
                    yield f"quotes {fact.value!r}, which is not there"
            elif fact.kind is FactKind.TIMES and fact.value == 1.0:
                continue  # once: an everyday word
            elif not any(agrees(fact, one.facts) for one in known):
                yield f"{fact.kind.value}: {fact.printed!r} is not there"

    def _unsupported(self, text: str, cited: Sequence[Passage], known: Sequence["Known"]) -> Iterator[str]:
        """Find clauses that another measure bears out much better than those cited."""
        cited_ids = {passage.passage_id for passage in cited}
        for clause in _CLAUSE.findall(text):
            pieces = _pieces(clause)
            if len(pieces) < SHORT_CLAUSE + 2:
                continue
            own = max(self._support(pieces, one) for one in known)
            others = [
                (self._support(pieces, self.known(passage)), passage.passage_id)
                for notice in self._shelf.notices
                for passage in self._shelf.passages_of(notice)
                if passage.passage_id not in cited_ids
            ]
            best, passage_id = max(others, default=(0.0, ""))
            if own < SUPPORT_AT_LEAST and best > max(OTHER_AT_LEAST, own + OTHER_SUPPORTS_BY):
                yield f"{clause.strip()!r} is of {passage_id}"

    def _support(self, pieces: frozenset[str], known: "Known") -> float:
        """Return the share of a clause's pieces that a passage has, weighted by rarity."""
        default = 3.0
        total = sum(self._rarity.get(piece, default) for piece in pieces)
        return sum(self._rarity.get(piece, default) for piece in pieces & known.pieces) / total


@dataclass(frozen=True, slots=True)
class Known:
    """All that may be said of a passage."""

    facts: tuple[Fact, ...]
    folded: str  # all its words, in both languages
    pieces: frozenset[str]
    clauses: tuple[_Source, ...]

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
        facts = [fact for text in texts for fact in find_facts(read(text), shelf.units)]
        whole = [
            read(piece)
            for text in (passage.text, english)
            for piece in _SENTENCE.findall(text)
            if piece.strip()
        ]
        return cls(
            tuple(facts),
            fold("\n".join(texts)),
            frozenset(piece for text in texts for piece in _pieces(read(text))) | _RECORD_PIECES,
            tuple(
                _Source(clause, sentence, _pieces(clause))
                for sentence in whole
                for clause in _CLAUSE.findall(sentence)
            ),
        )

    def says(self, words: str) -> bool:
        """Return whether words stand in the notice; English ones, which are nowhere official, by half."""
        pieces = _pieces(read(words))
        is_english = not _HAN.search(words)
        return fold(words) in self.folded or (is_english and 2 * len(pieces & self.pieces) >= len(pieces))

    def nearest(self, pieces: frozenset[str]) -> _Source | None:
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


def _wrong_leads(text: str, cited: Sequence[Passage], shelf: Shelf) -> Iterator[str]:
    leads = {
        unit.name
        for passage in cited
        if (measure := shelf.measure_of(passage))
        for unit in measure.lead_units
    }
    # The text itself may say who leads a part of the work.
    for passage in cited:
        for sentence in _SENTENCE.findall(read(passage.text)):
            if "牵头" in sentence:
                leads |= {name for _, _, names in shelf.units.find_spans(sentence) for name in names}
    for pattern in _LEADS:
        for match in pattern.finditer(text):
            for fact in find_facts(_AFTER_LEADS.sub("", match["named"]), shelf.units):
                if fact.kind is FactKind.UNIT and leads and not leads & set(fact.value):  # type: ignore[arg-type]
                    yield f"{fact.printed!r} does not lead"


def _turned(text: str, known: Sequence[Known]) -> Iterator[str]:
    """Find clauses that are stronger than the source's, or that say the contrary."""
    for clause in _CLAUSE.findall(text):
        pieces = _pieces(clause)
        sources = [source for one in known if (source := one.nearest(pieces))]
        if len(pieces) < SHORT_CLAUSE or not sources:
            continue
        source = max(sources, key=lambda one: len(pieces & one.pieces))
        for finds in (_strengthened, _added, _denied, _reordered):
            yield from (f"{clause.strip()!r} {problem}" for problem in finds(clause, text, source))


def _strengthened(clause: str, text: str, source: _Source) -> Iterator[str]:
    """Find a word of strength that is lost, or that the source does not have."""
    for kind, (printed, said) in _SOFT.items():
        if printed.search(source.text) and not said.search(text):
            yield f"loses a word: the notice says {kind}"
        if printed.search(clause) and not said.search(source.sentence):
            yield f"says {kind}, the notice does not"
    if _ABSOLUTE.search(clause) and not (_ABSOLUTE.search(source.sentence) or _MUST.search(source.text)):
        yield "promises more than the notice"


def _added(_clause: str, text: str, source: _Source) -> Iterator[str]:
    """Find that something is told as done, or as a free choice: a notice says what is to be done."""
    for added in (_DONE, _OPTIONAL):
        found = added.search(text)
        if found and not added.search(source.sentence):
            yield f"says {found.group()!r}, the notice does not"


def _denied(clause: str, text: str, source: _Source) -> Iterator[str]:
    """Find a negation that is lost, added or turned into leave or a charge."""
    if _DENIED.search(source.text) and not _DENIES.search(text):
        yield "leaves out what the notice denies"
    if _DENIES.search(clause) and not _DENIES.search(source.sentence):
        yield "denies what the notice says"
    if _REFUSES.search(source.sentence) and _PERMITS.search(clause) and not _PERMITS_NOT.search(clause):
        yield "permits what the notice refuses"
    if _PAYS.search(clause) and not _DENIES.search(clause) and _WAIVED.search(source.sentence):
        yield "charges for what the notice waives"


def _reordered(clause: str, _text: str, source: _Source) -> Iterator[str]:
    """Find before where the source says after."""
    for before, after in (_BEFORE_AFTER, _BEFORE_AFTER[::-1]):
        turned = after.search(clause) and not before.search(clause)
        if turned and before.search(source.text) and not after.search(source.sentence):
            yield "turns before and after"


def _pieces(text: str) -> frozenset[str]:
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
_RECORD_PIECES = _pieces(
    "牵头单位责任单位完成时限完成时间截止时间节点要求须在须于应当落实到位月底前完成参与配合等参与印作这项工作由负责牵头共同牵头"
    " lead leads led unit responsible deadline due date completed complete finish end before"
    " work measure bureau printed"
)
