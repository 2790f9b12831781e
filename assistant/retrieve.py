"""Stage 3: from an intent to what answers it: passages by meaning, or complete lists from the records."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.answer import Intent, Kind, Status
from assistant.decide import ANSWER_FROM, PLAINLY_ANSWERED_FROM, PLAINLY_OUTSIDE_BELOW, by_meaning
from assistant.document_parts import names_the_document, sounds_like_the_document
from assistant.facets import asked_for, is_stated, without_facet
from assistant.focus import THE_ONLY_ONE
from assistant.found import Found, Part, Searcher
from assistant.in_focus import in_focus
from assistant.normalise import names_no_topic
from assistant.retrieve_document import (
    head_of_document,
    oddities,
    outline,
    requirements_with_words,
    work_requirements,
)
from assistant.select import list_measures
from assistant.shelf import Shelf
from index.search import Hit

ON_A_MEASURE_FROM = 0.9  # however much it sounds like a question about the document


def retrieve(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Return what answers the intent. No hits and no lists: nothing was found."""
    return ROUTES[intent.kind](intent, searcher, shelf)


def _lists(intent: Intent, _searcher: Searcher, shelf: Shelf) -> Found:
    lists = tuple(
        list_measures(listing, notice, shelf) for listing in intent.listings for notice in shelf.notices
    )
    unknown = any(listing.unknown_unit for listing in intent.listings)
    if clauses := requirements_with_words(intent, lists, shelf):
        read_as = Intent(Kind.WORK_REQUIREMENTS, intent.query)
        return Found(Status.ANSWERED, clauses, read_as=read_as)
    return Found(Status.NOT_COVERED if unknown else Status.ANSWERED, lists=lists)


def _search(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    if parts := _parts(intent, searcher, shelf):
        return Found(Status.ANSWERED, parts=parts)
    if intent.focus:
        return _of_the_document_itself(intent, searcher, shelf) or in_focus(
            intent, intent.focus, searcher, shelf
        )
    hits = searcher.search(intent.query)
    if found := _on_the_document(intent, hits, searcher, shelf):
        return found
    if parts := _parts_by_meaning(intent, hits, searcher, shelf):
        return Found(Status.ANSWERED, parts=parts)
    found = by_meaning(hits, intent.asks_for)
    return _without_facet(intent, searcher) or found if found.status is Status.NOT_COVERED else found


def _of_the_document_itself(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found | None:
    """Return what the document has on itself for a turn of a conversation that names it."""
    if not names_the_document(intent.asked):
        return None
    return _on_the_document(intent, searcher.search(intent.asked), searcher, shelf)


def _on_the_document(intent: Intent, hits: Sequence[Hit], searcher: Searcher, shelf: Shelf) -> Found | None:
    """Return what the document has on itself, for a question that sounds like it and meets no measure."""
    on_measures = max((h.probability for h in hits if h.passage.measure_number is not None), default=0.0)
    if on_measures >= ON_A_MEASURE_FROM:
        return None
    meant = sounds_like_the_document(intent.asked or intent.query)
    if meant is None:
        return None
    return replace(retrieve(meant, searcher, shelf), read_as=meant)


def _without_facet(intent: Intent, searcher: Searcher) -> Found | None:
    """Return that a measure does not state what is asked, where only those words hid the measure."""
    matter = without_facet(intent.query, intent.facet)
    if matter == intent.query or names_no_topic(matter):
        return None
    hits = searcher.search(matter)
    sure = bool(hits) and hits[0].probability >= ANSWER_FROM
    return (
        Found(Status.NOT_STATED, hits) if sure and not is_stated(intent.asks_for, hits[0].passage) else None
    )


def _nth(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Return one of the measures of the list before, by its place; the list where that is not told."""
    assert intent.focus is not None and intent.focus.nth is not None
    notice = shelf.notices[0]
    measures = [
        measure for listing in intent.listings for measure in list_measures(listing, notice, shelf).measures
    ]
    if intent.focus.nth == THE_ONLY_ONE and len(measures) != 1:
        return _lists(intent, searcher, shelf)  # 期限是?, of several: every row has it
    place = intent.focus.nth - 1 if intent.focus.nth > 0 else intent.focus.nth
    if not -len(measures) <= place < len(measures):
        return Found(Status.NOT_COVERED)
    return _by_number(replace(intent, measure_numbers=(measures[place].number,)), searcher, shelf)


def _parts(intent: Intent, searcher: Searcher, shelf: Shelf) -> tuple[Part, ...]:
    """Return what answers each need of a turn; () where the turn is better answered whole.

    A question told in two sentences is one need. So a turn is taken apart where each
    need is beyond doubt, and the answers differ; where the turn says itself that it
    has several needs, a doubtful one is shown as such.
    """
    sure_from = ANSWER_FROM if intent.needs_are_said else PLAINLY_ANSWERED_FROM
    needs = [one for need in intent.needs for one in _cut_further(need, searcher, shelf)]
    parts = tuple(Part(need, _plainly(need, searcher, shelf, sure_from)) for need in needs)
    answered = {
        hit.passage.passage_id
        for part in parts
        if part.found.status in {Status.ANSWERED, Status.NOT_STATED}
        for hit in part.found.hits[:1]
    }
    n_lists = sum(bool(part.found.lists) for part in parts)
    n_other = sum(part.found.status in {Status.NOT_COVERED, Status.CLARIFY} for part in parts)
    may_be_other = intent.needs_are_announced or not intent.needs_are_said
    n_told = len(answered) + n_lists
    if n_told < 1 or n_told + (n_other if may_be_other else 0) < 2:
        return ()
    is_plain = all(part.found.status is not Status.CLARIFY for part in parts)
    return parts if is_plain or intent.needs_are_said else ()


def _cut_further(need: Intent, searcher: Searcher, shelf: Shelf) -> tuple[Intent, ...]:
    """Return the needs within one that grammar alone has not parted."""
    if need.kind is not Kind.SEARCH:
        return (need,)
    hits = searcher.search(need.query)
    texts = searcher.needs(need.query, shelf.topical, hits)
    return tuple(replace(need, query=text) for text in texts) or (need,)


def _parts_by_meaning(
    intent: Intent, hits: tuple[Hit, ...], searcher: Searcher, shelf: Shelf
) -> tuple[Part, ...]:
    """Return what answers each need of a turn whose words do not say that it has several."""
    if intent.needs_are_said or not intent.asked:
        return ()
    texts = searcher.needs(intent.asked, shelf.topical, hits)
    needs = [Intent(Kind.SEARCH, text, asked_for(text)) for text in texts]
    parts = tuple(Part(need, _plainly(need, searcher, shelf, ANSWER_FROM)) for need in needs)
    told = {Status.ANSWERED, Status.NOT_STATED}
    return parts if all(part.found.status in told for part in parts) else ()


def _plainly(need: Intent, searcher: Searcher, shelf: Shelf, sure_from: float) -> Found:
    """Return what is found of one need; clarify where that is not beyond doubt."""
    if need.kind is not Kind.SEARCH:
        return retrieve(need, searcher, shelf)
    hits = searcher.search(need.query)
    if found := _on_the_document(need, hits, searcher, shelf):
        return found
    probability = hits[0].probability if hits else 0.0
    if probability < PLAINLY_OUTSIDE_BELOW:
        return Found(Status.NOT_COVERED, hits)
    if probability < sure_from:
        return Found(Status.CLARIFY, hits)
    return Found(Status.ANSWERED if is_stated(need.asks_for, hits[0].passage) else Status.NOT_STATED, hits)


def _by_number(intent: Intent, searcher: Searcher, shelf: Shelf) -> Found:
    """Look measures up by number; not covered where the notice has none of them."""
    hits: list[Hit] = []
    for notice in shelf.notices:
        for number in intent.measure_numbers:
            if 1 <= number <= len(notice.measures):
                passage = shelf.passage_of(notice, notice.measure(number))
                # Asked for by its number, it is wanted whole, however little the words agree.
                scored = searcher.sentences(passage, intent.query)
                whole = tuple(replace(sentence, score=1.0) for sentence in scored)
                hits.append(Hit(passage, len(hits) + 1, 1.0, 1.0, whole, ()))
    if not hits:
        return Found(Status.NOT_COVERED)
    stated = is_stated(intent.asks_for, hits[0].passage)
    return Found(Status.ANSWERED if stated else Status.NOT_STATED, tuple(hits))


ROUTES: Mapping[Kind, Callable[[Intent, Searcher, Shelf], Found]] = {
    Kind.SEARCH: _search,
    Kind.LIST: _lists,
    Kind.MEASURE: _by_number,
    Kind.NTH: _nth,
    Kind.WORK_REQUIREMENTS: work_requirements,
    Kind.ODDITIES: oddities,
    Kind.STRUCTURE: outline,
    Kind.DOCUMENT: head_of_document,
}
