"""A real Chromium against a real server, and one way to ask a question in it."""

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn

from assistant.web import create_app
from corpus.notice import Notice
from tests.assistant.web.scripted import ScriptedAssistant

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a visitor sees of an answer."""

    status: str  # answered, not_stated, …
    text: str
    cards: tuple[str, ...]  # the text of each citation card, folded ones too
    quoted: tuple[str, ...]  # the highlighted words, with their small numbers


@pytest.fixture(scope="module")  # while it runs, no other test of this thread can run an event loop
def chromium() -> Iterator[Any]:
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        missing("no chromium on the path")
    sync_api = pytest.importorskip("playwright.sync_api") if not is_required() else require_playwright()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def is_required() -> bool:
    return "browser" in os.environ.get("ASSISTANT_TEST_REQUIRE", "").split(",")


def missing(reason: str) -> None:
    if is_required():
        pytest.fail(f"{reason}, and ASSISTANT_TEST_REQUIRE asks for the browser")
    pytest.skip(reason)


def require_playwright() -> Any:
    from playwright import sync_api  # noqa: PLC0415

    return sync_api


@contextmanager
def served(assistant: Any) -> Iterator[str]:
    """Serve an assistant in a thread; give the address of the Chinese page."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(assistant), log_level="error", proxy_headers=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture(scope="session")
def site(notice: Notice) -> Iterator[str]:
    with served(ScriptedAssistant(notice)) as address:
        yield address


@pytest.fixture(scope="session")
def slow_site(notice: Notice) -> Iterator[str]:
    with served(ScriptedAssistant(notice, delay_s=1.0)) as address:
        yield address


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open an address in a fresh window, Chinese and 1366 x 768 unless told otherwise."""
    contexts = []

    def opening(
        address: str, *, locale: str = "zh-CN", width: int = 1366, height: int = 768, **more: Any
    ) -> Any:
        viewport = {"width": width, "height": height}
        context = chromium.new_context(locale=locale, viewport=viewport, reduced_motion="reduce", **more)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.faults = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(address)
        if "/measures" not in address:
            page.wait_for_selector("#question textarea")
        return page

    yield opening
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def ask_in_browser() -> Callable[[Any, str], Reply]:
    """Type a question, press Enter, wait for the answer, and read it off the page."""

    def asking(page: Any, question: str) -> Reply:
        n_before = page.locator("#messages .status").count()
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
        status = page.locator("#messages .status").nth(n_before)
        status.wait_for(timeout=30_000)
        page.wait_for_selector("#send")  # gives way to "stop" while one waits
        current = page.locator("#panel .turn.current")
        return Reply(
            status=status.get_attribute("class").rpartition("status-")[2],
            text=page.locator("#messages .bot-row").last.inner_text(),
            cards=tuple(current.locator(".card").all_text_contents()),
            quoted=tuple(current.locator("mark").all_text_contents()),
        )

    return asking


def overflow(page: Any) -> int:
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def is_in_view(page: Any, selector: str) -> bool:
    page.wait_for_timeout(200)
    box = page.locator(selector).first.bounding_box()
    return box is not None and 0 <= box["y"] < page.viewport_size["height"]
