"""A run: every case asked, scored, summed up, and left in a directory of its own."""

import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant import Answer, Status, UnusableQuestion
from evals import metrics
from evals.cases import Case, CaseFileError, file_sha256, load_cases
from evals.report import write_report
from evals.systems import System, open_system

PACKAGES = (
    "policy-assistant", "bm25s", "chromadb", "gradio", "jieba", "langchain-core", "model2vec", "numpy",
    "sentence-transformers",
)  # fmt: skip
N_CURVE_POINTS = 100  # of the risk-coverage curve that are kept; the area is over all of them


@dataclass(frozen=True, slots=True)
class Score:
    """One case's verdict; None where a figure does not apply to the case."""

    case_id: str
    kind: str
    lang: str
    style: str
    question: str
    measures: tuple[int, ...]  # gold
    status: str
    cited: tuple[int, ...]
    right: bool
    reasons: tuple[str, ...]
    right_first: bool | None
    gold_shown: bool | None
    outside_refused: bool | None
    over_refused: bool | None
    wrongly_answered: bool | None
    deadline_right: bool | None
    confidence: float | None
    best_right: bool | None  # the search's best passage, which the confidence is about
    seconds: float


def answer_cases(system: System, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return the answer objects with `case_id`, one for each case, in order.

    A question that the system cannot use becomes an object with status `failed`:
    counted, never lost. The language is not passed on: users do not name theirs.
    """
    return [{"case_id": case.case_id, **_ask(system, case).as_dict()} for case in cases]


def score(cases: Sequence[Case], answers: Sequence[Mapping[str, Any]]) -> list[Score]:
    """Return one score for each case, in order; ValueError if the answers are not these cases'."""
    if [case.case_id for case in cases] != [answer["case_id"] for answer in answers]:
        raise ValueError("the answers are not those of the cases, one for each and in their order")
    return [_score(case, answer) for case, answer in zip(cases, answers, strict=True)]


def summarise(scores: Sequence[Score]) -> dict[str, Any]:
    """Return the figures of a run: overall, by group, kind, language, style and measure."""
    seconds = [row.seconds for row in scores]
    return {
        "overall": figures(scores),
        "by_group": _by(scores, lambda row: f"{row.kind} × {row.lang}"),
        "by_kind": _by(scores, lambda row: row.kind),
        "by_lang": _by(scores, lambda row: row.lang),
        "by_style": _by(scores, lambda row: row.style or "(none)"),
        "by_measure": _by_measure(scores),
        "statuses": {
            status: sum(row.status == status for row in scores)
            for status in sorted({row.status for row in scores})
        },
        "latency_s": {
            "p50": metrics.percentile(seconds, 50),
            "p99": metrics.percentile(seconds, 99),
            "max": max(seconds, default=None),
        },
        "confidence": {
            "searched": _confidence(searched_pairs(scores)),
            "answered": _confidence(answered_pairs(scores)),
        },
    }


def figures(scores: Sequence[Score]) -> dict[str, Any]:
    """Return n and the shares, each with its counts and Wilson's 95 % interval."""
    return {
        "n": len(scores),
        "right": share(row.right for row in scores),
        "right_first": share(row.right_first for row in scores),
        "gold_shown": share(row.gold_shown for row in scores),
        "over_refused": share(row.over_refused for row in scores),
        "outside_refused": share(row.outside_refused for row in scores),
        "wrongly_answered": share(row.wrongly_answered for row in scores),
        "deadline_right": share(row.deadline_right for row in scores),
    }


def searched_pairs(scores: Iterable[Score]) -> list[tuple[float, bool]]:
    """Return (confidence, best passage right) of every search, whatever it ended as.

    This measures the calibrated probability; see metrics.best_passage_right.
    """
    return [
        (row.confidence, row.best_right)
        for row in scores
        if row.confidence is not None and row.best_right is not None
    ]


def answered_pairs(scores: Iterable[Score]) -> list[tuple[float, bool]]:
    """Return (confidence, strictly right) of the answers: what the confidence shown to users is worth."""
    return [
        (row.confidence, row.right)
        for row in scores
        if row.confidence is not None and row.status == Status.ANSWERED
    ]


def share(outcomes: Iterable[bool | None]) -> dict[str, Any]:
    """Return counts, share and interval over the outcomes that apply; share None for none."""
    known = [outcome for outcome in outcomes if outcome is not None]
    count, n = sum(known), len(known)
    return {
        "count": count,
        "n": n,
        "share": count / n if n else None,
        "interval": list(metrics.wilson(count, n)),
    }


def misses(
    cases: Sequence[Case], answers: Sequence[Mapping[str, Any]], scores: Sequence[Score]
) -> list[dict[str, Any]]:
    """Return what was expected and got for every case not strictly right, in order."""
    return [
        {
            "case_id": case.case_id,
            "group": case.group,
            "question": case.question,
            "history": list(case.history),
            "expected": {
                "statuses": list(case.right_statuses),
                "measures": list(case.measures),
                "lead_units": list(case.lead_units or ()),
                "must_contain": [list(fact) for fact in case.must_contain],
                "must_not_contain": list(case.must_not_contain),
            },
            "got": {"status": row.status, "cited": list(row.cited), "text": answer["text"]},
            "reasons": list(row.reasons),
        }
        for case, answer, row in zip(cases, answers, scores, strict=True)
        if not row.right
    ]


def run(
    cases_path: Path, *, system_name: str, out: Path | None = None, limit: int | None = None
) -> tuple[Path, dict[str, Any]]:
    """Evaluate a system by its name; return the run's directory and the summary."""
    load_cases(cases_path)  # a bad file is refused before a directory is made
    directory = new_directory(out)
    with open_system(system_name, directory / "records.sqlite") as system:
        return directory, evaluate(system, cases_path, directory, limit=limit)


def evaluate(
    system: System, cases_path: Path, directory: Path, *, limit: int | None = None
) -> dict[str, Any]:
    """Ask, score and write everything into the directory; return the summary."""
    cases = load_cases(cases_path)[:limit]
    answers = answer_cases(system, cases)
    scores = score(cases, answers)
    settings = _settings(cases_path, system.name, answers, limit=limit)
    summary = summarise(scores)
    missed = misses(cases, answers, scores)
    write_json(directory / "settings.json", settings)
    write_json_lines(directory / "answers.jsonl", answers)
    write_json_lines(directory / "scores.jsonl", [asdict(row) for row in scores])
    write_json(directory / "summary.json", summary)
    write_json_lines(directory / "misses.jsonl", missed)
    latencies_s = [row.seconds for row in scores]
    write_report(directory / "report.html", settings, summary, missed, latencies_s=latencies_s)
    return summary


def table(summary: Mapping[str, Any]) -> str:
    """Return the summary as lines for a terminal, the overall row last."""
    head = f"{'group':<32}{'n':>6}{'strictly right':>24}{'first':>8}{'refused':>9}{'answered*':>11}"
    rows = [*summary["by_group"].items(), ("all", summary["overall"])]
    lines = [head, *(_line(name, row) for name, row in rows)]
    latency = summary["latency_s"]
    lines.append(f"latency p50 {latency['p50'] * 1000:.1f} ms, p99 {latency['p99'] * 1000:.1f} ms")
    lines.append("first: right measure first; refused: in scope, but refused; answered*: to be refused")
    return "\n".join(lines)


def new_directory(out: Path | None) -> Path:
    """Make and return the run's directory; CaseFileError if it holds something already."""
    directory = out or Path("results") / datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")
    if directory.exists() and not directory.is_dir():
        raise CaseFileError(f"{directory}: is a file, not a directory")
    if directory.is_dir() and any(directory.iterdir()):
        raise CaseFileError(f"{directory}: is not empty; a run needs a directory of its own")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_json_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def _ask(system: System, case: Case) -> Answer:
    started = time.perf_counter()
    try:
        return system.ask(case.question, case.history)
    except UnusableQuestion as error:
        return Answer(
            answer_id=uuid4().hex,
            question=case.question,
            lang=case.lang,
            status=Status.FAILED,
            text=str(error),
            seconds=time.perf_counter() - started,
        )


def _score(case: Case, answer: Mapping[str, Any]) -> Score:
    verdict = metrics.strictly_right(case, answer)
    return Score(
        case_id=case.case_id,
        kind=case.kind,
        lang=case.lang,
        style=case.style,
        question=case.question,
        measures=case.measures,
        status=answer["status"],
        cited=metrics.cited_measures(answer),
        right=verdict.right,
        reasons=verdict.reasons,
        right_first=metrics.right_measure_first(case, answer),
        gold_shown=metrics.gold_shown(case, answer),
        outside_refused=metrics.outside_refused(case, answer),
        over_refused=metrics.over_refused(case, answer),
        wrongly_answered=metrics.wrongly_answered(case, answer),
        deadline_right=metrics.deadline_right(case, answer),
        confidence=answer["confidence"],
        best_right=metrics.best_passage_right(case, answer),
        seconds=answer["seconds"],
    )


def _confidence(pairs: Sequence[tuple[float, bool]]) -> dict[str, Any]:
    """Return every figure of a confidence; None where there is nothing to measure."""
    points = metrics.risk_coverage(pairs)
    step = max(1, len(points) // N_CURVE_POINTS)
    return {
        "n": len(pairs),
        "n_right": sum(right for _, right in pairs),
        "brier": metrics.brier(pairs),
        "brier_constant": metrics.brier_of_base_rate(pairs),
        "ece": metrics.expected_calibration_error(pairs),
        "auroc": metrics.auroc(pairs),
        "risk_coverage_area": metrics.risk_coverage_area(pairs),
        "reliability": [asdict(row) for row in metrics.reliability(pairs)],
        "risk_coverage": [asdict(point) for point in (*points[:-1][::step], *points[-1:])],
    }


def _by(scores: Sequence[Score], key: Callable[[Score], str]) -> dict[str, Any]:
    names = sorted({key(row) for row in scores})
    return {name: figures([row for row in scores if key(row) == name]) for name in names}


def _by_measure(scores: Sequence[Score]) -> dict[str, Any]:
    """Right measure first, by the number of a single gold measure, in the notice's order."""
    single = [row for row in scores if len(row.measures) == 1]
    numbers = sorted({row.measures[0] for row in single})
    return {
        str(number): share(row.right_first for row in single if row.measures[0] == number)
        for number in numbers
    }


def _settings(
    cases_path: Path, system_name: str, answers: Sequence[Mapping[str, Any]], *, limit: int | None
) -> dict[str, Any]:
    versions = sorted({answer["index_version"] for answer in answers if answer["index_version"]})
    return {
        "cases": cases_path.name,
        "cases_sha256": file_sha256(cases_path),
        "n_cases": len(answers),
        "limit": limit,
        "system": system_name,
        "index_version": ", ".join(versions) or None,
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _line(name: str, row: Mapping[str, Any]) -> str:
    low, high = row["right"]["interval"]
    right = f"{_percent(row['right'])} [{low:.1%}, {high:.1%}]"
    shares = (_percent(row[figure]) for figure in ("right_first", "over_refused", "wrongly_answered"))
    first, refused, answered = shares
    return f"{name:<32}{row['n']:>6}{right:>24}{first:>8}{refused:>9}{answered:>11}"


def _percent(share: Mapping[str, Any]) -> str:
    return "–" if share["share"] is None else f"{share['share']:.1%}"
