"""What both pages share: header, English titles, style and script."""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter, Response

from assistant.english import English
from assistant.web.cards import Sources
from assistant.web.door import Asker
from assistant.web.language import chosen, home, measures, other
from corpus.notice import Notice
from corpus.units import UnitNames
from prompts import words

_CSS, _JS = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
_ASSETS = {"style.css": _CSS, "script.js": _JS, "staff.css": _CSS, "staff.js": _JS}


def asset_routes() -> APIRouter:
    """Return the routes of style and script; their addresses carry a hash and so never go stale."""
    routes = APIRouter()

    @routes.get("/page/{name}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(read_text(name), headers=headers, media_type=_ASSETS[name])

    return routes


def read_text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def head_html(language: str) -> str:
    """Return what stands in <head>: style, script, and the sentences the script shows."""
    keys = ("ask.copied", "ask.copy_failed", "measures.failed")
    sentences = json.dumps({key: words("page", key, language) for key in keys}).replace("<", "\\u003c")
    tag = "zh-CN" if language == "zh" else "en"
    return (
        f'<link rel="stylesheet" href="{address_of("style.css")}">'
        '<link rel="icon" href="data:,">'
        f'<script>window.pageLanguage="{tag}";window.pageWords={sentences}</script>'
        f'<script src="{address_of("script.js")}" defer></script>'
    )


def header_html(notices: Sequence[Notice], language: str, *, here: str, there: str = "") -> str:
    """Return the header; `here` is "ask", "measures" or neither.

    `there`: the same page in the other language, where it is neither.
    """
    total = sum(len(notice.measures) for notice in notices)
    numbers = "\u3001".join(notice.document_number for notice in notices)
    there = there or (home(other(language)) if here == "ask" else measures(other(language)))
    pages: tuple[tuple[str, str, dict[str, object]], ...] = (
        ("ask", home(language), {}),
        ("measures", measures(language), {"total": total}),
    )
    links = []
    for name, path, values in pages:
        current = ' aria-current="page"' if name == here else ""
        label = escape(words("page", f"header.{name}", language, **values))
        links.append(f'<a href="{chosen(path, language)}"{current}>{label}</a>')
    tag = "en" if language == "zh" else "zh-CN"
    label = escape(words("page", "header.other_language", language))
    links.append(f'<a class="language" lang="{tag}" href="{chosen(there, other(language))}">{label}</a>')
    name = escape(words("page", "header.name", language))
    document = escape(words("page", "header.document", language, document_number=numbers))
    skip = escape(words("page", "header.skip", language))
    navigation = escape(words("page", "header.navigation", language))
    return (
        f'<header class="site"><a class="skip" href="#main">{skip}</a>'
        f'<div><p class="name">{name}</p><p class="basis">{document}</p></div>'
        f'<nav aria-label="{navigation}">{"".join(links)}</nav></header>'
    )


def sources_of(assistant: Asker, language: str) -> Sources:
    """Return what cards are made from, as of today."""
    link = f"{chosen(measures(language), language)}&n="
    return Sources(assistant.notices, _english(assistant.notices), assistant.today(), link)


@cache
def _english(notices: tuple[Notice, ...]) -> English:
    return English.of(notices, UnitNames.load())


def address_of(name: str) -> str:
    """Return the address of a style or script; it changes with its content."""
    return f"/page/{name}?v={hashlib.sha256(read_text(name).encode()).hexdigest()[:12]}"
