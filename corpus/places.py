"""Places: which ones a question names, and whether they are Xi'an or elsewhere."""

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Where = Literal["home", "elsewhere"]
_Kind = Literal["home", "zone", "elsewhere", "suffix", "ordinary"]

_SUFFIXES = ("市", "县", "区", "州", "地区", "盟")
# 广东省, 浦东新区, 宝鸡市: between a name and a second one that belongs to it.
_JOINTS = ("省", "市", "区", "县", "新区", "自治区", "特别行政区")
_CURLY = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc`\u2032", "'"))


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names: where, and what it is called (湖北襄阳, Beijing).

    `start` and `end` are offsets into `normalised(text)`.
    """

    name: str
    where: Where
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Places:
    """The table of names; the names that begin with a character, longest first."""

    _by_first: Mapping[str, tuple[tuple[str, str, _Kind], ...]]  # name normalised, as written, kind
    _not_before: tuple[str, ...]

    @classmethod
    def load(cls) -> "Places":
        """Read the shipped table, corpus/places.toml."""
        table = tomllib.loads(resources.files("corpus").joinpath("places.toml").read_text("utf-8"))
        keys: tuple[tuple[str, _Kind], ...] = (
            ("elsewhere", "elsewhere"),
            ("english", "elsewhere"),
            ("with_suffix", "suffix"),
            ("home_zones", "zone"),
            ("home", "home"),
            ("ordinary_words", "ordinary"),
        )
        rows = {normalised(name): (name, kind) for key, kind in keys for name in table[key]}
        by_first: dict[str, list[tuple[str, str, _Kind]]] = {}
        for name in sorted(rows, key=lambda name: (-len(name), name)):
            by_first.setdefault(name[0], []).append((name, *rows[name]))
        return cls({first: tuple(names) for first, names in by_first.items()}, tuple(table["not_before"]))

    def find(self, text: str) -> tuple[Place, ...]:
        """Return the places in a normalised text, in order; one for names that stand together.

        Linear in the text: each character is looked up once, and no name is tried
        that does not begin with it.
        """
        found: list[Place] = []
        offset = 0
        while offset < len(text):
            before = found[-1] if found and _touches(found[-1].end, offset, text) else None
            name, written, kind = self._at(text, offset, before)
            if kind in ("home", "zone", "elsewhere"):
                _add(found, before, Place(written, _where(kind, before), offset, offset + len(name)))
            offset += len(name)
        return tuple(found)

    def _at(self, text: str, offset: int, before: Place | None) -> tuple[str, str, _Kind]:
        """Return the name that begins here; the character itself, as an ordinary one, if none does."""
        follows_latin = offset > 0 and text[offset - 1].isascii() and text[offset - 1].isalnum()
        for name, written, kind in self._by_first.get(text[offset], ()):
            if not text.startswith(name, offset):
                continue
            end = offset + len(name)
            if name.isascii() and (follows_latin or text[end : end + 1].isalnum()):
                continue
            if kind == "suffix" and not (before or text.startswith(_SUFFIXES, end)):
                continue
            if kind in ("elsewhere", "suffix") and text.startswith(self._not_before, end):
                return name, written, "ordinary"
            return name, written, "elsewhere" if kind == "suffix" else kind
        return text[offset], "", "ordinary"


@cache
def shipped_places() -> Places:
    return Places.load()


def normalised(text: str) -> str:
    """Return the text as names are looked up in it: width, case and apostrophes folded."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_CURLY)


def _touches(end: int, offset: int, text: str) -> bool:
    between = text[end:offset]
    return between in ("", " ") or between in _JOINTS


def _where(kind: _Kind, before: Place | None) -> Where:
    if kind == "zone" and before:
        return before.where
    return "elsewhere" if kind == "elsewhere" else "home"


def _add(found: list[Place], before: Place | None, place: Place) -> None:
    """Add a place, or make it one with the place right before it: 湖北襄阳, 宝鸡市高新区."""
    if before and before.where == place.where:
        joint = " " if place.name.isascii() and before.name.isascii() else ""
        found[-1] = Place(f"{before.name}{joint}{place.name}", place.where, before.start, place.end)
    else:
        found.append(place)
