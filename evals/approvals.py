"""Approved answers: for which questions one would be used that was approved for another.

On families written by people who saw the notice alone: a question, other words for it, and
near-misses, each of which changes one thing that is asked. Somebody who asks a near-miss
must not be given the answer; one missed in other words is searched for as ever.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings
from evals.cases import LANGUAGES, CaseFileError, Language, file_sha256, read_json_lines
from evals.run import share

DEVELOPMENT = Path(__file__).parent / "cases" / "approvals-development.jsonl"
REPORTED = Path(__file__).parent / "cases" / "approvals-reported.jsonl"
HOWS = ("attribute", "negation", "unit", "number", "measure")
BAR = 0.005  # the largest share of the reported near-misses that may be given the answer
FEWEST = 200  # near-misses, for that share to say anything
_FULL_WIDTH = {0x20: 0x3000} | {sign: sign + 0xFEE0 for sign in range(0x21, 0x7F)}
_ENDING_MARK = re.compile(r"[?\uff1f\u3002.!\uff01\s]+$")
_FOUR_CHARACTERS = re.compile("[\u4e00-\u9fff]{4}")

# (question, wording): would the answer approved for the wording be used?
AsksTheSame = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A question that looks like another and asks something else; `how` is one of HOWS."""

    how: str
    question: str


@dataclass(frozen=True, slots=True)
class Family:
    """A question that an answer was approved for, and what is asked near it."""

    family_id: str
    measure: int
    lang: Language
    question: str
    same: tuple[str, ...]
    different: tuple[NearMiss, ...]


def approvals() -> dict[str, Any]:
    """Measure the assistant on the shipped families."""
    with (
        TemporaryDirectory() as scratch,
        Assistant.open(Settings.read(), journal_path=Path(scratch) / "records.sqlite") as assistant,
    ):
        return measure_approvals(assistant.asks_the_same, development=DEVELOPMENT, reported=REPORTED)


def measure_approvals(asks_the_same: AsksTheSame, *, development: Path, reported: Path) -> dict[str, Any]:
    """Return the shares of both halves, and whether the reported one keeps the bar."""
    halves = {
        name: _half(path, load_families(path), asks_the_same)
        for name, path in (("development", development), ("reported", reported))
    }
    misses = halves["reported"]["different"]["all"]
    passes = misses["n"] >= FEWEST and misses["count"] <= BAR * misses["n"]
    return {"halves": halves, "bar": BAR, "fewest": FEWEST, "passes": passes}


def load_families(path: Path) -> tuple[Family, ...]:
    """Return the families of a file; CaseFileError names file and line of one that is broken."""
    found: dict[str, Family] = {}
    for number, fields in read_json_lines(path):
        where = f"{path}, line {number}"
        family = _family(fields, where)
        if family.family_id in found:
            raise CaseFileError(f"{where}: family {family.family_id!r} is used already")
        found[family.family_id] = family
    if not found:
        raise CaseFileError(f"{path}: has no families")
    return tuple(found.values())


def with_small_talk(family: Family) -> dict[str, str]:
    """Return the question as people type it besides, by what was done to it."""
    question = family.question
    spaced = _FOUR_CHARACTERS.sub(r"\g<0> ", question.replace(" ", "  "))
    typed = {"full width": question.translate(_FULL_WIDTH), "extra spaces": f" {spaced} "}
    if family.lang == "en":
        return {"asked politely": f"please tell me {question}", **typed}
    bare = _ENDING_MARK.sub("", question)
    return {
        "asked politely": f"请问{bare}呢\uff1f",
        "with thanks": f"{question}谢谢",
        **typed,
    }


def approvals_text(measured: Mapping[str, Any]) -> str:
    """Return the figures as lines for a terminal; of what was wrongly used the ids."""
    lines = [f"{'':<32}{'used':>6}{'n':>6}{'share':>9}  interval"]
    for name, half in measured["halves"].items():
        lines.append(f"{name}: {half['cases']}, {half['n_families']} families")
        for label, row in rows(half):
            low, high = row["interval"]
            part = "–" if row["share"] is None else f"{row['share']:.1%}"
            lines.append(f"  {label:<30}{row['count']:>6}{row['n']:>6}{part:>9}  {low:.1%} to {high:.1%}")
        lines += [f"  wrongly used: {one}" for one in half["wrongly_used"]]
    verdict = "passes" if measured["passes"] else "FAILS"
    bar = f"at most {measured['bar']:.1%} of at least {measured['fewest']} near-misses"
    return "\n".join([*lines, f"{verdict}: {bar}, reported half"])


def rows(half: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return a half's shares in order, each with its label."""
    return [
        *((f"near-misses, {how}", row) for how, row in half["different"].items()),
        ("the same in other words", half["same"]),
        *((f"with small talk, {how}", row) for how, row in half["small_talk"].items()),
    ]


def _half(path: Path, families: Iterable[Family], asks_the_same: AsksTheSame) -> dict[str, Any]:
    families = tuple(families)
    different = [
        (one.family_id, miss.how, asks_the_same(miss.question, one.question))
        for one in families
        for miss in one.different
    ]
    talk = [
        (how, asks_the_same(question, one.question))
        for one in families
        for how, question in with_small_talk(one).items()
    ]
    return {
        "cases": path.name,
        "cases_sha256": file_sha256(path),
        "n_families": len(families),
        "different": _by_how(HOWS, [(how, used) for _, how, used in different]),
        "same": share(asks_the_same(text, one.question) for one in families for text in one.same),
        "small_talk": _by_how(dict.fromkeys(how for how, _ in talk), talk),
        "wrongly_used": [f"{family_id} ({how})" for family_id, how, used in different if used],
    }


def _by_how(hows: Iterable[str], outcomes: list[tuple[str, bool]]) -> dict[str, Any]:
    by_how = {how: share(used for theirs, used in outcomes if theirs == how) for how in hows}
    return {**by_how, "all": share(used for _, used in outcomes)}


def _family(fields: Mapping[str, Any], where: str) -> Family:
    family_id, measure, lang = fields.get("family"), fields.get("measure"), fields.get("lang")
    if not _is_text(family_id) or not _is_text(fields.get("question")):
        raise CaseFileError(f"{where}: family and question must be strings with something in them")
    if type(measure) is not int or measure < 1:
        raise CaseFileError(f"{where}: measure must be the number of a measure")
    if lang not in LANGUAGES:
        raise CaseFileError(f"{where}: lang {lang!r} is none of {', '.join(LANGUAGES)}")
    same = fields.get("same")
    if not isinstance(same, list) or not all(map(_is_text, same)):
        raise CaseFileError(f"{where}: same must be a list of strings with something in them")
    return Family(str(family_id), measure, lang, fields["question"], tuple(same), _near_misses(fields, where))


def _near_misses(fields: Mapping[str, Any], where: str) -> tuple[NearMiss, ...]:
    different = fields.get("different")
    if not isinstance(different, list):
        raise CaseFileError(f"{where}: different must be a list")
    for one in different:
        if not isinstance(one, dict) or one.get("how") not in HOWS or not _is_text(one.get("question")):
            raise CaseFileError(f"{where}: each of different needs a question and how: {', '.join(HOWS)}")
    return tuple(NearMiss(one["how"], one["question"]) for one in different)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
