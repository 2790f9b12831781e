"""What the pages and the API ask of the assistant, and the one place where a fault is caught."""

import logging
import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import uuid4

from assistant.answer import Answer, Language, Status
from assistant.errors import UnusableQuestion
from assistant.review.desk import Desk
from corpus.notice import Notice
from prompts import words

HISTORY_TURNS = 5
_log = logging.getLogger(__name__)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


class Asker(Protocol):
    """The assistant, as far as the web side knows it."""

    @property
    def notices(self) -> tuple[Notice, ...]: ...

    @property
    def index_version(self) -> str | None: ...

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None, /) -> Answer:
        """Answer one turn; UnusableQuestion, worded for the asker, if it is empty or too long."""
        ...

    @property
    def desk(self) -> Desk | None:
        """Where answers are recorded and staff work; None where nothing is."""
        ...

    def today(self) -> date: ...


def answer_or_fault(
    assistant: Asker, question: str, history: Sequence[str] = (), lang: Language | None = None
) -> Answer:
    """Ask; an unforeseen error becomes an answer with status `failed`.

    UnusableQuestion passes: the asker can mend that.
    """
    try:
        return assistant.ask(question, tuple(history)[-HISTORY_TURNS:], lang)
    except UnusableQuestion:
        raise
    except Exception:  # noqa: BLE001 - the outer door
        _log.exception("a question could not be answered")
        return _fault(assistant, question, lang or ("zh" if _CHINESE.search(question) else "en"))


def encodable(text: str) -> str:
    """Return the text with "?" for what UTF-8 cannot hold: half a surrogate pair, sent on purpose."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _fault(assistant: Asker, question: str, lang: Language) -> Answer:
    return Answer(
        answer_id=uuid4().hex,
        question=encodable(question),
        lang=lang,
        status=Status.FAILED,
        text=words("page", "fault.text", lang),
        index_version=assistant.index_version,
    )
