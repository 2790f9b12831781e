"""Ten thousand recorded answers: no page makes a reviewer wait."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer, Status
from assistant.database import Database, stamp
from assistant.database.tables import answer_passages, answers, feedback, queue, verdicts
from assistant.record import trace_fields, wording_of
from assistant.review import audit
from assistant.review.desk import Desk
from assistant.review.priority import Reason, priority_of
from assistant.shelf import Shelf
from index.search import Hit
from tests.assistant.rows import NOW, passage
from tests.assistant.web.scripted import ScriptedAssistant
from tests.assistant.web.staffed import Office, trace_to

N_ANSWERS = 10_000
LIMIT_MS = 300
ENDINGS = (*[Status.ANSWERED] * 6, Status.NOT_STATED, Status.NOT_COVERED, Status.CLARIFY, Status.DECLINED)
REASONS = {  # every so many answers
    3: Reason.NEW_WORDING,
    9: Reason.LOW_CONFIDENCE,
    20: Reason.SAMPLED,
    50: Reason.UNHELPFUL,
}
FOUND = [f"m{number:02}" for number in range(1, 18)]
UNIT = "市行政审批局"  # leads measure 6
PAGES = {
    "queue": "/staff/queue",
    "last page": "/staff/queue?page=150",
    "search": "/staff/queue?q=%E6%8A%A5%E8%A3%85",
    "every filter": "/staff/queue?state=unread&reason=sampled&status=answered&measure=6&q=7&mine=",
    "search in vain": "/staff/queue?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E5%8F%A5",
    "insight": "/staff/insight",
    "insight of a month": "/staff/insight?since=2026-01-01&until=2026-01-31",
    "plot of days": "/staff/insight/days.svg",
    "workbook": "/staff/insight/insight.xlsx",
    "memo": "/staff/memo?unit=%E5%B8%82%E8%A1%8C%E6%94%BF%E5%AE%A1%E6%89%B9%E5%B1%80",
    "next": "/staff/next",
    "check sheet": f"/staff/check/{5:032x}",
    "approvals": "/staff/approvals",
    "suggestions": "/staff/suggestions",
    "log": "/staff/log",
}


@pytest.fixture(scope="module")
def busy(
    tmp_path_factory: pytest.TempPathFactory,
    shelf: Shelf,
    scripted: ScriptedAssistant,
    hit: Callable[..., Hit],
) -> Iterator[Office]:
    """An office after a year: a quarter of what was asked is checked, some of it rated."""
    database = Database.at(tmp_path_factory.mktemp("busy") / "records.sqlite")
    fill(database, trace_to(scripted.ask("水电气怎么报装？"), hit, found=FOUND))
    yield Office(Desk.open(database, shelf, now=lambda: NOW))
    database.close()


@pytest.fixture(scope="module")
def browsers(busy: Office) -> dict[str, TestClient]:
    return {
        "administrator": busy.seat("chen", "administrator"),
        "limited editor": busy.seat("zhao", "editor", [UNIT]),
    }


def fill(database: Database, trace: Any) -> None:
    rows = [row_of(n, trace) for n in range(N_ANSWERS)]
    with database.writing() as connection:
        connection.execute(answers.insert(), [row for row, _ in rows])
        connection.execute(queue.insert(), [place for _, place in rows])
        connection.execute(answer_passages.insert(), [one for n in range(N_ANSWERS) for one in found_by(n)])
        connection.execute(verdicts.insert(), [verdict(n) for n in range(0, N_ANSWERS, 4)])
        connection.execute(feedback.insert(), [rating(n) for n in range(0, N_ANSWERS, 10)])
        for n in range(0, N_ANSWERS, 2):
            audit.append(connection, now=NOW, actor="li", action="verdict", record=f"answer:{n:032x}")


def row_of(n: int, trace: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    question = f"第{n}个问题：水电气网怎么报装，材料要交几份？"
    ending = ENDINGS[n % len(ENDINGS)]
    answer: Answer = replace(trace.answer, answer_id=f"{n:032x}", question=question, status=ending)
    asked_at = stamp(NOW - timedelta(hours=n * 365 * 24 / N_ANSWERS))
    reasons = [reason for every, reason in REASONS.items() if n % every == 0]
    row = {
        "answer_id": answer.answer_id,
        "asked_at": asked_at,
        "question": question,
        "wording": wording_of(question),
        "language": "zh",
        "status": ending.value,
        "facet": "content",
        "confidence": 0.95,
        "engine": "quote",
        "index_version": "v",
        "prompts": "p",
        "seconds": 0.01 + n % 97 / 10_000,
        "trace": json.dumps(trace_fields(replace(trace, answer=answer))),
    }
    place = {
        "answer_id": answer.answer_id,
        "asked_at": asked_at,
        "state": "handled" if n % 4 == 0 else "unread",
        "priority": priority_of(reasons),
        "reasons": " ".join(reasons),
        "is_sampled": n % 20 == 0,
    }
    return row, place


def found_by(n: int) -> list[dict[str, Any]]:
    keys = [f"m{(n + step) % 39 + 1:02}" for step in range(5)]
    return [
        {"answer_id": f"{n:032x}", "passage_id": passage(key), "is_cited": place < 2}
        for place, key in enumerate(keys)
    ]


def verdict(n: int) -> dict[str, Any]:
    return {
        "verdict_id": f"{n:032x}",
        "answer_id": f"{n:032x}",
        "reviewer": "li",
        "turn": "first",
        "verdict": "partly" if n % 12 == 0 else "right",
        "comment": "",
        "reasons": "[]",
        "must_contain": "[]",
        "must_not_contain": "[]",
        "reviewed_at": stamp(NOW),
        "is_standing": True,
    }


def rating(n: int) -> dict[str, Any]:
    return {
        "feedback_id": f"{n:032x}",
        "answer_id": f"{n:032x}",
        "given_at": stamp(NOW),
        "is_helpful": n % 50 != 0,
        "comment": "",
    }


def median_ms(browser: TestClient, path: str) -> float:
    """Return the median of five requests, after one that warms up."""
    times = []
    for _ in range(6):
        started = time.perf_counter()
        response = browser.get(path)
        times.append((time.perf_counter() - started) * 1000)
        assert response.status_code in (200, 303)
    return statistics.median(times[1:])


def test_a_recorded_trace_is_as_long_as_in_life(busy: Office) -> None:
    with busy.desk.database.reading() as connection:
        traces = connection.execute(answers.select().limit(100)).all()
    assert 8_000 <= statistics.mean(len(row.trace) for row in traces) <= 12_000


@pytest.mark.parametrize(
    ("name", "who"),
    [
        *((name, "administrator") for name in PAGES),
        *((name, "limited editor") for name in PAGES if name != "log"),
    ],
)
def test_a_page_is_there_at_once(browsers: dict[str, TestClient], name: str, who: str) -> None:
    took = median_ms(browsers[who], PAGES[name])
    sys.stdout.write(f"{name}, {who}: {took:.0f} ms\n")
    assert took <= LIMIT_MS
