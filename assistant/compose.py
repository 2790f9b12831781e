"""Stage 4: a draft from what was found, in the notice's own words.

Nothing is written about the matter itself: sentences are quoted, facts are read
from the records, and everything around them comes from `prompts/`.
"""

import re
from collections.abc import Sequence
from datetime import date

from assistant.answer import Draft, Facet, Intent, Kind, Language, Question, Status, Wording
from assistant.compose_list import compose_lists, compose_unknown_unit
from assistant.facets import asked_facet
from assistant.retrieve import Found, Part
from assistant.shelf import Shelf
from assistant.writer import Writer, cite_facts, day_of, deadline_of, title_of, unit_names, write_label
from corpus.notice import Measure, Notice, Passage
from corpus.text import fold
from index.search import Hit, ScoredSentence
from prompts import words
from prompts.script import in_script_of

N_RELATED = 3
N_FOLLOW_UPS = 2
N_WORDINGS = 2
RELATED_FROM = 0.1  # probability
FOLLOW_UP_FROM = 0.02  # probability; a button on an unrelated matter helps nobody
# A sentence is quoted if it is at least this near to the question, measured by
# the nearest one. Low on purpose: half an answer is a wrong answer.
QUOTE_FROM = 0.7
WHOLE_UP_TO = 100  # characters: a short passage is quoted whole
# Oddities that change how an answer is read; the rest stands on the card and in `python -m corpus check`.
MATTERS_TO_READERS = {"deadline_precedes_issue", "deadline_label", "units_run_together"}
MAX_HEADING = 60  # characters
_MARKUP = re.compile(r"[\[\]()*_`<>#|\\!~]")
WHERE_TO_ASK = 36  # the measure that names the hotline and the platform


def compose(question: Question, intent: Intent, found: Found, shelf: Shelf, today: date) -> Draft:
    """Return the answer to what was found."""
    if found.lists:
        return compose_lists(question, found.lists, shelf, today)
    if found.parts:
        return _compose_parts(question, found.parts, shelf, today)
    if intent.kind is Kind.ODDITIES:
        return _compose_oddities(question, shelf)
    hits = found.hits if intent.kind in {Kind.MEASURE, Kind.WORK_REQUIREMENTS} else found.hits[:1]
    writer = Writer(question.language)
    for hit in hits:
        writer.paragraph()
        _write_hit(writer, hit, shelf, today)
    wordings = _write_wordings(writer, question, hits, shelf)
    write_label(writer, shelf.notice_of(hits[0].passage))
    related = _related(found.hits, hits, shelf)
    return Draft(
        Status.ANSWERED,
        writer.text(),
        tuple(writer.quotations),
        related,
        _follow_ups(found.hits[len(hits) :], question.language, shelf),
        hits[0].probability,
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
    return Draft(Status.ANSWERED, writer.text(), tuple(writer.quotations), confidence=1.0, engine="records")


def _compose_parts(question: Question, parts: Sequence[Part], shelf: Shelf, today: date) -> Draft:
    """Return an answer to each need under its own heading."""
    writer = Writer(question.language)
    related: tuple[str, ...] = ()
    for n, part in enumerate(parts, start=1):
        writer.paragraph()
        writer.say("parts.head", n=n, need=_as_heading(part.need))
        writer.paragraph()
        hit = part.found.hits[0] if part.found.hits else None
        if hit is None or part.found.status is Status.NOT_COVERED:
            writer.say("parts.not_covered", document_number=shelf.notices[0].document_number)
            related = _with_where_to_ask(related, None, shelf)
            continue
        if part.found.status is Status.NOT_STATED:
            facet = words("answer", f"not_stated.{asked_facet(part.need).value}", question.language)
            writer.say("not_stated.head", facet=facet)
            writer.paragraph()
        _write_hit(writer, hit, shelf, today)
    write_label(writer, shelf.notices[0])
    sure = [p.found.hits[0].probability for p in parts if p.found.status is not Status.NOT_COVERED]
    shown = {quotation.passage_id for quotation in writer.quotations}
    return Draft(
        Status.ANSWERED,
        writer.text(),
        tuple(writer.quotations),
        tuple(passage_id for passage_id in related if passage_id not in shown),
        confidence=min(sure),
    )


def _as_heading(typed: str) -> str:
    """Return the asker's words without what Markdown or a reader of markers would take for its own."""
    plain = " ".join(_MARKUP.sub(" ", typed).split())
    return plain if len(plain) <= MAX_HEADING else f"{plain[:MAX_HEADING]}\u2026"


def compose_not_stated(question: Question, facet: Facet, found: Found, shelf: Shelf, today: date) -> Draft:
    """Return what the measure does say, that it does not say this, and whom to ask."""
    hit = found.hits[0]
    writer = Writer(question.language)
    writer.say("not_stated.head", facet=words("answer", f"not_stated.{facet.value}", question.language))
    writer.paragraph()
    _write_hit(writer, hit, shelf, today)
    writer.paragraph()
    measure = shelf.measure_of(hit.passage)
    if measure:
        writer.say("not_stated.ask", units=unit_names(measure.lead_units, question.language, shelf))
    else:
        writer.say("not_stated.ask_nobody")
    wordings = _write_wordings(writer, question, (hit,), shelf)
    write_label(writer, shelf.notice_of(hit.passage))
    related = _with_where_to_ask(_related(found.hits, (hit,), shelf), hit.passage, shelf)
    return Draft(
        Status.NOT_STATED,
        writer.text(),
        tuple(writer.quotations),
        related,
        confidence=hit.probability,
        wordings=wordings,
    )


def compose_ending(question: Question, intent: Intent, found: Found, shelf: Shelf) -> Draft:
    """Return the words for a question that ends as not_covered or clarify."""
    writer = Writer(question.language)
    if found.lists:
        return compose_unknown_unit(question, found.lists[0].listing.unknown_unit or "", shelf)
    if found.status is Status.CLARIFY:
        return _compose_choice(writer, found.hits[:2], shelf)
    notice = shelf.notices[0]
    total = len(notice.measures)
    if intent.kind is Kind.MEASURE:
        writer.say("not_covered.number", document_number=notice.document_number, total=total)
        return Draft(Status.NOT_COVERED, writer.text(), confidence=None)
    title = title_of(shelf.passage(f"{notice.notice_id}#meta"), question.language, shelf)
    writer.say("not_covered.text", document_number=notice.document_number, title=title, total=total)
    related = tuple(hit.passage.passage_id for hit in found.hits[:N_RELATED])
    writer.paragraph()
    if related:
        writer.say("not_covered.nearest")
    writer.say("not_covered.ask")
    related = _with_where_to_ask(related, None, shelf)
    confidence = found.hits[0].probability if found.hits else 0.0
    return Draft(Status.NOT_COVERED, writer.text(), related=related, confidence=confidence)


def plain_ending(status: Status, key: str, language: Language, **values: object) -> Draft:
    """Return an ending that needs only words."""
    return Draft(status, words("answer", key, language, **values))


def _write_hit(writer: Writer, hit: Hit, shelf: Shelf, today: date) -> None:
    passage, notice = hit.passage, shelf.notice_of(hit.passage)
    title = title_of(passage, writer.language, shelf)
    measure = shelf.measure_of(passage)
    if measure is None:
        writer.say("clause.head", title=title)
    else:
        writer.say("measure.head", number=measure.number, title=title)
    writer.paragraph()
    if writer.language == "en":
        _write_translation_mark(writer)
    for start, end in quoted_spans(passage, hit.sentences):
        marker = writer.cite(passage, notice.source, start, end)
        if writer.language == "en":
            writer.quote(shelf.english_of(passage.passage_id, start, end), marker)
        writer.quote(notice.source[start:end], marker)
        if writer.language == "en":  # a block for each pair of English and Chinese
            writer.lines[-1] = ""
    writer.lines.pop()
    if measure is not None:
        writer.paragraph()
        _write_facts(writer, measure, passage, shelf, today)


def _write_translation_mark(writer: Writer) -> None:
    """Say once in an answer what the English lines are."""
    mark = words("answer", "quote.translation", writer.language)
    if mark not in writer.lines:
        writer.lines += [mark, ""]


def _write_wordings(
    writer: Writer, question: Question, hits: Sequence[Hit], shelf: Shelf
) -> tuple[Wording, ...]:
    """Say what the cited passages call what the question named in everyday words."""
    found: dict[str, Wording] = {}
    for hit in hits:
        for entry in shelf.glossary_of(hit.passage).find(question.asked):
            term = fold(entry.term)
            if term in fold(hit.passage.text) and term not in fold(question.asked):
                found.setdefault(term, Wording(entry.everyday, entry.term, hit.passage.passage_id))
    wordings = tuple(found.values())[:N_WORDINGS]
    if wordings:
        writer.paragraph()
    for wording in wordings:
        everyday = in_script_of(question.language, wording.everyday)
        writer.say("note.wording", everyday=everyday, term=wording.term)
    return wordings


def _write_facts(writer: Writer, measure: Measure, passage: Passage, shelf: Shelf, today: date) -> None:
    notice = shelf.notice_of(passage)
    language = writer.language
    marker = cite_facts(writer, measure, passage, notice)
    passed = measure.deadline.precedes(today)
    key = "measure.passed" if passed else "measure.not_yet"
    clock = words("answer", key, language, today=day_of(today, language))
    writer.say("measure.lead", units=unit_names(measure.lead_units, language, shelf), marker=marker)
    writer.say("measure.deadline", deadline=deadline_of(measure, language, shelf), clock=clock, marker=marker)
    key = "measure.responsible_open" if measure.responsible_units_open else "measure.responsible"
    # As printed: 等 and the groups at the end belong to what the notice says.
    printed = measure.responsible_units_printed
    units = shelf.english.units(measure.responsible_units) if language == "en" else printed
    writer.say(key, units=units, marker=marker)
    for oddity in notice.oddities:
        if oddity.measure_number == measure.number and oddity.kind in MATTERS_TO_READERS:
            writer.paragraph()
            writer.lines.append(oddity_words(oddity.kind, oddity.printed, notice, language))


def oddity_words(kind: str, printed: str, notice: Notice, language: Language) -> str:
    """Return the remark on something the source prints unusually."""
    values: dict[str, object] = {}
    if kind in ("deadline_precedes_issue", "units_run_together"):
        values["printed"] = printed
    if kind == "deadline_precedes_issue":
        values["issued_on"] = day_of(notice.issued_on, language)
    return words("answer", f"oddity.{kind}", language, **values)


def quoted_spans(passage: Passage, sentences: Sequence[ScoredSentence]) -> tuple[tuple[int, int], ...]:
    """Choose what to quote: the sentences near the question, in source order.

    The first sentence of a measure or a clause is its title and shown as such,
    so it is quoted only where there is no other. The document's head is a list
    of facts, any of which may have been asked for: it is quoted whole.
    """
    if passage.passage_id.endswith("#meta"):
        return tuple((sentence.start, sentence.end) for sentence in sentences)
    has_title = passage.text.startswith(passage.title)
    body = tuple(sentences)[1:] if has_title and len(sentences) > 1 else tuple(sentences)
    best = max(sentence.score for sentence in body)
    whole = body[-1].end - body[0].start <= WHOLE_UP_TO
    return tuple((s.start, s.end) for s in body if whole or s.score >= QUOTE_FROM * best)


def _compose_choice(writer: Writer, hits: Sequence[Hit], shelf: Shelf) -> Draft:
    language = writer.language
    writer.say("clarify.competing")
    writer.paragraph()
    choices = []
    for n, hit in enumerate(hits, start=1):
        title, number = title_of(hit.passage, language, shelf), hit.passage.measure_number
        if number is None:
            writer.say("clarify.option_clause", n=n, title=title)
            choices.append(in_script_of(language, title))
        else:
            writer.say("clarify.option", n=n, number=number, title=title)
            choice = words("answer", "clarify.choose", language, number=number, title=title)
            choices.append(in_script_of(language, choice))
    return Draft(
        Status.CLARIFY,
        writer.text(),
        related=tuple(hit.passage.passage_id for hit in hits),
        follow_ups=tuple(choices),
        confidence=hits[0].probability,
    )


def _related(hits: Sequence[Hit], shown: Sequence[Hit], shelf: Shelf) -> tuple[str, ...]:
    shown_ids = {hit.passage.passage_id for hit in shown}
    near = [
        hit for hit in hits if hit.probability >= RELATED_FROM and hit.passage.passage_id not in shown_ids
    ]
    return tuple(hit.passage.passage_id for hit in near[: N_RELATED - 1])


def _with_where_to_ask(related: tuple[str, ...], shown: Passage | None, shelf: Shelf) -> tuple[str, ...]:
    notice = shelf.notices[0]
    whom = shelf.passage_of(notice, notice.measure(WHERE_TO_ASK)).passage_id
    if whom in related or (shown is not None and shown.passage_id == whom):
        return related
    return (*related, whom)


def _follow_ups(others: Sequence[Hit], language: Language, shelf: Shelf) -> tuple[str, ...]:
    """Offer a question of the bank about each of the next best passages that may bear on the matter."""
    near = [hit for hit in others if hit.probability >= FOLLOW_UP_FROM][:N_FOLLOW_UPS]
    found = (shelf.example_question(hit.passage.passage_id, language) for hit in near)
    return tuple(in_script_of(language, question) for question in found if question)
