import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.database import Database
from assistant.database.tables import cases as cases_table
from assistant.review import cases
from assistant.review.overlay import rebuild, write_accepted
from index.library import Library
from index.search import Hit
from index.sources import accepted_path, open_sources
from index.versions import index_root
from tests.assistant.rows import NOW, passage

ODD = "老王家那口子的章子往哪儿磕"  # says nothing that the notice says


def suggested(
    database: Database, answer_id: str, question: str, *, passage_key: str | None = "m27", lang: str = "zh"
) -> None:
    """Put in an open suggestion for the question bank."""
    about = [] if passage_key is None else [passage(passage_key)]
    with database.writing() as connection:
        connection.execute(
            cases_table.insert().values(
                answer_id=answer_id,
                family="f" * 16,
                destination="suggestion",
                case=json.dumps({"lang": lang, "passages": about}),
                state="open",
                question=question,
                made_at=f"2026-01-15T09:00:0{answer_id}.000+00:00",
            )
        )


def accepted(database: Database, answer_id: str, question: str, **others: str | None) -> None:
    suggested(database, answer_id, question, **others)
    cases.decide(database, answer_id, accepts=True, question=question, actor="li", now=NOW)


def written(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in accepted_path(folder).read_text("utf-8").splitlines()]


def test_writes_accepted_suggestions_in_the_banks_format(database: Database, tmp_path: Path) -> None:
    accepted(database, "1", ODD)
    accepted(database, "2", "Who waters the office plants?", passage_key=None, lang="en")
    assert write_accepted(database, tmp_path) == 2
    assert written(tmp_path) == [
        {"passage": "xian-2024-26#m27", "lang": "zh", "question": ODD},
        {"passage": "none", "lang": "en", "question": "Who waters the office plants?"},
    ]


def test_leaves_out_what_is_open_or_declined(database: Database, tmp_path: Path) -> None:
    suggested(database, "1", ODD)
    suggested(database, "2", "章子往哪儿磕")
    cases.decide(database, "2", accepts=False, question="", actor="li", now=NOW)
    assert write_accepted(database, tmp_path) == 0
    assert written(tmp_path) == []


def test_a_question_stands_there_once_as_it_was_accepted_last(database: Database, tmp_path: Path) -> None:
    accepted(database, "1", f"{ODD}?", passage_key="m03")
    accepted(database, "2", f"{ODD}\uff1f", passage_key="m27")
    assert write_accepted(database, tmp_path) == 1
    assert written(tmp_path)[0]["passage"] == "xian-2024-26#m27"


def test_a_traditional_question_is_written_in_simplified_characters(
    database: Database, tmp_path: Path
) -> None:
    accepted(database, "1", "老王家的許可證", lang="zh-Hant")
    write_accepted(database, tmp_path)
    assert written(tmp_path)[0] == {"passage": passage("m27"), "lang": "zh", "question": "老王家的许可证"}


@pytest.mark.parametrize(
    "question", ["\ud800 老王家的许可证", "\uff1f\uff1f", "\u200b\u200b", "老王\u2028的许可证"]
)
def test_whatever_was_accepted_can_be_read_again(database: Database, tmp_path: Path, question: str) -> None:
    accepted(database, "1", question.encode("utf-8", "replace").decode())
    write_accepted(database, tmp_path)
    assert open_sources(tmp_path, None).version


def test_leaves_the_earlier_file_where_it_cannot_write(database: Database, tmp_path: Path) -> None:
    accepted(database, "1", ODD)
    write_accepted(database, tmp_path)
    accepted_path(tmp_path).with_suffix(".new").mkdir()
    with pytest.raises(OSError, match="questions.new"):
        write_accepted(database, tmp_path)
    assert len(written(tmp_path)) == 1


def test_leaves_nothing_else_behind(database: Database, tmp_path: Path) -> None:
    write_accepted(database, tmp_path)
    left = {path.name for path in accepted_path(tmp_path).parent.iterdir()}
    assert left == {"questions.jsonl", "LOCK"}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    opened = Database.at(tmp_path / "records.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Library]:
    """A program that answers from the shipped bank."""
    library = Library(index_root(tmp_path), open_sources(tmp_path, None), lambda line: None)
    yield library
    library.close()


def first(hits: tuple[Hit, ...]) -> str:
    return hits[0].passage.passage_id if hits else ""


def test_a_running_program_changes_over_and_finds_what_was_accepted(
    records: Database, tmp_path: Path, running: Library
) -> None:
    assert first(running.search(ODD)) != passage("m27")
    encoder = open_sources(tmp_path, None).parts["encoder"]
    accepted(records, "1", ODD)
    write_accepted(records, tmp_path)
    version = rebuild(tmp_path, None)
    assert first(running.search(ODD)) == passage("m27")
    assert running.version == version
    assert open_sources(tmp_path, None).parts["encoder"] == encoder


def test_a_program_started_later_opens_the_same_index(
    records: Database, tmp_path: Path, running: Library
) -> None:
    accepted(records, "1", ODD)
    write_accepted(records, tmp_path)
    version = rebuild(tmp_path, None)
    said: list[str] = []
    later = Library(index_root(tmp_path), open_sources(tmp_path, None), said.append)
    later.close()
    assert (later.version, said) == (version, [])
