"""Every sentence shown to a user, in files: `<sheet>.<language>.toml`, zh and en.

A sheet is a table of sentences, some of them with `$placeholders`. `words`
fills one of them; a missing or an unused value is an error, so that a sentence
and the code that fills it cannot drift apart. `digest` goes into every record:
it says which words an answer was made of; what only staff see is no part of it.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from prompts.script import to_traditional

ANSWER_SHEETS = ("answer", "page")  # what an answer and its card are made of
SHEETS = (*ANSWER_SHEETS, "staff")
LANGUAGES = ("zh", "en")


class WordsError(ValueError):
    """A sheet lacks a sentence, or a sentence was filled with other values than it has."""


def words(sheet: str, key: str, language: str, **values: object) -> str:
    """Return the sentence `key` of a sheet, filled.

    The values are filled in as they are: what the notice prints is never
    converted. Raises WordsError where the key is unknown or the values are not
    exactly the sentence's placeholders.
    """
    sentence = sentences(sheet, language).get(key)
    if sentence is None:
        raise WordsError(f"{sheet}.{language}.toml has no sentence {key!r}")
    template = Template(sentence)
    wanted = set(template.get_identifiers())
    if wanted != values.keys():
        raise WordsError(f"{sheet} {key!r} takes {sorted(wanted)}, was given {sorted(values)}")
    return template.substitute(values)


@cache
def sentences(sheet: str, language: str) -> dict[str, str]:
    """Return a whole sheet, flat: a TOML table [status] with x gives "status.x".

    zh-Hant is the Chinese sheet in Traditional characters.
    """
    if language == "zh-Hant":
        return {key: _in_traditional(key, text) for key, text in sentences(sheet, "zh").items()}
    return dict(_flat(tomllib.loads(_read(sheet, language))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


@cache
def digest() -> str:
    """Return the SHA-256 over all sheets an answer is made of, first 12 hexadecimal digits."""
    sheets = [_read(sheet, language) for sheet in ANSWER_SHEETS for language in LANGUAGES]
    return hashlib.sha256("\0".join(sheets).encode()).hexdigest()[:12]


def _in_traditional(key: str, text: str) -> str:
    if not key.startswith("oddity."):
        return to_traditional(text)
    # What an oddity has between quotation marks is printed so in the notice.
    pieces = re.split("(\u201c[^\u201d]*\u201d)", text)
    return "".join(to_traditional(piece) if n % 2 == 0 else piece for n, piece in enumerate(pieces))


def _read(sheet: str, language: str) -> str:
    return files(__name__).joinpath(f"{sheet}.{language}.toml").read_text(encoding="utf-8")
