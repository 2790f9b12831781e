"""The last list as a later turn changes it: 那11月的呢, 其中哪些是9月底前完成的, 被列为责任单位的有哪几项."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.list_shapes import Lexicon, Shape, list_words
from assistant.list_words import Asked, read_asked
from assistant.listing import Listing, criteria_of, with_unit, with_units
from corpus.records import Conditions


def continue_listings(text: str, last: Sequence[Listing], lexicon: Lexicon) -> tuple[Listing, ...]:
    """Return the last lists as a short turn changes them; () where it says anything else.

    那11月的呢 asks the same of another month, 哪些是11月到期的 for some of those listed.
    """
    asked = read_asked(text, lexicon)
    narrows = bool(list_words()["narrows"].search(text.casefold()))
    turns = bool(list_words()["turns_to"].search(text.casefold()))
    if (asked.residue and (asked.n_topics or not (narrows or turns))) or asked.unknown:
        return ()
    if not (asked.has_criteria or asked.named):
        return _in_other_role(last, text) if asked.has_role_word else ()
    if narrows:
        return tuple(_narrowed(listing, asked, lexicon.today) for listing in last)
    if asked.named:
        role = "responsible" if last[0].conditions.responsible_units else "lead"
        again = replace(asked, roles=tuple((n, role) for n in range(len(asked.named))))
        return with_units(_same_but_units(last[0], criteria_of(asked, lexicon.today)), again)
    return tuple(_with_other_criteria(listing, criteria_of(asked, lexicon.today)) for listing in last)


def _in_other_role(last: Sequence[Listing], text: str) -> tuple[Listing, ...]:
    """Return the same unit's measures in the role that a turn names: 被列为责任单位的有哪几项."""
    units = last[0].units
    lower = text.casefold()
    if not units or list_words()["lead"].search(list_words()["responsible"].sub(" ", lower)):
        return ()
    if not list_words()["responsible"].search(lower):
        return ()
    return tuple(Listing(Conditions(responsible_units=(unit,))) for unit in units)


def _same_but_units(last: Listing, asked: Listing) -> Listing:
    kept = replace(last.conditions, lead_units=(), responsible_units=(), units_in_any_role=())
    return _with_other_criteria(replace(last, conditions=kept, unknown_unit=None), asked)


def _with_other_criteria(last: Listing, asked: Listing) -> Listing:
    """Put what is asked now in the place of its like."""
    new, conditions = asked.conditions, last.conditions
    due = asked.due or last.due
    if asked.due:
        conditions = replace(
            conditions, due_first=new.due_first, due_last=new.due_last, due_printed=new.due_printed
        )
    if new.sections:
        conditions = replace(conditions, sections=new.sections)
    if new.led_jointly is not None:
        conditions = replace(conditions, led_jointly=new.led_jointly)
    if new.words or new.any_word:
        conditions = replace(conditions, words=new.words, any_word=new.any_word)
    shape = last.shape if asked.shape is Shape.LIST else asked.shape
    return replace(last, conditions=conditions, due=due, shape=shape)


def _narrowed(last: Listing, asked: Asked, today: date) -> Listing:
    base = criteria_of(asked, today)
    narrower = replace(_with_other_criteria(last, base), without=(*last.without, *base.without))
    conditions = narrower.conditions
    unsaid = "lead" if conditions.led_jointly or conditions.lead_units else "any"
    for n, one in enumerate(asked.named):
        role = dict(asked.roles).get(n, unsaid) if asked.has_role_word else unsaid
        conditions = with_unit(conditions, one.names, role)
    # How many of them does it lead: counted, no longer by section.
    shape = base.shape if last.shape is Shape.GROUPED else narrower.shape
    return replace(narrower, conditions=conditions, shape=shape)
