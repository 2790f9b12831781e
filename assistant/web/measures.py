"""All measures on one page, filtered by unit, section, month and words.

Written on the server and readable without a script; `script.js` only fetches the
list anew while one types. What a filter selects is decided in one place, here.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from string import Template
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from assistant.web.cards import (
    SOURCE_LANGUAGE,
    Sources,
    facts_html,
    measure_name,
    oddities_html,
    source_html,
    title_html,
)
from assistant.web.door import Asker
from assistant.web.frame import asset_routes, head_html, header_html, read_text, sources_of
from assistant.web.language import LANGUAGES, chosen, home
from assistant.web.language import measures as measures_path
from assistant.web.welcome import section_titles
from corpus.notice import Measure, Notice, Passage, Span
from corpus.records import Conditions, count_by_lead_unit, group_by_deadline, matching
from corpus.text import fold
from prompts import words


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show; an empty field does not filter."""

    lead_unit: str = ""
    section: int | None = None
    month: str = ""  # 2024-06
    text: str = ""
    opened: int | None = None  # a measure to show unfolded


def router(assistant: Asker) -> APIRouter:
    """Return the page's routes in every language, and those of style and script."""
    routes = asset_routes()

    def add(language: str) -> None:
        @routes.get(measures_path(language))
        def page(request: Request) -> Response:
            wanted = read_filter(request.query_params)
            html = page_html(sources_of(assistant, language), wanted, language)
            headers = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
            return Response(html.encode("utf-8", "replace"), headers=headers, media_type="text/html")

    for language in LANGUAGES:
        add(language)
    return routes


def read_filter(query: Mapping[str, str]) -> Filter:
    """Read the address; a value that makes no sense does not filter."""
    month = query.get("month", "")
    return Filter(
        lead_unit=query.get("lead_unit", "").strip(),
        section=_number(query.get("section", "")),
        month=month if _month(month) else "",
        text=query.get("q", "").strip()[:200],
        opened=_number(query.get("n", "")),
    )


def shown_measures(notice: Notice, wanted: Filter, sources: Sources) -> tuple[Measure, ...]:
    """Return the measures of a notice that a filter lets through, in order."""
    first, last = _month(wanted.month) or (None, None)
    conditions = Conditions(
        lead_units=(wanted.lead_unit,) if wanted.lead_unit else (),
        sections=() if wanted.section is None else (wanted.section,),
        due_first=first,
        due_last=last,
    )
    needle = fold(wanted.text)
    return tuple(m for m in matching(notice.measures, conditions) if needle in _haystack(notice, m, sources))


def page_html(sources: Sources, wanted: Filter, language: str) -> str:
    """Return the whole page."""
    groups = [(notice, shown_measures(notice, wanted, sources)) for notice in sources.notices]
    listed = "".join(
        _entry(notice, measure, sources, wanted, language) for notice, found in groups for measure in found
    )
    n_shown = sum(len(found) for _, found in groups)
    total = sum(len(notice.measures) for notice in sources.notices)
    none = f'<p class="none">{escape(words("page", "measures.none", language))}</p>'
    return Template(read_text("measures.html")).substitute(
        _sentences(sources, language),
        head=head_html(language),
        header=header_html(sources.notices, language, here="measures"),
        action=measures_path(language),
        clear=escape(chosen(measures_path(language), language)),
        language=language,
        tag="zh-CN" if language == "zh" else "en",
        units=_unit_options(sources, wanted, language),
        sections=_section_options(sources, wanted, language),
        months=_month_options(sources, wanted, language),
        text=escape(wanted.text),
        count=escape(words("page", "measures.count_words", language, shown=n_shown, total=total)),
        listed=listed or none,
    )


def _sentences(sources: Sources, language: str) -> dict[str, str]:
    keys = ("title", "filter", "lead_unit", "section", "month", "search", "search_placeholder", "apply")
    sentences = {f"say_{key}": words("page", f"measures.{key}", language) for key in keys}
    sentences["say_clear"] = words("page", "measures.clear", language)
    sentences["say_name"] = words("page", "header.name", language)
    plans = "\u300b\u3001\u300a".join(notice.plan_title for notice in sources.notices)
    sentences["say_lead"] = words("page", "measures.lead", language, title=plans)
    return {key: escape(sentence) for key, sentence in sentences.items()}


def _entry(notice: Notice, measure: Measure, sources: Sources, wanted: Filter, language: str) -> str:
    passage = _passage(notice, measure, sources)
    is_first = notice is sources.notices[0]
    anchor = f"m{measure.number:02}" if is_first else f"{notice.notice_id}-m{measure.number:02}"
    opened = " open" if is_first and measure.number == wanted.opened else ""
    area = section_titles(notice, language)[measure.section.number]
    area = words("page", "card.section", language, number=measure.section.number, title=area)
    ask = escape(words("page", "measures.ask_about", language))
    question = quote(measure_name(passage, sources, language))
    return (
        f'<details class="card" id="{anchor}"{opened}>'
        f"<summary>{_summary(measure, passage, sources, language)}</summary>"
        f'<p class="remark section">{escape(area)}</p>'
        f"{facts_html(notice, measure, sources, language)}{_text(notice, passage, sources, language)}"
        f"{oddities_html(notice, measure, language)}"
        f'<p class="document">{escape(notice.document_number)} '
        f'<a href="{chosen(home(language), language)}&amp;q={question}">{ask}</a></p></details>'
    )


def _text(notice: Notice, passage: Passage, sources: Sources, language: str) -> str:
    """Return a measure's text, for an English reader with its translation below or beside it."""
    printed = source_html(notice, Span(passage.start, passage.end))
    if language != "en":
        return printed
    translated = " ".join(sentence.text for sentence in sources.english.sentences(passage))
    remark = escape(words("page", "card.english", language))
    return (
        f'<div class="both">{printed}<div class="in-english" lang="en"><p>{escape(translated)}</p>'
        f'<p class="remark">{remark}</p></div></div>'
    )


def _summary(measure: Measure, passage: Passage, sources: Sources, language: str) -> str:
    number = escape(words("page", "card.measure", language, number=measure.number))
    printed = escape("\u3001".join(unit.name for unit in measure.lead_units))
    units = f'<span lang="{SOURCE_LANGUAGE}">{printed}</span>'
    due_on = f'<span lang="{SOURCE_LANGUAGE}">{escape(measure.deadline.text)}</span>'
    if language == "en":
        units = f"<span>{escape(sources.english.units(measure.lead_units))}</span>"
        due_on = f"<span>{escape(sources.english.deadline(measure.deadline))}</span>"
    passed = "passed" if measure.deadline.precedes(sources.today) else "not_yet"
    due = escape(words("page", f"card.{passed}", language))
    return (
        f'<span class="number">{number}</span> {title_html(passage, sources, language)}'
        f'<span class="facts">{units}{due_on}'
        f'<span class="due due-{passed}">{due}</span></span>'
    )


def _unit_options(sources: Sources, wanted: Filter, language: str) -> str:
    measures = [measure for notice in sources.notices for measure in notice.measures]
    options = []
    for unit, n in count_by_lead_unit(measures).items():
        name = f"{sources.english.unit(unit)} {unit}" if language == "en" else unit
        options.append((unit, f"{name} ({n})"))
    return _options(options, wanted.lead_unit, language)


def _section_options(sources: Sources, wanted: Filter, language: str) -> str:
    titles = section_titles(sources.notices[0], language)
    options = [(str(number), f"{number}. {title}") for number, title in titles.items()]
    return _options(options, str(wanted.section or ""), language)


def _month_options(sources: Sources, wanted: Filter, language: str) -> str:
    measures = [measure for notice in sources.notices for measure in notice.measures]
    options = []
    for due_on, due in group_by_deadline(measures).items():
        label = words("page", "measures.month_option", language, year=due_on.year, month=due_on.month)
        options.append((f"{due_on:%Y-%m}", f"{label} ({len(due)})"))
    return _options(options, wanted.month, language)


def _options(options: list[tuple[str, str]], selected: str, language: str) -> str:
    every = [("", words("page", "measures.all", language)), *options]
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == selected else ""}>{escape(label)}</option>'
        for value, label in every
    )


def _haystack(notice: Notice, measure: Measure, sources: Sources) -> str:
    """Return what a filter's words are looked for in: the measure as printed and in English."""
    passage = _passage(notice, measure, sources)
    english = sources.english
    units = english.units((*measure.lead_units, *measure.responsible_units))
    translated = [sentence.text for sentence in english.sentences(passage)]
    printed = notice.source[measure.start : measure.deadline_line.end]
    return fold("\n".join((printed, sources.title(passage, "en"), *translated, units)))


def _passage(notice: Notice, measure: Measure, sources: Sources) -> Passage:
    return sources.passage(f"{notice.notice_id}#m{measure.number:02}")


def _month(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of "2024-06"; None if it is no month."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
