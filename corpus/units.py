"""Units: lists of them as printed, and the names people call them by."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from corpus.notice import OddityKind, Unit
from corpus.text import fold_aligned

_OPEN_GROUP = re.compile(r".*(?:相关|成员|有关)单位")
_GROUP = re.compile(r"各.*|市级各.*|.*(?:相关|成员|有关)单位")
_NAMED_AND_OTHERS = re.compile(r"(?P<named>.+)等(?P<group>[^等]*单位)")
# A body's last characters. A name that ends otherwise (西咸新, 市资源) was cut off.
_BODY = re.compile(r"[\w()·]*[\w)](?:[局委办院会府部厅处所站社行署厂校]|集团|公司|中心|单位|机构|小组)")
# "市住建局市级各相关单位" in measure 37: a unit's last character, then the start of another.
_RUN_TOGETHER = re.compile(r"(?<=[局委办院部会司])(?=[市各])")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One piece between two separators, with the separator before it."""

    printed: str
    separator: str
    units: tuple[Unit, ...]
    is_run_together: bool


def parse_lead_units(printed: str) -> tuple[Unit, ...]:
    """Return the lead units in printed order; ValueError for an empty entry or a group."""
    units = tuple(unit for entry in _entries(printed) for unit in entry.units)
    for unit in units:
        if unit.is_group:
            raise ValueError(f"a group cannot lead: {unit.name!r}")
    return units


def parse_responsible_units(printed: str) -> tuple[tuple[Unit, ...], bool]:
    """Return the units in printed order, and whether the list names only some of them.

    It does where it has 等…单位 or 各相关单位. ValueError for an empty entry.
    """
    units = tuple(unit for entry in _entries(printed) for unit in entry.units)
    return units, any(_OPEN_GROUP.fullmatch(unit.name) for unit in units)


def unit_oddities(printed: str) -> tuple[tuple[OddityKind, str], ...]:
    """Return what a list prints unusually, as (kind, the words in question).

    A comma is usual after a group (…等市级相关单位,) and before one, unusual
    between two named units.
    """
    entries = _entries(printed)
    found: list[tuple[OddityKind, str]] = []
    for before, entry in zip(entries, entries[1:], strict=False):
        between_named = not before.units[-1].is_group and not entry.units[0].is_group
        if between_named and entry.separator != "、":
            found.append(("unit_separator", f"{before.units[-1].name}{entry.separator}{entry.units[0].name}"))
    found.extend(("units_run_together", entry.printed) for entry in entries if entry.is_run_together)
    if printed.rstrip().endswith("\u3002"):
        found.append(("unit_list_full_stop", f"{entries[-1].printed}\u3002"))
    return tuple(found)


def _entries(printed: str) -> tuple[_Entry, ...]:
    body = fold_aligned(printed).strip().removesuffix("\u3002")
    pieces = re.split(r"([、,;])", body)
    separators = ["", *pieces[1::2]]
    entries = []
    for piece, separator in zip(pieces[::2], separators, strict=True):
        name = piece.strip()
        names, is_run_together = _names(name)
        units = tuple(Unit(name, is_group=bool(_GROUP.fullmatch(name))) for name in names)
        entries.append(_Entry(name, separator, units, is_run_together))
    return tuple(entries)


def _names(entry: str) -> tuple[tuple[str, ...], bool]:
    group: tuple[str, ...] = ()
    if match := _NAMED_AND_OTHERS.fullmatch(entry):
        entry, group = match["named"], (match["group"],)
    if entry.endswith("等"):
        raise ValueError(f"{entry!r} does not say which other units it means")
    names = tuple(_RUN_TOGETHER.split(entry))
    for name in (*names, *group):
        if not _BODY.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a unit")
    return (*names, *group), len(names) > 1


@dataclass(frozen=True, slots=True, eq=False)  # hashed by identity: what is derived of it is kept
class UnitNames:
    """The units' other names, official and everyday, Chinese and English."""

    _english: Mapping[str, str]
    _official: Mapping[str, str]
    _units_of: Mapping[str, tuple[str, ...]]  # alias, normalised -> printed names
    _pattern: re.Pattern[str]
    _places_of: Mapping[str, tuple[str, str]]  # place, normalised -> as written, its group
    _places: re.Pattern[str]

    @classmethod
    def load(cls) -> "UnitNames":
        """Read the shipped table, corpus/unit_names.toml."""
        table = tomllib.loads(resources.files("corpus").joinpath("unit_names.toml").read_text("utf-8"))
        units_of: dict[str, tuple[str, ...]] = {}
        places_of: dict[str, tuple[str, str]] = {}
        for row in table["unit"]:
            for alias in _aliases(row):
                units_of[alias] = tuple(dict.fromkeys((*units_of.get(alias, ()), row["name"])))
            places_of |= {_normalised(place): (place, row["name"]) for place in row.get("places", ())}
        # Ordinary words that hold an alias by chance (个人社保 holds 人社) are matched too, as no unit.
        ordinary = {_normalised(word): () for word in table["ordinary_words"]}
        return cls(
            _english={row["name"]: row["english"] for row in table["unit"]},
            _official={row["name"]: row["official"] for row in table["unit"]},
            _units_of={**units_of, **ordinary},
            _pattern=_longest_first({**units_of, **ordinary}),
            _places_of=places_of,
            _places=_longest_first(places_of),
        )

    @property
    def names(self) -> tuple[str, ...]:
        """All names as printed, in the table's order."""
        return tuple(self._english)

    @property
    def aliases(self) -> tuple[str, ...]:
        """All that the units are called, normalised."""
        return tuple(alias for alias, names in self._units_of.items() if names)

    def find_units(self, text: str) -> tuple[str, ...]:
        """Return the printed names of the units mentioned, in order of mention.

        The longest alias wins; an alias that several units share gives all of
        them. A province's, a district's or the nation's own bureau is not the
        city's. Empty if none is mentioned.
        """
        normalised = _normalised(text)
        found = (
            unit
            for match in self._pattern.finditer(normalised)
            if not self._is_anothers(match)
            for unit in self._units_of[match.group()]
        )
        return tuple(dict.fromkeys(found))

    def find_spans(self, text: str) -> tuple[tuple[int, int, tuple[str, ...]], ...]:
        """Return (start, end, printed names) of each mention in a text as `searchable` gives it.

        A place stands for the group its authority belongs to.
        """
        found = [
            (match.start(), match.end(), self._units_of[match.group()])
            for match in self._pattern.finditer(text)
            if self._units_of[match.group()] and not self._is_anothers(match)
        ]
        taken = [range(start, end) for start, end, _ in found]
        found += [
            (match.start(), match.end(), (self._places_of[match.group()][1],))
            for match in self._places.finditer(text)
            if not any(match.start() in span for span in taken)
        ]
        return tuple(sorted(found))

    def find_places(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return (place, the group its authority belongs to) in order of mention.

        雁塔区 gives ("雁塔区", "各区县政府"): the notice names the group only.
        """
        matches = self._places.finditer(_normalised(text))
        return tuple(dict.fromkeys(self._places_of[match.group()] for match in matches))

    def _is_anothers(self, match: re.Match[str]) -> bool:
        alias, text = match.group(), match.string
        if alias.startswith(("西安", "各")) or (
            alias.startswith("市") and alias.removeprefix("市") in self._units_of
        ):
            return False
        return bool(_ANOTHERS.search(text, max(0, match.start() - 16), match.start()))

    def english(self, name: str) -> str:
        """Return the English name of a unit as printed; KeyError if the table has none."""
        return self._english[name]

    def official(self, name: str) -> str:
        """Return the full Chinese name of a unit as printed; KeyError if the table has none."""
        return self._official[name]


_CITY_PREFIXES = ("xi'an municipal ", "municipal ", "xi'an ")
# 省发改委, 雁塔区住建局, national development and reform commission; but 小区供电公司.
_ANOTHERS = re.compile(
    r"(?:(?<!节)省|(?<![小园片厂社景校市])区|县|国家|中国|全国"
    r"|\b(?:national|provincial|state|district|county|shaanxi) )$"
)
# 金融办理, 代建委托, 市场局面: the alias ends inside another word.
_NOT_FOLLOWED_BY = {
    "局": "(?![面势限域促]|部(?!门))",
    "委": "(?![托派屈婉员])",
    "办": "(?![理法好完成手证结妥下贷])",
}


def _aliases(row: Mapping[str, object]) -> Iterator[str]:
    """Give each written alias, and the forms that follow from the name: 市X, X, 西安市X, 西安X."""
    written = [row["name"], row["official"], row["english"], *_strings(row, "aliases"), *_strings(row, "en")]
    for alias in map(_normalised, map(str, written)):
        yield alias
        stem = alias.removeprefix("西安").removeprefix("市")
        if len(stem) > 1 and alias.startswith(("西安市", "市")) and not stem.startswith("级"):
            yield from (stem, f"市{stem}", f"西安市{stem}", f"西安{stem}")
        for prefix in _CITY_PREFIXES:
            if alias.startswith(prefix):
                yield alias.removeprefix(prefix)


def _strings(row: Mapping[str, object], key: str) -> list[str]:
    values = row.get(key, [])
    return [str(value) for value in values] if isinstance(values, list) else []


def _longest_first(aliases: Mapping[str, object]) -> re.Pattern[str]:
    ordered = sorted(aliases, key=lambda alias: (-len(alias), alias))
    latin = [re.escape(alias) for alias in ordered if alias.isascii()]
    chinese = [
        re.escape(alias) + _NOT_FOLLOWED_BY.get(alias[-1], "") for alias in ordered if not alias.isascii()
    ]
    # Hundreds of names are tried only where one of their first letters stands.
    either = []
    if latin:
        either.append(rf"(?<![a-z0-9]){_starting(latin)}(?:{'|'.join(latin)})(?![a-z0-9])")
    if chinese:
        either.append(rf"{_starting(chinese)}(?:{'|'.join(chinese)})")
    return re.compile("|".join(either) or "(?!)")


def _starting(names: Sequence[str]) -> str:
    return f"(?=[{''.join(sorted({name[0] for name in names}))}])"


def searchable(text: str) -> str:
    """Return the text as names are looked for in it."""
    return _normalised(text)


# The housing and planning bureaus are two.
_SHARED_BODY = re.compile(r"\b(\w+) and (\w+) bureaus\b")


def _normalised(text: str) -> str:
    """Fold width, case and apostrophes; keep spaces between Latin words only."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[\u2018\u2019\u02bc`]", "'", text).replace("&", " and ")
    text = re.sub(r"[\s\-]+", " ", text)
    text = _SHARED_BODY.sub(r"\1 bureau and \2 bureau", text)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", re.sub(r"\bxian\b", "xi'an", text)).strip()
