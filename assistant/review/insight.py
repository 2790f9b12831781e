"""Insight: what was asked in a period, how it ended, and how much of it was right.

All of it is of answers *asked* in the period, whenever they were checked. The database
counts; what is fetched are counts, and of citations the two ids.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from assistant.answer import Status
from assistant.database import Database, stamp
from assistant.database.tables import answer_passages, answers, feedback, queue, verdicts
from assistant.review.figures import cohens_kappa, percentile, wilson
from assistant.review.verdicts import Turn, Verdict
from corpus.notice import Notice, Section
from corpus.passages import passages

CHINA_TIME = timezone(timedelta(hours=8))  # a day is a day in Xi'an; China has no summer time
_NEXT_DAY_FROM = "16"  # the hour in UTC at which the next day begins there
_TICKS_PER_S = 10_000  # answer times are told to 0.1 ms


@dataclass(frozen=True, slots=True)
class DayCount:
    """The questions of one day."""

    day: date
    total: int
    by_status: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MeasureCount:
    """The answers that cite one measure."""

    notice_id: str
    passage_id: str
    number: int
    title: str
    section: int
    cited: int
    not_stated: int  # of these: the notice leaves open what was asked
    wrong: int  # of these: the standing verdict is another than right


@dataclass(frozen=True, slots=True)
class SectionCount:
    """The answers that cite a section's measures, each counted once."""

    notice_id: str
    number: int
    title: str
    cited: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long answers took, in ms; None where there are none."""

    p50: float | None
    p90: float | None
    p99: float | None


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """What users said of answers."""

    helpful: int
    unhelpful: int
    by_reason: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the answers drawn at random were found right."""

    right: int
    n: int  # that have a standing verdict
    unchecked: int  # that have none yet, or are disputed

    @property
    def share(self) -> float | None:
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of the share."""
        return wilson(self.right, self.n)


@dataclass(frozen=True, slots=True)
class WeekAccuracy:
    """The accuracy of the answers of one ISO week."""

    week: str  # 2026-W03
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often a second reviewer found what the first had found."""

    n: int
    alike: int
    kappa: float | None  # figures.cohens_kappa

    @property
    def share(self) -> float | None:
        return self.alike / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Insight:
    """What the records say of a period."""

    since: datetime | None
    until: datetime | None
    total: int
    by_status: Mapping[str, int]  # the most frequent first, as in all that follow
    by_language: Mapping[str, int]
    by_engine: Mapping[str, int]
    days: tuple[DayCount, ...]  # by day; days without a question are left out
    measures: tuple[MeasureCount, ...]  # every measure of the notices, by number
    sections: tuple[SectionCount, ...]
    times: Times
    feedback: FeedbackCount
    accuracy: Accuracy
    weeks: tuple[WeekAccuracy, ...]  # with answers that were drawn
    verdicts: Mapping[str, int]  # standing ones, of all answers
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class _Asked:
    """Counts of answers that ended alike on one day."""

    day: date
    status: str
    language: str
    engine: str
    n: int


@dataclass(frozen=True, slots=True)
class _Citations:
    """For each passage: the answers that cite it, how many end as not stated, how many were judged wrong."""

    citing: Mapping[str, Collection[str]]
    not_stated: Mapping[str, int]
    wrong: Mapping[str, int]


def insight(
    database: Database,
    notices: Sequence[Notice],
    *,
    since: datetime | None,
    until: datetime | None,
    passage_ids: frozenset[str] | None = None,
) -> Insight:
    """Return what the records say of the answers asked from `since` on and before `until`.

    With `passage_ids`, only of answers that cite one of them; these may cite others too.
    """
    asked_then = in_period(since, until)
    if passage_ids is not None:
        citing = select(answer_passages.c.answer_id).where(
            answer_passages.c.is_cited, answer_passages.c.passage_id.in_(sorted(passage_ids))
        )
        asked_then.append(answers.c.answer_id.in_(citing))
    with database.reading() as connection:
        asked = _asked(connection, asked_then)
        citations = _citations(connection, asked_then)
        weeks = _weeks(connection, asked_then)
        return Insight(
            since=since,
            until=until,
            total=sum(row.n for row in asked),
            by_status=_summed((row.status, row.n) for row in asked),
            by_language=_summed((row.language, row.n) for row in asked),
            by_engine=_summed((row.engine, row.n) for row in asked),
            days=_days(asked),
            measures=_measures(notices, citations),
            sections=_sections(notices, citations),
            times=_times(connection, asked_then),
            feedback=_feedback(connection, asked_then),
            accuracy=_together([week.accuracy for week in weeks]),
            weeks=weeks,
            verdicts=_verdicts(connection, asked_then),
            agreement=_agreement(connection, asked_then),
        )


def in_period(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    """Return the conditions for answers asked from `since` on and before `until`."""
    conditions: list[ColumnElement[bool]] = []
    if since is not None:
        conditions.append(answers.c.asked_at >= stamp(since))
    if until is not None:
        conditions.append(answers.c.asked_at < stamp(until))
    return conditions


def measure_ids(notice: Notice) -> dict[int, str]:
    """Return the passage id of each measure by its number."""
    found = passages(notice)
    return {one.measure_number: one.passage_id for one in found if one.measure_number is not None}


def _asked(connection: Connection, asked_then: list[ColumnElement[bool]]) -> list[_Asked]:
    groups = (*_day(answers.c.asked_at), answers.c.status, answers.c.language, answers.c.engine)
    return [
        _Asked(_local_day(day, is_next), status, language, engine, n)
        for day, is_next, status, language, engine, n in connection.execute(
            _counted(groups, answers.c.answer_id).where(*asked_then)
        )
    ]


def _day(moment: ColumnElement[str]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return columns for a moment's day in UTC, and whether it is the next day in China already."""
    is_next = func.substr(moment, 12, 2) >= _NEXT_DAY_FROM
    return func.substr(moment, 1, 10).label("day"), is_next.label("is_next")


def _local_day(day: str, is_next: bool) -> date:
    return date.fromisoformat(day) + timedelta(days=int(is_next))


def _counted(groups: Sequence[ColumnElement[Any]], counted: ColumnElement[Any]) -> Select[Any]:
    # By name: to PostgreSQL two equal expressions with values of their own are not the same.
    return select(*groups, func.count(counted)).group_by(*[str(one.key) for one in groups])


def _summed(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the sum for each name, the greatest first."""
    sums: Counter[str] = Counter()
    for name, n in counts:
        sums[name] += n
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))


def _days(asked: Sequence[_Asked]) -> tuple[DayCount, ...]:
    by_day = defaultdict(list)
    for row in asked:
        by_day[row.day].append((row.status, row.n))
    return tuple(
        DayCount(day, sum(n for _, n in counts), _summed(counts)) for day, counts in sorted(by_day.items())
    )


def _citations(connection: Connection, asked_then: list[ColumnElement[bool]]) -> _Citations:
    cited = answer_passages.join(answers)
    query = select(answer_passages.c.passage_id, answers.c.answer_id, answers.c.status).select_from(cited)
    citing, not_stated = defaultdict(set), Counter[str]()
    for passage_id, answer_id, status in connection.execute(
        query.where(answer_passages.c.is_cited, *asked_then)
    ):
        citing[passage_id].add(answer_id)
        not_stated[passage_id] += status == Status.NOT_STATED
    judged = cited.join(verdicts, verdicts.c.answer_id == answers.c.answer_id)
    is_wrong = and_(verdicts.c.is_standing, verdicts.c.verdict != Verdict.RIGHT)
    wrong = _counted([answer_passages.c.passage_id], answers.c.answer_id).select_from(judged)
    rows = connection.execute(wrong.where(answer_passages.c.is_cited, is_wrong, *asked_then))
    return _Citations(citing, not_stated, {passage_id: n for passage_id, n in rows})


def _measures(notices: Sequence[Notice], citations: _Citations) -> tuple[MeasureCount, ...]:
    return tuple(
        MeasureCount(
            notice_id=notice.notice_id,
            passage_id=passage_id,
            number=number,
            title=notice.measure(number).title,
            section=notice.measure(number).section.number,
            cited=len(citations.citing.get(passage_id, ())),
            not_stated=citations.not_stated.get(passage_id, 0),
            wrong=citations.wrong.get(passage_id, 0),
        )
        for notice in notices
        for number, passage_id in measure_ids(notice).items()
    )


def _sections(notices: Sequence[Notice], citations: _Citations) -> tuple[SectionCount, ...]:
    counts = []
    for notice in notices:
        citing: dict[Section, set[str]] = defaultdict(set)
        for number, passage_id in measure_ids(notice).items():
            citing[notice.measure(number).section].update(citations.citing.get(passage_id, ()))
        counts += [
            SectionCount(notice.notice_id, section.number, section.title, len(citing[section]))
            for section in notice.sections
        ]
    return tuple(counts)


def _times(connection: Connection, asked_then: list[ColumnElement[bool]]) -> Times:
    ticks = func.round(answers.c.seconds * _TICKS_PER_S).label("ticks")
    rows = connection.execute(_counted([ticks], answers.c.answer_id).where(*asked_then))
    values = [tick * 1000 / _TICKS_PER_S for tick, n in rows for _ in range(n)]
    return Times(percentile(values, 0.5), percentile(values, 0.9), percentile(values, 0.99))


def _feedback(connection: Connection, asked_then: list[ColumnElement[bool]]) -> FeedbackCount:
    groups = (feedback.c.is_helpful, feedback.c.reason)
    query = _counted(groups, feedback.c.feedback_id).select_from(feedback.join(answers))
    rows = connection.execute(query.where(*asked_then)).all()
    return FeedbackCount(
        helpful=sum(n for is_helpful, _, n in rows if is_helpful),
        unhelpful=sum(n for is_helpful, _, n in rows if not is_helpful),
        by_reason=_summed((reason, n) for _, reason, n in rows if reason is not None),
    )


def _weeks(connection: Connection, asked_then: list[ColumnElement[bool]]) -> tuple[WeekAccuracy, ...]:
    standing = and_(verdicts.c.answer_id == queue.c.answer_id, verdicts.c.is_standing)
    drawn = queue.join(answers).outerjoin(verdicts, standing)
    query = _counted((*_day(queue.c.asked_at), verdicts.c.verdict), queue.c.answer_id).select_from(drawn)
    by_week = defaultdict(list)
    for day, is_next, verdict, n in connection.execute(query.where(queue.c.is_sampled, *asked_then)):
        year, week, _ = _local_day(day, is_next).isocalendar()
        by_week[f"{year}-W{week:02}"].append((verdict, n))
    return tuple(WeekAccuracy(week, _accuracy(by_week[week])) for week in sorted(by_week))


def _accuracy(counts: Sequence[tuple[str | None, int]]) -> Accuracy:
    return Accuracy(
        right=sum(n for verdict, n in counts if verdict == Verdict.RIGHT),
        n=sum(n for verdict, n in counts if verdict is not None),
        unchecked=sum(n for verdict, n in counts if verdict is None),
    )


def _together(parts: Sequence[Accuracy]) -> Accuracy:
    return Accuracy(
        right=sum(part.right for part in parts),
        n=sum(part.n for part in parts),
        unchecked=sum(part.unchecked for part in parts),
    )


def _verdicts(connection: Connection, asked_then: list[ColumnElement[bool]]) -> dict[str, int]:
    query = _counted([verdicts.c.verdict], verdicts.c.answer_id).select_from(verdicts.join(answers))
    return _summed(
        (verdict, n) for verdict, n in connection.execute(query.where(verdicts.c.is_standing, *asked_then))
    )


def _agreement(connection: Connection, asked_then: list[ColumnElement[bool]]) -> Agreement:
    """Pair each second verdict with the first one before it: an answer may have gone round twice."""
    twice = select(verdicts.c.answer_id).where(verdicts.c.turn == Turn.SECOND)
    query = select(verdicts.c.answer_id, verdicts.c.turn, verdicts.c.verdict).select_from(
        verdicts.join(answers)
    )
    query = query.where(
        verdicts.c.answer_id.in_(twice), verdicts.c.turn.in_((Turn.FIRST, Turn.SECOND)), *asked_then
    )
    # At the same moment the first one comes first, in the alphabet too.
    query = query.order_by(verdicts.c.answer_id, verdicts.c.reviewed_at, verdicts.c.turn)
    pairs, first = [], dict[str, str]()
    for answer_id, turn, verdict in connection.execute(query):
        if turn == Turn.FIRST:
            first[answer_id] = verdict
        elif answer_id in first:
            pairs.append((first[answer_id], verdict))
    return Agreement(len(pairs), sum(one == other for one, other in pairs), cohens_kappa(pairs))
