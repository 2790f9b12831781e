"""What each part of the search is worth: right measure first with it and without it, in memory.

Measured at the search, before any gate, and with the questions as the case file
has them. The shipped encoder serves every variant; it was trained with all of the
bank and the translation, so the leg by vectors keeps some of what is left out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant import Settings
from corpus.notice import Passage
from evals import metrics
from evals.cases import OUT_OF_SCOPE_KINDS, Case, CaseFileError, file_sha256, load_cases
from evals.run import share
from index.calibrate import ALL_LEGS, Judge, shipped_judge
from index.fusion import fuse, ranking
from index.keyword import Scores
from index.legs import Legs, Scored, exact_legs, material
from index.scope import Scope
from index.sources import Sources, open_sources

FULL = "everything"
ALL = "all"  # languages together
NO_SCOPE = Scope({}, 0.0)  # knows no word: says neither yes nor no


@dataclass(frozen=True, slots=True)
class Asked:
    """What one state of the search says to each case, in their order."""

    legs: Legs
    cases: tuple[Case, ...]
    scored: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One state of the search and, case by case, whether the right measure came first."""

    name: str
    first: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """A score of each question, and whether the notices answer it."""

    name: str
    pairs: tuple[tuple[float, bool], ...]


def ablation(cases_path: Path, sources: Sources) -> dict[str, Any]:
    """Return shares, intervals and p of every variant by language, and the AUROC of the scope."""
    cases = load_cases(cases_path)
    inside, outside = searched(cases), outside_only(cases)
    if not inside:
        raise CaseFileError(f"{cases_path}: no case that goes through the search has a gold measure")
    full = _asked(_rebuilt(sources), (*inside, *outside))
    unfenced = _asked(_rebuilt(sources, negatives=()), (*inside, *outside))
    return {
        **identity(cases_path),
        "first": _first_table(_variants(full, unfenced, inside, sources), inside),
        "scope": _scope_table(_separations(full, unfenced), (*inside, *outside)),
    }


def ablation_text(measured: Mapping[str, Any]) -> str:
    """Return both tables as lines for a terminal."""
    lines = [f"{'right measure ranked first':<48}{'lang':>6}{'n':>6}{'share':>24}{'p':>8}"]
    for row in measured["first"]:
        low, high = row["interval"]
        cell = f"{row['share']:.1%} [{low:.1%}, {high:.1%}]"
        lines.append(f"{row['variant']:<48}{row['lang']:>6}{row['n']:>6}{cell:>24}{row['p']:>8.3f}")
    lines += ["", f"{'inside from outside':<48}{'lang':>6}{'in':>6}{'out':>6}{'AUROC':>8}"]
    for row in measured["scope"]:
        auroc = "–" if row["auroc"] is None else f"{row['auroc']:.3f}"
        lines.append(
            f"{row['variant']:<48}{row['lang']:>6}{row['n_inside']:>6}{row['n_outside']:>6}{auroc:>8}"
        )
    return "\n".join([*lines, "p: McNemar, exact, against everything; the shipped encoder in every row"])


def identity(cases_path: Path) -> dict[str, Any]:
    """Return by what a table names its case file."""
    return {"cases": cases_path.name, "cases_sha256": file_sha256(cases_path)}


def shipped_sources() -> Sources:
    """Open the shipped notices, bank and encoder, whatever encoder the settings name."""
    return open_sources(Settings.read().data_dir, None)


def searched(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the in-scope cases whose question goes to the search as it stands.

    Left out: follow-ups and traditional characters, which the assistant rewrites
    first, and lists, which come from the records.
    """
    return tuple(
        case
        for case in cases
        if case.is_in_scope
        and case.measures
        and not case.history
        and case.kind != "aggregate"
        and case.lang != "zh-Hant"
    )


def outside_only(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return the cases out of scope whose question goes to the search as it stands."""
    return tuple(
        case
        for case in cases
        if case.kind in OUT_OF_SCOPE_KINDS and not case.history and case.lang != "zh-Hant"
    )


def first_is_right(
    case: Case, legs: Mapping[str, Scores], passages: Sequence[Passage], *, trust: float = 1.0
) -> bool:
    """Tell whether the legs together put a gold measure first; finding nothing is wrong."""
    found = ranking(fuse(legs, trust=trust))[:1] if legs else []
    return any(passages[position].measure_number in case.measures for position in found)


def languages(cases: Iterable[Case]) -> tuple[str, ...]:
    return (ALL, *sorted({case.lang for case in cases}, reverse=True))


def of_language(outcomes: Sequence[Any], cases: Sequence[Case], lang: str) -> list[Any]:
    return [outcome for outcome, case in zip(outcomes, cases, strict=True) if lang in (ALL, case.lang)]


def _asked(legs: Legs, cases: Sequence[Case]) -> Asked:
    return Asked(legs, tuple(cases), tuple(legs.score(case.question) for case in cases))


def _variants(full: Asked, unfenced: Asked, inside: Sequence[Case], sources: Sources) -> list[Variant]:
    """Return the full system first, then each leg left out, each alone, each source left out."""

    def variant(name: str, asked: Asked, kept: Collection[str] = ALL_LEGS) -> Variant:
        outcomes = (
            first_is_right(
                case,
                {leg: row for leg, row in scored.legs.items() if leg in kept},
                asked.legs.passages,
                trust=scored.trust,
            )
            for case, scored in zip(inside, asked.scored, strict=False)  # those outside come after
        )
        return Variant(name, tuple(outcomes))

    return [
        variant(FULL, full),
        *(variant(f"without {leg}", full, {*ALL_LEGS} - {leg}) for leg in ALL_LEGS),
        *(variant(f"{leg} alone", full, [leg]) for leg in ALL_LEGS),
        variant("without the question bank", _asked(_rebuilt(sources, questions=()), inside)),
        variant("without the glossary", _asked(replace(full.legs, glossaries=()), inside)),
        variant("without the translation", _asked(_rebuilt(sources, english={}), inside)),
        variant("without the questions outside", unfenced),
    ]


def _rebuilt(sources: Sources, **left_out: Any) -> Legs:
    kept = replace(sources, **left_out)
    gathered = material(kept.notices, kept.questions, kept.negatives, kept.english)
    return exact_legs(gathered, kept.words, kept.encoder, kept.glossaries)


def _first_table(variants: Sequence[Variant], cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return a row for each variant and language; `p` is McNemar's against the full system."""
    rows = []
    for variant in variants:
        for lang in languages(cases):
            full = of_language(variants[0].first, cases, lang)
            first = of_language(variant.first, cases, lang)
            lost = sum(a and not b for a, b in zip(full, first, strict=True))
            gained = sum(b and not a for a, b in zip(full, first, strict=True))
            counts = {"lost": lost, "gained": gained, "p": metrics.mcnemar(lost, gained)}
            rows.append({"variant": variant.name, "lang": lang, **share(first), **counts})
    return rows


def _separations(full: Asked, unfenced: Asked) -> list[Separation]:
    """Return how each state tells questions inside from those outside, by one score a question."""
    judge = shipped_judge(encoder_is_shipped=True)
    voteless = replace(judge, scope=NO_SCOPE)

    def separation(name: str, asked: Asked, judged_by: Judge | None) -> Separation:
        pairs = (
            (_sureness(asked.legs, case.question, scored, judged_by), case.is_in_scope)
            for case, scored in zip(asked.cases, asked.scored, strict=True)
        )
        return Separation(name, tuple(pairs))

    return [
        separation(FULL, full, judge),
        separation("without the questions outside in the index", unfenced, judge),
        separation("without the scope's votes", full, voteless),
        separation("without both", unfenced, voteless),
        separation("without the calibration: the fused score", full, None),
    ]


def _sureness(legs: Legs, question: str, scored: Scored, judge: Judge | None) -> float:
    """Return the probability of the best passage, or without a judge its fused score; 0 for none."""
    fused = fuse(scored.legs, trust=scored.trust)
    best = ranking(fused)[:1]
    if not best:
        return 0.0
    if judge is None:
        return float(fused[best[0]])
    return judge.probabilities(question, scored, legs, best)[0]


def _scope_table(separations: Sequence[Separation], cases: Sequence[Case]) -> list[dict[str, Any]]:
    rows = []
    for separation in separations:
        for lang in languages(cases):
            pairs = of_language(separation.pairs, cases, lang)
            n_inside = sum(own for _, own in pairs)
            counts = {"n_inside": n_inside, "n_outside": len(pairs) - n_inside}
            rows.append({"variant": separation.name, "lang": lang, **counts, "auroc": metrics.auroc(pairs)})
    return rows
