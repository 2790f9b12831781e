"""Near-copies: questions of the corpus that are almost questions of an evaluation.

What the assistant was made of must not be what it is measured with.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from corpus.bank import (
    bank_path,
    document_questions_path,
    load_marked_questions,
    lookalikes_path,
    marked_questions_path,
    messages_path,
    natural_negatives_path,
    natural_path,
    negatives_path,
    numbered_questions,
    typed_questions_path,
)
from corpus.glossary import glossary_path, numbered_expressions
from corpus.notice import Notice
from corpus.text import fold

NEAR = 0.6  # Jaccard index of the two sets of character bigrams
_MIN_EXPRESSION_CHARS = 4  # a shorter expression of the glossary is a word, not a question


class CasesError(ValueError):
    """A line of a file of evaluation cases is broken; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Written:
    """A text of the corpus and where it stands (questions/xian-2024-26.jsonl:12)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Case:
    """A question of an evaluation."""

    case_id: str
    question: str


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Where a near-copy stands, and of which case; never the case's words."""

    place: str
    case_id: str


def near_copies(texts: Iterable[Written], cases: Iterable[Case]) -> tuple[NearCopy, ...]:
    """Return each text that is a near-copy of a case, with the nearest one, in the texts' order.

    Sets with a Jaccard index of at least t share at least t·|A| members, so one
    of any (1 - t)·|A| + 1 members of A is shared: only cases that hold one of
    A's rarest bigrams are compared (prefix filter, Chaudhuri et al., ICDE 2006).
    """
    known = [(case.case_id, _bigrams(case.question)) for case in cases]
    holders: dict[str, list[int]] = {}
    for i, (_, bigrams) in enumerate(known):
        for bigram in bigrams:
            holders.setdefault(bigram, []).append(i)
    found = []
    for written in texts:
        bigrams = _bigrams(written.text)
        rarest = sorted(bigrams, key=lambda bigram: (len(holders.get(bigram, ())), bigram))
        prefix = rarest[: len(bigrams) - ceil(NEAR * len(bigrams)) + 1]
        candidates = {i for bigram in prefix for i in holders.get(bigram, ())}
        nearest = max(((_jaccard(bigrams, known[i][1]), known[i][0]) for i in candidates), default=(0.0, ""))
        if nearest[0] >= NEAR:
            found.append(NearCopy(written.place, nearest[1]))
    return tuple(found)


def written_texts(notices: Iterable[Notice]) -> Iterator[Written]:
    """Give all shipped questions of these notices, the negatives, and the glossaries' longer expressions."""
    for notice in notices:
        for path in (bank_path(notice), lookalikes_path(notice), natural_path(notice), messages_path(notice)):
            if path.is_file():
                yield from _written(f"questions/{path.name}", numbered_questions(path))
        glossary = glossary_path(notice)
        longer = (
            (line, text)
            for line, text in numbered_expressions(glossary)
            if len(fold(text)) >= _MIN_EXPRESSION_CHARS
        )
        yield from _written(f"glossary/{glossary.name}", longer)
    for path in (
        negatives_path(),
        natural_negatives_path(),
        typed_questions_path(),
        document_questions_path(),
    ):
        yield from _written(f"questions/{path.name}", numbered_questions(path))
    marked = enumerate(load_marked_questions(), start=1)
    yield from _written(f"questions/{marked_questions_path().name}", ((n, one.text) for n, one in marked))


def read_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file of JSON lines; CasesError for a line without "id" and "question"."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CasesError(f"{path}: cannot be read: {error}") from error
    return tuple(_case(f"{path}:{n}", line) for n, line in enumerate(lines, start=1) if line.strip())


def _case(place: str, line: str) -> Case:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CasesError(f"{place}: no JSON: {error.msg}") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("id", "question")):
        raise CasesError(f"{place}: no object with the texts id and question")
    return Case(row["id"], row["question"])


def _written(name: str, numbered: Iterable[tuple[int, str]]) -> Iterator[Written]:
    return (Written(f"{name}:{line}", text) for line, text in numbered)


def _bigrams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters; a single character alone stands for itself."""
    folded = fold(text)
    return frozenset(folded[i : i + 2] for i in range(max(1, len(folded) - 1)))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)
