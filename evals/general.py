"""The general check: does the fusion hurt where nobody wrote a bank or trained an encoder?

On a directory with `statutes.jsonl` (id, text) and `questions.jsonl` (id, question,
statutes: the ids that answer it), which is no part of this repository. The legs, the
encoder and the fusion are those of the assistant; the texts are new to all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.notice import Passage
from evals import metrics
from evals.cases import CaseFileError, file_sha256, read_json_lines
from index.calibrate import ALL_LEGS
from index.fusion import fuse, ranking
from index.legs import Legs, Material, Scored, exact_legs, passage_items
from index.sources import Sources

BASELINE, FUSED = "bigrams", "fused"
CUT = 10
FIGURES = ("hit@1", f"hit@{CUT}", f"MRR@{CUT}")


@dataclass(frozen=True, slots=True)
class GeneralQuestion:
    """A question, and which texts answer it."""

    text: str
    right: frozenset[str]


def general(directory: Path, sources: Sources) -> dict[str, Any]:
    """Return the figures of each leg and of all fused, and whether the check passes.

    It passes if fused is not worse than BM25 over bigrams by any of the three figures.
    """
    statutes = load_statutes(directory / "statutes.jsonl")
    questions = load_general_questions(directory / "questions.jsonl", {one.passage_id for one in statutes})
    legs = statute_legs(statutes, sources)
    reciprocal = _reciprocal_ranks(legs, questions)
    figures = {name: _figures(ranks) for name, ranks in reciprocal.items()}
    return {
        "data": directory.name,
        "questions_sha256": file_sha256(directory / "questions.jsonl"),
        "n_questions": len(questions),
        "n_texts": len(statutes),
        "systems": figures,
        "p_first": _p_first(reciprocal[BASELINE], reciprocal[FUSED]),
        "passes": all(figures[FUSED][figure] >= figures[BASELINE][figure] for figure in FIGURES),
    }


def load_statutes(path: Path) -> tuple[Passage, ...]:
    """Return each text as a passage; CaseFileError names the line of one that is broken."""
    found: dict[str, Passage] = {}
    for number, fields in read_json_lines(path):
        statute_id, text = fields.get("id"), fields.get("text")
        if not isinstance(statute_id, str) or not isinstance(text, str) or not text.strip():
            raise CaseFileError(f"{path}, line {number}: id and text must be strings with something in them")
        if statute_id in found:
            raise CaseFileError(f"{path}, line {number}: id {statute_id!r} is used already")
        digest = sha256(text.encode()).hexdigest()
        found[statute_id] = Passage(statute_id, "", None, statute_id, text, 0, len(text), digest)
    if not found:
        raise CaseFileError(f"{path}: has no texts")
    return tuple(found.values())


def load_general_questions(path: Path, known: set[str]) -> tuple[GeneralQuestion, ...]:
    """Return the questions; CaseFileError for one without an answer among the texts."""
    questions = []
    for number, fields in read_json_lines(path):
        text, right = fields.get("question"), fields.get("statutes")
        if not isinstance(text, str) or not isinstance(right, list) or not known & {*map(str, right)}:
            raise CaseFileError(f"{path}, line {number}: not a question with the id of a text in 'statutes'")
        questions.append(GeneralQuestion(text, frozenset(map(str, right))))
    if not questions:
        raise CaseFileError(f"{path}: has no questions")
    return tuple(questions)


def statute_legs(statutes: tuple[Passage, ...], sources: Sources) -> Legs:
    """Index the texts as notices are, without bank, translation and glossary."""
    items = tuple(item for statute in statutes for item in passage_items(statute))
    gathered = Material(statutes, (), items, tuple(statute.text for statute in statutes))
    return exact_legs(gathered, sources.words, sources.encoder)


def general_text(checked: Mapping[str, Any]) -> str:
    """Return the figures as lines for a terminal."""
    lines = [f"{'':<12}" + "".join(f"{figure:>9}" for figure in FIGURES)]
    for name, figures in checked["systems"].items():
        lines.append(f"{name:<12}" + "".join(f"{figures[figure]:>9.4f}" for figure in FIGURES))
    verdict = "passes" if checked["passes"] else "FAILS"
    lines.append(f"{verdict}: fused against {BASELINE}; hit@1 McNemar p = {checked['p_first']:.3f}")
    return "\n".join(lines)


def _reciprocal_ranks(legs: Legs, questions: Sequence[GeneralQuestion]) -> dict[str, list[float]]:
    """Return 1 / rank of the first right text, by leg and fused, in the questions' order."""
    ranks: dict[str, list[float]] = {name: [] for name in (*ALL_LEGS, FUSED)}
    for question in questions:
        right = {i for i, passage in enumerate(legs.passages) if passage.passage_id in question.right}
        for name, found in _rankings(legs.score(question.text)).items():
            ranks[name].append(metrics.reciprocal_rank(found, right, cut=CUT))
    return ranks


def _rankings(scored: Scored) -> dict[str, list[int]]:
    alone = {name: ranking(scored.legs[name]) if name in scored.legs else [] for name in ALL_LEGS}
    return {**alone, FUSED: ranking(fuse(scored.legs, trust=scored.trust))}


def _figures(reciprocal_ranks: Sequence[float]) -> dict[str, float]:
    n = len(reciprocal_ranks)
    hits = sum(rank == 1 for rank in reciprocal_ranks) / n, sum(rank > 0 for rank in reciprocal_ranks) / n
    return dict(zip(FIGURES, (*hits, sum(reciprocal_ranks) / n), strict=True))


def _p_first(a: Sequence[float], b: Sequence[float]) -> float:
    only_a = sum(x == 1 and y != 1 for x, y in zip(a, b, strict=True))
    return metrics.mcnemar(only_a, sum(y == 1 and x != 1 for x, y in zip(a, b, strict=True)))
