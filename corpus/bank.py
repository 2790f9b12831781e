"""The question bank: questions as people ask them, each with the passage that answers it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal, cast, get_args

from corpus.notice import Notice
from corpus.passages import passages
from corpus.text import fold

Language = Literal["zh", "en"]
_LANGUAGES = get_args(Language)


class BankError(ValueError):
    """A line of a question file is broken; the message names file and line."""


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question that one passage answers."""

    text: str
    language: Language
    passage_id: str


@dataclass(frozen=True, slots=True)
class NegativeQuestion:
    """A question that no passage answers; `group` says what kind it is."""

    text: str
    language: Language
    group: str


def load_questions(notice: Notice, path: Path | Traversable | None = None) -> tuple[BankQuestion, ...]:
    """Return the notice's questions in the file's order; from the shipped file unless told otherwise.

    BankError for a missing file and for the first broken line: no JSON object,
    another set of keys, an unknown passage or language, a question that is
    empty or stands there already (after folding).
    """
    path = path or resources.files("corpus") / "questions" / f"{notice.notice_id}.jsonl"
    known = {passage.passage_id for passage in passages(notice)}
    questions = []
    for place, row in _rows(path, {"passage", "lang", "question"}):
        passage_id = f"{notice.notice_id}#{row['passage']}"
        if passage_id not in known:
            raise BankError(f"{place}: unknown passage {row['passage']!r}")
        questions.append(BankQuestion(row["question"], _language(row), passage_id))
    return tuple(questions)


def load_negatives(path: Path | Traversable) -> tuple[NegativeQuestion, ...]:
    """Return questions that no passage answers, in the file's order; BankError as in load_questions."""
    return tuple(
        NegativeQuestion(row["question"], _language(row), row["group"])
        for _, row in _rows(path, {"lang", "group", "question"})
    )


def _rows(path: Path | Traversable, keys: set[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give (file and line, row) for each line; blank lines are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BankError(f"{path.name}: cannot be read: {error}") from error
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{path.name}: line {number}"
        row = _row(place, line, keys)
        first = seen.setdefault(fold(row["question"]), number)
        if first != number:
            raise BankError(f"{place}: the same question as in line {first}")
        yield place, row


def _row(place: str, line: str, keys: set[str]) -> Mapping[str, str]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BankError(f"{place}: no JSON: {error}") from error
    if not isinstance(row, dict) or row.keys() != keys:
        raise BankError(f"{place}: not an object with the keys {sorted(keys)}")
    for key, value in row.items():
        if not isinstance(value, str) or not fold(value):
            raise BankError(f"{place}: {key} is {value!r}, not a text")
    if row["lang"] not in _LANGUAGES:
        raise BankError(f"{place}: unknown language {row['lang']!r}")
    return row


def _language(row: Mapping[str, str]) -> Language:
    return cast(Language, row["lang"])
