"""Cases: questions with what a right answer must hold, one JSON object a line."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

Language = Literal["zh", "zh-Hant", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
STATUSES = ("answered", "not_stated", "not_covered", "clarify", "declined", "failed")
OUT_OF_SCOPE_KINDS = frozenset({"out_of_scope", "other_place", "attack"})
# `not_stated` is neither in nor out of scope: a refusal is right there, but only one.
SPECIAL_KINDS = OUT_OF_SCOPE_KINDS | {"not_stated"}
FIELDS = (
    "id",
    "lang",
    "style",
    "kind",
    "question",
    "history",
    "measures",
    "acceptable",
    "lead_units",
    "deadline",
    "must_contain",
    "must_not_contain",
    "statuses",
    "note",
)


class CaseFileError(ValueError):
    """A case file, or a file made from one, cannot be used; names file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what makes an answer to it right."""

    case_id: str
    lang: Language
    kind: str
    question: str
    style: str = ""
    history: tuple[str, ...] = ()  # earlier user turns, oldest first
    measures: tuple[int, ...] = ()  # all of them are to be cited
    acceptable: tuple[int, ...] = ()  # may be cited besides
    lead_units: tuple[str, ...] | None = None  # of `measures`; None: the case does not say
    deadline: str | None = None
    must_contain: tuple[tuple[str, ...], ...] = ()  # facts, each with its alternatives
    must_not_contain: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()  # empty: the default of the kind
    note: str = ""

    @property
    def is_in_scope(self) -> bool:
        return self.kind not in SPECIAL_KINDS

    @property
    def right_statuses(self) -> tuple[str, ...]:
        if self.statuses:
            return self.statuses
        if self.kind in OUT_OF_SCOPE_KINDS:
            return ("not_covered", "not_stated", "declined")
        return ("not_stated",) if self.kind == "not_stated" else ("answered",)

    @property
    def group(self) -> str:
        return f"{self.kind} × {self.lang}"


def load_cases(path: Path) -> tuple[Case, ...]:
    """Return the cases of a file in its order; blank lines are skipped.

    Raises CaseFileError, with file and line, for anything that is not a case, for
    an id used twice, and for a file without cases.
    """
    line_of: dict[str, int] = {}
    cases: list[Case] = []
    for number, fields in read_json_lines(path):
        where = f"{path}, line {number}"
        case = _case(fields, where)
        if case.case_id in line_of:
            first = line_of[case.case_id]
            raise CaseFileError(f"{where}: id {case.case_id!r} is used on line {first} already")
        line_of[case.case_id] = number
        cases.append(case)
    if not cases:
        raise CaseFileError(f"{path}: has no cases")
    return tuple(cases)


def read_json_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return the objects of a file with their line numbers, from 1."""
    objects: list[tuple[int, dict[str, Any]]] = []
    # Not splitlines(): U+2028 may stand unescaped inside a JSON string.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except json.JSONDecodeError as error:
            raise CaseFileError(
                f"{path}, line {number}: not JSON: {error.msg} at column {error.colno}"
            ) from error
        if not isinstance(parsed, dict):
            raise CaseFileError(f"{path}, line {number}: not a JSON object")
        objects.append((number, parsed))
    return objects


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CaseFileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CaseFileError(f"{path}: not UTF-8, from byte {error.start} on") from error


def file_sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _case(fields: Mapping[str, Any], where: str) -> Case:
    _refuse_misspelt(fields, where)
    lang = _text(fields, "lang", where, required=True)
    if lang not in LANGUAGES:
        raise CaseFileError(f"{where}: lang {lang!r} is none of {', '.join(LANGUAGES)}")
    statuses = _texts(fields, "statuses", where)
    if unknown := [status for status in statuses if status not in STATUSES]:
        raise CaseFileError(f"{where}: no such status: {', '.join(unknown)}")
    case_id, kind = (_text(fields, name, where, required=True) for name in ("id", "kind"))
    if not case_id or not kind:
        raise CaseFileError(f"{where}: id and kind must not be empty")
    return Case(
        case_id=case_id,
        lang=lang,
        kind=kind,
        question=_text(fields, "question", where, required=True),
        style=_text(fields, "style", where),
        history=_texts(fields, "history", where),
        measures=_numbers(fields, "measures", where),
        acceptable=_numbers(fields, "acceptable", where),
        lead_units=None if fields.get("lead_units") is None else _texts(fields, "lead_units", where),
        deadline=_text(fields, "deadline", where) or None,
        must_contain=_facts(fields, where),
        must_not_contain=_texts(fields, "must_not_contain", where),
        statuses=statuses,
        note=_text(fields, "note", where),
    )


def _refuse_misspelt(fields: Mapping[str, Any], where: str) -> None:
    """Further fields are left alone; one that looks like a slip would weaken a case unseen."""
    for name in fields:
        if name not in FIELDS and (close := get_close_matches(name, FIELDS, n=1, cutoff=0.8)):
            raise CaseFileError(f"{where}: unknown field {name!r}; is {close[0]!r} meant?")


def _text(fields: Mapping[str, Any], name: str, where: str, *, required: bool = False) -> str:
    value = fields.get(name)
    if value is None:
        if required:
            raise CaseFileError(f"{where}: lacks {name!r}")
        return ""
    if not isinstance(value, str):
        raise CaseFileError(f"{where}: {name!r} must be a string")
    return value


def _texts(fields: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    values = _list(fields, name, where)
    if not all(isinstance(value, str) and value for value in values):
        raise CaseFileError(f"{where}: {name!r} must be a list of strings")
    return tuple(values)


def _numbers(fields: Mapping[str, Any], name: str, where: str) -> tuple[int, ...]:
    values = _list(fields, name, where)
    if not all(type(value) is int and value > 0 for value in values):
        raise CaseFileError(f"{where}: {name!r} must be a list of measure numbers")
    return tuple(values)


def _facts(fields: Mapping[str, Any], where: str) -> tuple[tuple[str, ...], ...]:
    facts = tuple(
        tuple(fact) if isinstance(fact, list) else (fact,) for fact in _list(fields, "must_contain", where)
    )
    if not all(fact and all(isinstance(text, str) and text for text in fact) for fact in facts):
        raise CaseFileError(f"{where}: each of 'must_contain' must be a string or a list of strings")
    return facts


def _list(fields: Mapping[str, Any], name: str, where: str) -> list[Any]:
    value = fields.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise CaseFileError(f"{where}: {name!r} must be a list")
    return value
