"""The legs of search side by side: BM25 over bigrams, words and syllables, and one leg by vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from corpus.bank import BankQuestion, NegativeQuestion
from corpus.glossary import Glossary
from corpus.notice import Notice, Passage
from corpus.passages import passages
from corpus.text import sentences
from index.encoder import Encoder, Vectors, known_share
from index.items import Item, Neighbour, passage_of
from index.keyword import KeywordIndex, Scores
from index.rows import Rows
from index.words import Words, has_han, is_pinyin

# Enough neighbours that the best passages' questions and sentences do not crowd out the next ones.
N_NEIGHBOURS = 64
N_NEAR = 3  # of a passage's items, whose mean says how firmly it is meant
OUTSIDE = "outside/"  # begins the id of a group of questions that the notices do not answer


class NearestItems(Protocol):
    """Chroma, or an exact search in memory."""

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]: ...


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is indexed, in a fixed order."""

    passages: tuple[Passage, ...]
    outside: tuple[str, ...]  # the groups of questions that are not answered, as ids
    items: tuple[Item, ...]  # what gets a vector
    documents: tuple[str, ...]  # what BM25 reads: one for each passage, then one for each outside group


@dataclass(frozen=True, slots=True)
class Crowds:
    """The nearest items by passage. Arrays have one entry for each passage, then one for all outside."""

    best: Scores  # cosine of the nearest item
    near: Scores  # mean cosine of the three nearest, an item that is not among them counted as 0
    share: Scores  # of the neighbours


@dataclass(frozen=True, slots=True)
class Scored:
    """What the legs say to one query. Arrays have one entry for each passage, in their order."""

    query: str  # as searched: with the glossary's terms
    legs: Mapping[str, Scores]
    outside: Mapping[str, float]  # each leg's best score among the groups that are not answered
    vector: Vectors
    crowds: Crowds
    trust: float = 1.0  # in the vectors: how much of question and passages the encoder reads


@dataclass(frozen=True, slots=True)
class Legs:
    """One searchable state."""

    passages: tuple[Passage, ...]
    bigrams: KeywordIndex
    words: KeywordIndex
    syllables: KeywordIndex
    vectors: NearestItems
    encoder: Encoder
    glossaries: tuple[Glossary, ...] = ()
    passages_known: float = 1.0  # the share of the passages' tokens that the encoder knows
    left_out: frozenset[str] = field(default_factory=frozenset)  # legs switched off, for ablation

    def score(self, query: str) -> Scored:
        """Ask every leg. The leg by sound is asked only where there are characters or pinyin."""
        terms = [entry.term for glossary in self.glossaries for entry in glossary.find(query)]
        searched = " ".join([query, *terms])
        vector = self.encoder.encode([searched])[0]
        rows = {"bigrams": self.bigrams.scores(searched), "words": self.words.scores(searched)}
        if has_han(query) or is_pinyin(query):
            rows["syllables"] = self.syllables.scores(query)
        crowds = self._crowds(vector)
        rows["vectors"] = crowds.best
        n = len(self.passages)
        rows = {name: row for name, row in rows.items() if name not in self.left_out}
        return Scored(
            searched,
            {name: row[:n] for name, row in rows.items()},
            {name: float(row[n:].max(initial=0.0)) for name, row in rows.items()},
            vector,
            crowds,
            self.passages_known * known_share(self.encoder, searched),
        )

    def tokens(self, query: str) -> list[str]:
        """Return what the scope's votes are counted over: words and bigrams."""
        return self.words.cut(query) + self.bigrams.cut(query)

    def _crowds(self, vector: Vectors) -> Crowds:
        place_of = {passage.passage_id: i for i, passage in enumerate(self.passages)}
        outside = len(self.passages)
        best, near, share = np.zeros((3, outside + 1), dtype=np.float32)
        neighbours = self.vectors.nearest(vector, N_NEIGHBOURS)
        counts = [0] * (outside + 1)
        for neighbour in neighbours:  # nearest first
            place = place_of.get(neighbour.passage_id, outside)
            counts[place] += 1
            best[place] = max(best[place], neighbour.similarity)
            share[place] += 1 / len(neighbours)
            if counts[place] <= N_NEAR:
                near[place] += neighbour.similarity / N_NEAR
        return Crowds(best, near, share)


class ExactItems:
    """Exact nearest items in memory, by one matrix product."""

    def __init__(self, rows: Rows) -> None:
        self._item_ids = rows.item_ids
        self._vectors = np.array(rows.vectors)  # out of the file

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]:
        if not vector.any() or not self._item_ids:
            return ()
        similarities = self._vectors @ vector
        n = min(n, len(similarities))
        best = np.sort(np.argpartition(-similarities, n - 1)[:n])
        order = best[np.argsort(-similarities[best], kind="stable")]
        return tuple(
            Neighbour(self._item_ids[i], passage_of(self._item_ids[i]), float(similarities[i])) for i in order
        )


def material(
    notices: Sequence[Notice],
    questions: Sequence[BankQuestion],
    negatives: Sequence[NegativeQuestion] = (),
    english: Mapping[str, Sequence[str]] | None = None,
) -> Material:
    """Gather what is indexed. `english` has a passage's translated sentences, by passage id."""
    found = tuple(passage for notice in notices for passage in passages(notice))
    translated = english or {}
    asked = _by_passage(questions)
    items: list[Item] = []
    documents: list[str] = []
    for passage in found:
        own, lines = asked.get(passage.passage_id, []), translated.get(passage.passage_id, ())
        items += passage_items(passage)
        items += _items(passage.passage_id, "sentence", "e", lines)
        items += _items(passage.passage_id, "question", "q", own)
        documents.append("\n".join([passage.text, *lines, *own]))
    groups: dict[str, list[str]] = {}
    for negative in negatives:
        groups.setdefault(OUTSIDE + negative.group, []).append(negative.text)
    for group, texts in sorted(groups.items()):
        items += _items(group, "question", "q", texts)
        documents.append("\n".join(texts))
    return Material(found, tuple(sorted(groups)), tuple(items), tuple(documents))


def passage_items(passage: Passage) -> list[Item]:
    """Return the passage itself and its sentences, with their places in the source."""
    items = [
        Item(passage.passage_id, "passage", passage.passage_id, passage.text, passage.start, passage.end)
    ]
    for i, span in enumerate(sentences(passage.text)):
        start, end = passage.start + span.start, passage.start + span.end
        items.append(
            Item(
                f"{passage.passage_id}/s{i}",
                "sentence",
                passage.passage_id,
                span.of(passage.text),
                start,
                end,
            )
        )
    return items


def keyword_indexes(gathered: Material, words: Words) -> dict[str, KeywordIndex]:
    """Build the three BM25 legs."""
    return {
        "bigrams": KeywordIndex.build(gathered.documents, words.bigrams),
        "words": KeywordIndex.build(gathered.documents, words.words),
        "syllables": KeywordIndex.build(gathered.documents, words.syllables),
    }


def exact_legs(
    gathered: Material, words: Words, encoder: Encoder, glossaries: tuple[Glossary, ...] = ()
) -> Legs:
    """Build legs in memory, without a directory: for training, and as the reference in tests."""
    vectors = encoder.encode([item.text for item in gathered.items])
    rows = Rows(tuple(item.item_id for item in gathered.items), vectors)
    found = keyword_indexes(gathered, words)
    return Legs(
        gathered.passages,
        found["bigrams"],
        found["words"],
        found["syllables"],
        ExactItems(rows),
        encoder,
        glossaries,
        share_known(encoder, gathered.passages),
    )


def share_known(encoder: Encoder, found: Sequence[Passage]) -> float:
    """Return the mean share of a passage's tokens that the encoder knows, 0 … 1."""
    return sum(known_share(encoder, passage.text) for passage in found) / max(len(found), 1)


def _by_passage(questions: Sequence[BankQuestion]) -> dict[str, list[str]]:
    """Return each passage's questions; one that two passages answer stands under both."""
    asked: dict[str, list[str]] = {}
    for question in questions:
        for passage_id in (question.passage_id, *question.also):
            asked.setdefault(passage_id, []).append(question.text)
    return asked


def _items(passage_id: str, role: str, letter: str, texts: Sequence[str]) -> list[Item]:
    return [Item(f"{passage_id}/{letter}{i}", role, passage_id, text) for i, text in enumerate(texts)]  # type: ignore[arg-type]
