"""Stage 3 for the document itself: its head, its clauses and its outline, whole."""

from collections.abc import Sequence

from assistant.answer import Facet, Intent, Status
from assistant.found import Found, Listed, Searcher
from assistant.listing import Listing
from assistant.shelf import Shelf
from corpus.notice import Notice, Passage
from corpus.records import Conditions
from corpus.text import sentences
from index.search import Hit, ScoredSentence

A_CLAUSE_FROM = 0.5  # else the document's head


def head_of_document(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Return the head, or the clause that is meant; not stated where the document is silent."""
    heads = [shelf.passage(f"{notice.notice_id}#meta") for notice in shelf.notices]
    hits = tuple(_whole(head, n) for n, head in enumerate(heads, start=1))
    if intent.facet is not Facet.CONTENT:
        return Found(Status.NOT_STATED, hits)
    if intent.is_by_sound and (clause := _likeliest_clause(intent.query, searcher)):
        return Found(Status.ANSWERED, (_whole(clause, 1),))
    return Found(Status.ANSWERED, hits)


def _likeliest_clause(query: str, searcher: Searcher) -> Passage | None:
    """Return the clause that a question about the document has in mind; None: its head."""
    found = [hit for hit in searcher.search(query) if hit.passage.measure_number is None]
    if not found or found[0].passage.passage_id.endswith("#meta"):
        return None
    return found[0].passage if found[0].probability >= A_CLAUSE_FROM else None


def work_requirements(intent: Intent, _searcher: Searcher, shelf: Shelf) -> Found:
    """Return the work requirements, whole."""
    hits = tuple(
        _whole(clause, n)
        for notice in shelf.notices
        for n, clause in enumerate(_requirements(notice, shelf), start=1)
        if intent.clause_number in {None, n}
    )
    return Found(Status.ANSWERED if hits else Status.NOT_COVERED, hits)


def requirements_with_words(intent: Intent, lists: Sequence[Listed], shelf: Shelf) -> tuple[Hit, ...]:
    """Return the work requirements that have the words asked for, where no measure does: 上下联动."""
    words = [word for one in intent.listings for word in (*one.conditions.words, *one.conditions.any_word)]
    if not words or any(listed.measures for listed in lists):
        return ()
    clauses = [clause for notice in shelf.notices for clause in _requirements(notice, shelf)]
    found = [clause for clause in clauses if all(word in clause.text for word in words)]
    return tuple(_whole(clause, n) for n, clause in enumerate(found, start=1))


def _requirements(notice: Notice, shelf: Shelf) -> tuple[Passage, ...]:
    keys = [clause.key for clause in notice.clauses if clause.key.startswith("c3.")]
    return tuple(shelf.passage(f"{notice.notice_id}#{key}") for key in keys)


def outline(_intent: Intent, _searcher: Searcher, shelf: Shelf) -> Found:
    """Return all measures: the composer writes the sections they are in."""
    everything = tuple(Listed(Listing(Conditions()), notice, notice.measures) for notice in shelf.notices)
    return Found(Status.ANSWERED, lists=everything)


def oddities(_intent: Intent, _searcher: Searcher, _shelf: Shelf) -> Found:
    """Return nothing: the composer reads them from the records."""
    return Found(Status.ANSWERED)


def _whole(passage: Passage, rank: int) -> Hit:
    """Return a passage as it was asked for by name: every sentence of it."""
    spans = sentences(passage.text)
    whole = tuple(ScoredSentence(passage.start + s.start, passage.start + s.end, 1.0) for s in spans)
    return Hit(passage, rank, 1.0, 1.0, whole, ())
