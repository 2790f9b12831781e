"""Which language a page is in: the one chosen, else the one the browser prefers.

The address says it (`/en/…`, or `?lang=zh` where an English browser asked for
Chinese), so nothing is kept in the browser and a link shows what its sender saw.
"""

from collections.abc import Mapping
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from prompts import LANGUAGES

__all__ = ["LANGUAGES", "answer_page", "home", "measures", "other", "preferred", "redirect_by_language"]

_HOMES = {"zh": "/", "en": "/en/"}
_MEASURES = {"zh": "/measures", "en": "/en/measures"}
_ANSWERS = {"zh": "/answers/", "en": "/en/answers/"}
_CHOSEN: Mapping[str, str] = {"zh": "?lang=zh", "en": "?lang=en"}


def home(language: str) -> str:
    return _HOMES[language]


def measures(language: str) -> str:
    return _MEASURES[language]


def answer_page(answer_id: str, language: str) -> str:
    """Return the permanent address of an answer."""
    return f"{_ANSWERS[language]}{answer_id}"


def chosen(path: str, language: str) -> str:
    """Return a link to a page in just this language, whatever the browser prefers."""
    return f"{path}{_CHOSEN[language]}"


def other(language: str) -> str:
    return "en" if language == "zh" else "zh"


def preferred(accept_language: str) -> str:
    """Return zh or en from an Accept-Language header; zh where it does not say.

    Who reads neither is given English.
    """
    ranked = sorted(_weighed(accept_language), key=lambda entry: -entry[1])
    primary = [tag.partition("-")[0] for tag, weight in ranked if weight > 0]
    for tag in primary:
        if tag in LANGUAGES:
            return tag
    return "zh" if not primary or "*" in primary else "en"


def redirect_by_language(app: ASGIApp) -> ASGIApp:
    """Send a browser that prefers English from a Chinese page to the English one."""

    async def redirecting(scope: Scope, receive: Receive, send: Send) -> None:
        target = _in_english(scope["path"]) if scope["type"] == "http" else None
        if scope.get("path") == "/en":
            target = _HOMES["en"]
        elif target and not _prefers_english(scope):
            target = None
        if target is None or scope["method"] not in ("GET", "HEAD"):
            await app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-store"}
        await RedirectResponse(f"{target}?{query}" if query else target, 307, headers)(scope, receive, send)

    return redirecting


def _in_english(path: str) -> str | None:
    """Return the English page beside a Chinese one; None for what is no Chinese page."""
    if path.startswith(_ANSWERS["zh"]):
        return quote(_ANSWERS["en"] + path.removeprefix(_ANSWERS["zh"]))
    return {_HOMES["zh"]: _HOMES["en"], _MEASURES["zh"]: _MEASURES["en"]}.get(path)


def _prefers_english(scope: Scope) -> bool:
    if "lang" in parse_qs(scope["query_string"].decode("latin-1")):
        return False
    return preferred(Headers(scope=scope).get("accept-language", "")) == "en"


def _weighed(accept_language: str) -> list[tuple[str, float]]:
    entries = []
    for entry in accept_language.lower().split(","):
        tag, _, weight = entry.strip().partition(";q=")
        if tag:
            entries.append((tag, _number(weight)))
    return entries


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
