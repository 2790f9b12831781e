"""What more questions in the bank would bring: right measure first by questions a passage.

By the keyword legs alone, so that nothing has to be trained again; measured at the
search, before any gate.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from corpus.bank import BankQuestion
from evals.ablation import first_is_right, identity, languages, of_language, searched
from evals.cases import Case, CaseFileError, load_cases
from index.legs import ExactItems, Legs, keyword_indexes, material
from index.rows import Rows
from index.sources import Sources

LEVELS = (0, 2, 5, 10, 20, 40, None)  # questions a passage; None: all
SEEDS = (1, 2, 3)


def learning_curve(
    cases_path: Path, sources: Sources, *, levels: Sequence[int | None] = LEVELS, seeds: Sequence[int] = SEEDS
) -> dict[str, Any]:
    """Return the share by level and language: mean, lowest and highest over the seeds.

    Each seed shuffles a passage's questions once and takes the first of them, so
    that a level holds the questions of the level below.
    """
    cases = searched(load_cases(cases_path))
    if not cases:
        raise CaseFileError(f"{cases_path}: no case that goes through the search has a gold measure")
    points = []
    for level in levels:
        drawn = {tuple(sample(sources.questions, level, seed)) for seed in seeds}
        runs = [_first(kept, sources, cases) for kept in drawn]
        points += [_point(level, lang, runs, cases) for lang in languages(cases)]
    return {**identity(cases_path), "n_seeds": len(seeds), "points": points}


def learning_curve_text(measured: Mapping[str, Any]) -> str:
    """Return the curve as lines for a terminal."""
    lines = [f"{'questions a passage':<22}{'lang':>6}{'n':>6}{'mean':>8}{'range':>18}"]
    for point in measured["points"]:
        level = "all" if point["n_questions"] is None else str(point["n_questions"])
        spread = f"{point['low']:.1%} to {point['high']:.1%}"
        lines.append(f"{level:<22}{point['lang']:>6}{point['n']:>6}{point['mean']:>8.1%}{spread:>18}")
    return "\n".join([*lines, "right measure ranked first by the keyword legs, before any gate"])


def sample(questions: Sequence[BankQuestion], level: int | None, seed: int) -> list[BankQuestion]:
    """Return at most `level` questions of each passage, in the bank's order; None keeps all."""
    if level is None:
        return list(questions)
    shuffled = list(range(len(questions)))
    random.Random(seed).shuffle(shuffled)
    taken: dict[str, int] = {}
    kept = set()
    for i in shuffled:
        passage_id = questions[i].passage_id
        if taken.get(passage_id, 0) < level:
            taken[passage_id] = taken.get(passage_id, 0) + 1
            kept.add(i)
    return [question for i, question in enumerate(questions) if i in kept]


def _first(kept: Sequence[BankQuestion], sources: Sources, cases: Sequence[Case]) -> list[bool]:
    legs = keyword_legs(replace(sources, questions=tuple(kept)))
    return [first_is_right(case, legs.score(case.question).legs, legs.passages) for case in cases]


def keyword_legs(sources: Sources) -> Legs:
    """Build the legs without vectors: nothing is encoded but the question."""
    gathered = material(sources.notices, sources.questions, sources.negatives, sources.english)
    found = keyword_indexes(gathered, sources.words)
    nothing = ExactItems(Rows((), np.zeros((0, sources.encoder.dimension), dtype=np.float32)))
    return Legs(
        gathered.passages,
        found["bigrams"],
        found["words"],
        found["syllables"],
        nothing,
        sources.encoder,
        sources.glossaries,
        left_out=frozenset({"vectors"}),
    )


def _point(
    level: int | None, lang: str, runs: Sequence[Sequence[bool]], cases: Sequence[Case]
) -> dict[str, Any]:
    shares = [float(np.mean(of_language(run, cases, lang))) for run in runs]
    n = len(of_language(cases, cases, lang))
    spread = {"mean": float(np.mean(shares)), "low": min(shares), "high": max(shares)}
    return {"n_questions": level, "lang": lang, "n": n, **spread}
