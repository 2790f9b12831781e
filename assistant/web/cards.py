"""Citation cards: what an answer relies on, whole and with the quoted words highlighted.

Pure functions. Everything that enters HTML is escaped here, so that neither a
question nor a model can bring mark-up onto the page.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from assistant.answer import Answer, Citation
from assistant.render import place_of
from corpus.notice import Measure, Notice, Passage, Span
from corpus.passages import passages
from prompts import words

CARDS_SHOWN_OPEN = 3
_LABEL = re.compile(r"^[^:\uff1a]{1,12}[:\uff1a]\s*")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a card shows besides the answer: the notices, English titles, the day."""

    notices: tuple[Notice, ...]
    titles: Mapping[str, str]  # English, by passage id
    today: date
    measure_link: str = "/measures?n="  # the number of a measure is appended

    def notice(self, notice_id: str) -> Notice:
        """Return a notice by its id; KeyError if there is none."""
        for notice in self.notices:
            if notice.notice_id == notice_id:
                return notice
        raise KeyError(f"no notice {notice_id!r}")

    def passage(self, passage_id: str) -> Passage:
        """Return a passage by its id; KeyError if there is none."""
        for passage in passages(self.notice(passage_id.partition("#")[0])):
            if passage.passage_id == passage_id:
                return passage
        raise KeyError(f"no passage {passage_id!r}")

    def title(self, passage: Passage, language: str) -> str:
        return self.titles.get(passage.passage_id, passage.title) if language == "en" else passage.title


def cards_html(answer: Answer, sources: Sources, *, anchor: str) -> str:
    """Return one card for each cited passage, in order of first mention, then what is related.

    `anchor` tells one answer's cards from another's on the same page. More than
    CARDS_SHOWN_OPEN cards are folded, but for the first.
    """
    cited = list(dict.fromkeys(citation.passage_id for citation in answer.citations))
    cards = []
    for place, passage_id in enumerate(cited):
        citations = [citation for citation in answer.citations if citation.passage_id == passage_id]
        is_open = place == 0 or len(cited) <= CARDS_SHOWN_OPEN
        card_id = f"{anchor}-card{place + 1}"
        opening = f'<details class="card" id="{card_id}"{" open" if is_open else ""}>'
        cards.append(f"{opening}{_card(citations, sources, answer.lang)}</details>")
    return "".join(cards) + _related(answer, sources)


def measure_html(
    notice: Notice, measure: Measure, today: date, language: str, citations: Sequence[Citation] = ()
) -> str:
    """Return a measure whole: units, deadline, its text, and what is printed unusually."""
    spans = [
        ("lead_units", measure.lead_line, ""),
        ("responsible_units", measure.responsible_line, _open_units(measure, language)),
        ("deadline", measure.deadline_line, _due(measure, today, language)),
    ]
    rows = []
    for key, line, remark in spans:
        value = highlighted(notice.source, _without_label(notice.source, line), citations)
        rows.append(f"<dt>{escape(words('page', f'card.{key}', language))}</dt><dd>{value}{remark}</dd>")
    text = highlighted(notice.source, Span(measure.start, measure.end), citations)
    body = f'<dl>{"".join(rows)}</dl><p class="source-text" lang="zh">{text}</p>'
    return body + _oddities(notice, measure, language)


def highlighted(source: str, span: Span, citations: Sequence[Citation] = ()) -> str:
    """Return a stretch of the source as HTML, quoted parts marked by their offsets.

    Each mark has a class `q-N` for every quotation N that covers it, and the
    number N where that quotation ends.
    """
    inside = [c for c in citations if c.start < span.end and span.start < c.end]
    edges = {edge for c in inside for edge in (c.start, c.end) if span.start < edge < span.end}
    pieces = []
    for start, end in pairwise(sorted({span.start, span.end} | edges)):
        text = escape(source[start:end]).replace("\n", "<br>")
        covering = [c for c in inside if c.start <= start and end <= c.end]
        if covering:
            classes = " ".join(f"q-{c.marker}" for c in covering)
            numbers = "".join(f"<sup>{c.marker}</sup>" for c in covering if min(c.end, span.end) == end)
            text = f'<mark class="{classes}">{text}{numbers}</mark>'
        pieces.append(text)
    return "".join(pieces)


def measure_name(passage: Passage, sources: Sources, language: str) -> str:
    """Return what a passage is called in a list: number and title, or the clause's title."""
    title = sources.title(passage, language)
    if passage.measure_number is None:
        return title
    return words("page", "card.named", language, number=passage.measure_number, title=title)


def _card(citations: Sequence[Citation], sources: Sources, language: str) -> str:
    first = citations[0]
    notice, passage = sources.notice(first.notice_id), sources.passage(first.passage_id)
    foot = escape(first.document_number)
    if first.measure_number is None:
        text = highlighted(notice.source, Span(passage.start, passage.end), citations)
        body = f'<p class="source-text" lang="zh">{text}</p>'
    else:
        body = measure_html(notice, notice.measure(first.measure_number), sources.today, language, citations)
        link = escape(words("page", "card.open_in_list", language))
        foot += f' <a href="{escape(sources.measure_link)}{first.measure_number}">{link}</a>'
    summary = f"<summary>{_heading(passage, sources, language, citations)}</summary>"
    return f'{summary}{_english(citations, language)}{body}<p class="document">{foot}</p>'


def _heading(passage: Passage, sources: Sources, language: str, citations: Sequence[Citation]) -> str:
    markers = "".join(f"<span>{c.marker}</span>" for c in citations)
    number = ""
    if passage.measure_number is not None:
        number = f'<span class="number">{escape(place_of(passage.measure_number, language))}</span> '
    title = f'<span class="title" lang="zh">{escape(passage.title)}</span>'
    if language == "en":
        title += f' <span class="title-en">{escape(sources.title(passage, "en"))}</span>'
    return f'{number}{title} <span class="markers">{markers}</span>'


def _english(citations: Sequence[Citation], language: str) -> str:
    quotes = [f"<p><b>{c.marker}</b> {escape(c.exact_en)}</p>" for c in citations if c.exact_en]
    if language != "en" or not quotes:
        return ""
    remark = escape(words("page", "card.english_quote", language))
    return f'<div class="english" lang="en"><p class="remark">{remark}</p>{"".join(quotes)}</div>'


def _related(answer: Answer, sources: Sources) -> str:
    if not answer.related:
        return ""
    entries = []
    for passage_id in answer.related:
        passage = sources.passage(passage_id)
        title = escape(sources.title(passage, answer.lang))
        if passage.measure_number is not None:
            number = escape(place_of(passage.measure_number, answer.lang))
            href = f"{escape(sources.measure_link)}{passage.measure_number}"
            title = f'<a href="{href}"><span class="number">{number}</span> {title}</a>'
        entries.append(f"<li>{title}</li>")
    heading = escape(words("page", "sources.related", answer.lang))
    return f'<div class="related"><h3>{heading}</h3><ul>{"".join(entries)}</ul></div>'


def _due(measure: Measure, today: date, language: str) -> str:
    passed = measure.deadline.precedes(today)
    key = "passed" if passed else "not_yet"
    label = escape(words("page", f"card.{key}", language))
    remark = escape(words("page", "card.as_of", language, today=today.isoformat()))
    return f' <span class="due due-{key}">{label}</span><span class="remark">{remark}</span>'


def _open_units(measure: Measure, language: str) -> str:
    if not measure.responsible_units_open:
        return ""
    return f' <span class="remark">{escape(words("page", "card.units_open", language))}</span>'


def _oddities(notice: Notice, measure: Measure, language: str) -> str:
    found = [oddity for oddity in notice.oddities if oddity.measure_number == measure.number]
    notes = (words("page", f"oddity.{oddity.kind}", language, printed=oddity.printed) for oddity in found)
    return "".join(f'<p class="oddity">{escape(note)}</p>' for note in notes)


def _without_label(source: str, line: Span) -> Span:
    label = _LABEL.match(line.of(source))
    return Span(line.start + (label.end() if label else 0), line.end)
