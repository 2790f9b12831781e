"""The legs of search side by side: two BM25, one by vectors. Each gives one score a passage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from corpus.bank import BankQuestion
from corpus.notice import Notice, Passage
from corpus.passages import passages
from corpus.text import sentences
from index.encoder import Encoder, Vectors
from index.keyword import KeywordIndex, Scores
from index.vectors import Item, Neighbour
from index.words import Words

# Enough neighbours that the best passages' questions and sentences do not crowd out the next ones.
N_NEIGHBOURS = 64


class NearestItems(Protocol):
    """Chroma, or an exact search in memory."""

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]: ...


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that is indexed, in a fixed order."""

    passages: tuple[Passage, ...]
    items: tuple[Item, ...]  # what gets a vector
    documents: tuple[str, ...]  # what BM25 reads, one for each passage


@dataclass(frozen=True, slots=True)
class Legs:
    """One searchable state. `scores` arrays have one entry for each passage, in `passages`' order."""

    passages: tuple[Passage, ...]
    bigrams: KeywordIndex
    words: KeywordIndex
    vectors: NearestItems
    encoder: Encoder

    def scores(self, query: str) -> tuple[dict[str, Scores], Vectors]:
        """Return each leg's scores, and the query's vector."""
        vector = self.encoder.encode([query])[0]
        legs = {
            "bigrams": self.bigrams.scores(query),
            "words": self.words.scores(query),
            "vectors": self._nearest_scores(vector),
        }
        return legs, vector

    def _nearest_scores(self, vector: Vectors) -> Scores:
        best = dict.fromkeys((passage.passage_id for passage in self.passages), 0.0)
        for neighbour in self.vectors.nearest(vector, N_NEIGHBOURS):
            best[neighbour.passage_id] = max(best[neighbour.passage_id], neighbour.similarity)
        return np.fromiter(best.values(), dtype=np.float32)


class ExactItems:
    """Exact nearest items in memory, by one matrix product."""

    def __init__(self, items: Sequence[Item], vectors: Vectors) -> None:
        self._items = items
        self._vectors = vectors

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]:
        if not vector.any():
            return ()
        similarities = self._vectors @ vector
        order = np.argsort(-similarities, kind="stable")[:n]
        return tuple(
            Neighbour(self._items[i].item_id, self._items[i].passage_id, float(similarities[i]))
            for i in order
        )


def material(notices: Sequence[Notice], questions: Sequence[BankQuestion]) -> Material:
    """Gather what is indexed of these notices and their bank."""
    all_passages = tuple(passage for notice in notices for passage in passages(notice))
    items: list[Item] = []
    documents: list[str] = []
    for passage in all_passages:
        asked = [question.text for question in questions if question.passage_id == passage.passage_id]
        items += passage_items(passage)
        items += [
            Item(f"{passage.passage_id}/q{i}", "question", passage.passage_id, text)
            for i, text in enumerate(asked)
        ]
        documents.append("\n".join([passage.text, *asked]))
    return Material(all_passages, tuple(items), tuple(documents))


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


def exact_legs(gathered: Material, words: Words, encoder: Encoder) -> Legs:
    """Build legs in memory, without a directory: for training, and as the reference in tests."""
    vectors = encoder.encode([item.text for item in gathered.items])
    return Legs(
        gathered.passages,
        KeywordIndex.build(gathered.documents, words.bigrams),
        KeywordIndex.build(gathered.documents, words.words),
        ExactItems(gathered.items, vectors),
        encoder,
    )
