"""Templates to HTML, everything escaped; the only user of Jinja."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from jinja2 import DictLoader, Environment, StrictUndefined

from assistant.review.insight import CHINA_TIME
from assistant.web.frame import address_of
from assistant.web.language import LANGUAGES, preferred
from assistant.web.language import other as other_language
from prompts import words

LANGUAGE_COOKIE = "staff_language"
HEADERS = {"Cache-Control": "no-store"}


def language_of(request: Request) -> str:
    """Return the language chosen for the staff pages, else the one the browser prefers."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return chosen
    return preferred(request.headers.get("accept-language", ""))


def page(request: Request, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """Return a page; `t(key, …)` in a template is a sentence of the staff sheet."""
    language = language_of(request)
    other = other_language(language)
    shown = {
        "t": partial(_sentence, language),
        "language": language,
        "other_language": other,
        "other_address": _address(request, template, other),
        "style": address_of("style.css"),
        "staff_style": address_of("staff.css"),
        "script": address_of("staff.js"),
        **values,
    }
    html = _environment().get_template(template).render(shown)
    response = Response(html.encode("utf-8", "replace"), status, HEADERS, "text/html")
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, path="/staff", samesite="lax", httponly=True)
    return response


def _address(request: Request, template: str, language: str) -> str:
    """Return the address of a page in a language, with what is filtered or asked for in it."""
    # A form is sent to an address of its own, which is none of a page.
    is_page = request.method == "GET" or template == "sign_in.html"
    path = request.url.path if is_page else "/staff/queue"
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{path}?{urlencode([*kept, ('lang', language)])}"


def _sentence(language: str, key: str, **values: object) -> str:
    return words("staff", key, language, **values)


def moment(stamped: str | None) -> str:
    """Return a stored moment as it was in Xi'an, 2026-11-23 17:05."""
    if not stamped:
        return ""
    return datetime.fromisoformat(stamped).astimezone(CHINA_TIME).strftime("%Y-%m-%d %H:%M")


def percent(share: float | None) -> str:
    if share is None:
        return "\u2013"
    return f"{share if share >= 1 else min(share, 0.999):.1%}"  # 100 % is said of nothing less


@cache
def _environment() -> Environment:
    folder = files(__package__).joinpath("templates")
    templates = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir()}
    environment = Environment(
        loader=DictLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["percent"] = percent
    return environment
