"""Stage 3 for a short turn of a conversation: the measure in focus, or another matter."""

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.answer import Facet, Focus, Intent, Status
from assistant.decide import ANSWER_FROM, ASK_FROM, PLAINLY_OUTSIDE_BELOW, by_meaning
from assistant.facets import is_stated, without_facet
from assistant.focus import with_unit
from assistant.found import Found, Searcher
from assistant.list_words import read_asked
from assistant.listing import find_listings
from assistant.normalise import names_no_topic
from assistant.select import list_measures
from assistant.shelf import Shelf
from index.search import Hit
from index.topics import pieces_of

# A short turn changes the topic only where it names one beyond doubt.
OWN_FROM = 0.85
ONE_WORD_FROM = 0.95
SCRAP_HAN, SCRAP_LATIN = 7, 2  # characters, words: 要收费吗
SCRAP_FROM = 0.995
STRANGE_FROM = 0.5  # where the measure in focus lacks two of its words
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_CHANGES_TO = re.compile(
    r"^(?:and |so |but )?(?:what|how) about\b|^那(?![谁它这个多几什怎要项条])", re.IGNORECASE
)
_DOCUMENT = re.compile(r"方案|文件|通知|\b(?:notice|plan|document|circular)\b", re.IGNORECASE)


def in_focus(intent: Intent, focus: Focus, searcher: Searcher, shelf: Shelf) -> Found:
    """Return what answers a short turn: the measure in focus, unless it plainly names another matter."""
    if focus.nth or focus.is_pointed:
        return _pointed_at(intent, focus, searcher)
    if focus.step or with_unit(focus.own, ""):
        return _beside(intent, focus, searcher, shelf)
    own = () if names_no_topic(focus.own) else searcher.search(focus.own)
    candidates = [searcher.search(turn) for turn in focus.turns]
    hits = _named(candidates, own) if focus.is_named else candidates[0]
    if not focus.is_named:
        other = _other_matter(intent, focus, own, shelf)
        if other := other or _strange_matter(intent, own, hits, searcher, shelf):
            return other
    if hits and hits[0].probability < PLAINLY_OUTSIDE_BELOW:
        # What was said before was refused: it steers nothing.
        names_another = bool(own) and bool(_topics_beside_records(focus.own, shelf))
        return by_meaning(own, intent.asks_for) if names_another else Found(Status.NOT_COVERED, hits)
    if not hits or hits[0].probability < ANSWER_FROM:
        return by_meaning(searcher.search(intent.query), intent.asks_for)
    asked = f"{focus.turns[0]} {focus.own}"
    first = replace(hits[0], sentences=searcher.sentences(hits[0].passage, asked))
    return by_meaning((first, *hits[1:]), intent.asks_for)


def _other_matter(intent: Intent, focus: Focus, own: tuple[Hit, ...], shelf: Shelf) -> Found | None:
    """Return what answers a turn that changes the topic by its own words; None where it stays."""
    if not own:
        return None
    probability, is_measure = own[0].probability, own[0].passage.measure_number is not None
    names_another = _CHANGES_TO.search(intent.asked) and intent.facet is Facet.CONTENT
    if names_another and probability < PLAINLY_OUTSIDE_BELOW:
        return Found(Status.NOT_COVERED, own)  # what about work visas
    of_document = not is_measure and probability >= ANSWER_FROM and bool(_DOCUMENT.search(focus.own))
    if of_document:
        return by_meaning(own, intent.asks_for)
    asks_on = intent.facet is not Facet.CONTENT and len(shelf.topical.of_text(focus.own)) <= 1
    if asks_on or (not names_another and _is_a_scrap(focus.own) and probability < SCRAP_FROM):
        return None  # 要花钱不: of what was spoken of
    changes = probability >= OWN_FROM and _names_a_matter(focus.own, own[0], shelf)
    return by_meaning(own, intent.asks_for) if changes else None


def _strange_matter(
    intent: Intent, own: tuple[Hit, ...], hits: tuple[Hit, ...], searcher: Searcher, shelf: Shelf
) -> Found | None:
    """Return what answers a turn with words that the measure in focus does not have; None where it has them.

    施工许可要交哪些材料: the matter without what is asked of it.
    """
    if not (own and hits and intent.focus):
        return None
    in_focus = hits[0].passage.passage_id
    asked = intent.asks_for
    matter = without_facet(intent.focus.own, asked.facet)
    is_bare = asked.by_name and matter != intent.focus.own and not names_no_topic(matter)
    found = searcher.search(matter) if is_bare else own
    if not found or found[0].passage.passage_id == in_focus or found[0].passage.measure_number is None:
        return None
    if not is_bare and asked.facet is not Facet.CONTENT:
        return None
    strange = _topics_beside_records(matter, shelf) - shelf.topical.known[in_focus]
    is_strange = len(strange) >= (1 if is_bare else 2)
    enough = ANSWER_FROM if is_bare else STRANGE_FROM
    return by_meaning(found, asked) if is_strange and found[0].probability >= enough else None


def _beside(intent: Intent, focus: Focus, searcher: Searcher, shelf: Shelf) -> Found:
    """Return the measure next to that in focus, or what the unit that leads it leads or takes part in."""
    hits = searcher.search(focus.turns[0])
    measure = shelf.measure_of(hits[0].passage) if hits and hits[0].probability >= ASK_FROM else None
    if measure is None:
        return Found(Status.NOT_COVERED, hits)
    notice = shelf.notice_of(hits[0].passage)
    if focus.step:
        number = measure.number + focus.step
        if not 1 <= number <= len(notice.measures):
            return Found(Status.NOT_COVERED, hits)
        passage = shelf.passage_of(notice, notice.measure(number))
        whole = tuple(replace(one, score=1.0) for one in searcher.sentences(passage, intent.query))
        return Found(Status.ANSWERED, (Hit(passage, 1, 1.0, 1.0, whole, ()),))
    asked = with_unit(focus.own, measure.lead_units[0].name) or focus.own
    day = notice.issued_on
    listings = find_listings(asked, shelf.lexicon(day))
    lists = tuple(list_measures(listing, notice, shelf) for listing in listings)
    return Found(Status.ANSWERED, lists=lists) if lists else by_meaning(hits, intent.asks_for)


def _pointed_at(intent: Intent, focus: Focus, searcher: Searcher) -> Found:
    """Return what was found for the turn that is pointed at, its sentences by what is asked now."""
    hits = searcher.search(focus.turns[0])
    if not hits or hits[0].probability < ASK_FROM:
        return Found(Status.NOT_COVERED, hits)
    asked = f"{focus.turns[0]} {focus.own}"
    first = replace(hits[0], sentences=searcher.sentences(hits[0].passage, asked))
    stated = is_stated(intent.asks_for, first.passage)
    return Found(Status.ANSWERED if stated else Status.NOT_STATED, (first, *hits[1:]))


def _is_a_scrap(own: str) -> bool:
    return len(_HAN.findall(own)) <= SCRAP_HAN and len(_LATIN.findall(own)) <= SCRAP_LATIN


def _topics_beside_records(text: str, shelf: Shelf) -> set[str]:
    """Return the pieces about something that are not those of units, roles and numbers."""
    left = read_asked(text, shelf.lexicon(shelf.notices[0].issued_on))
    return pieces_of(left.residue) & shelf.topics


def _names_a_matter(own: str, first: Hit, shelf: Shelf) -> bool:
    """Return whether a short turn names a matter by words that are not those of units, roles and numbers."""
    topical = _topics_beside_records(own, shelf)
    is_word = any(piece.isascii() for piece in topical)  # a pair of characters may be half a word
    enough = ONE_WORD_FROM if len(topical) == 1 and not is_word else OWN_FROM
    return bool(topical) and first.probability >= enough


def _named(candidates: Sequence[tuple[Hit, ...]], own: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return what was found for the turn whose measure comes first among those that `own` names."""
    rank_of = {hit.passage.passage_id: hit.rank for hit in own}
    found = [hits for hits in candidates if hits]
    return min(found, key=lambda hits: rank_of.get(hits[0].passage.passage_id, 99), default=())
