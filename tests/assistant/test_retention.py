import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assistant import RecordsError
from assistant.database import Database
from assistant.database.tables import answer_passages, answers, feedback, queue, verdicts
from assistant.database.tables import cases as cases_table
from assistant.review import audit, retention
from assistant.review.retention import Purged, purge, purge_answers
from tests.assistant.databases import open_again
from tests.assistant.rows import NOW, answered, judged, rated

TABLES = (answers, answer_passages, feedback, queue, verdicts)
OLD = NOW - timedelta(days=400)
SECRET = "我家在长安区某某小区三号楼"


def kept(database: Database) -> list[int]:
    """Return the number of rows in each table that holds something of an answer."""
    with database.reading() as connection:
        return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in TABLES]


def whole(database: Database, **fields: object) -> str:
    """Put in an answer with everything that can be said of it."""
    answer_id = answered(database, cited=["m06"], found=["m15"], **fields)  # type: ignore[arg-type]
    judged(database, answer_id, "partly", comment="不完整")
    rated(database, answer_id, is_helpful=False, comment="没用")
    return answer_id


def files_of(database: Database) -> bytes:
    path = Path(database.name)
    return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))


@pytest.fixture
def sqlite(tmp_path: Path) -> Database:
    return Database.at(tmp_path / "records.sqlite", busy_timeout_s=0.1)


def test_deletes_what_is_older_with_all_that_hangs_on_it(database: Database) -> None:
    whole(database, asked_at=OLD)
    whole(database)
    purged = purge(database, before=NOW, actor="li", now=NOW)
    assert (purged.n_answers, purged.n_feedback, purged.n_verdicts) == (1, 1, 1)
    assert kept(database) == [1, 2, 1, 1, 1]


def test_an_answer_of_that_moment_is_not_older(database: Database) -> None:
    answered(database, asked_at=NOW)
    assert purge(database, before=NOW, actor="li", now=NOW).n_answers == 0


def test_deletes_the_answers_named(database: Database) -> None:
    gone, stays = whole(database), whole(database)
    assert purge_answers(database, [gone, gone, "unknown"], actor="li", now=NOW).n_answers == 1
    with database.reading() as connection:
        assert connection.execute(select(answers.c.answer_id)).scalars().all() == [stays]


def test_deletes_thousands_at_once(database: Database) -> None:
    for _ in range(1100):
        answered(database, asked_at=OLD)
    assert purge(database, before=NOW, actor="li", now=NOW).n_answers == 1100
    assert kept(database) == [0, 0, 0, 0, 0]


def test_cases_stay(database: Database) -> None:
    answer_id = whole(database, asked_at=OLD)
    with database.writing() as connection:
        connection.execute(
            cases_table.insert().values(
                answer_id=answer_id,
                family="f",
                destination="regression",
                case="{}",
                state="open",
                question="q",
                made_at="2026",
            )
        )
    purge(database, before=NOW, actor="li", now=NOW)
    with database.reading() as connection:
        assert connection.execute(select(cases_table.c.answer_id)).scalars().all() == [answer_id]


def test_the_log_says_how_much_was_deleted_and_proves_which(database: Database) -> None:
    ids = sorted([whole(database, asked_at=OLD, question=SECRET), whole(database, asked_at=OLD)])
    purge(database, before=NOW, actor="li", now=NOW)
    (line,) = audit.newest(database)
    assert (line.actor, line.action, line.record) == ("li", "answers_purged", "answers")
    assert json.loads(line.details) == {
        "answers": 2,
        "feedback": 2,
        "verdicts": 2,
        "ids_sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest(),
    }
    assert audit.verify(database) == (1, ())


def test_the_log_gains_no_line_where_nothing_was_deleted(database: Database) -> None:
    purge(database, before=NOW, actor="li", now=NOW)
    assert audit.newest(database) == ()


def test_what_was_said_before_stays_in_the_log(database: Database) -> None:
    answer_id = whole(database, asked_at=OLD)
    with database.writing() as connection:
        audit.append(connection, now=OLD, actor="li", action="verdict", record=f"answer:{answer_id}")
    purge(database, before=NOW, actor="li", now=NOW)
    assert [line.action for line in audit.newest(database)] == ["answers_purged", "verdict"]


def test_a_preview_deletes_nothing(database: Database) -> None:
    answer_id = whole(database, asked_at=OLD)
    assert retention.answers_before(database, NOW) == (answer_id,)
    assert retention.preview(database, [answer_id, "unknown"]).n_verdicts == 1
    assert kept(database) == [1, 2, 1, 1, 1]


def test_deletes_all_or_nothing(sqlite: Database) -> None:
    whole(sqlite, asked_at=OLD)
    with sqlite.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO elsewhere")
    with pytest.raises(RecordsError):
        purge(sqlite, before=NOW, actor="li", now=NOW)
    assert kept(sqlite) == [1, 2, 1, 1, 1]


@pytest.mark.parametrize("length", [1, 40, 400])
def test_no_byte_of_the_question_is_left_in_the_file(sqlite: Database, length: int) -> None:
    trace = json.dumps({"answer": {"question": SECRET * length}}, ensure_ascii=False)
    whole(sqlite, asked_at=OLD, question=SECRET * length, trace=trace)
    for _ in range(50):
        answered(sqlite)
    assert SECRET.encode() in files_of(sqlite)
    assert purge(sqlite, before=NOW, actor="li", now=NOW).is_erased
    assert SECRET.encode() not in files_of(sqlite)
    assert kept(sqlite)[0] == 50


def test_says_that_traces_are_left_while_others_read(sqlite: Database) -> None:
    whole(sqlite, asked_at=OLD, question=SECRET)
    other = open_again(sqlite)
    with other.reading() as connection:
        connection.execute(select(answers)).all()
        assert not purge(sqlite, before=NOW, actor="li", now=NOW).is_erased
    other.close()
    assert purge(sqlite, before=NOW, actor="li", now=NOW).is_erased
    assert SECRET.encode() not in files_of(sqlite)


def test_the_records_are_as_usable_as_before(database: Database) -> None:
    whole(database, asked_at=OLD)
    purge(database, before=NOW, actor="li", now=NOW)
    whole(database)
    assert kept(database) == [1, 2, 1, 1, 1]


def test_a_server_clears_up_by_itself(database: Database) -> None:
    purged = purge(database, before=NOW, actor="li", now=NOW)
    assert purged == Purged(0, 0, 0, hashlib.sha256(b"").hexdigest(), is_erased=database.is_file)
