"""What the tests of the web side share: a scripted assistant and a client to its site."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Answer
from assistant.english import English
from assistant.web import create_app
from assistant.web.cards import Sources
from corpus.notice import Notice
from corpus.units import UnitNames
from tests.assistant.web.scripted import TODAY, ScriptedAssistant


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
def post(client: TestClient) -> Any:
    """Post a body to the API; a dict as JSON, bytes as they are."""

    def posting(body: Any, **headers: str) -> Any:
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        return client.post("/api/v1/ask", headers=headers, **content)

    return posting
