"""The staff pages by themselves, and browsers that are signed in to them."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from markupsafe import escape

from assistant.answer import Answer, AskedFor, Intent, Kind, Question, Trace
from assistant.database import Database, stamp
from assistant.database.tables import accounts as accounts_table
from assistant.database.tables import answers, sessions
from assistant.record import Journal, new_answer_id
from assistant.review import accounts
from assistant.review.accounts import Role
from assistant.review.desk import Desk
from assistant.web import limits, staff
from assistant.web.staff.session import COOKIE, StaffSettings
from index.search import Hit
from prompts import words
from tests.assistant.rows import NOW

HERE = "http://testserver"  # as the client calls the site
PASSWORD = "reviewing-12345"
FOUND = ("m06", "m15", "m23", "m36", "m09")
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_TAG = re.compile(r"<[^>]*>")
_UNSEEN = re.compile(r"<(script|style|datalist)\b.*?</\1>", re.DOTALL)


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self):
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Office:
    """The staff pages of a desk, without the rest of the site."""

    def __init__(self, desk: Desk, settings: StaffSettings | None = None) -> None:
        self.desk = desk
        self.app = FastAPI()
        self.app.include_router(staff.router(desk, settings or StaffSettings()))
        self.app.add_middleware(limits.Limits)

    def browser(self, language: str = "en", **headers: str) -> TestClient:
        """Return a browser that nobody has signed in with; it follows no redirect by itself."""
        headers = {"origin": HERE, "accept-language": language, **headers}
        return TestClient(self.app, headers=headers, follow_redirects=False)

    def employ(self, name: str, role: Role = Role.REVIEWER, units: Sequence[str] = ()) -> None:
        """Make an account with PASSWORD."""
        accounts.add(
            self.desk.database, name, PASSWORD, role, units, now=self.desk.now(), actor="tests", hasher=_CHEAP
        )

    def seat(
        self, name: str, role: str = "reviewer", units: Sequence[str] = (), *, language: str = "en"
    ) -> TestClient:
        """Return a browser with a session of an account, both put in as rows: any name will do."""
        now = stamp(self.desk.now())
        token = f"token of {name!a}"
        account = {
            "name": name,
            "role": role,
            "lead_units": json.dumps(list(units)),
            "password_hash": "",
            "is_active": True,
            "n_failures": 0,
            "created_at": now,
        }
        token_hash = hashlib.sha256(token.encode()).hexdigest()
        session = {"token_hash": token_hash, "account": name, "began_at": now, "seen_at": now}
        with self.desk.database.writing() as connection:
            connection.execute(accounts_table.insert().values(account))
            connection.execute(sessions.insert().values(session))
        browser = self.browser(language)
        browser.cookies.set(COOKIE, token, path="/staff")
        return browser


class Recorder:
    """Records answers as the assistant does, with everything that led to them."""

    def __init__(self, desk: Desk, answer_to: Callable[..., Answer], hit: Callable[..., Hit]) -> None:
        self._journal = Journal(desk.database, sample_share=0.0)
        self._answer_to = answer_to
        self._hit = hit

    def __call__(
        self, question: str = "水电气怎么报装？", *, answer: Answer | None = None, **more: Any
    ) -> str:
        """Record the answer to a question; return its id."""
        given = answer or self._answer_to(question)
        given = replace(given, answer_id=new_answer_id(), question=question, confidence=0.95)
        versions = {"notices": "n" * 64, "encoder": "e" * 64}
        self._journal.record(trace_to(given, self._hit, **more), "p", versions)
        return given.answer_id


def trace_to(
    answer: Answer,
    hit: Callable[..., Hit],
    *,
    history: tuple[str, ...] = (),
    found: Sequence[str] = FOUND,
    **more: Any,
) -> Trace:
    """Return a trace as long as those in life."""
    return Trace(
        answer,
        question=Question(answer.question, answer.question, answer.lang, history),
        intent=Intent(Kind.SEARCH, answer.question, AskedFor()),
        hits=tuple(hit(key, 0.9 / (n + 1), 0.8, 0.1, rank=n + 1) for n, key in enumerate(found)),
        durations_ms={"understand": 0.4, "search": 11.2},
        **more,
    )


def told(key: str, language: str = "en", **values: object) -> str:
    """Return a sentence of the staff sheet as a page shows it."""
    return str(escape(said(key, language, **values)))


def said(key: str, language: str = "en", **values: object) -> str:
    """Return a sentence of the staff sheet as it is sent to a script."""
    return words("staff", key, language, **values)


def text_of(response: Any) -> str:
    """Return what a page shows, without tags; its entities stay."""
    return " ".join(_TAG.sub(" ", _UNSEEN.sub("", response.text)).replace("&#39;", "'").split())


def rewrite(database: Database, answer_id: str, change: Callable[[dict[str, Any]], Any] | str) -> None:
    """Change the recorded trace of an answer, or put another text in its place."""
    mine = answers.c.answer_id == answer_id
    with database.writing() as connection:
        trace = change
        if not isinstance(change, str):
            fields = json.loads(connection.execute(answers.select().where(mine)).one().trace)
            change(fields)
            trace = json.dumps(fields)
        connection.execute(answers.update().where(mine).values(trace=trace))
