"""Two runs over the same cases side by side: what changed, and whether it is more than chance."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import CaseFileError, read_json_lines, read_text
from evals.metrics import mcnemar, wilson


@dataclass(frozen=True, slots=True)
class Slice:
    """Strictly right in both runs, over the cases of one group (or all)."""

    name: str
    n: int
    right_a: int
    right_b: int
    p: float  # McNemar, exact

    @property
    def difference(self) -> float:
        return (self.right_b - self.right_a) / self.n


@dataclass(frozen=True, slots=True)
class Flip:
    """A case that just one run has strictly right."""

    case_id: str
    question: str
    gained: bool  # right in b only
    reasons: tuple[str, ...]  # why the other run is wrong


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run b against run a; the last slice holds all cases."""

    name_a: str
    name_b: str
    cases_sha256: str
    slices: tuple[Slice, ...]
    flips: tuple[Flip, ...]


def compare(run_dir_a: Path, run_dir_b: Path) -> Comparison:
    """Compare two runs; CaseFileError unless both are whole runs over the same cases."""
    settings_a, settings_b = read_settings(run_dir_a), read_settings(run_dir_b)
    sha_a, sha_b = settings_a["cases_sha256"], settings_b["cases_sha256"]
    if sha_a != sha_b:
        raise CaseFileError(
            f"the runs are over different case files: {settings_a['cases']} ({sha_a[:12]}) and"
            f" {settings_b['cases']} ({sha_b[:12]}); only runs over the same file can be compared"
        )
    rows_a, rows_b = _scores(run_dir_a), _scores(run_dir_b)
    if [row["case_id"] for row in rows_a] != [row["case_id"] for row in rows_b]:
        raise CaseFileError(
            f"the runs hold different cases of {settings_a['cases']} ({len(rows_a)} and {len(rows_b)}):"
            " use the same --limit for both"
        )
    pairs = list(zip(rows_a, rows_b, strict=True))
    return Comparison(
        name_a=f"{run_dir_a.name} ({settings_a['system']})",
        name_b=f"{run_dir_b.name} ({settings_b['system']})",
        cases_sha256=sha_a,
        slices=_slices(pairs),
        flips=tuple(_flip(a, b) for a, b in pairs if a["right"] != b["right"]),
    )


def comparison_text(comparison: Comparison) -> str:
    """Return the comparison as lines for a terminal."""
    lines = [
        f"A  {comparison.name_a}",
        f"B  {comparison.name_b}",
        f"case file SHA-256 {comparison.cases_sha256}",
        "",
        f"{'strictly right':<32}{'n':>6}{'A':>24}{'B':>24}{'B - A':>9}{'p':>8}",
        *map(_slice_line, comparison.slices),
        "p: McNemar, exact, two-sided; intervals: Wilson, 95 %",
    ]
    for title, gained in (("Right in B only", True), ("Right in A only", False)):
        flips = [flip for flip in comparison.flips if flip.gained is gained]
        lines += ["", f"{title} ({len(flips)})"]
        lines += [f"  {flip.case_id}  {flip.question}  [{'; '.join(flip.reasons)}]" for flip in flips]
    return "\n".join(lines)


def read_settings(run_dir: Path) -> dict[str, Any]:
    return read_object(run_dir / "settings.json")


def read_object(path: Path) -> dict[str, Any]:
    """Return a JSON object from a file; CaseFileError names the file and the line."""
    try:
        parsed = json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise CaseFileError(f"{path}, line {error.lineno}: not JSON: {error.msg}") from error
    if not isinstance(parsed, dict):
        raise CaseFileError(f"{path}: not a JSON object")
    return parsed


def _scores(run_dir: Path) -> list[dict[str, Any]]:
    return [row for _, row in read_json_lines(run_dir / "scores.jsonl")]


Pairs = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


def _slices(pairs: Pairs) -> tuple[Slice, ...]:
    keys: list[Callable[[Mapping[str, Any]], str]] = [
        lambda row: f"{row['kind']} × {row['lang']}",
        lambda row: "all",
    ]
    return tuple(
        _slice(name, [pair for pair in pairs if key(pair[0]) == name])
        for key in keys
        for name in sorted({key(a) for a, _ in pairs})
    )


def _slice(name: str, pairs: Pairs) -> Slice:
    return Slice(
        name=name,
        n=len(pairs),
        right_a=sum(a["right"] for a, _ in pairs),
        right_b=sum(b["right"] for _, b in pairs),
        p=mcnemar(
            sum(a["right"] and not b["right"] for a, b in pairs),
            sum(b["right"] and not a["right"] for a, b in pairs),
        ),
    )


def _flip(a: Mapping[str, Any], b: Mapping[str, Any]) -> Flip:
    reasons = a["reasons"] or b["reasons"]
    return Flip(a["case_id"], a["question"], gained=b["right"], reasons=tuple(reasons))


def _slice_line(part: Slice) -> str:
    shares = "".join(f"{_with_interval(right, part.n):>24}" for right in (part.right_a, part.right_b))
    p = "<0.001" if part.p < 0.001 else f"{part.p:.3f}"
    return f"{part.name:<32}{part.n:>6}{shares}{part.difference:>+9.1%}{p:>8}"


def _with_interval(right: int, n: int) -> str:
    low, high = wilson(right, n)
    return f"{right / n:.1%} [{low:.1%}, {high:.1%}]"
