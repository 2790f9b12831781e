"""English titles and sentences: unofficial, for orientation; the Chinese text is what counts."""

import json
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from corpus.notice import Notice
from corpus.passages import passages
from corpus.text import fold_aligned, sentences

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TYPES = {"passage": str, "sentence": int, "zh": str, "en": str}


class TranslationError(ValueError):
    """A notice's translations are missing, left over or broken; the message names where."""


@dataclass(frozen=True, slots=True)
class TranslatedSentence:
    """A sentence of the source (start, end) in English."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A notice in English, sentence by sentence; the three lines of units and deadline are not part of it."""

    _source: str
    _passages: Mapping[str, tuple[TranslatedSentence, ...]]
    _sentences: tuple[TranslatedSentence, ...]  # all of them, in the source's order

    def of(self, passage_id: str) -> tuple[TranslatedSentence, ...]:
        """Return a passage's sentences in order; KeyError for an unknown passage."""
        return self._passages[passage_id]

    def of_span(self, start: int, end: int) -> str:
        """Return the English of every sentence of which the span holds a part, "" if there is none.

        Joined by spaces, by line ends where the source begins a new line.
        """
        first = bisect_right(self._sentences, start, key=lambda sentence: sentence.end)
        english, previous_end = "", start
        for sentence in self._sentences[first:]:
            if sentence.start >= end:
                break
            gap = "\n" if "\n" in self._source[previous_end : sentence.start] else " "
            english += gap * bool(english) + sentence.text
            previous_end = sentence.end
        return english

    @property
    def n_sentences(self) -> int:
        return len(self._sentences)


def load_titles(notice: Notice, path: Path | Traversable | None = None) -> Mapping[str, str]:
    """Return the English title of every passage by passage_id; TranslationError if one lacks."""
    ids = [passage.passage_id for passage in passages(notice)]
    table = _table(notice, path, "passages", [passage_id.partition("#")[2] for passage_id in ids])
    return {passage_id: table[passage_id.partition("#")[2]] for passage_id in ids}


def load_section_titles(notice: Notice, path: Path | Traversable | None = None) -> Mapping[int, str]:
    """Return the English title of every section by its number; TranslationError if one lacks."""
    numbers = [section.number for section in notice.sections]
    table = _table(notice, path, "sections", [str(number) for number in numbers])
    return {number: table[str(number)] for number in numbers}


def load_translation(notice: Notice, path: Path | Traversable | None = None) -> Translation:
    """Return the notice's sentences in English; from the shipped file unless told otherwise.

    TranslationError for a missing file, for the first broken line (no object
    with the four keys, an unknown passage or sentence, another `zh` than the
    source's, no English, a number of `zh` that `en` has not) and for the first
    sentence that lacks or stands there twice.
    """
    path = path or resources.files("corpus") / "translations" / f"{notice.notice_id}.jsonl"
    spans = {
        (passage.passage_id, number): (passage.start + span.start, passage.start + span.end)
        for passage in passages(notice)
        for number, span in enumerate(sentences(passage.text))
    }
    english: dict[tuple[str, int], str] = {}
    for place, row in _rows(path):
        key = (f"{notice.notice_id}#{row['passage']}", row["sentence"])
        if key not in spans:
            raise TranslationError(f"{place}: the notice has no sentence {key[1]} in {row['passage']!r}")
        if key in english:
            raise TranslationError(f"{place}: sentence {key[1]} of {row['passage']!r} stands there already")
        if problem := _problem(notice.source[slice(*spans[key])], row["zh"], row["en"]):
            raise TranslationError(f"{place}: {problem}")
        english[key] = row["en"].strip()
    for key in spans:
        if key not in english:
            raise TranslationError(f"{path.name}: lacks sentence {key[1]} of {key[0].partition('#')[2]}")
    return _translation(notice, spans, english)


def _translation(
    notice: Notice, spans: Mapping[tuple[str, int], tuple[int, int]], english: Mapping[tuple[str, int], str]
) -> Translation:
    found: dict[str, list[TranslatedSentence]] = {}
    for key, (start, end) in spans.items():
        found.setdefault(key[0], []).append(TranslatedSentence(start, end, english[key]))
    by_passage = {passage_id: tuple(translated) for passage_id, translated in found.items()}
    return Translation(
        notice.source, by_passage, tuple(sentence for several in by_passage.values() for sentence in several)
    )


def _rows(path: Path | Traversable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give (file and line, row) for each line; blank lines are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise TranslationError(f"{path.name}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{path.name}: line {number}"
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise TranslationError(f"{place}: no JSON: {error}") from error
        if not isinstance(row, dict) or {key: type(value) for key, value in row.items()} != _TYPES:
            kinds = ", ".join(f"{key} ({kind.__name__})" for key, kind in _TYPES.items())
            raise TranslationError(f"{place}: not an object with {kinds}")
        yield place, row


def _problem(printed: str, chinese: str, english: str) -> str | None:
    if chinese != printed:
        return f"zh is {chinese!r}, the source has {printed!r}"
    if not english.strip():
        return "en is empty"
    missing = _missing_numbers(chinese, english)
    return f"en lacks {', '.join(missing)}" if missing else None


def _missing_numbers(chinese: str, english: str) -> list[str]:
    """Return the numbers of the Chinese that the English has not; a month may be named instead."""
    there = set(_numbers(english))
    months = {str(number): name for number, name in enumerate(_MONTHS, start=1)}
    named = {
        match
        for match in re.findall("([0-9]+)月", fold_aligned(chinese))
        if months.get(match, "?") in english
    }
    return [number for number in _numbers(chinese) if number not in there | named]


def _numbers(text: str) -> list[str]:
    plain = re.sub("(?<=[0-9]),(?=[0-9]{3})", "", fold_aligned(text))
    return re.findall(r"[0-9]+(?:\.[0-9]+)?", plain)


def _table(notice: Notice, path: Path | Traversable | None, name: str, keys: list[str]) -> dict[str, str]:
    path = path or resources.files("corpus") / "translations" / f"{notice.notice_id}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get(name, {})
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TranslationError(f"{path.name}: {error}") from error
    missing, unknown = sorted(set(keys) - table.keys()), sorted(table.keys() - set(keys))
    if missing or unknown:
        raise TranslationError(f"{path.name}: [{name}] lacks {missing}, has unknown {unknown}")
    empty = [key for key, title in table.items() if not isinstance(title, str) or not title.strip()]
    if empty:
        raise TranslationError(f"{path.name}: [{name}] has no text for {empty}")
    return dict(table)
