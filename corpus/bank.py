"""The question bank: questions as people ask them, each with the passage that answers it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal, cast, get_args

from corpus.notice import Notice
from corpus.passages import passages
from corpus.text import fold

Language = Literal["zh", "en"]
_LANGUAGES = get_args(Language)
NO_PASSAGE = "none"  # a second reader's label where no passage answers
ACCEPTED = "staff"  # the group of the negatives that staff added


class BankError(ValueError):
    """A line of a question file is broken; the message names file and line."""


_MARK = re.compile(r"\[([^\[\]|]*)\|([a-z+-]+)\]")  # [市住建局|lead+]


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question that one passage answers."""

    text: str
    language: Language
    passage_id: str
    also: tuple[str, ...] = ()  # passages that answer it equally well
    second: str | None = None  # a second, blind reader's label: a passage, NO_PASSAGE, None if nobody read it


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two readers agree on which passage answers a question."""

    n: int  # questions that both have labelled
    share: float | None  # of these, labelled alike; None without any
    kappa: float | None  # the same beyond chance; None where chance alone makes them agree


@dataclass(frozen=True, slots=True)
class NegativeQuestion:
    """A question that no passage answers; `group` says what kind it is."""

    text: str
    language: Language
    group: str


@dataclass(frozen=True, slots=True)
class TypedQuestion:
    """A question on any matter, labelled with the type of thing it asks for."""

    text: str
    language: Language
    type: str
    second: str | None = None  # a second, blind reader's label


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """A question for a list, in which each expression that names a condition is marked: its place and tag."""

    text: str
    language: Language
    shape: str  # what is asked for: list, count, most_lead …
    marks: tuple[tuple[int, int, str], ...]  # start, end, tag


@dataclass(frozen=True, slots=True)
class Message:
    """A message as people type it, and the passages that answer it: one for each of its needs."""

    text: str
    language: Language
    passage_ids: tuple[str, ...]


def load_questions(notice: Notice, path: Path | Traversable | None = None) -> tuple[BankQuestion, ...]:
    """Return the notice's questions in the file's order; from the shipped file unless told otherwise.

    BankError for a missing file and for the first broken line: no JSON object,
    another set of keys, an unknown passage or language, a question that is
    empty or stands there already (after folding).
    """
    known = {passage.passage_id for passage in passages(notice)}
    questions = []
    for place, row in _rows(path or bank_path(notice), {"passage", "lang", "question"}, {"second", "also"}):
        try:
            questions.append(_question(row, notice.notice_id, known))
        except ValueError as error:
            raise BankError(f"{place}: {error}") from error
    return tuple(questions)


def load_lookalikes(
    notice: Notice, bank: Sequence[BankQuestion], path: Path | Traversable | None = None
) -> tuple[BankQuestion, ...]:
    """Return questions that look like the negatives though a passage answers them; () without a file.

    BankError as in load_questions, and for a question that stands in `bank`.
    """
    return _load_apart(notice, bank, path or lookalikes_path(notice))


def load_natural(
    notice: Notice, bank: Sequence[BankQuestion], path: Path | Traversable | None = None
) -> tuple[BankQuestion, ...]:
    """Return questions as they come in, kept out of every index to calibrate it; () without a file.

    BankError as in load_lookalikes.
    """
    return _load_apart(notice, bank, path or natural_path(notice))


def _load_apart(
    notice: Notice, bank: Sequence[BankQuestion], path: Path | Traversable
) -> tuple[BankQuestion, ...]:
    if not path.is_file():
        return ()
    lookalikes = load_questions(notice, path)
    in_bank = {fold(question.text) for question in bank}
    for (number, text), lookalike in zip(numbered_questions(path), lookalikes, strict=True):
        if fold(lookalike.text) in in_bank:
            raise BankError(f"{path.name}: line {number}: {text!r} stands in the bank already")
    return lookalikes


def load_negatives(path: Path | Traversable | None = None) -> tuple[NegativeQuestion, ...]:
    """Return questions that no passage answers, in the file's order; BankError as in load_questions."""
    return tuple(
        NegativeQuestion(row["question"], _language(row), row["group"])
        for _, row in _rows(path or negatives_path(), {"lang", "group", "question"})
    )


def load_accepted(
    notices: Sequence[Notice], path: Path
) -> tuple[tuple[BankQuestion, ...], tuple[NegativeQuestion, ...]]:
    """Return what staff added to the bank: questions, and those no passage answers; none without a file.

    A row's passage is a whole id, as one file serves all notices; NO_PASSAGE makes the
    question a negative of the group ACCEPTED. BankError as in load_questions, with the file's path.
    """
    if not path.is_file():
        return (), ()
    known = {passage.passage_id for notice in notices for passage in passages(notice)}
    questions, negatives = [], []
    try:
        for place, row in _rows(path, {"passage", "lang", "question"}):
            if row["passage"] == NO_PASSAGE:
                negatives.append(NegativeQuestion(row["question"], _language(row), ACCEPTED))
            elif row["passage"] in known:
                questions.append(BankQuestion(row["question"], _language(row), row["passage"]))
            else:
                raise BankError(f"{place}: unknown passage {row['passage']!r}")
    except BankError as error:
        raise BankError(f"{path.parent}/{error}") from error
    return tuple(questions), tuple(negatives)


def load_typed_questions(path: Path | Traversable | None = None) -> tuple[TypedQuestion, ...]:
    """Return the questions labelled by type, in the file's order; BankError as in load_questions."""
    rows = _rows(path or typed_questions_path(), {"type", "lang", "question"}, {"second"})
    return tuple(
        TypedQuestion(row["question"], _language(row), row["type"], row.get("second")) for _, row in rows
    )


def load_marked_questions(path: Path | Traversable | None = None) -> tuple[MarkedQuestion, ...]:
    """Return the questions for lists with their marks, in the file's order; raises as load_questions."""
    rows = _rows(path or marked_questions_path(), {"shape", "lang", "question"})
    return tuple(_marked(row["question"], _language(row), row["shape"]) for _, row in rows)


def _marked(question: str, language: Language, shape: str) -> MarkedQuestion:
    """Read [the Tax Bureau|lead+]: the text without the marks, and where they were."""
    pieces: list[str] = []
    marks = []
    at = 0
    for match in _MARK.finditer(question):
        pieces.append(question[at : match.start()])
        start = sum(map(len, pieces))
        pieces.append(match[1])
        marks.append((start, start + len(match[1]), match[2]))
        at = match.end()
    return MarkedQuestion("".join([*pieces, question[at:]]), language, shape, tuple(marks))


def load_messages(notice: Notice, path: Path | Traversable | None = None) -> tuple[Message, ...]:
    """Return messages with one need and with several; () without a file; BankError as in load_questions."""
    path = path or messages_path(notice)
    if not path.is_file():
        return ()
    known = {passage.passage_id for passage in passages(notice)}
    messages = []
    for place, row in _rows(path, {"passages", "lang", "question"}):
        if not isinstance(row["passages"], list) or not row["passages"]:
            raise BankError(f"{place}: passages is {row['passages']!r}, not a list of passages")
        try:
            keys = tuple(_known_passage(key, notice.notice_id, known) for key in row["passages"])
        except ValueError as error:
            raise BankError(f"{place}: {error}") from error
        messages.append(Message(row["question"], _language(row), keys))
    return tuple(messages)


def agreement(questions: Iterable[BankQuestion]) -> Agreement:
    """Return the agreement of the labels with the second reader's, over questions that have both.

    Cohen's kappa (Educational and Psychological Measurement 20, 1960):
    (p_o - p_e) / (1 - p_e). A second label that is among `also` differs all the same.
    """
    pairs = [(question.passage_id, question.second) for question in questions if question.second is not None]
    if not pairs:
        return Agreement(0, None, None)
    n = len(pairs)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    observed = sum(first == second for first, second in pairs) / n
    n_by_chance = sum(count * seconds[label] for label, count in firsts.items())
    if n_by_chance == n * n:
        return Agreement(n, observed, None)
    expected = n_by_chance / (n * n)
    return Agreement(n, observed, (observed - expected) / (1 - expected))


def bank_path(notice: Notice) -> Traversable:
    return _folder() / f"{notice.notice_id}.jsonl"


def lookalikes_path(notice: Notice) -> Traversable:
    return _folder() / f"{notice.notice_id}-lookalikes.jsonl"


def natural_path(notice: Notice) -> Traversable:
    return _folder() / f"{notice.notice_id}-natural.jsonl"


def natural_negatives_path() -> Traversable:
    return _folder() / "negatives-natural.jsonl"


def negatives_path() -> Traversable:
    return _folder() / "negatives.jsonl"


def marked_questions_path() -> Traversable:
    return _folder() / "list-mentions.jsonl"


def document_questions_path() -> Traversable:
    return _folder() / "document-types.jsonl"


def messages_path(notice: Notice) -> Traversable:
    return _folder() / f"{notice.notice_id}-messages.jsonl"


def typed_questions_path() -> Traversable:
    return _folder() / "question-types.jsonl"


def numbered_questions(path: Path | Traversable) -> Iterator[tuple[int, str]]:
    """Give (line, question) of a file that has been loaded, for messages that name lines."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return ((n, json.loads(line)["question"]) for n, line in enumerate(lines, start=1) if line.strip())


def _folder() -> Traversable:
    return resources.files("corpus") / "questions"


def _question(row: Mapping[str, Any], notice_id: str, known: set[str]) -> BankQuestion:
    passage_id = _known_passage(row["passage"], notice_id, known)
    second, also = row.get("second"), row.get("also", [])
    if second is not None and second != NO_PASSAGE:
        second = _known_passage(second, notice_id, known)
    if not isinstance(also, list):
        raise ValueError(f"also is {also!r}, not a list of passages")
    others = tuple(_known_passage(key, notice_id, known) for key in also)
    if len({passage_id, *others}) != 1 + len(others):
        raise ValueError(f"also is {also}: names the label itself, or a passage twice")
    return BankQuestion(row["question"], _language(row), passage_id, others, second)


def _known_passage(key: object, notice_id: str, known: set[str]) -> str:
    passage_id = f"{notice_id}#{key}"
    if passage_id not in known:
        raise ValueError(f"unknown passage {key!r}")
    return passage_id


def _rows(
    path: Path | Traversable, required: set[str], optional: set[str] | None = None
) -> Iterator[tuple[str, Mapping[str, Any]]]:
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
        row = _row(place, line, required, optional or set())
        folded = fold(row["question"])
        if not folded:
            raise BankError(f"{place}: question is {row['question']!r}, not a text")
        first = seen.setdefault(folded, number)
        if first != number:
            raise BankError(f"{place}: the same question as in line {first}")
        yield place, row


def _row(place: str, line: str, required: set[str], optional: set[str]) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise BankError(f"{place}: no JSON: {error}") from error
    if not isinstance(row, dict) or not required <= row.keys() <= required | optional:
        raise BankError(f"{place}: not an object with the keys {sorted(required)}")
    for key, value in row.items():
        if key not in {"also", "passages"} and (not isinstance(value, str) or not value.strip()):
            raise BankError(f"{place}: {key} is {value!r}, not a text")
    if row["lang"] not in _LANGUAGES:
        raise BankError(f"{place}: unknown language {row['lang']!r}")
    return row


def _language(row: Mapping[str, Any]) -> Language:
    return cast(Language, row["lang"])
