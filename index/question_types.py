"""What type of thing a question asks for: each of its n-grams votes for each type.

A linear classifier of question types (Li and Roth, COLING 2002) over n-grams of
characters and words, fitted by `index/train.py` on labelled questions
(corpus/questions/question-types.jsonl). It reads the question alone: whether a
notice states such a thing is for others to look up.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.units import searchable

MODEL_NAME = "question_types.npz"
DOCUMENT_MODEL_NAME = "document_types.npz"
_RUN = re.compile(r"[\u3400-\u9fff]+|[?!]")
_WORD = re.compile(r"[a-z0]+(?:'[a-z]+)?")
_DIGIT = re.compile(r"\d")
_ASKS = re.compile(
    r"[?\uff1f吗么呢谁啥哪]|什么|怎|如何|多少|多久|多长|几[个天时项条家]|有没有|能不能|是不是|要不要|可不可以|能否|是否"
    r"|\b(?:how|what|which|who|when|where|why|is there|are there|can|could|does|do|is|are|should|must)\b",
    re.IGNORECASE,
)
_LONGEST_HAN, _LONGEST_LATIN = 4, 3  # n-grams of characters, of words


@dataclass(frozen=True, slots=True)
class QuestionTypes:
    """The votes of n-grams. `votes` has a row for each n-gram, a column for each type."""

    types: tuple[str, ...]
    rows: Mapping[str, int]
    idf: NDArray[np.float32]
    votes: NDArray[np.float16] | NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def probabilities(self, text: str) -> dict[str, float]:
        """Return the probability of each type; together 1."""
        return self.probabilities_of(grams(text))

    def probabilities_of(self, features: Sequence[str]) -> dict[str, float]:
        """Return the probability of each type for what is there in place of n-grams."""
        counts = Counter(feature for feature in features if feature in self.rows)
        rows = np.fromiter((self.rows[gram] for gram in counts), dtype=np.intp, count=len(counts))
        weights = np.array([1 + math.log(n) for n in counts.values()], dtype=np.float32) * self.idf[rows]
        length = float(np.linalg.norm(weights)) or 1.0
        logits = self.intercepts + (weights / length) @ self.votes[rows].astype(np.float32)
        odds = np.exp(logits - logits.max())
        return dict(zip(self.types, (odds / odds.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        np.savez_compressed(
            path,
            types=np.array(self.types),
            grams=np.array(list(self.rows)),
            idf=self.idf.astype(np.float16),
            votes=self.votes.astype(np.float16),
            intercepts=self.intercepts,
        )

    @classmethod
    def load(cls, path: Path) -> "QuestionTypes":
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                tuple(stored["types"].tolist()),
                {gram: row for row, gram in enumerate(stored["grams"].tolist())},
                stored["idf"].astype(np.float32),
                stored["votes"],  # in half precision: a question has few of them
                stored["intercepts"],
            )


@cache
def shipped_question_types() -> QuestionTypes:
    """Return what tells the types of things that are asked for."""
    return shipped(MODEL_NAME)


@cache
def shipped_document_types() -> QuestionTypes:
    """Return what tells questions about a notice itself from those about its measures."""
    return shipped(DOCUMENT_MODEL_NAME)


def shipped(name: str) -> QuestionTypes:
    """Return a classifier by its file in index/model."""
    with as_file(files("index").joinpath("model", name)) as path:
        return QuestionTypes.load(path)


def asks_something(text: str) -> bool:
    """Return whether a text has any word of asking; search words and what is told have none."""
    return bool(_ASKS.search(text))


@lru_cache(maxsize=16)  # a turn is read for its type, for the document, and for both once more
def grams(text: str) -> tuple[str, ...]:
    """Return the n-grams of a text: of characters with the ends of runs marked, of words, figures as 0."""
    folded = _DIGIT.sub("0", searchable(text))
    found: list[str] = []
    for run in _RUN.findall(folded):
        found += _of_length(f"^{run}$", _LONGEST_HAN, "")
    words = ["<", *_WORD.findall(folded), ">"]
    return (*found, *_of_length(words, _LONGEST_LATIN, " "))


def _of_length(whole: Sequence[str], longest: int, glue: str) -> list[str]:
    return [
        glue.join(whole[start : start + n])
        for n in range(1, longest + 1)
        for start in range(len(whole) - n + 1)
    ]
