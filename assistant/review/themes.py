"""Themes: what is asked again and again and not answered, so that staff see gaps and not single questions."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from assistant.answer import Status
from assistant.database import Database
from assistant.database.tables import answers
from assistant.review.insight import in_period
from corpus.text import fold

UNANSWERED = (Status.NOT_COVERED, Status.CLARIFY, Status.NOT_STATED)

Encode = Callable[[list[str]], NDArray[np.float32]]  # one row a text


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that did not get what it asked for."""

    answer_id: str
    asked_at: str  # as it is stored: database.stamps
    question: str
    status: str
    language: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions that are near one another."""

    name: str  # the question that is nearest to all others
    count: int
    statuses: Mapping[str, int]  # the most frequent first
    answer_ids: tuple[str, ...]  # in the order in which they were given
    newest: str


def unanswered(
    database: Database, *, since: datetime | None, until: datetime | None, limit: int = 2000
) -> tuple[Asked, ...]:
    """Return the questions of a period that ended in one of UNANSWERED, newest first."""
    columns = (
        answers.c.answer_id,
        answers.c.asked_at,
        answers.c.question,
        answers.c.status,
        answers.c.language,
    )
    query = select(*columns).where(answers.c.status.in_(UNANSWERED), *in_period(since, until))
    query = query.order_by(answers.c.asked_at.desc(), answers.c.answer_id).limit(limit)
    with database.reading() as connection:
        return tuple(Asked(**row._mapping) for row in connection.execute(query))


def themes(
    asked: Sequence[Asked],
    encode: Encode,
    *,
    near: float = 0.6,
    top: int = 20,
) -> tuple[Theme, ...]:
    """Return the `top` greatest themes, the one with most questions first, then the one first met.

    Each wording is one point, as heavy as it is frequent. Leader clustering (Hartigan 1975):
    in order, a wording joins the nearest leader with a cosine of at least `near`, or leads.
    A wording that the encoder knows nothing of (a row of zeros) leads a theme of its own.
    """
    wordings: dict[str, list[Asked]] = {}
    for one in asked:
        wordings.setdefault(fold(one.question), []).append(one)
    if not wordings:
        return ()
    alike = list(wordings.values())
    rows = _unit_rows(encode([group[0].question for group in alike]))
    cosines = rows @ rows.T
    leaders = _leaders(cosines, near)
    weights = np.array([len(group) for group in alike], dtype=np.float32)
    found = [_theme(alike, np.flatnonzero(leaders == one), cosines, weights) for one in np.unique(leaders)]
    return tuple(sorted(found, key=lambda theme: -theme.count)[:top])  # stable: leaders ascend


def _unit_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit


def _leaders(cosines: NDArray[np.float32], near: float) -> NDArray[np.intp]:
    """Return the place of each row's leader, which may be its own."""
    n = len(cosines)
    nearest = np.full(n, -np.inf, dtype=np.float32)
    leaders = np.arange(n)
    for place in range(n):
        if nearest[place] >= near:
            continue
        # A new leader draws those after it that are nearer to it than to any before.
        drawn = place + np.flatnonzero(cosines[place, place:] > nearest[place:])
        nearest[drawn] = cosines[place, drawn]
        leaders[drawn] = place
        leaders[place] = place  # also where its row is zeros, or nearer to one that is not near enough
    return leaders


def _theme(
    alike: Sequence[Sequence[Asked]],
    members: NDArray[np.intp],
    cosines: NDArray[np.float32],
    weights: NDArray[np.float32],
) -> Theme:
    nearness = cosines[np.ix_(members, members)] @ weights[members]
    # Rounded, so that of equally central ones the first is taken on every machine.
    central = members[int(np.argmax(np.round(nearness, 4)))]
    asked = [one for place in members for one in alike[place]]
    return Theme(
        name=alike[central][0].question,
        count=len(asked),
        statuses=dict(
            sorted(Counter(one.status for one in asked).items(), key=lambda one: (-one[1], one[0]))
        ),
        answer_ids=tuple(one.answer_id for one in asked),
        newest=max(one.asked_at for one in asked),
    )
