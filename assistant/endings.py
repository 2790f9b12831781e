"""Stage 4 for what is not answered: the words of an ending, the nearest passages, and whom to ask."""

from collections.abc import Sequence

from assistant.answer import Draft, Intent, Kind, Language, Question, Status
from assistant.compose_list import compose_unknown_unit
from assistant.found import Found
from assistant.shelf import Shelf
from assistant.writer import Writer, title_of
from corpus.notice import Passage
from index.search import Hit
from prompts import words
from prompts.script import in_script_of

N_RELATED = 3
N_FOLLOW_UPS = 2
RELATED_FROM = 0.1  # probability
FOLLOW_UP_FROM = 0.02  # probability; a button on an unrelated matter helps nobody
WHERE_TO_ASK = 36  # the measure that names the hotline and the platform


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
        return writer.draft(Status.NOT_COVERED)
    title = title_of(shelf.passage(f"{notice.notice_id}#meta"), question.language, shelf)
    writer.say("not_covered.text", document_number=notice.document_number, title=title, total=total)
    related = tuple(hit.passage.passage_id for hit in found.hits[:N_RELATED])
    writer.paragraph()
    if related:
        writer.say("not_covered.nearest")
    writer.say("not_covered.ask")
    related = with_where_to_ask(related, None, shelf)
    confidence = found.hits[0].probability if found.hits else 0.0
    return writer.draft(Status.NOT_COVERED, related=related, confidence=confidence)


def plain_ending(status: Status, key: str, language: Language, **values: object) -> Draft:
    """Return an ending that needs only words."""
    writer = Writer(language)
    writer.say(key, **values)
    return writer.draft(status)


def _compose_choice(writer: Writer, hits: Sequence[Hit], shelf: Shelf) -> Draft:
    writer.say("clarify.competing")
    writer.paragraph()
    choices = write_choice(writer, hits, shelf)
    return writer.draft(
        Status.CLARIFY,
        related=tuple(hit.passage.passage_id for hit in hits),
        follow_ups=tuple(choices),
        confidence=hits[0].probability,
    )


def write_choice(writer: Writer, hits: Sequence[Hit], shelf: Shelf) -> list[str]:
    """Write the passages to choose from; return the words that choose each of them."""
    language = writer.language
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
    return choices


def related_passages(hits: Sequence[Hit], shown: Sequence[Hit], shelf: Shelf) -> tuple[str, ...]:
    shown_ids = {hit.passage.passage_id for hit in shown}
    near = [
        hit for hit in hits if hit.probability >= RELATED_FROM and hit.passage.passage_id not in shown_ids
    ]
    return tuple(hit.passage.passage_id for hit in near[: N_RELATED - 1])


def with_where_to_ask(related: tuple[str, ...], shown: Passage | None, shelf: Shelf) -> tuple[str, ...]:
    notice = shelf.notices[0]
    whom = shelf.passage_of(notice, notice.measure(WHERE_TO_ASK)).passage_id
    if whom in related or (shown is not None and shown.passage_id == whom):
        return related
    return (*related, whom)


def follow_ups_on(others: Sequence[Hit], language: Language, shelf: Shelf) -> tuple[str, ...]:
    """Offer a question of the bank about each of the next best passages that may bear on the matter."""
    near = [hit for hit in others if hit.probability >= FOLLOW_UP_FROM][:N_FOLLOW_UPS]
    found = (shelf.example_question(hit.passage.passage_id, language) for hit in near)
    return tuple(in_script_of(language, question) for question in found if question)
