"""What a short turn of a conversation is about: the turn before, the first one, the second of a list.

Words only: whether the turn names a matter of its own is for the search to say
(assistant/retrieve.py).
"""

import re
from collections.abc import Collection

from assistant.answer import Focus
from assistant.list_words import pieces_of
from assistant.normalise import has_words, names_no_topic

MAX_HAN, MAX_LATIN = 24, 14  # a longer turn speaks for itself


_FIRST = re.compile(
    r"第[一1](?:个(?:问题)?|问题)|最(?:开始|初)|最(?:先|早)(?:问|说|提)|一开始|先问的|\b(?:the |my )?first (?:one|question|thing|item|measure)\b|\bfirst\b(?= again)",
    re.IGNORECASE,
)
_SECOND = re.compile(
    r"第[二2](?:个(?:问题)?|问题)|\b(?:the |my )?second (?:one|question|thing|item|measure)\b", re.IGNORECASE
)
_THIRD = re.compile(r"第[三3](?:个(?:问题)?|问题)|\b(?:the |my )?third (?:one|question|thing|item|measure)\b", re.IGNORECASE)
_LAST_OF_LIST = re.compile(r"最后(?:那|一)(?:个|项|条)|\b(?:the )?last (?:one|item|measure)\b", re.IGNORECASE)
_ONE_BEFORE = re.compile(
    r"上上(?:个|一个)?|再?往?前面?(?:的)?那(?:个|一项|一个|项|条)|回到?(?:前面|之前|刚才)|前一(?:个|项)|之前(?:问的)?那(?:个|一?项)"
    r"|\bone before (?:last|that)\b|\b(?:previous|earlier) (?:one|question|thing|measure)\b",
    re.IGNORECASE,
)
_BACK_TO = re.compile(
    r"(?:回到|再?说回|前面|刚才|之前|先前)(?:你|我)?(?:说|问|提|讲)?(?:到)?(?:的)?(?:那个|那项|那条)?(?P<zh>[\u3400-\u9fff]{2,10}?)(?:的?那?(?:个|项|条|事)|的)?[,，:：]"
    r"|\bback to (?:the )?(?P<en>[a-z' -]{3,40}?)(?: (?:thing|one|question|issue|matter|measure))?(?:[,:.?]|$)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?:以上|上面|前面|刚才)?(?:这|那|说?的)?(?:两|二|三|几)(?:个|项|条|件)(?:的|各|分别|都|,|，|什么|谁)|\b(?:both|all three|these two|those two|the two)\b(?! lead)",
    re.IGNORECASE,
)
_ONLY_POINTS = re.compile(
    r"^(?:(?:那么|那|还有|然后|另外|哦|好的?|嗯|行|请问|ok(?:ay)?|fine|right|thanks?|thank you|and|so|then|but|also|what about|how about|well|no|hmm)[\s,，.。:：]*)+"
    r"|呢?\s*[?？。.!！]*$",
    re.IGNORECASE,
)
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
    if len(topics) > 1 and _ALL.search(asked):
        return Focus(topics[-2:], own, is_all=True)
    for nth, pattern in enumerate((_FIRST, _SECOND, _THIRD), start=1):
        if pattern.search(asked):
            return Focus((said[min(nth, len(said)) - 1],), pattern.sub(" ", own).strip(), nth=nth)
    if _LAST_OF_LIST.search(asked):
        return Focus(topics[-1:], "", nth=-1)
    if _ONE_BEFORE.search(asked):
        return Focus((topics[-2] if len(topics) > 1 else topics[-1],), _ONE_BEFORE.sub(" ", own), is_pointed=True)
    if named := _BACK_TO.search(asked):
        words = named["zh"] or named["en"]
        if not names_no_topic(words):
            return Focus(topics[::-1], words, is_named=True)
    return Focus(topics[-1:], own)
