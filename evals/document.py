"""Generated tables in documents: figures between markers, replaced whole, never the cases' texts."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.cases import CaseFileError, read_text
from evals.compare import read_object, read_settings
from evals.report import FIGURES, interval, percent

EVALUATION_PAGE = Path(__file__).parents[1] / "docs" / "evaluation.md"


def document(run_dirs: Sequence[Path], page: Path) -> None:
    """Put one table a run into the page, named by case file and system."""
    for run_dir in run_dirs:
        settings = read_settings(run_dir)
        name = f"{Path(settings['cases']).stem}-{settings['system']}"
        update(page, name, run_block(settings, read_object(run_dir / "summary.json")))


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


def _cell(share: Mapping[str, Any]) -> str:
    return percent(share) if not share["n"] else f"{percent(share)} ({interval(share)})"
