"""What a question for a list names, and what each of it is to be: to be met, or to be left out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assistant.due import Due, DueSpan, find_dues
from assistant.list_reader import Reading
from assistant.list_shapes import Lexicon, list_words, section_numbers
from corpus.records import Conditions
from index.mentions import Mention, in_order, may_leave_out, tags_of, word_tag, words_beside
from index.wording import Wording

_OF_A_DATE = re.compile(r"[年月底前完成时限间]+")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
_WE = re.compile(r"我们|咱们?|俺们?|我[局司]|本[局单司]|\bour\b|\bwe\b|\bus\b")
# What has an expression of its own: 单独牵头的 leaves nobody out who is named.
SAID_OTHERWISE = ("aside", "alone", "jointly")
LEFT_OUT_FROM = 0.5  # for what is no unit: most of it is to be met


class WordAsked(NamedTuple):
    """A word of the notices that the measures are likely to have to say."""

    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Settled:
    """A question without what it leaves out: that, as conditions; and the role of each unit that is left."""

    text: str
    roles: tuple[str, ...] | None  # lead, responsible, any, both: of each mention; None: not settled
    without: tuple[Conditions, ...]
    words: tuple[WordAsked, ...] = ()  # that the text is to have, named without quotation marks


_HELPS = re.compile(r"配合|协[助办]|责任|点名|\bresponsib|\bsupport|\bhelp|\bnamed\b")
_ROLES = {"lead+": "lead", "resp+": "responsible", "any+": "any", "both": "both"}


def settle(text: str, lexicon: Lexicon, *, is_list: bool = False) -> Settled:
    """Read what is left out of a list, and the words that its measures are to have; `text` folded."""
    named = {(start, end): names for start, end, names in lexicon.units.find_spans(text)}
    masked = _masked(text, named)
    dues = {(one.start, one.end): one for one in find_dues(masked, lexicon.year)}
    mentions = _mentions(masked, named, dues)
    said = _masked(masked, [m.span() for name in SAID_OTHERWISE for m in list_words()[name].finditer(masked)])
    words = _words_asked_for(said, mentions, lexicon.wording) if is_list else ()
    if not may_leave_out(said, mentions):
        return Settled(text, None, (), words)
    is_own = len(named) == 1 and bool(_WE.search(text))  # 我是城管局的,我们牵头几项
    roles: list[str] = []
    without: list[Conditions] = []
    left_out: list[tuple[int, int]] = []
    tags = tags_of(said, mentions, but="none" if is_own else "")
    for mention, (tag, share) in zip(mentions, tags, strict=True):
        span = (mention.start, mention.end)
        if mention.kind != "unit":
            if tag.endswith("-") and share >= LEFT_OUT_FROM:
                left_out.append(span)
                without += _other(mention, text, dues.get(span))
            continue
        role = _role(tag, masked) if len(named) == 1 else _ROLES.get(tag)
        if role:
            roles.append(role)
        else:
            left_out.append(span)
        if tag.endswith("-"):
            without += _named(named[span], _ROLES[f"{tag[:-1]}+"])
    return Settled(_masked(text, left_out), tuple(roles), tuple(without), words)


def _words_asked_for(
    said: str, mentions: Sequence[Mention], wording: Wording | None
) -> tuple[WordAsked, ...]:
    """Return the words of the notices that a question names as what the measures are to say."""
    if wording is None:
        return ()
    found = []
    for word in words_beside(mentions, said, wording):
        tag, share = word_tag(said, mentions, word)
        text = said[word.start : word.end]
        if tag == "word+" and Reading(text, list_words()).residue():
            found.append(WordAsked(text, share))
    return tuple(found)


def _role(tag: str, masked: str) -> str | None:
    """Return the role of the only unit that is named; None where it is to have none."""
    if list_words()["both"].search(masked):
        return "any"
    if tag == "any+" and any(list_words()[name].search(masked) for name in ("alone", "jointly")):
        return "lead"
    if tag == "lead-" and _HELPS.search(masked):
        return "responsible"  # 住建局没牵头但要配合的: not the one, but the other
    return _ROLES.get(tag)


def _mentions(
    masked: str, named: Iterable[tuple[int, int]], dues: Iterable[tuple[int, int]]
) -> list[Mention]:
    found = [Mention(*span, "unit") for span in named]
    found += [Mention(*span, "due") for span in dues]
    found += [Mention(*match.span(), "section") for match in list_words()["section"].finditer(masked)]
    found += [Mention(*span, "word") for span in _words(masked)]
    return in_order(found)


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Give where Chinese words stand between quotation marks, and words of strength."""
    for name in ("quoted", "strength"):
        for match in list_words()[name].finditer(text):
            word = _HAN.search(match.group())
            if word and not _OF_A_DATE.fullmatch(word.group()):
                yield match.span()


def _named(names: Sequence[str], role: str) -> Iterator[Conditions]:
    for name in names:
        if role == "lead":
            yield Conditions(lead_units=(name,))
        elif role == "responsible":
            yield Conditions(responsible_units=(name,))
        else:
            yield Conditions(units_in_any_role=(name,))


def _other(mention: Mention, text: str, due: DueSpan | None) -> Iterator[Conditions]:
    if due is not None:
        yield conditions_of(due.due)
    elif mention.kind == "section":
        yield Conditions(sections=section_numbers(text[mention.start : mention.end]))
    elif word := _HAN.search(text, mention.start, mention.end):
        yield Conditions(words=(word.group(),))


def conditions_of(due: Due) -> Conditions:
    """Return the conditions of a deadline alone."""
    return Conditions(due_first=due.first, due_last=due.last, due_printed=due.printed, due_months=due.months)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return text
