import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.database import Database
from assistant.review.figures import cohens_kappa, percentile
from assistant.review.insight import CHINA_TIME, Accuracy, Insight, insight
from corpus.notice import Notice
from tests.assistant.rows import NOW, answered, judged, passage, rated

STATUSES = ("answered", "not_stated", "not_covered", "clarify", "declined", "failed")
VERDICTS = ("right", "right", "right", "partly", "wrong_measure")


@dataclass
class Row:
    """What a test put in, for counting it again."""

    asked_at: datetime
    status: str
    language: str
    ms: int
    cited: list[int]
    is_sampled: bool
    verdicts: list[str] = field(default_factory=list)  # first, second; the first one stands
    ratings: list[tuple[bool, str | None]] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.asked_at.astimezone(CHINA_TIME).date()

    @property
    def standing(self) -> str | None:
        return self.verdicts[0] if self.verdicts else None


def filled(database: Database, n: int = 80) -> list[Row]:
    lots = random.Random(7)
    rows = []
    for number in range(n):
        row = Row(
            asked_at=NOW - timedelta(hours=7 * number),
            status=lots.choice(STATUSES),
            language=lots.choice(("zh", "en")),
            ms=lots.randrange(5, 90),
            cited=lots.sample(range(1, 40), lots.randrange(3)),
            is_sampled=lots.random() < 0.5,
            verdicts=lots.choices(VERDICTS, k=lots.randrange(3)),
            ratings=[(lots.random() < 0.5, lots.choice((None, "unclear")))] * lots.randrange(2),
        )
        put_in(database, row)
        rows.append(row)
    return rows


def put_in(database: Database, row: Row) -> None:
    answer_id = answered(
        database,
        status=row.status,
        language=row.language,
        seconds=row.ms / 1000,
        cited=[f"m{number:02}" for number in row.cited],
        found=["c1"],
        asked_at=row.asked_at,
        is_sampled=row.is_sampled,
    )
    for turn, verdict in zip(("first", "second"), row.verdicts, strict=False):
        judged(database, answer_id, verdict, turn=turn, is_standing=turn == "first")
    for is_helpful, reason in row.ratings:
        rated(database, answer_id, is_helpful=is_helpful, reason=reason)


def assert_counted_alike(rows: list[Row], found: Insight, notice: Notice) -> None:
    """Compare with a second computation, over the rows themselves."""
    assert found.total == len(rows)
    assert found.by_status == Counter(row.status for row in rows)
    assert found.by_language == Counter(row.language for row in rows)
    assert {day.day: day.by_status for day in found.days} == {
        day: Counter(row.status for row in rows if row.day == day) for day in {row.day for row in rows}
    }
    for measure in notice.measures:
        citing = [row for row in rows if measure.number in row.cited]
        one = found.measures[measure.number - 1]
        assert (one.number, one.cited) == (measure.number, len(citing))
        assert one.not_stated == sum(row.status == "not_stated" for row in citing)
        assert one.wrong == sum(row.standing not in (None, "right") for row in citing)
    for section in found.sections:
        numbers = {m.number for m in notice.measures if m.section.number == section.number}
        assert section.cited == sum(bool(numbers & {*row.cited}) for row in rows)
    times = [row.ms for row in rows]
    assert (found.times.p50, found.times.p90) == (percentile(times, 0.5), percentile(times, 0.9))
    ratings = [rating for row in rows for rating in row.ratings]
    assert found.feedback.helpful == sum(is_helpful for is_helpful, _ in ratings)
    assert found.feedback.unhelpful == sum(not is_helpful for is_helpful, _ in ratings)
    assert found.feedback.by_reason == Counter(reason for _, reason in ratings if reason)
    drawn = [row for row in rows if row.is_sampled]
    assert found.accuracy == accuracy(drawn)
    assert {week.week: week.accuracy for week in found.weeks} == {
        week: accuracy([row for row in drawn if row.day.strftime("%G-W%V") == week])
        for week in {row.day.strftime("%G-W%V") for row in drawn}
    }
    assert found.verdicts == Counter(row.standing for row in rows if row.standing)
    pairs = [(row.verdicts[0], row.verdicts[1]) for row in rows if len(row.verdicts) == 2]
    assert (found.agreement.n, found.agreement.kappa) == (len(pairs), cohens_kappa(pairs))
    assert found.agreement.alike == sum(one == other for one, other in pairs)


def accuracy(drawn: list[Row]) -> Accuracy:
    standing = [row.standing for row in drawn]
    return Accuracy(standing.count("right"), len(standing) - standing.count(None), standing.count(None))


def all_of(database: Database, notice: Notice) -> Insight:
    return insight(database, [notice], since=None, until=None)


def test_counts_what_a_second_computation_counts(database: Database, notice: Notice) -> None:
    rows = filled(database)
    assert_counted_alike(rows, all_of(database, notice), notice)
    since, until = NOW - timedelta(days=12), NOW - timedelta(days=3)
    within = [row for row in rows if since <= row.asked_at < until]
    assert_counted_alike(within, insight(database, [notice], since=since, until=until), notice)
    limited = frozenset(map(passage, ("m03", "m06", "m20", "m21", "m36")))
    of_unit = [row for row in rows if {3, 6, 20, 21, 36} & {*row.cited}]
    assert_counted_alike(
        of_unit, insight(database, [notice], since=None, until=None, passage_ids=limited), notice
    )


def test_tells_of_no_answers(database: Database, notice: Notice) -> None:
    found = all_of(database, notice)
    assert (found.total, found.days, found.weeks, found.times.p50) == (0, (), (), None)
    assert len(found.measures) == 39
    assert (found.accuracy.share, found.accuracy.interval) == (None, (0.0, 1.0))
    assert found.agreement.share is None


def test_an_account_of_a_unit_without_measures_sees_nothing(database: Database, notice: Notice) -> None:
    answered(database, cited=("m06",))
    assert insight(database, [notice], since=None, until=None, passage_ids=frozenset()).total == 0


def test_a_runner_up_is_not_cited(database: Database, notice: Notice) -> None:
    answered(database, found=("m06",))
    assert all_of(database, notice).measures[5].cited == 0


@pytest.mark.parametrize(("hour", "day"), [(15, date(2026, 1, 15)), (16, date(2026, 1, 16))])
def test_a_day_begins_at_midnight_in_china(database: Database, notice: Notice, hour: int, day: date) -> None:
    answered(database, asked_at=datetime(2026, 1, 15, hour, tzinfo=UTC))
    assert [one.day for one in all_of(database, notice).days] == [day]


def test_a_week_at_new_year_is_the_iso_week(database: Database, notice: Notice) -> None:
    answered(database, asked_at=datetime(2024, 12, 30, 1, tzinfo=UTC), is_sampled=True)
    assert [one.week for one in all_of(database, notice).weeks] == ["2025-W01"]


def test_a_second_verdict_is_paired_with_the_first_before_it(database: Database, notice: Notice) -> None:
    answer_id = answered(database)
    for minute, (turn, verdict) in enumerate(
        [("first", "partly"), ("first", "right"), ("second", "right"), ("final", "partly")]
    ):
        judged(
            database,
            answer_id,
            verdict,
            turn=turn,
            reviewed_at=NOW + timedelta(minutes=minute),
            is_standing=False,
        )
    found = all_of(database, notice).agreement
    assert (found.n, found.alike, found.share) == (1, 1, 1.0)


def test_a_disputed_answer_is_not_checked_yet(database: Database, notice: Notice) -> None:
    answer_id = answered(database, is_sampled=True)
    judged(database, answer_id, "right", is_standing=False)
    judged(database, answer_id, "partly", turn="second", is_standing=False)
    assert all_of(database, notice).accuracy == Accuracy(right=0, n=0, unchecked=1)
