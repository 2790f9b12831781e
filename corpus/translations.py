"""English titles: unofficial, for orientation; the Chinese text is what counts."""

import tomllib
from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus.notice import Notice
from corpus.passages import passages


class TranslationError(ValueError):
    """A notice's translations are missing, left over or empty; the message names the keys."""


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
