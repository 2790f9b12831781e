"""What a visitor sees before the first question: purpose, what is recorded, examples, the document."""

from collections.abc import Sequence
from html import escape

from assistant.web.language import chosen, measures
from corpus.notice import Notice
from corpus.translations import load_section_titles
from prompts import sentences, words


def start_html(notices: Sequence[Notice], language: str) -> str:
    """Return the opening: what may be asked, and what is kept of it."""
    notice = notices[0]
    say = {key: escape(words("page", f"start.{key}", language)) for key in ("title", "recorded", "examples")}
    lead = words(
        "page", "start.lead", language, title=notice.plan_title, document_number=notice.document_number
    )
    return (
        f'<h1>{say["title"]}</h1><p class="lead">{escape(lead)}</p>'
        f'<p class="recorded">{say["recorded"]}</p><h2>{say["examples"]}</h2>'
    )


def examples(notices: Sequence[Notice], language: str) -> list[tuple[str, list[str]]]:
    """Return example questions: under each section of the first notice, then in the other language."""
    known = sentences("page", language)
    titles = section_titles(notices[0], language)
    groups = [
        (
            escape(title.partition(":")[0]),
            [known[key] for place in "ab" if (key := f"examples.s{number}{place}") in known],
        )
        for number, title in titles.items()
    ]
    groups.append((known["start.other"], [known["examples.other1"], known["examples.other2"]]))
    return [group for group in groups if group[1]]


def section_titles(notice: Notice, language: str) -> dict[int, str]:
    """Return the titles of the sections by their numbers, in order."""
    if language == "en":
        return dict(load_section_titles(notice))
    return {section.number: section.title for section in notice.sections}


def welcome_html(notices: Sequence[Notice], language: str) -> str:
    """Return the panel while there is no answer."""
    empty = escape(words("page", "sources.empty", language))
    heading = escape(words("page", "sources.heading", language))
    documents = documents_html(notices, language)
    return f'<section class="welcome"><h2>{heading}</h2><p class="none">{empty}</p>{documents}</section>'


def documents_html(notices: Sequence[Notice], language: str) -> str:
    """Return each document with its sections as links to their measures."""
    return "".join(_document(notice, language) for notice in notices)


def _document(notice: Notice, language: str) -> str:
    issued = words(
        "page",
        "sources.issued",
        language,
        authority=notice.issuing_authority,
        date=notice.issued_on.isoformat(),
    )
    entries = []
    for number, title in section_titles(notice, language).items():
        total = sum(measure.section.number == number for measure in notice.measures)
        count = escape(words("page", "sources.section_count", language, total=total))
        href = f"{chosen(measures(language), language)}&section={number}"
        entries.append(f'<li><a href="{href}">{escape(title)}</a> <span class="count">{count}</span></li>')
    return (
        f'<div class="document-card"><p class="document-title" lang="zh-CN">{escape(notice.title)}</p>'
        f'<p class="remark">{escape(notice.document_number)} · {escape(issued)}</p>'
        f"<ol>{''.join(entries)}</ol></div>"
    )
