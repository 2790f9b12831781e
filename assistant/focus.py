"""What a short turn of a conversation is about: the turn before, the first one, the second of a list.

Words only: whether the turn names a matter of its own is for the search to say
(assistant/retrieve.py).
"""

import re
from collections.abc import Collection, Sequence

from assistant.answer import Focus
from assistant.normalise import has_words, names_no_topic
from assistant.patterns import patterns
from index.topics import pieces_of

THE_ONLY_ONE = 0  # place in a list of one
MAX_HAN, MAX_LATIN = 24, 14  # a longer turn speaks for itself


_WORDS_OF = patterns("focus")
_FIRST = _WORDS_OF["first"]
_SECOND = _WORDS_OF["second"]
_THIRD = _WORDS_OF["third"]
_LAST_OF_LIST = _WORDS_OF["last_of_list"]
_ONE_BEFORE = _WORDS_OF["one_before"]
_BACK_TO = _WORDS_OF["back_to"]
_ALL = _WORDS_OF["all"]
_ONLY_POINTS = _WORDS_OF["only_points"]
_FROM_THE_END = _WORDS_OF["from_the_end"]
_PLACES = {
    word: n
    for n, words in enumerate(
        ("一1 头 first one", "二2 两 second two", "三3 third three", "四4 fourth four", "五5 fifth five",
         "六6 sixth six", "七7 seventh seven", "八8 eighth eight"), 1,
    )
    for word in (*words.split()[0], *words.split()[1:])
}  # fmt: skip
_STEP_ON, _STEP_BACK = _WORDS_OF["step_on"], _WORDS_OF["step_back"]
_UNIT_OF_IT = _WORDS_OF["unit_of_it"]
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")


def focus_of(asked: str, earlier: tuple[str, ...], topics_known: Collection[str] = ()) -> Focus | None:
    """Return what a short turn may be about; None for a long one, or where nothing was said before.

    `topics_known`: pieces of text that are about few passages. A turn that has one names
    a matter; 要达到百分之多少 only asks on.
    """
    said = tuple(turn for turn in earlier if has_words(turn) and not names_no_topic(turn))
    topics = tuple(turn for turn in said if not pieces_of(turn.casefold()).isdisjoint(topics_known)) or said
    if not topics or len(_HAN.findall(asked)) > MAX_HAN or len(_LATIN.findall(asked)) > MAX_LATIN:
        return None
    own = _ONLY_POINTS.sub("", asked).strip()
    return _pointed_at(asked, own, said, topics) or Focus(topics[-1:], own)


def _pointed_at(asked: str, own: str, said: Sequence[str], topics: tuple[str, ...]) -> Focus | None:
    """Return the turns that a turn points at in so many words; None where it does not."""
    for step, pattern in ((1, _STEP_ON), (-1, _STEP_BACK)):
        if pattern.search(asked):
            return Focus(topics[-1:], pattern.sub(" ", own).strip(), step=step)
    if _ALL.search(asked):
        return Focus(topics[-2:], own, is_all=True)
    for nth, pattern in enumerate((_FIRST, _SECOND, _THIRD), start=1):
        if pattern.search(asked):
            return Focus((said[min(nth, len(said)) - 1],), pattern.sub(" ", own).strip(), nth=nth)
    if _LAST_OF_LIST.search(asked):
        return Focus(topics[-1:], "", nth=-1)
    if _ONE_BEFORE.search(asked):
        return Focus(topics[-2:][:1], _ONE_BEFORE.sub(" ", own), is_pointed=True)
    named = _BACK_TO.search(asked)
    words = (named["zh"] or named["en"]) if named else ""
    return (
        Focus(topics[::-1], words, is_named=True) if has_words(words) and not names_no_topic(words) else None
    )


def nth_of_list(asked: str) -> int | None:
    """Return the place in a list that a turn names: 第二项 2, 倒数第二条 -2, 最后一条 -1; None for none."""
    if match := _FROM_THE_END.search(asked):
        return -_place(match)
    if _WORDS_OF["list_end"].search(asked):
        return -1
    match = _WORDS_OF["list_place"].search(asked)
    return _place(match) if match else None


def _place(match: re.Match[str]) -> int:
    return _PLACES[next(filter(None, match.groups())).casefold()]


def points_at_it(asked: str) -> bool:
    """Return whether a turn speaks of the one measure that was found: 这一项具体提供哪些服务."""
    return bool(_WORDS_OF["the_one"].search(asked))


def with_unit(asked: str, unit: str) -> str | None:
    """Return a turn with a unit in the place of what points at it; None where nothing does."""
    named = _UNIT_OF_IT.sub(unit, asked, count=1)
    return named if named != asked else None
