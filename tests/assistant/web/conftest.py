"""What the tests of the web side share: a scripted assistant and a client to its site."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer
from assistant.database import Database
from assistant.english import English
from assistant.review.desk import Desk
from assistant.shelf import Shelf
from assistant.web import create_app
from assistant.web.cards import Sources
from corpus.notice import Notice
from corpus.units import UnitNames
from index.search import Hit
from tests.assistant.rows import NOW
from tests.assistant.web.scripted import TODAY, RecordedAssistant, ScriptedAssistant
from tests.assistant.web.staffed import Clock, Office, Recorder


@pytest.fixture(scope="session")
def scripted(notice: Notice) -> ScriptedAssistant:
    return ScriptedAssistant(notice)


@pytest.fixture(scope="session")
def client(scripted: ScriptedAssistant) -> Iterator[TestClient]:
    with TestClient(create_app(scripted), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def sources(notice: Notice) -> Sources:
    return Sources((notice,), English.of((notice,), UnitNames.load()), TODAY)


@pytest.fixture
def answer(scripted: ScriptedAssistant) -> Answer:
    return scripted.ask("水电气怎么报装？")


@pytest.fixture
def desk(shelf: Shelf, tmp_path: Path) -> Iterator[Desk]:
    database = Database.at(tmp_path / "records.sqlite", busy_timeout_s=0.1)
    yield Desk.open(database, shelf, now=lambda: NOW)
    database.close()


@pytest.fixture
def recorded(notice: Notice, desk: Desk) -> RecordedAssistant:
    return RecordedAssistant(notice, desk)


@pytest.fixture
def post(client: TestClient) -> Any:
    """Post a body to the API; a dict as JSON, bytes as they are."""

    def posting(body: Any, **headers: str) -> Any:
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return client.post("/api/v1/ask", headers=headers, **content)

    return posting


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(desk: Desk, clock: Clock) -> Office:
    """The staff pages on SQLite, whose clock a test may put forward."""
    return Office(replace(desk, now=clock, second_share=0.0))  # nothing is left to chance


@pytest.fixture
def record(desk: Desk, scripted: ScriptedAssistant, hit: Callable[..., Hit]) -> Recorder:
    return Recorder(desk, scripted.ask, hit)
