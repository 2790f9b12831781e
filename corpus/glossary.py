"""The glossary: what people say instead of the notice's words, edited by staff in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar, cast, get_args

from corpus.bank import Language
from corpus.notice import Notice, NoticeFormatError
from corpus.text import decode, fold

_T = TypeVar("_T")
_COLUMNS = ["everyday", "notice", "language"]
# Words in which a short expression stands by chance: 厂房本身 (房本), 清运单位 (运单), 安全咨询 (全咨).
_ORDINARY_WORDS = (
    *("本身", "本来", "本次", "本地", "本市", "本人", "本月", "本年", "本区", "本应", "本该", "本项目"),
    *("提交", "移交", "上交", "办理", "安全", "社会", "开会", "违规", "通过", "超过", "账户", "账号"),
    *("土地", "管理", "管线", "管网", "管道", "管控", "人工", "工程", "工地", "工业", "工具", "工期"),
    *("债券", "取消", "单位", "单价", "打扰", "企业", "登录", "选择", "对比"),
)


class GlossaryError(ValueError):
    """A line of a glossary is broken; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An everyday expression, and the words the notice has for it."""

    everyday: str
    term: str  # as the notice prints it
    language: Language  # of `everyday`


@dataclass(frozen=True, slots=True)
class Glossary:
    """A notice's everyday expressions, in the file's order."""

    entries: tuple[Entry, ...]
    _entry_of: Mapping[str, Entry | None]  # searchable form -> its entry; None: a word that only takes room
    _lengths: Mapping[str, tuple[int, ...]]  # first two characters -> lengths of the forms that begin so
    _everyday_of: Mapping[str, tuple[str, ...]]  # term, folded -> its everyday expressions

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Glossary":
        """Make entries searchable; of two with the same form (permit, permits) the first is found."""
        entries = tuple(entries)
        entry_of: dict[str, Entry | None] = {}
        for entry in entries:
            entry_of.setdefault(_searchable(entry.everyday), entry)
        for word in (*_ORDINARY_WORDS, *(entry.term for entry in entries)):
            entry_of.setdefault(_searchable(word), None)
        lengths: dict[str, set[int]] = {}
        for form in entry_of:
            lengths.setdefault(form[:2], set()).add(len(form))
        everyday_of: dict[str, list[str]] = {}
        for entry in entries:
            everyday_of.setdefault(fold(entry.term), []).append(entry.everyday)
        return cls(entries, entry_of, _frozen(lengths), _frozen(everyday_of))

    def find(self, text: str) -> tuple[Entry, ...]:
        """Return the entries whose everyday expression occurs, each once, in order of mention.

        Where two overlap the longer one counts. The notice's own terms and
        ordinary words take part, so nothing is found that runs into one of
        them (厂房本身 is no 房本). Latin letters match in whole words, whatever
        their case, plural or hyphens; Chinese matches anywhere.
        """
        searched = _searchable(text)
        taken: list[tuple[int, int, Entry | None]] = []
        for start, end, entry in sorted(self._matches(searched), key=_longest_then_the_notices_own):
            if all(end <= other_start or other_end <= start for other_start, other_end, _ in taken):
                taken.append((start, end, entry))
        taken.sort(key=lambda match: match[0])
        return tuple(dict.fromkeys(entry for _, _, entry in taken if entry is not None))

    def everyday_for(self, term: str) -> tuple[str, ...]:
        """Return the everyday expressions for a term of the notice, in order; empty if there are none."""
        return self._everyday_of.get(fold(term), ())

    def _matches(self, searched: str) -> Iterator[tuple[int, int, Entry | None]]:
        for start in range(len(searched) - 1):
            for length in self._lengths.get(searched[start : start + 2], ()):
                end = start + length
                form = searched[start:end]  # shorter than `length` at the text's end
                if (
                    end <= len(searched)
                    and form in self._entry_of
                    and not (_cuts(searched, start) or _cuts(searched, end))
                ):
                    yield start, end, self._entry_of[form]


def load_glossary(notice: Notice, path: Path | Traversable | None = None) -> Glossary:
    """Return the notice's glossary; from the shipped file unless told otherwise.

    Spreadsheets' habits are taken as they come: byte order mark, GB18030, CRLF,
    quoted cells, blank rows and columns at the end. GlossaryError for a missing
    file and for the first broken line: another header, a missing cell, an
    unknown language, a term that no line of the notice has or an everyday
    expression that one has (both folded), an expression that stands there already.
    """
    path = path or glossary_path(notice)
    source = "\n".join(fold(line) for line in notice.source.split("\n"))
    first_of: dict[str, tuple[int, Entry]] = {}
    entries = []
    for number, cells in _rows(path):
        try:
            entry = _entry(cells, source)
            first_number, first = first_of.setdefault(_searchable(entry.everyday), (number, entry))
            if first is not entry and not _is_plural_of(first, entry):
                raise ValueError(f"{entry.everyday!r} stands in line {first_number} already")
        except ValueError as error:
            raise GlossaryError(f"{path.name}: line {number}: {error}") from error
        entries.append(entry)
    return Glossary.of(entries)


def glossary_path(notice: Notice) -> Traversable:
    return resources.files("corpus") / "glossary" / f"{notice.notice_id}.csv"


def numbered_expressions(path: Path | Traversable) -> Iterator[tuple[int, str]]:
    """Give (line, everyday expression) of a glossary, for messages that name lines."""
    return ((number, cells[0]) for number, cells in _rows(path))


def _rows(path: Path | Traversable) -> Iterator[tuple[int, list[str]]]:
    """Give (line, cells) of each row below the header that is not blank."""
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise GlossaryError(f"{path.name}: cannot be read: {error}") from error
    except NoticeFormatError as error:
        raise GlossaryError(f"{path.name}: {error}") from error
    rows = ((number, cells) for number, cells in _numbered(text, path.name) if cells)
    number, header = next(rows, (1, []))
    if header != _COLUMNS:
        raise GlossaryError(f"{path.name}: line {number}: the header is {header}, expected {_COLUMNS}")
    return rows


def _numbered(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Give (the line it begins in, cells without blank ones at the end) of each row."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise GlossaryError(f"{name}: line {number}: {error}") from error


def _entry(cells: list[str], source: str) -> Entry:
    if len(cells) != len(_COLUMNS) or not all(cells):
        raise ValueError(f"{cells} is not one cell for each of {_COLUMNS}")
    everyday, term, language = cells
    if language not in get_args(Language):
        raise ValueError(f"unknown language {language!r}")
    if len(_searchable(everyday)) < 2:
        raise ValueError(f"{everyday!r} is too short to be found")
    if fold(term) not in source:
        raise ValueError(f"{term!r} does not stand in the notice")
    if fold(everyday) in source:
        raise ValueError(f"{everyday!r} stands in the notice itself")
    return Entry(everyday, term, cast(Language, language))


def _is_plural_of(one: Entry, other: Entry) -> bool:
    """Whether two expressions that are found alike are permit and permits, and mean the same."""
    return one.term == other.term and _spaced(one.everyday) != _spaced(other.everyday)


def _frozen(several: Mapping[str, Iterable[_T]]) -> dict[str, tuple[_T, ...]]:
    return {key: tuple(values) for key, values in several.items()}


def _longest_then_the_notices_own(match: tuple[int, int, Entry | None]) -> tuple[int, bool, int]:
    start, end, entry = match
    return start - end, entry is not None, start


def _cuts(text: str, offset: int) -> bool:
    """Whether a Latin word or a number reaches over the offset."""
    return 0 < offset < len(text) and _is_latin(text[offset - 1]) and _is_latin(text[offset])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _searchable(text: str) -> str:
    """Return the text as it is searched: folded, single spaces between Latin words, these in the singular."""
    return re.sub(r"[a-z]{3,}s\b", _singular, _spaced(text), flags=re.ASCII)


def _spaced(text: str) -> str:
    text = re.sub("['\u2018\u2019\u02bc`]", "", unicodedata.normalize("NFKC", text).casefold())
    text = re.sub(r"[\s\-\u2010-\u2015]+", " ", text)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", text).strip()


def _singular(match: re.Match[str]) -> str:
    """Take a plural's ending off, as the s-stemmer of Harman (JASIS 1991) does."""
    word = match.group()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word if word.endswith(("ss", "us", "is")) else word[:-1]
