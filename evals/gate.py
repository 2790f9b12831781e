"""The gate: no group of our own cases may fall below what was recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CaseFileError, file_sha256, load_cases
from evals.compare import read_object
from evals.run import Score, answer_cases, score, write_json
from evals.systems import System

OWN_CASES = Path(__file__).parent / "cases" / "own.jsonl"
BASELINE = Path(__file__).parent / "cases" / "own_baseline.json"


def score_own(system: System, cases_path: Path) -> list[Score]:
    cases = load_cases(cases_path)
    return score(cases, answer_cases(system, cases))


def counts(scores: Sequence[Score]) -> dict[str, dict[str, int]]:
    """Return n and the number strictly right of each group (kind × language), by name."""
    n = Counter(f"{row.kind} × {row.lang}" for row in scores)
    right = Counter(f"{row.kind} × {row.lang}" for row in scores if row.right)
    return {group: {"n": n[group], "right": right[group]} for group in sorted(n)}


def record(scores: Sequence[Score], cases_path: Path, baseline_path: Path) -> None:
    """Write what the gate compares with from now on."""
    write_json(
        baseline_path,
        {"cases": cases_path.name, "cases_sha256": file_sha256(cases_path), "groups": counts(scores)},
    )


def fallen(scores: Sequence[Score], baseline_path: Path) -> list[str]:
    """Return a sentence for each group below its recorded count; a group that is gone counts 0."""
    now = counts(scores)
    return [
        f"{group}: {now.get(group, {'right': 0})['right']} strictly right, {recorded['right']} recorded"
        for group, recorded in _groups(baseline_path).items()
        if now.get(group, {"right": 0})["right"] < recorded["right"]
    ]


def case_file_changed(cases_path: Path, baseline_path: Path) -> bool:
    return bool(read_object(baseline_path).get("cases_sha256") != file_sha256(cases_path))


def _groups(baseline_path: Path) -> Mapping[str, Any]:
    groups = read_object(baseline_path).get("groups")
    if not isinstance(groups, dict):
        raise CaseFileError(f"{baseline_path}: lacks 'groups'; record it anew with gate --record")
    return groups
