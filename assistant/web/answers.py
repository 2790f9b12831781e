"""The permanent page of an answer: as it was given, and whether it still holds.

Written on the server and readable without a script. Whoever has the address may read it;
the id in it cannot be guessed, and search engines are told to leave it alone.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from html import escape
from string import Template
from urllib.parse import quote

from fastapi import APIRouter, Response

from assistant.answer import Answer, Citation
from assistant.errors import RecordsError
from assistant.review.insight import CHINA_TIME
from assistant.review.published import Finding, Published, published
from assistant.web.cards import SOURCE_LANGUAGE, Sources, cards_html
from assistant.web.door import Asker, encodable
from assistant.web.frame import head_html, header_html, read_text, sources_of
from assistant.web.language import LANGUAGES, answer_page, chosen, home, other
from assistant.web.markdown import answer_html
from prompts import words

_log = logging.getLogger(__name__)
_ID = re.compile(r"[\w-]{1,36}", re.ASCII)
_TITLE_CHARS = 60


def router(assistant: Asker) -> APIRouter:
    """Return the page's routes in every language."""
    routes = APIRouter()

    def add(language: str) -> None:
        @routes.get(answer_page("{answer_id}", language))
        def page(answer_id: str) -> Response:
            status, html = _page(assistant, answer_id, language)
            headers = {"Cache-Control": "no-store", "Vary": "Accept-Language", "X-Robots-Tag": "noindex"}
            return Response(html.encode("utf-8", "replace"), status, headers, "text/html")

    for language in LANGUAGES:
        add(language)
    return routes


def page_html(found: Published, sources: Sources, language: str) -> str:
    """Return the page of a recorded answer."""
    answer, finding = found.answer, found.finding
    corrected = finding.corrected if finding else None
    asked_at = words("page", "answers.asked_at", language, moment=_moment(found.asked_at))
    again = f"{chosen(home(language), language)}&q={quote(encodable(answer.question))}"
    content = (
        f'<p class="remark">{escape(words("page", "answers.title", language))} \u00b7 {escape(asked_at)}</p>'
        f'<h1 class="asked" lang="{answer.lang}">{escape(answer.question)}</h1>'
        f"{_banner(finding, language) if finding else ''}"
        f"{_whole(corrected or answer, sources, language)}"
        f"{_earlier(answer, language) if corrected else ''}"
        f'<p class="remark">{escape(words("page", "start.disclaimer", language))} '
        f'<a href="{escape(again)}">{escape(words("page", "answers.ask", language))}</a></p>'
    )
    title = answer.question[:_TITLE_CHARS]
    return _filled(title, content, sources, answer.answer_id, language)


def missing_html(key: str, answer_id: str, sources: Sources, language: str) -> str:
    """Return a page that says why there is no answer on it; `key` is "unknown" or "unavailable"."""
    title = words("page", f"answers.{key}_title", language)
    content = (
        f"<h1>{escape(title)}</h1>"
        f'<p class="lead">{escape(words("page", f"answers.{key}", language))}</p>'
        f'<p><a href="{chosen(home(language), language)}">'
        f"{escape(words('page', 'answers.ask', language))}</a></p>"
    )
    return _filled(title, content, sources, quote(encodable(answer_id), safe=""), language)


def _page(assistant: Asker, answer_id: str, language: str) -> tuple[int, str]:
    """Return the page with its HTTP status."""
    sources, desk = sources_of(assistant, language), assistant.desk
    try:
        found = published(desk, answer_id) if desk and _ID.fullmatch(answer_id) else None
    except RecordsError:
        _log.exception("answer %s could not be read", answer_id)
        return 503, missing_html("unavailable", answer_id, sources, language)
    if found is None:
        return 404, missing_html("unknown", answer_id, sources, language)
    return 200, page_html(found, sources, language)


def _filled(title: str, content: str, sources: Sources, answer_id: str, language: str) -> str:
    there = answer_page(answer_id, other(language))
    return Template(read_text("answers.html")).substitute(
        title=escape(title),
        name=escape(words("page", "header.name", language)),
        tag="zh-CN" if language == "zh" else "en",
        head=head_html(language),
        header=header_html(sources.notices, language, here="answer", there=there),
        content=content,
    )


def _banner(finding: Finding, language: str) -> str:
    key = "partly" if finding.is_partly_right else "wrong"
    if finding.corrected:
        key = "corrected"
    said = words("page", f"answers.{key}", language, date=_moment(finding.found_at)[:10])
    return f'<p class="finding finding-{key}" role="note">{escape(said)}</p>'


def _whole(answer: Answer, sources: Sources, language: str) -> str:
    """Return an answer that holds, with its sources."""
    still, gone = _checked(answer, sources)
    cards = cards_html(still, sources, anchor="t1") + "".join(map(_gone, gone))
    if gone:
        remark = escape(words("page", "answers.gone", language))
        cards += f'<p class="oddity">{remark}</p>'
    heading = escape(words("page", "sources.heading", language))
    cited = f"<h2>{heading}</h2>" if answer.citations else ""
    return (
        f'<article class="reply reply-{answer.status}" lang="{answer.lang}">{_text(answer, "t1")}</article>'
        f'<section class="turn current" id="t1" lang="{answer.lang}">{cited}{cards}</section>'
    )


def _earlier(answer: Answer, language: str) -> str:
    """Return an answer that no longer holds, folded; its markers lead nowhere."""
    summary = escape(words("page", "answers.earlier", language))
    text = _text(replace(answer, citations=()), "")
    return (
        f'<details class="card earlier"><summary>{summary}</summary>'
        f'<div class="reply" lang="{answer.lang}">{text}</div></details>'
    )


def _text(answer: Answer, anchor: str) -> str:
    label = escape(words("page", f"status.{answer.status}", answer.lang))
    return f'<p><span class="status status-{answer.status}">{label}</span></p>{answer_html(answer, anchor)}'


def _checked(answer: Answer, sources: Sources) -> tuple[Answer, Sequence[Citation]]:
    """Return the answer with what the notices still say, and the citations of what they do not."""
    gone = [citation for citation in answer.citations if not _is_there(citation, sources)]
    kept = tuple(citation for citation in answer.citations if citation not in gone)
    related = tuple(passage_id for passage_id in answer.related if _is_known(passage_id, sources))
    return replace(answer, citations=kept, related=related), gone


def _is_there(citation: Citation, sources: Sources) -> bool:
    if not _is_known(citation.passage_id, sources):
        return False
    source = sources.notice(citation.notice_id).source
    return source[citation.start : citation.end] == citation.exact


def _is_known(passage_id: str, sources: Sources) -> bool:
    try:
        sources.passage(passage_id)
    except KeyError:
        return False
    return True


def _gone(citation: Citation) -> str:
    place = f"[{citation.marker}] {citation.document_number} {citation.measure_title}"
    return (
        f'<blockquote lang="{SOURCE_LANGUAGE}">{escape(citation.exact)}'
        f'<p class="remark">{escape(place)}</p></blockquote>'
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
