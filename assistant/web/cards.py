"""Citation cards: what an answer relies on, whole and with the quoted words highlighted.

Pure functions. Everything that enters HTML is escaped here, so that neither a
question nor a model can bring mark-up onto the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise

from assistant.answer import Answer, Citation
from assistant.english import English
from assistant.render import place_of
from corpus.notice import Measure, Notice, Passage, Span
from corpus.passages import passages
from prompts import words
from prompts.script import in_script_of

CARDS_SHOWN_OPEN = 3
SOURCE_LANGUAGE = "zh-CN"  # for fonts and screen readers: what the notice prints is Simplified
_LABEL = re.compile(r"^[^:\uff1a]{1,12}[:\uff1a]\s*")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a card shows besides the answer: the notices, their English, the day."""

    notices: tuple[Notice, ...]
    english: English
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
        return self.english.title(passage.passage_id) if language == "en" else passage.title


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


def facts_html(
    notice: Notice, measure: Measure, sources: Sources, language: str, citations: Sequence[Citation] = ()
) -> str:
    """Return a measure's units and deadline as printed, for an English reader below their English."""
    english = sources.english
    spans = [
        ("lead_units", measure.lead_line, english.units(measure.lead_units), ""),
        (
            "responsible_units",
            measure.responsible_line,
            english.units(measure.responsible_units),
            _open_units(measure, language),
        ),
        (
            "deadline",
            measure.deadline_line,
            english.deadline(measure.deadline),
            _due(measure, sources.today, language),
        ),
    ]
    rows = []
    for key, line, translated, remark in spans:
        value = highlighted(notice.source, _without_label(notice.source, line), citations)
        if language == "en":
            marked = _marked(translated, [c for c in citations if c.start < line.end and line.start < c.end])
            value = f'<span class="in-english">{marked}</span>{_printed(value, "printed")}'
        elif language == "zh-Hant":
            value = _printed(value)
        rows.append(f"<dt>{escape(words('page', f'card.{key}', language))}</dt><dd>{value}{remark}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def source_html(notice: Notice, span: Span, citations: Sequence[Citation] = ()) -> str:
    """Return a passage's text as printed, quoted parts marked."""
    return (
        f'<p class="source-text" lang="{SOURCE_LANGUAGE}">{highlighted(notice.source, span, citations)}</p>'
    )


def pairs_html(notice: Notice, passage: Passage, sources: Sources, citations: Sequence[Citation]) -> str:
    """Return a passage sentence by sentence, the translation above the original, marked alike."""
    pairs = []
    for sentence in sources.english.sentences(passage):
        quoting = [c for c in citations if c.start < sentence.end and sentence.start < c.end]
        printed = highlighted(notice.source, Span(sentence.start, sentence.end), citations)
        pairs.append(
            f'<div class="pair"><p class="in-english" lang="en">{_marked(sentence.text, quoting)}</p>'
            f'<p class="source-text" lang="{SOURCE_LANGUAGE}">{printed}</p></div>'
        )
    remark = escape(words("page", "card.english", "en"))
    return f'<div class="pairs"><p class="remark">{remark}</p>{"".join(pairs)}</div>'


def oddities_html(notice: Notice, measure: Measure, language: str) -> str:
    """Return a remark on each thing that the notice prints unusually in a measure."""
    found = [oddity for oddity in notice.oddities if oddity.measure_number == measure.number]
    notes = (words("page", f"oddity.{oddity.kind}", language, printed=oddity.printed) for oddity in found)
    return "".join(f'<p class="oddity">{escape(note)}</p>' for note in notes)


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
    """Return the words that ask about a passage: number and title, or the clause's title."""
    title = sources.title(passage, language)
    if passage.measure_number is not None:
        title = words("page", "card.named", language, number=passage.measure_number, title=title)
    return in_script_of(language, title)


def _card(citations: Sequence[Citation], sources: Sources, language: str) -> str:
    first = citations[0]
    notice, passage = sources.notice(first.notice_id), sources.passage(first.passage_id)
    foot = escape(first.document_number)
    if language == "en":
        body = pairs_html(notice, passage, sources, citations)
    else:
        body = source_html(notice, Span(passage.start, passage.end), citations)
    if first.measure_number is not None:
        measure = notice.measure(first.measure_number)
        facts = facts_html(notice, measure, sources, language, citations)
        # English names of units are long: a reader of English sees the quoted sentences first.
        body = f"{body}{facts}" if language == "en" else f"{facts}{body}"
        body += oddities_html(notice, measure, language)
        link = escape(words("page", "card.open_in_list", language))
        foot += f' <a href="{escape(sources.measure_link)}{first.measure_number}">{link}</a>'
    summary = f"<summary>{_heading(passage, sources, language, citations)}</summary>"
    return f'{summary}{body}<p class="document">{foot}</p>'


def _heading(passage: Passage, sources: Sources, language: str, citations: Sequence[Citation]) -> str:
    markers = "".join(f"<span>{c.marker}</span>" for c in citations)
    number = ""
    if passage.measure_number is not None:
        number = f'<span class="number">{escape(place_of(passage.measure_number, language))}</span> '
    return f'{number}{title_html(passage, sources, language)} <span class="markers">{markers}</span>'


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


def title_html(passage: Passage, sources: Sources, language: str) -> str:
    """Return a passage's title as printed, for an English reader below its English."""
    title = f'<span class="title" lang="{SOURCE_LANGUAGE}">{escape(passage.title)}</span>'
    if language != "en":
        return title
    return f'<span class="title-en">{escape(sources.title(passage, "en"))}</span> {title}'


def _marked(english: str, quoting: Sequence[Citation]) -> str:
    """Return a translation as HTML, marked by the quotations whose words it is."""
    text = escape(english).replace("\n", "<br>")
    if not quoting:
        return text
    classes = " ".join(f"q-{c.marker}" for c in quoting)
    return f'<mark class="{classes}">{text}{"".join(f"<sup>{c.marker}</sup>" for c in quoting)}</mark>'


def _printed(value: str, name: str = "") -> str:
    named = f' class="{name}"' if name else ""
    return f'<span{named} lang="{SOURCE_LANGUAGE}">{value}</span>'


def _without_label(source: str, line: Span) -> Span:
    label = _LABEL.match(line.of(source))
    return Span(line.start + (label.end() if label else 0), line.end)
