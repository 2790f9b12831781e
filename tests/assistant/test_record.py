import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from assistant import RecordsError
from assistant.answer import Answer, AskedFor, Citation, Facet, Intent, Kind, Question, Status, Trace
from assistant.database import Database
from assistant.database.tables import answer_passages, answers, queue
from assistant.record import Journal, new_answer_id, passages_of, trace_fields, wording_of
from assistant.review.priority import Reason, is_drawn
from index.search import Hit

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def trace(hit: Callable[..., Hit]) -> Trace:
    answer = Answer(ID, "水电气", "zh", Status.ANSWERED, "$text {} %s", index_version="v", seconds=0.1)
    intent = Intent(Kind.SEARCH, "水电气", AskedFor(Facet.TELEPHONE), measure_numbers=(6,))
    return Trace(answer, Question("水电气", "水电气", "zh", ("前\u2028",)), intent, (hit("m06"),), ("p",))


@pytest.fixture
def kept(database: Database) -> Journal:
    return Journal(database, sample_share=0.0)


def again(trace: Trace, answer_id: str, **changes: object) -> Trace:
    return replace(trace, answer=replace(trace.answer, answer_id=answer_id, **changes))


def queued(database: Database, answer_id: str = ID) -> tuple[str, set[str]]:
    with database.reading() as connection:
        row = connection.execute(select(queue).where(queue.c.answer_id == answer_id)).one()
    return row.state, set(row.reasons.split())


def test_keeps_a_trace_whole(kept: Journal, trace: Trace) -> None:
    kept.record(trace, "p1", {"encoder": "e"})
    stored = kept.trace(ID)
    assert stored is not None
    assert stored.pop("versions") == {"encoder": "e", "prompts": "p1"}
    assert stored == json.loads(json.dumps(trace_fields(trace)))


def test_knows_no_trace_that_was_not_kept(kept: Journal) -> None:
    assert kept.trace(ID) is None


def test_names_what_an_answer_was_made_of(kept: Journal, trace: Trace, database: Database) -> None:
    kept.record(trace, "p1")
    with database.reading() as connection:
        row = connection.execute(select(answers)).one()
    made_of = (row.language, row.status, row.engine, row.index_version, row.prompts, row.seconds, row.facet)
    assert made_of == ("zh", "answered", "quote", "v", "p1", 0.1, "telephone")


def test_stamps_a_row_in_universal_time(kept: Journal, trace: Trace, database: Database) -> None:
    kept.record(trace, "p1")
    with database.reading() as connection:
        assert connection.execute(select(answers.c.asked_at)).scalar_one().endswith("+00:00")


def test_keeps_of_a_passage_its_id_and_hash_only(trace: Trace) -> None:
    (found,) = trace_fields(trace)["hits"]
    assert found["sha256"] == trace.hits[0].passage.sha256
    assert "text" not in found


def test_refuses_the_same_answer_twice(kept: Journal, trace: Trace) -> None:
    kept.record(trace, "p1")
    with pytest.raises(RecordsError, match="cannot be written"):
        kept.record(trace, "p1")
    assert kept.count() == 1


def test_gives_every_answer_its_own_id() -> None:
    assert len({new_answer_id() for _ in range(100)}) == 100


def test_records_from_eight_threads(kept: Journal, trace: Trace) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: kept.record(again(trace, f"{n:032}"), "p1"), range(100)))
    assert kept.count() == 100


@pytest.mark.parametrize("text", ["\ud800", "\x00", "🏭\u202e", "'; DROP TABLE answers; --"])
def test_keeps_any_characters(kept: Journal, trace: Trace, text: str) -> None:
    kept.record(again(trace, ID, question=text), "p1")
    stored = kept.trace(ID)
    assert stored is not None
    assert stored["answer"]["question"] == text


def test_cited_passages_are_told_from_those_only_found(trace: Trace) -> None:
    citation = Citation(1, "n#m15", "n", "d", 15, "t", None, (), None, "e", None, 0, 1)
    cited = replace(trace, answer=replace(trace.answer, citations=(citation,)))
    assert passages_of(cited) == {"xian-2024-26#m06": False, "n#m15": True}


def test_keeps_the_passages_of_an_answer(kept: Journal, trace: Trace, database: Database) -> None:
    kept.record(trace, "p1")
    with database.reading() as connection:
        rows = connection.execute(select(answer_passages)).all()
    assert [tuple(row) for row in rows] == [(ID, "xian-2024-26#m06", False)]


def test_every_answer_joins_the_queue_unread(kept: Journal, trace: Trace, database: Database) -> None:
    kept.record(trace, "p1")
    assert queued(database) == ("unread", {Reason.LOW_CONFIDENCE, Reason.NEW_WORDING})


def test_what_was_asked_before_in_these_words_is_no_new_wording(
    kept: Journal, trace: Trace, database: Database
) -> None:
    kept.record(trace, "p1")
    kept.record(again(trace, "f" * 32, question="水电气 ", confidence=0.99), "p1")
    assert queued(database, "f" * 32) == ("unread", set())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": Status.FAILED}, Reason.FAILED),
        ({"status": Status.NOT_STATED}, Reason.NO_ANSWER),
        ({"status": Status.CLARIFY}, Reason.NO_ANSWER),
        ({"confidence": 0.5}, Reason.LOW_CONFIDENCE),
    ],
)
def test_queues_for_a_reason(
    kept: Journal, trace: Trace, database: Database, changes: dict[str, object], reason: Reason
) -> None:
    kept.record(again(trace, ID, **changes), "p1")
    assert reason in queued(database)[1]


def test_draws_the_share_it_is_told() -> None:
    drawn = sum(is_drawn(new_answer_id(), 0.2) for _ in range(4000))
    assert 650 < drawn < 950  # 800 ± 6 standard deviations


def test_draws_nothing_and_everything() -> None:
    assert not is_drawn("0" * 32, 0.0)
    assert is_drawn("f" * 32, 1.0)


def test_a_wording_is_the_same_in_another_width() -> None:
    assert wording_of("ＡBC？ 水电") == wording_of("abc?水电")
