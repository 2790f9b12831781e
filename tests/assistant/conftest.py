"""The real assistant on an index of its own, and fakes for what is around the stages."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant, Settings
from assistant.database import Database
from assistant.record import Journal
from assistant.shelf import Shelf
from corpus import load_notices
from corpus.bank import load_questions
from corpus.notice import Notice, Passage
from corpus.passages import passages
from corpus.text import sentences
from index.search import Hit, ScoredSentence
from index.topics import Topics
from tests.assistant.databases import copied_database, new_database, postgresql_server, server_or_skip

TODAY = date(2026, 1, 15)  # all deadlines have passed
GOLDEN = Path(__file__).parents[1] / "corpus" / "golden.jsonl"


class FixedClock:
    """Says the same day each time."""

    def __init__(self, today: date) -> None:
        self.today = today

    def __call__(self) -> date:
        return self.today


class FixedSearcher:
    """Finds the same hits for every question; keeps the questions."""

    version = "fixed"

    def __init__(self, *hits: Hit) -> None:
        self.hits = hits
        self.queries: list[str] = []

    def search(self, query: str) -> tuple[Hit, ...]:
        self.queries.append(query)
        return self.hits

    def needs(self, text: str, topics: Topics, hits: Sequence[Hit]) -> tuple[str, ...]:
        return ()

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]:
        return scored(passage, 0.0)


class BrokenSearcher(FixedSearcher):
    """Raises, with a telephone number in its message."""

    def search(self, query: str) -> tuple[Hit, ...]:
        raise RuntimeError("no answer for 13800138000")


def scored(passage: Passage, *scores: float) -> tuple[ScoredSentence, ...]:
    """Score a passage's sentences; the last score holds for all that follow."""
    spans = sentences(passage.text)
    given = (*scores, *[scores[-1]] * len(spans))
    return tuple(
        ScoredSentence(passage.start + span.start, passage.start + span.end, score)
        for span, score in zip(spans, given, strict=False)
    )


@pytest.fixture(scope="session")
def golden() -> tuple[dict[str, Any], ...]:
    """The measures, read by hand."""
    return tuple(map(json.loads, GOLDEN.read_text("utf-8").splitlines()))


@pytest.fixture(scope="session")
def led_by(golden: tuple[dict[str, Any], ...]) -> dict[str, list[int]]:
    """Numbers of the measures each unit leads, read by hand."""
    units = dict.fromkeys(unit for row in golden for unit in row["lead_units"])
    return {unit: [row["number"] for row in golden if unit in row["lead_units"]] for unit in units}


@pytest.fixture(scope="session")
def shelf() -> Shelf:
    notices = load_notices()
    return Shelf.of(notices, [question for notice in notices for question in load_questions(notice)])


@pytest.fixture(scope="session")
def hit(notice: Notice) -> Callable[..., Hit]:
    """Give a hit on a passage: hit("m06", 0.9), with the scores of its sentences."""
    by_id = {passage.passage_id: passage for passage in passages(notice)}

    def make(key: str, probability: float = 0.9, *scores: float, rank: int = 1) -> Hit:
        passage = by_id[f"{notice.notice_id}#{key}"]
        return Hit(passage, rank, probability, probability, scored(passage, *(scores or (1.0,))), ())

    return make


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def assistant(data_dir: Path) -> Iterator[Assistant]:
    """The real one, on 15 January 2026."""
    said: list[str] = []
    settings = Settings(data_dir=data_dir)
    with Assistant.open(settings, clock=FixedClock(TODAY), say=said.append) as opened:
        yield opened


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests."""
    with postgresql_server(server_or_skip()) as address:
        Database.by_address(new_database(address, name="empty")).close()
        yield address


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables: copied, where making them anew would take a tenth of a second."""
    path = tmp_path_factory.mktemp("records") / "empty.sqlite"
    Database.at(path).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Empty records, in each of the two databases."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_records"), tmp_path / "records.sqlite")
        opened = Database.at(tmp_path / "records.sqlite", busy_timeout_s=0.1)
    else:
        opened = Database.by_address(copied_database(request.getfixturevalue("postgresql")))
    yield opened
    opened.close()


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Answers kept in a SQLite file."""
    opened = Database.at(tmp_path / "records.sqlite", busy_timeout_s=0.1)
    yield Journal(opened)
    opened.close()


@pytest.fixture
def with_searcher(shelf: Shelf, journal: Journal) -> Callable[..., Assistant]:
    """Give an assistant with another search, and a clock if need be."""
    usual = FixedClock(TODAY)
    return lambda searcher, clock=usual: Assistant(shelf, searcher, journal, clock)
