"""Stage 4: a draft from what was found, in the notice's own words.

Nothing is written about the matter itself: sentences are quoted, facts are read
from the records, and everything around them comes from `prompts/`.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer import Draft, Facet, Intent, Kind, Question, Status
from assistant.compose_list import compose_lists, compose_structure, write_lists, write_structure
from assistant.endings import follow_ups_on, related_passages, with_where_to_ask, write_choice
from assistant.found import Found, Part
from assistant.shelf import Shelf
from assistant.write_passage import oddity_words, write_hit, write_wordings
from assistant.write_premises import write_premises
from assistant.writer import Writer, cite_facts, unit_names, write_label
from prompts import words

_TOLD = {Status.ANSWERED, Status.NOT_STATED}
MAX_HEADING = 60  # characters
_MARKUP = re.compile(r"[\[\]()*_`<>#|\\!~]")


def compose(question: Question, intent: Intent, found: Found, shelf: Shelf, today: date) -> Draft:
    """Return the answer to what was found, what the question takes for granted settled first."""
    intent = found.read_as or intent
    if found.status is Status.NOT_STATED:
        return _compose_not_stated(question, intent.facet, found, shelf, today)
    if intent.kind is Kind.STRUCTURE:
        return compose_structure(question, found.premises, shelf)
    if found.lists:
        return compose_lists(question, found.lists, shelf, today, found.premises)
    if found.parts:
        return _compose_parts(question, found.parts, shelf, today)
    if intent.kind is Kind.ODDITIES:
        return _compose_oddities(question, shelf)
    hits = (
        found.hits
        if intent.kind in {Kind.MEASURE, Kind.WORK_REQUIREMENTS, Kind.DOCUMENT, Kind.NTH}
        else found.hits[:1]
    )
    writer = Writer(question.language)
    write_premises(writer, found.premises, shelf)
    for hit in hits:
        writer.paragraph()
        write_hit(writer, hit, shelf, today, intent.facet)
    wordings = write_wordings(writer, question, hits, shelf)
    write_label(writer, shelf.notice_of(hits[0].passage))
    related = related_passages(found.hits, hits, shelf)
    return writer.draft(
        Status.ANSWERED,
        related=related,
        follow_ups=follow_ups_on(found.hits[len(hits) :], question.language, shelf),
        confidence=hits[0].probability,
        wordings=wordings,
    )


def _compose_oddities(question: Question, shelf: Shelf) -> Draft:
    """Return what the source prints unusually, each with its lines as printed."""
    writer = Writer(question.language)
    for notice in shelf.notices:
        writer.say("oddity.head", document_number=notice.document_number, count=len(notice.oddities))
        writer.paragraph()
        for n, oddity in enumerate(notice.oddities, start=1):
            measure = notice.measure(oddity.measure_number)
            marker = cite_facts(writer, measure, shelf.passage_of(notice, measure), notice)
            remark = oddity_words(oddity.kind, oddity.printed, notice, question.language)
            writer.say("oddity.row", n=n, number=measure.number, remark=remark, marker=marker)
        write_label(writer, notice)
    return writer.draft(Status.ANSWERED, confidence=1.0, engine="records")


def _compose_parts(question: Question, parts: Sequence[Part], shelf: Shelf, today: date) -> Draft:
    """Return an answer to each need under its own heading; a doubtful one is said to be so."""
    writer = Writer(question.language)
    related: tuple[str, ...] = ()
    for n, part in enumerate(parts, start=1):
        asked = part.found.read_as or part.need
        writer.paragraph()
        writer.say("parts.head", n=n, need=_as_heading(part.need.query))
        writer.paragraph()
        if part.found.status is Status.NOT_COVERED:
            writer.say("parts.not_covered", document_number=shelf.notices[0].document_number)
            related = with_where_to_ask(related, None, shelf)
        elif part.found.status is Status.CLARIFY:
            writer.say("parts.unsure")
            writer.paragraph()
            write_choice(writer, part.found.hits[:2], shelf)
            related += tuple(hit.passage.passage_id for hit in part.found.hits[:2])
        elif asked.kind is Kind.STRUCTURE:
            write_structure(writer, shelf)
        elif part.found.lists:
            write_lists(writer, part.found.lists, shelf, today)
        else:
            _write_part(writer, asked, part.found, shelf, today)
    write_label(writer, shelf.notices[0])
    sure = [p.found.hits[0].probability for p in parts if p.found.hits and p.found.status in _TOLD]
    shown = {quotation.passage_id for quotation in writer.quotations}
    return writer.draft(
        Status.ANSWERED,
        related=tuple(dict.fromkeys(passage_id for passage_id in related if passage_id not in shown)),
        confidence=min(sure, default=1.0),
    )


def _write_part(writer: Writer, need: Intent, found: Found, shelf: Shelf, today: date) -> None:
    if found.status is Status.NOT_STATED:
        facet = words("answer", f"not_stated.{need.facet.value}", writer.language)
        writer.say("not_stated.head", facet=facet)
        writer.paragraph()
    for hit in found.hits if need.kind in {Kind.MEASURE, Kind.WORK_REQUIREMENTS} else found.hits[:1]:
        write_hit(writer, hit, shelf, today, need.facet)
        writer.paragraph()


def _as_heading(typed: str) -> str:
    """Return the asker's words without what Markdown or a reader of markers would take for its own."""
    plain = " ".join(_MARKUP.sub(" ", typed).split())
    return plain if len(plain) <= MAX_HEADING else f"{plain[:MAX_HEADING]}\u2026"


def _compose_not_stated(question: Question, facet: Facet, found: Found, shelf: Shelf, today: date) -> Draft:
    """Return what the measure does say, that it does not say this, and whom to ask."""
    hit = found.hits[0]
    writer = Writer(question.language)
    measure = shelf.measure_of(hit.passage)
    head = "not_stated.head" if measure else "not_stated.head_document"
    writer.say(head, facet=words("answer", f"not_stated.{facet.value}", question.language))
    writer.paragraph()
    write_premises(writer, found.premises, shelf)
    writer.paragraph()
    write_hit(writer, hit, shelf, today)
    writer.paragraph()
    if measure:
        writer.say("not_stated.ask", units=unit_names(measure.lead_units, question.language, shelf))
    else:
        writer.say("not_stated.ask_nobody")
    wordings = write_wordings(writer, question, (hit,), shelf)
    write_label(writer, shelf.notice_of(hit.passage))
    related = with_where_to_ask(related_passages(found.hits, (hit,), shelf), hit.passage, shelf)
    return writer.draft(
        Status.NOT_STATED,
        related=related,
        confidence=hit.probability,
        wordings=wordings,
    )
