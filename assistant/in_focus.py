"""Stage 3 for a short turn of a conversation: the measure in focus, or another matter."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Focus, Intent, Status
from assistant.decide import ANSWER_FROM, ASK_FROM, PLAINLY_OUTSIDE_BELOW, by_meaning
from assistant.facets import is_stated
from assistant.found import Found, Searcher
from assistant.list_words import pieces_of, read_asked
from assistant.normalise import names_no_topic
from assistant.shelf import Shelf
from index.search import Hit

# A short turn changes the topic only where it names one beyond doubt.
OWN_FROM = 0.85
ONE_WORD_FROM = 0.95
_DOCUMENT = re.compile(r"方案|文件|通知|\b(?:notice|plan|document|circular)\b", re.IGNORECASE)


def in_focus(intent: Intent, focus: Focus, searcher: Searcher, shelf: Shelf) -> Found:
    """Return what answers a short turn: the measure in focus, unless it plainly names another matter."""
    if focus.nth or focus.is_pointed:
        return _pointed_at(intent, focus, searcher)
    own = () if names_no_topic(focus.own) else searcher.search(focus.own)
    candidates = [searcher.search(turn) for turn in focus.turns]
    hits = _named(candidates, own) if focus.is_named else candidates[0]
    changes = bool(own) and not focus.is_named and own[0].probability >= OWN_FROM
    of_document = own and own[0].passage.measure_number is None and own[0].probability >= ANSWER_FROM
    if of_document and _DOCUMENT.search(focus.own):
        return by_meaning(own, intent.facet)  # about the document itself
    if changes and _names_a_matter(focus.own, own[0], shelf):
        return by_meaning(own, intent.facet)
    if hits and hits[0].probability < PLAINLY_OUTSIDE_BELOW and not changes:
        return Found(Status.NOT_COVERED, hits)  # what was said before was refused
    if not hits or hits[0].probability < ANSWER_FROM:
        return by_meaning(searcher.search(intent.query), intent.facet)
    asked = f"{focus.turns[0]} {focus.own}"
    first = replace(hits[0], sentences=searcher.sentences(hits[0].passage, asked))
    return by_meaning((first, *hits[1:]), intent.facet)


def _pointed_at(intent: Intent, focus: Focus, searcher: Searcher) -> Found:
    """Return what was found for the turn that is pointed at, its sentences by what is asked now."""
    hits = searcher.search(focus.turns[0])
    if not hits or hits[0].probability < ASK_FROM:
        return Found(Status.NOT_COVERED, hits)
    asked = f"{focus.turns[0]} {focus.own}"
    first = replace(hits[0], sentences=searcher.sentences(hits[0].passage, asked))
    stated = is_stated(intent.facet, first.passage)
    return Found(Status.ANSWERED if stated else Status.NOT_STATED, (first, *hits[1:]))


def _names_a_matter(own: str, first: Hit, shelf: Shelf) -> bool:
    """Return whether a short turn names a matter by words that are not those of units, roles and numbers."""
    left = read_asked(own, shelf.units, shelf.notices[0].issued_on.year, shelf.topics)
    topical = pieces_of(left.residue) & shelf.topics
    is_word = any(piece.isascii() for piece in topical)  # a pair of characters may be half a word
    enough = ONE_WORD_FROM if len(topical) == 1 and not is_word else OWN_FROM
    return bool(topical) and first.probability >= enough


def _named(candidates: Sequence[tuple[Hit, ...]], own: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return what was found for the turn whose measure comes first among those that `own` names."""
    rank_of = {hit.passage.passage_id: hit.rank for hit in own}
    found = [hits for hits in candidates if hits]
    return min(found, key=lambda hits: rank_of.get(hits[0].passage.passage_id, 99), default=())
