"""The HTTP API: one question in, the answer object out."""

import json
from typing import Any, get_args

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from assistant.answer import Language, Status
from assistant.errors import UnusableQuestion
from assistant.web.door import Asker, answer_or_fault
from assistant.web.language import preferred
from prompts import words

_LANGUAGES = get_args(Language)


class _BadRequest(ValueError):
    """The body is not what the contract says; str() is a key of the page's sheet."""


def router(assistant: Asker) -> APIRouter:
    """Return the routes; they are added before the pages, which take every other path."""
    routes = APIRouter()

    @routes.post("/api/v1/ask")
    async def ask(request: Request) -> Response:
        language = preferred(request.headers.get("accept-language", ""))
        try:
            fields = _object(await request.body())
            language = fields["lang"] if fields.get("lang") in _LANGUAGES else language
            question, history, lang = _turn(fields)
            answer = await run_in_threadpool(answer_or_fault, assistant, question, history, lang)
        except _BadRequest as error:
            return _json({"detail": words("page", str(error), language)}, 422)
        except UnusableQuestion as error:
            return _json({"detail": str(error)}, 422)
        return _json(answer.as_dict(), 500 if answer.status is Status.FAILED else 200)

    @routes.get("/healthz")
    async def healthz() -> Response:
        return _json({"status": "alive"}, 200)

    return routes


def _object(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _BadRequest("api.not_json") from error
    if not isinstance(fields, dict):
        raise _BadRequest("api.not_json")
    return fields


def _turn(fields: dict[str, Any]) -> tuple[str, tuple[str, ...], Language | None]:
    """Return question, history and language; keys beyond the contract are ignored."""
    question, history, lang = fields.get("question"), fields.get("history", []), fields.get("lang")
    if not isinstance(question, str):
        raise _BadRequest("api.question_type")
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise _BadRequest("api.history_type")
    if lang is not None and lang not in _LANGUAGES:
        raise _BadRequest("api.lang_value")
    return question, tuple(history), lang


def _json(content: dict[str, Any], status: int) -> Response:
    """Return JSON in UTF-8, "?" for what UTF-8 cannot hold (half a surrogate pair)."""
    text = json.dumps(content, ensure_ascii=False)
    headers = {"Cache-Control": "no-store"}
    return Response(text.encode("utf-8", "replace"), status, headers, "application/json")
