"""Stage 6: a draft becomes an `Answer`; units, deadline and document number come from the records."""

from assistant.answer import Answer, Citation, Draft, Question, Quotation
from assistant.shelf import Shelf


def cite(draft: Draft, question: Question, shelf: Shelf, *, answer_id: str, index_version: str) -> Answer:
    """Return the answer object; marker n cites the draft's n-th quotation."""
    return Answer(
        answer_id=answer_id,
        question=question.text,
        lang=question.language,
        status=draft.status,
        text=draft.text,
        citations=tuple(_citation(n, q, question, shelf) for n, q in enumerate(draft.quotations, start=1)),
        related=draft.related,
        follow_ups=draft.follow_ups,
        confidence=None if draft.confidence is None else round(draft.confidence, 4),
        engine=draft.engine,
        index_version=index_version,
    )


def _citation(marker: int, quotation: Quotation, question: Question, shelf: Shelf) -> Citation:
    is_english = question.language == "en"
    passage = shelf.passage(quotation.passage_id)
    notice = shelf.notice_of(passage)
    measure = shelf.measure_of(passage)
    return Citation(
        marker=marker,
        passage_id=passage.passage_id,
        notice_id=notice.notice_id,
        document_number=notice.document_number,
        measure_number=passage.measure_number,
        measure_title=passage.title,
        title_en=shelf.english.title(passage.passage_id),
        lead_units=tuple(unit.name for unit in measure.lead_units) if measure else (),
        deadline=measure.deadline.text if measure else None,
        exact=quotation.exact,
        exact_en=shelf.english_of(passage.passage_id, quotation.start, quotation.end) if is_english else None,
        start=quotation.start,
        end=quotation.end,
    )
