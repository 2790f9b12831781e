"""Stage 2: what a question asks for: a measure by meaning, one by its number, or a list from the records."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.answer import AskedFor, Facet, Focus, Intent, Kind, Question
from assistant.document_parts import about_the_document, kind_of
from assistant.facets import asked_for
from assistant.focus import THE_ONLY_ONE, focus_of, nth_of_list, points_at_it
from assistant.list_continued import continue_listings
from assistant.list_shapes import Lexicon, Shape
from assistant.list_words import topics_of
from assistant.listing import (
    Listing,
    checks_one,
    find_listings,
    is_about_one,
    names_measures,
    stands_alone,
)
from assistant.measure_numbers import measure_numbers
from assistant.needs import Needs, split_needs
from assistant.normalise import names_no_topic
from assistant.question_type import is_likely_a_list
from corpus.records import Conditions


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a question takes."""

    lexicon: Lexicon

    @property
    def topics(self) -> Collection[str]:
        return self.lexicon.topics

    def lists(self, text: str) -> tuple[Listing, ...]:
        """Return the lists a text asks for by itself."""
        return find_listings(text, self.lexicon)

    def continued(self, text: str, last: Sequence[Listing]) -> tuple[Listing, ...]:
        """Return the last lists as a text changes them."""
        return continue_listings(text, last, self.lexicon) if last else ()

    def last_lists(self, earlier: Sequence[str]) -> tuple[Listing, ...]:
        """Return the lists that the earlier turns have come to; () where they went on to another matter."""
        lists: tuple[Listing, ...] = ()
        for turn in earlier:
            own = self.lists(turn)
            changed = () if own and stands_alone(turn) else self.continued(turn, lists)
            asks_on = names_no_topic(turn) or nth_of_list(turn) is not None
            lists = changed or own or (lists if asks_on else ())
        return lists

    def focus(self, question: Question) -> Focus | None:
        """Return what a short turn may be about."""
        return focus_of(question.asked, question.earlier, self.topics)


def understand(question: Question, lexicon: Lexicon) -> Intent:
    """Return the intent; the query is the whole turn, as it is searched for."""
    reader = Reader(lexicon)
    return next(intent for reading in READINGS if (intent := reading(question, reader)))


def _no_topic(question: Question, _reader: Reader) -> Intent | None:
    text = question.normalised
    return Intent(Kind.NO_TOPIC, text) if names_no_topic(text) else None


def _document(question: Question, reader: Reader) -> Intent | None:
    found = about_the_document(question.asked, question.earlier)
    if found and found.kind is Kind.ODDITIES and _selects(reader.lists(question.asked)):
        return None  # 印成2023年的两条怪怪的,是哪两条: those two, not all that is odd
    if found and found.kind is Kind.STRUCTURE and _names_some(question.asked, reader):
        return None  # 第17条的标题, 第五部分每项的标题
    needs = split_needs(question.asked).texts if found else ()
    # 文号是多少,另外审图要几天: one need of several.
    others = [need for need in needs if len(needs) > 1 and not about_the_document(need)]
    names_a_matter = any(len(topics_of(need.casefold(), reader.topics)) > 1 for need in others)
    return None if names_a_matter else found


def _names_some(text: str, reader: Reader) -> bool:
    """Return whether a turn names measures by number or lists those of a section."""
    return bool(measure_numbers(text)) or any(one.conditions.sections for one in reader.lists(text))


def _selects_by(listings: Sequence[Listing]) -> bool:
    """Return whether any list has a condition of its own, and not only a shape: 最早的一项."""
    return any(listing.conditions != Conditions() or listing.unknown_unit for listing in listings)


def _selects(listings: Sequence[Listing]) -> bool:
    """Return whether lists are asked for by what is printed as their deadline: a year, the earliest one."""
    return any(
        (one.due and one.due.reading == "due.in_year")
        or one.without
        or one.conditions.deadline_label
        or one.shape is Shape.EARLIEST
        for one in listings
    )


def _pointed_at(question: Question, reader: Reader) -> Intent | None:
    """Read 第二个什么时候完成: of the turns before, or of the list that was asked for."""
    focus, before = reader.focus(question), question.earlier[-1] if question.earlier else ""
    last = reader.last_lists(question.earlier)
    nth = nth_of_list(question.asked)
    if nth is None and (points_at_it(question.asked) or names_no_topic(question.asked)):
        # 第二个具体说说, then 它的期限: still the second.
        nth = nth_of_list(before) or THE_ONLY_ONE
    if last and nth is not None and not _selects_by(reader.lists(question.asked)):
        return _nth_of(question, Focus((before,), question.asked, nth=nth), before, last)
    if focus is None or focus.nth is None:
        return None
    return _nth_of(question, focus, before, last or reader.lists(before))


def _nth_of(question: Question, focus: Focus, before: str, last: tuple[Listing, ...]) -> Intent:
    if kind_of(before) is Kind.WORK_REQUIREMENTS:
        return Intent(Kind.WORK_REQUIREMENTS, question.normalised, clause_number=focus.nth)
    kind = Kind.NTH if last else Kind.SEARCH
    return Intent(kind, question.normalised, asked_for(question.asked), listings=last, focus=focus)


_ITS_TITLE = re.compile(r"标题|题目|名[称字]|叫(?:什么|啥)|\b(?:title|heading|called|name)\b", re.IGNORECASE)


def _numbered(question: Question, reader: Reader) -> Intent | None:
    # What this turn names stands before what its history named.
    numbers = measure_numbers(question.asked)
    if not numbers:
        focus = reader.focus(question)
        step = focus.step if focus else 0  # 下一项: the one after that
        numbers = tuple(number + step for number in measure_numbers(question.normalised))
    points = names_no_topic(question.asked) or not measure_numbers(question.asked)
    points = points or bool(_ITS_TITLE.search(question.asked))  # every answer has it
    asks_for = AskedFor() if points else asked_for(question.asked)
    return Intent(Kind.MEASURE, question.normalised, asks_for, measure_numbers=numbers) if numbers else None


def _listed(question: Question, reader: Reader) -> Intent | None:
    """Read a list, asked for by itself or as a change to that of the turn before."""
    if question.earlier and _is_of_the_focus(question, reader):
        return None
    listings = reader.lists(question.asked)
    selects = _selects_by(listings)
    if question.earlier and not (selects and stands_alone(question.asked)):
        last = reader.last_lists(question.earlier)
        is_alone = is_likely_a_list(question.asked) and any(one.due for one in listings)
        is_alone = is_alone or (not selects and names_measures(question.asked))
        if not last and is_about_one(question.asked) and not is_alone:
            return None  # 责任单位里有没有市投资局: of the measure in focus
        if not (last or selects or is_alone):
            return None  # 责任单位都有谁
        if not last and checks_one(question.asked):
            return None  # 时限是2024年9月底前,对吗
        listings = reader.continued(question.asked, last) or listings
    return Intent(Kind.LIST, question.normalised, listings=listings) if listings else None


_IS_A_CHOICE = re.compile(r"还是|\bor\b")


def _is_of_the_focus(question: Question, reader: Reader) -> bool:
    """Return whether a turn plainly asks of the measure in focus, for all its words of lists."""
    asked = question.asked
    is_choice = bool(_IS_A_CHOICE.search(asked)) and not names_measures(asked)  # 是“推行”还是“探索”
    is_section = asked_for(asked).facet is Facet.SECTION  # 属于哪个部分
    return is_choice or is_section or (points_at_it(asked) and not reader.last_lists(question.earlier))


def _all_of_them(question: Question, reader: Reader) -> Intent | None:
    """Read 以上两项的完成时限分别是什么: the same of each turn before."""
    focus = reader.focus(question)
    if focus is None or not focus.is_all:
        return None
    asks_for = asked_for(question.asked)
    within = split_needs(focus.turns[-1]).texts
    turns = within if len(within) > 1 else focus.turns
    if len(turns) < 2:
        return None
    needs = tuple(Intent(Kind.SEARCH, turn, asks_for) for turn in turns)
    return Intent(Kind.SEARCH, question.normalised, asks_for, needs=needs, needs_are_said=True)


def _searched(question: Question, reader: Reader) -> Intent:
    needs = _with_a_matter(split_needs(question.asked), reader)
    are_questions = _are_questions(question.asked, needs.texts, reader)
    is_one = len(needs.texts) < 2
    parts = () if is_one else tuple(_need(text, needs.asked_of_all, reader) for text in needs.texts)
    return Intent(
        Kind.SEARCH,
        question.normalised,
        _asked_for(question),
        needs=parts,
        needs_are_said=needs.is_said or are_questions,
        needs_are_announced=needs.is_announced or are_questions,
        asked=question.asked,
        focus=reader.focus(question),
    )


def _with_a_matter(needs: Needs, reader: Reader) -> Needs:
    """Return the needs that name a matter: 请一并答复 names none."""
    if not reader.topics:
        return needs
    kept = tuple(text for text in needs.texts if _names_a_matter(text, reader))
    return replace(needs, texts=kept) if len(kept) > 1 else needs


def _names_a_matter(text: str, reader: Reader) -> bool:
    if topics_of(text.casefold(), reader.topics) or about_the_document(text) or measure_numbers(text):
        return True
    return bool(reader.lists(text))


def _asked_for(question: Question) -> AskedFor:
    """Return what a turn asks for: 那不动产登记呢 the same as the turn before."""
    own = asked_for(question.asked)
    if question.earlier and not own.by_name and _THE_SAME_OF.search(question.asked):
        return asked_for(question.earlier[-1])
    return own


_THE_SAME_OF = re.compile(r"^那.{2,16}呢\W*$|^(?:and )?(?:what|how) about\b", re.IGNORECASE)


def _are_questions(asked: str, texts: Sequence[str], reader: Reader) -> bool:
    """Return whether each need is a question of its own that names a matter: two question marks say so."""
    n_marks = asked.count("?") + asked.count("\uff1f")
    return n_marks >= len(texts) > 1 and all(
        len(topics_of(text.casefold(), reader.topics)) > 1 for text in texts
    )


def _need(text: str, asked_of_all: str, reader: Reader) -> Intent:
    """Return the intent of one need of several: a question by itself, or a matter of which all is asked."""
    if found := about_the_document(text):
        return found
    if numbers := measure_numbers(text):
        return Intent(Kind.MEASURE, text, asked_for(text), measure_numbers=numbers)
    if listings := reader.lists(text):
        return Intent(Kind.LIST, text, listings=listings)
    return Intent(Kind.SEARCH, text, asked_for(asked_of_all or text))


# Tried in this order; the last one always reads something.
READINGS: tuple[Callable[[Question, Reader], Intent | None], ...] = (
    _no_topic,
    _document,
    _pointed_at,
    _numbered,
    _listed,
    _all_of_them,
    _searched,
)
