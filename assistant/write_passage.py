"""Stage 4 for one passage: its head, its words, its facts, and what it calls what was asked."""

from collections.abc import Sequence
from datetime import date

from assistant.answer import Facet, Language, Question, Wording
from assistant.clocks import find_clocks
from assistant.shelf import Shelf
from assistant.writer import (
    Writer,
    cite_facts,
    day_of,
    deadline_of,
    in_quotes,
    section_of,
    title_of,
    unit_names,
)
from corpus.notice import Measure, Notice, Passage
from corpus.text import fold
from index.search import Hit, ScoredSentence
from prompts import words
from prompts.script import in_script_of

N_WORDINGS = 2
# A sentence is quoted if it is at least this near to the question, measured by
# the nearest one. Low on purpose: half an answer is a wrong answer.
QUOTE_FROM = 0.7
WHOLE_UP_TO = 100  # characters: a short passage is quoted whole
# Oddities that change how an answer is read; the rest stands on the card and in `python -m corpus check`.
MATTERS_TO_READERS = {"deadline_precedes_issue", "deadline_label", "units_run_together"}


def write_hit(writer: Writer, hit: Hit, shelf: Shelf, today: date, facet: Facet = Facet.CONTENT) -> None:
    passage, notice = hit.passage, shelf.notice_of(hit.passage)
    title = title_of(passage, writer.language, shelf)
    measure = shelf.measure_of(passage)
    if measure is None:
        writer.say("clause.head", title=title)
    else:
        writer.say("measure.head", number=measure.number, title=title)
    writer.paragraph()
    if measure is not None and facet is Facet.SECTION:
        section = section_of(measure.section, notice, writer.language, shelf)
        writer.say("measure.section", number=measure.section.number, section=section)
        writer.paragraph()
    if measure is not None and facet is Facet.DURATION:
        _write_clocks(writer, passage, notice, shelf)
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
        write_facts(writer, measure, passage, shelf, today)


def _write_clocks(writer: Writer, passage: Passage, notice: Notice, shelf: Shelf) -> None:
    """Name each clock for what it is; the reform's own stands with the facts below."""
    for clock in find_clocks(passage, shelf.units):
        marker = writer.cite(passage, notice.source, clock.start, clock.end)
        printed = in_quotes(notice.source[clock.start : clock.end])
        writer.say(f"clock.{clock.kind}", printed=printed, marker=marker)
    writer.paragraph()


def _write_translation_mark(writer: Writer) -> None:
    """Say once in an answer what the English lines are."""
    mark = words("answer", "quote.translation", writer.language)
    if mark not in writer.lines:
        writer.add("quote.translation", mark)
        writer.paragraph()


def write_wordings(
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


def write_facts(writer: Writer, measure: Measure, passage: Passage, shelf: Shelf, today: date) -> None:
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
            words_of_oddity = oddity_words(oddity.kind, oddity.printed, notice, language)
            writer.add(f"oddity.{oddity.kind}", words_of_oddity)


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
    of facts, any of which may have been asked for: it is quoted whole, as are
    its other clauses, which are short.
    """
    if passage.passage_id.endswith("#meta"):
        return tuple((sentence.start, sentence.end) for sentence in sentences)
    has_title = passage.text.startswith(passage.title)
    body = tuple(sentences)[1:] if has_title and len(sentences) > 1 else tuple(sentences)
    best = max(sentence.score for sentence in body)
    whole = passage.measure_number is None or body[-1].end - body[0].start <= WHOLE_UP_TO
    return tuple((s.start, s.end) for s in body if whole or s.score >= QUOTE_FROM * best)
