"""Generated tables in documents: figures between markers, replaced whole, never the cases' texts."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.approvals import rows as approvals_rows
from evals.cases import OUT_OF_SCOPE_KINDS, CaseFileError, read_json_lines, read_text
from evals.compare import read_object, read_settings
from evals.report import CONFIDENCE_FIGURES, CONFIDENCE_NOTE, CONFIDENCES, FIGURES, interval, number, percent

EVALUATION_PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"


def document(directories: Sequence[Path], page: Path) -> None:
    """Put the figures of each directory into the page: runs, ablations, learning curves and other checks.

    Blocks are named by case file and kind. Numbers and ids only, never a text of the cases.
    """
    for directory in directories:
        for name, body in blocks(directory).items():
            update(page, name, body)


def blocks(directory: Path) -> dict[str, str]:
    """Return the Markdown of everything measured in a directory, by the block's name."""
    found: dict[str, str] = {}
    if (directory / SUMMARY).is_file() or not any((directory / name).is_file() for name in MEASURED):
        found |= _run_blocks(directory)
    for file_name, blocks_of in MEASURED.items():
        if (directory / file_name).is_file():
            found |= blocks_of(read_object(directory / file_name))
    return found


def run_block(settings: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    """Return the Markdown of a run: what was run on which file, and its figures by group."""
    limit = f", the first {settings['limit']}" if settings["limit"] is not None else ""
    rows = [*summary["by_group"].items(), ("**all**", summary["overall"])]
    body = "\n".join(
        f"| {name} | {row['n']} | " + " | ".join(_cell(row[figure]) for figure, _ in FIGURES) + " |"
        for name, row in rows
    )
    return (
        f"`{settings['system']}` on `{settings['cases']}` ({settings['n_cases']} cases{limit}; SHA-256"
        f" `{settings['cases_sha256']}`), {settings['finished_at'][:10]}, index"
        f" `{settings['index_version'] or 'none'}`. In brackets Wilson's 95 % interval.\n\n"
        f"| Group | n | {' | '.join(label for _, label in FIGURES)} |\n"
        f"|---|---|{'---|' * len(FIGURES)}\n{body}"
    )


def calibration_block(confidence: Mapping[str, Any]) -> str:
    """Return what the confidence is worth, and its reliability table."""
    rows = "\n".join(
        f"| {label} | " + " | ".join(number(confidence[name][key]) for key, _ in CONFIDENCE_FIGURES) + " |"
        for name, label in CONFIDENCES
    )
    bins = "\n".join(
        f"| {row['low']:.1f} to {row['high']:.1f} | {row['n']} | {row['mean_confidence']:.3f}"
        f" | {row['share_right']:.3f} |"
        for row in confidence["searched"]["reliability"]
    )
    return (
        f"{_head('Confidence', *(label for _, label in CONFIDENCE_FIGURES))}\n{rows}\n\n"
        f"{CONFIDENCE_NOTE}\n\n"
        f"{_head('Confidence of a search', 'n', 'Mean', 'Best passage right')}\n{bins}"
    )


def misses_block(scores: Sequence[Mapping[str, Any]]) -> str:
    """Return the ids of all cases not strictly right with a reason, in order."""
    missed = [row for row in scores if not row["right"]]
    rows = "".join(
        f"\n| {row['case_id']} | {row['kind']} × {row['lang']} | {reason(row)} |" for row in missed
    )
    return f"{len(missed)} of {len(scores)} not strictly right.\n\n{_head('Case', 'Group', 'Reason')}{rows}"


def reason(row: Mapping[str, Any]) -> str:
    """Return in two or three words why a score is not strictly right, the gravest first."""
    if row["status"] == "failed":
        return "failed"
    if row["kind"] in OUT_OF_SCOPE_KINDS:
        return "answered though outside" if row["status"] == "answered" else f"ended as {row['status']}"
    if row["over_refused"]:
        return f"refused ({row['status']})"
    if row["right_first"] is False:
        return "wrong measure"
    if not {*row["measures"]} <= {*row["cited"]}:
        return "measure missing"
    return "other fact, unit or measure besides"


def ablation_blocks(measured: Mapping[str, Any]) -> dict[str, str]:
    stem = Path(measured["cases"]).stem
    langs = list(dict.fromkeys(row["lang"] for row in measured["first"]))
    first = _by_variant(measured["first"], langs, lambda row: [_cell(row), _p(row["p"])])
    head = _head("Search", *(name for lang in langs for name in (f"{lang} ({_n(measured, lang)})", "p")))
    block = (
        f"{_named(measured)} Right measure ranked first by the search, before any gate. In brackets Wilson's"
        f" 95 % interval; p: McNemar, exact, against everything.\n\n{head}\n{first}"
    )
    head = _head("AUROC of the best passage's probability", *langs)
    scope = _by_variant(measured["scope"], langs, lambda row: [number(row["auroc"])])
    n = next(row for row in measured["scope"] if row["lang"] == "all")
    scope_block = (
        f"{_named(measured)} How well the probability tells {n['n_inside']} questions inside from"
        f" {n['n_outside']} outside: 1 always, 0.5 by chance.\n\n{head}\n{scope}"
    )
    return {f"{stem}-ablation": block, f"{stem}-scope": scope_block}


def learning_curve_blocks(measured: Mapping[str, Any]) -> dict[str, str]:
    langs = list(dict.fromkeys(point["lang"] for point in measured["points"]))
    rows: dict[int | None, list[str]] = {}
    for point in measured["points"]:
        spread = "" if point["low"] == point["high"] else f" ({point['low']:.1%} to {point['high']:.1%})"
        rows.setdefault(point["n_questions"], []).append(f"{point['mean']:.1%}{spread}")
    body = "\n".join(f"| {'all' if n is None else n} | {' | '.join(cells)} |" for n, cells in rows.items())
    block = (
        f"{_named(measured)} Right measure ranked first by the keyword legs, before any gate: mean of"
        f" {measured['n_seeds']} draws, in brackets the lowest and the highest.\n\n"
        f"{_head('Questions a passage', *langs)}\n{body}"
    )
    return {f"{Path(measured['cases']).stem}-learning-curve": block}


def general_blocks(measured: Mapping[str, Any]) -> dict[str, str]:
    figures = list(next(iter(measured["systems"].values())))
    body = "\n".join(
        f"| {name} | " + " | ".join(f"{row[figure]:.4f}" for figure in figures) + " |"
        for name, row in measured["systems"].items()
    )
    verdict = "not worse" if measured["passes"] else "worse"
    block = (
        f"{measured['n_questions']} questions, {measured['n_texts']} texts; SHA-256 of the questions"
        f" `{measured['questions_sha256']}`. Fused is {verdict} than BM25 over bigrams; hit@1: p ="
        f" {_p(measured['p_first'])} (McNemar, exact).\n\n{_head('Search', *figures)}\n{body}"
    )
    return {"general": block}


def approvals_blocks(measured: Mapping[str, Any]) -> dict[str, str]:
    halves = measured["halves"].values()
    named = "; ".join(
        f"`{half['cases']}` ({half['n_families']} families; SHA-256 `{half['cases_sha256']}`)"
        for half in halves
    )
    body = "\n".join(
        f"| {row[0][0]} | "
        + " | ".join(f"{share['count']} of {share['n']}, {_cell(share)}" for _, share in row)
        + " |"
        for row in zip(*map(approvals_rows, halves), strict=True)
    )
    wrongly = [one for half in halves for one in half["wrongly_used"]]
    verdict = "kept" if measured["passes"] else "missed"
    block = (
        f"{named}. How often the approved answer is used. In brackets Wilson's 95 % interval. The bar, at"
        f" most {measured['bar']:.1%} of at least {measured['fewest']} reported near-misses, is {verdict}."
        f" Near-misses given the answer: {', '.join(wrongly) or 'none'}.\n\n"
        f"{_head('Asked', *(name.capitalize() for name in measured['halves']))}\n{body}"
    )
    return {"approvals": block}


SUMMARY = "summary.json"
MEASURED: Mapping[str, Callable[[Mapping[str, Any]], dict[str, str]]] = {
    "ablation.json": ablation_blocks,
    "learning_curve.json": learning_curve_blocks,
    "general.json": general_blocks,
    "approvals.json": approvals_blocks,
}


def update(page: Path, name: str, body: str) -> None:
    """Replace the block of this name in the page, or append it; a missing page is an error."""
    page.write_text(replace_block(read_text(page), name, body), encoding="utf-8")


def replace_block(text: str, name: str, body: str) -> str:
    """Return the text with `body` between the markers of this name, appended where there are none.

    Raises CaseFileError if the block begins more than once or does not end.
    """
    begin, end = f"<!-- generated:{name} -->", "<!-- /generated -->"
    block = f"{begin}\n{body}\n{end}"
    if begin not in text:
        return f"{text.rstrip()}\n\n{block}\n".lstrip("\n")
    pattern = re.compile(re.escape(begin) + r"(?:(?!<!-- generated:).)*?" + re.escape(end), re.DOTALL)
    replaced, n = pattern.subn(lambda _: block, text)
    if n != 1 or text.count(begin) != 1:
        raise CaseFileError(f"the block {begin} must begin once and end with {end}")
    return replaced


def _run_blocks(run_dir: Path) -> dict[str, str]:
    """Return the table of a run; for a system that names its confidence also what that is worth."""
    settings, summary = read_settings(run_dir), read_object(run_dir / SUMMARY)
    name = f"{Path(settings['cases']).stem}-{settings['system']}"
    found = {name: run_block(settings, summary)}
    if summary["confidence"]["searched"]["n"]:
        scores = [row for _, row in read_json_lines(run_dir / "scores.jsonl")]
        found[f"{name}-calibration"] = calibration_block(summary["confidence"])
        found[f"{name}-misses"] = misses_block(scores)
    return found


def _by_variant(
    rows: Sequence[Mapping[str, Any]],
    langs: Sequence[str],
    cells: Callable[[Mapping[str, Any]], list[str]],
) -> str:
    of = {(row["variant"], row["lang"]): row for row in rows}
    names = dict.fromkeys(row["variant"] for row in rows)
    return "\n".join(
        f"| {name} | " + " | ".join(cell for lang in langs for cell in cells(of[name, lang])) + " |"
        for name in names
    )


def _named(measured: Mapping[str, Any]) -> str:
    return f"`{measured['cases']}` (SHA-256 `{measured['cases_sha256']}`)."


def _n(measured: Mapping[str, Any], lang: str) -> int:
    return next(int(row["n"]) for row in measured["first"] if row["lang"] == lang)


def _head(*names: str) -> str:
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def _p(p: float) -> str:
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _cell(share: Mapping[str, Any]) -> str:
    return percent(share) if not share["n"] else f"{percent(share)} ({interval(share)})"
