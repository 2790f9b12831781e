"""The langchain seam of the whole assistant."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer import Language

if TYPE_CHECKING:
    from assistant.ask import Assistant


def runnable(assistant: "Assistant") -> Runnable[str | dict[str, Any], dict[str, Any]]:
    """Return a Runnable from a question to the answer object.

    Input: the question, or {"question", "history"?, "lang"?}. `stream` gives the
    answer object whole, in one piece: a part of an answer is not an answer.
    Raises UnusableQuestion, and TypeError for other input.
    """

    def ask(asked: str | dict[str, Any]) -> dict[str, Any]:
        if isinstance(asked, str):
            return assistant.ask(asked).as_dict()
        if not isinstance(asked, Mapping) or not isinstance(asked.get("question"), str):
            raise TypeError(f"expected a question or {{'question': …}}, got {type(asked).__name__}")
        history, lang = asked.get("history") or (), asked.get("lang")
        if isinstance(history, str) or not all(isinstance(turn, str) for turn in history):
            raise TypeError("history is not a list of questions")
        if lang not in (None, *get_args(Language)):
            raise TypeError(f"lang is {lang!r}, not one of {get_args(Language)}")
        return assistant.ask(asked["question"], history, lang).as_dict()

    return RunnableLambda(ask, name="policy_assistant")
