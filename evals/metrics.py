"""What is measured: small pure functions, each with its formula and source.

An answer is the answer object of the public contract (a mapping), so that answers
read back from a file are scored as fresh ones are.
"""

import math
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.cases import OUT_OF_SCOPE_KINDS, Case

AnswerObject = Mapping[str, Any]
REFUSALS = frozenset({"not_covered", "not_stated", "declined", "clarify"})
Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution

# A whole number: groups of three, decimals and dotted dates, or Chinese numerals.
_NUMBER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*|[零\u3007一二两三四五六七八九十百千]+"
)
_MEASURE_ID = re.compile(r"#m(\d+)$")  # the passage id of a measure
_LIST_MARK = re.compile("[\u2460-\u249b]")
# A bare count, in figures or Chinese numerals, with or without a counting word.
_COUNT = re.compile(r"[共有]*(?:\d+|[零\u3007一二两三四五六七八九十百]+)\w{0,8}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is strictly right; `reasons` is empty exactly then."""

    right: bool
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selected:
    """What is left when only the surest answers are kept."""

    coverage: float  # share kept
    risk: float  # share of these that is wrong
    confidence: float  # of the least sure that is kept


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a reliability table: low <= confidence < high (the last holds 1 too)."""

    low: float
    high: float
    n: int
    mean_confidence: float
    share_right: float


def normalise_text(text: str) -> str:
    """Return the text in NFKC, without white space and without case."""
    return "".join(_folded(text).split())


def contains_fact(text: str, fact: str) -> bool:
    """Tell whether the normalised text holds the normalised fact, its numbers whole.

    Where a fact begins or ends in a number, the number must begin or end there in
    the text too: 5 is not in 15, 2.5 or 1,500. A comma joins only groups of three,
    so 5 is in the list "3,5,7". Neighbours are looked at before white space is
    removed: in "1. 5 days" the dot belongs to a list mark, not to a decimal.
    An empty fact is in no text.
    """
    folded = _folded(text)
    kept = [place for place, sign in enumerate(folded) if not sign.isspace()]
    joined = "".join(folded[place] for place in kept)
    wanted = normalise_text(fact)
    at = joined.find(wanted) if wanted else -1
    while at >= 0:
        start, end = kept[at], kept[at + len(wanted) - 1] + 1
        if not _splits_a_number(folded, start) and not _splits_a_number(folded, end):
            return True
        at = joined.find(wanted, at + 1)
    return False


def contains_any(text: str, alternatives: Iterable[str]) -> bool:
    return any(contains_fact(text, fact) for fact in alternatives)


def cited_measures(answer: AnswerObject) -> tuple[int, ...]:
    """Return the measure numbers cited, in order, each once; clauses have none."""
    numbers = (citation["measure_number"] for citation in answer["citations"])
    return tuple(dict.fromkeys(number for number in numbers if number is not None))


def measure_of_passage(passage_id: str) -> int | None:
    """Return the measure's number; None for a clause or the document's head."""
    found = _MEASURE_ID.search(passage_id)
    return int(found[1]) if found else None


def best_passage_right(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether the best passage of the search is among `measures` + `acceptable`.

    This is what a confidence is measured against, whether or not it was enough for
    an answer: the best passage is the first one cited, or of an ending that cites
    nothing the first one related. None where no search was made (no confidence, or
    a list from the records) and where the case cannot tell: in scope, but without
    gold measures. Out of scope no passage is right.
    """
    if answer["confidence"] is None or answer["engine"] == "records":
        return None
    if not case.measures and case.kind not in OUT_OF_SCOPE_KINDS:
        return None
    if answer["citations"]:
        best = answer["citations"][0]["measure_number"]
    else:
        best = measure_of_passage(answer["related"][0]) if answer["related"] else None
    return best in {*case.measures, *case.acceptable}


def strictly_right(case: Case, answer: AnswerObject) -> Verdict:
    """Apply the strict rule of the case format; a partial answer is wrong.

    Out of scope: status and must_not_contain. `not_stated`: status and the gold
    measures. `work_requirements`: status and must_contain. All others: status, all
    gold measures and no measure besides, their lead units, and both lists of words.
    COUNT_OPTIONAL drops the facts that are numbers, LIST_OPTIONAL the measures and
    their units.
    """
    reasons = _wrong_status(case, answer)
    if case.kind in OUT_OF_SCOPE_KINDS:
        reasons += _forbidden(case, answer)
    elif case.kind == "not_stated":
        reasons += _missing_measures(case, answer)
    elif case.kind == "work_requirements":
        reasons += _missing_facts(case, answer)
    else:
        if not case.note.startswith("LIST_OPTIONAL"):
            reasons += _missing_measures(case, answer)
            reasons += _measures_besides(case, answer)
            reasons += _wrong_lead_units(case, answer)
        reasons += _missing_facts(case, answer)
        reasons += _forbidden(case, answer)
    return Verdict(not reasons, tuple(reasons))


def right_measure_first(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether the first citation is of a gold measure; None without gold measures."""
    if not case.measures or case.kind in OUT_OF_SCOPE_KINDS:
        return None
    citations = answer["citations"]
    return bool(citations) and citations[0]["measure_number"] in case.measures


def gold_shown(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether every gold measure is cited or pointed to; None without gold measures."""
    if not case.measures or case.kind in OUT_OF_SCOPE_KINDS:
        return None
    related = {measure_of_passage(passage_id) for passage_id in answer["related"]}
    return {*case.measures} <= {*cited_measures(answer), *related}


def outside_refused(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether a question out of scope ended as one may; None in scope."""
    return answer["status"] in case.right_statuses if case.kind in OUT_OF_SCOPE_KINDS else None


def over_refused(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether an in-scope question was refused; None where none is in scope."""
    if not case.is_in_scope:
        return None
    return answer["status"] in REFUSALS and answer["status"] not in case.right_statuses


def wrongly_answered(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether a question to be refused was answered; None where an answer is right."""
    return None if "answered" in case.right_statuses else answer["status"] == "answered"


def deadline_right(case: Case, answer: AnswerObject) -> bool | None:
    """Tell whether the gold measure is cited with its printed deadline; None without one.

    Reported beside the strict rule, which does not ask for it.
    """
    if case.deadline is None or not case.measures:
        return None
    deadlines = {
        cited["deadline"] for cited in answer["citations"] if cited["measure_number"] in case.measures
    }
    return deadlines == {case.deadline}


def wilson(right: int, n: int, *, z: float = Z_95) -> tuple[float, float]:
    """Return a share's score interval, (p + z²/2n ± z√(pq/n + z²/4n²)) / (1 + z²/n).

    Wilson, Probable inference, the law of succession, and statistical inference,
    JASA 22 (1927). (0, 1), nothing known, for n = 0.
    """
    if n == 0:
        return 0.0, 1.0
    share = right / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def mcnemar(only_a: int, only_b: int) -> float:
    """Return the two-sided exact p of two runs over the same cases.

    min(1, 2 Σ C(n, k) / 2^n for k up to the smaller count), n the cases in which
    just one run is right. McNemar, Psychometrika 12 (1947), in its binomial form.
    """
    n = only_a + only_b
    tail = sum(math.comb(n, k) for k in range(min(only_a, only_b) + 1))
    return min(1.0, float(2 * tail / 2**n))


def brier(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean of (confidence - outcome)², 0 the best; None without pairs.

    Brier, Verification of forecasts expressed in terms of probability, Monthly
    Weather Review 78 (1950), the form for two outcomes.
    """
    if not pairs:
        return None
    return sum((confidence - right) ** 2 for confidence, right in pairs) / len(pairs)


def brier_of_base_rate(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return Brier's score of the constant that is right as often as the outcomes, p (1 - p)."""
    if not pairs:
        return None
    share = sum(right for _, right in pairs) / len(pairs)
    return share * (1 - share)


def expected_calibration_error(pairs: Sequence[tuple[float, bool]], *, n_bins: int = 10) -> float | None:
    """Return Σ n_b / n · |share right - mean confidence| over equal bins; None without pairs.

    Guo, Pleiss, Sun and Weinberger, On calibration of modern neural networks, ICML 2017.
    """
    if not pairs:
        return None
    rows = reliability(pairs, n_bins=n_bins)
    return sum(row.n * abs(row.share_right - row.mean_confidence) for row in rows) / len(pairs)


def auroc(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return how often a right one has a higher score than a wrong one, ties counting half.

    (R - n₁(n₁ + 1) / 2) / (n₁ n₀), R the sum of the right ones' ranks, ties sharing
    their mean rank. Mann and Whitney, Annals of Mathematical Statistics 18 (1947).
    None unless there are both.
    """
    n_right = sum(right for _, right in pairs)
    n_wrong = len(pairs) - n_right
    if not n_right or not n_wrong:
        return None
    scores = sorted(score for score, _ in pairs)
    ranks = (
        (bisect_left(scores, score) + bisect_right(scores, score) + 1) / 2 for score, right in pairs if right
    )
    return (sum(ranks) - n_right * (n_right + 1) / 2) / (n_right * n_wrong)


def risk_coverage(pairs: Sequence[tuple[float, bool]]) -> tuple[Selected, ...]:
    """Return the risk for each share kept, the surest first; equal confidences are kept together.

    El-Yaniv and Wiener, On the foundations of noise-free selective classification,
    JMLR 11 (2010).
    """
    points: list[Selected] = []
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    wrong = 0
    for kept, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if kept == len(ordered) or ordered[kept][0] != confidence:
            points.append(Selected(kept / len(ordered), wrong / kept, confidence))
    return tuple(points)


def risk_coverage_area(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Return the area under risk over coverage, 0 the best: each step counts with its risk at its end.

    The constant confidence gives the share that is wrong. None without pairs.
    """
    points = risk_coverage(pairs)
    if not points:
        return None
    before = (0.0, *(point.coverage for point in points))
    return sum((point.coverage - last) * point.risk for point, last in zip(points, before, strict=False))


def reciprocal_rank(ranked: Sequence[int], right: Collection[int], *, cut: int = 10) -> float:
    """Return 1 / rank of the first right one among the first `cut`, ranks from 1; 0 if there is none.

    Its mean over questions is MRR (Voorhees, TREC-8, 1999); 1 is a hit at 1, above 0 a hit at `cut`.
    """
    return next((1 / rank for rank, found in enumerate(ranked[:cut], start=1) if found in right), 0.0)


def reliability(pairs: Sequence[tuple[float, bool]], *, n_bins: int = 10) -> tuple[Bin, ...]:
    """Return confidence against outcome in equal bins, lowest first; empty bins left out.

    The table of Murphy and Winkler, Applied Statistics 26 (1977).
    """
    members: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        members.setdefault(min(int(confidence * n_bins), n_bins - 1), []).append((confidence, right))
    return tuple(
        Bin(
            low=number / n_bins,
            high=(number + 1) / n_bins,
            n=len(inside),
            mean_confidence=sum(confidence for confidence, _ in inside) / len(inside),
            share_right=sum(right for _, right in inside) / len(inside),
        )
        for number, inside in sorted(members.items())
    )


def percentile(values: Sequence[float], percent: float) -> float | None:
    """Return the nearest-rank percentile, the smallest value with `percent` % at or below it."""
    if not values:
        return None
    rank = max(1, math.ceil(percent / 100 * len(values)))
    return sorted(values)[rank - 1]


def _folded(text: str) -> str:
    """Return the text in NFKC and without case, white space kept.

    A list mark such as \u2460 is set apart first: NFKC would make it a digit of the
    number behind it.
    """
    apart = _LIST_MARK.sub(r" \g<0> ", text)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", apart).casefold())


def _splits_a_number(text: str, place: int) -> bool:
    return any(number.start() < place < number.end() for number in _NUMBER.finditer(text))


def _is_count(alternatives: Iterable[str]) -> bool:
    return any(_COUNT.fullmatch(normalise_text(fact)) for fact in alternatives)


def _wrong_status(case: Case, answer: AnswerObject) -> list[str]:
    if answer["status"] in case.right_statuses:
        return []
    return [f"status {answer['status']}, not {' or '.join(case.right_statuses)}"]


def _missing_measures(case: Case, answer: AnswerObject) -> list[str]:
    missing = [number for number in case.measures if number not in cited_measures(answer)]
    return [f"does not cite {_listed(missing)}"] if missing else []


def _measures_besides(case: Case, answer: AnswerObject) -> list[str]:
    allowed = {*case.measures, *case.acceptable}
    besides = [number for number in cited_measures(answer) if number not in allowed]
    return [f"cites {_listed(besides)} besides"] if besides else []


def _wrong_lead_units(case: Case, answer: AnswerObject) -> list[str]:
    if case.lead_units is None:
        return []
    found = {
        unit
        for citation in answer["citations"]
        if citation["measure_number"] in case.measures
        for unit in citation["lead_units"]
    }
    wanted = set(case.lead_units)
    return [] if found == wanted else [f"lead units {_listed(sorted(found))}, not {_listed(sorted(wanted))}"]


def _missing_facts(case: Case, answer: AnswerObject) -> list[str]:
    facts = case.must_contain
    if case.note.startswith("COUNT_OPTIONAL"):
        facts = tuple(fact for fact in facts if not _is_count(fact))
    return [f"does not say {' / '.join(fact)}" for fact in facts if not contains_any(answer["text"], fact)]


def _forbidden(case: Case, answer: AnswerObject) -> list[str]:
    return [f"says {fact}" for fact in case.must_not_contain if contains_fact(answer["text"], fact)]


def _listed(things: Iterable[object]) -> str:
    return ", ".join(map(str, things)) or "none"
