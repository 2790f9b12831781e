"""Several needs in one turn: where a question can be cut into questions.

Grammar only: whether the pieces are different matters is for the search to say
(assistant/retrieve.py), which answers the turn whole where they are not.
"""

import re
from dataclasses import dataclass

from assistant.normalise import names_no_topic, points_back
from assistant.patterns import patterns

MAX_PARTS = 4
MAX_SHARING = 80  # characters or Latin words: a longer turn tells a story, and its commas join nothing
MIN_WORDS = 4  # characters or Latin words: less names no matter of its own
_WORDS_OF = patterns("needs")
_ASKS = _WORDS_OF["asks"]
_ANNOUNCED = _WORDS_OF["announced"]
_BETWEEN = _WORDS_OF["between"]
# A和B分别由谁牵头; A and B: who leads each?
_SHARED_ZH = re.compile(
    r"^(?:请)?(?:问|列明|分别说明|说明|告知|关于)?(?P<first>[^?？,，]{2,30}?)(?:、(?P<middle>[^?？,，、]{2,30}))?"
    r"(?:和|与|跟|及|以及|、|,|，)(?P<last>[^?？,，]{2,40}?)[,，]?"
    r"(?:[,，]?(?:这?[两三]件事|这两个说法|[两三]项(?:工作)?|这俩)[,，]?(?:现在)?)?(?:的)?"
    r"(?P<asked>(?:完成时限|截止时间|责任单位|牵头单位|期限)?[,，]?"
    r"(?:分别|各自|各是|各出自|各由|都(?:是谁|由)|是谁牵[投头]|哪个先到期).{0,24})$"
)
_SHARED_EN = re.compile(
    r"^(?P<asked>which bureaus lead|who leads|what is (?:the )?de?a?dline for|deadlines? (?:of|for))\s+"
    r"(?P<first>.{4,60}?)\s+and\s+(?:for\s+)?(?P<last>.{4,60}?)(?P<each>\s+respectively)[?？]?$"
    r"|^(?P<first2>.{4,70}?),?\s+and\s+(?P<last2>.{4,70}?):\s*(?P<asked2>.{3,40}?(?:each|both).{0,10})[?？]?$",
    re.IGNORECASE,
)
# A worry; another one. 这俩政府有啥办法? Two worries. Which bureau deals with each?
_TOLD_ZH = re.compile(
    r"^(?P<told>.{8,}?)[。;；,，!！]\s*(?P<asked>[这那](?:两|俩|三)(?:件|样|个|项|头|桩|种)?[^。;；?？]{2,40}[?？]?)$"
)
_TOLD_EN = re.compile(
    r"^(?P<told>.{20,}?)[.;!]\s+(?P<asked>(?:who|which|what|how|does|do|is|are)\b[^.;?]*"
    r"\b(?:each|both|these two|the two)(?: of (?:them|these))?[?]?)$",
    re.IGNORECASE,
)
_TOLD_APART = re.compile(
    r"[;；。!！]|(?<=[a-z])[.]\s|[,，:：.]\s*(?:再?一个是?|另一个是?|一是|二是|一头是?)|,\s*(?:and|plus|also)\s+"
    r"|\sand\s(?=(?:the|we|our|my|i|some|no|nobody|it)\b)|[,，](?=(?:还|又|也|再|同时)[^,，]{4})",
    re.IGNORECASE,
)
_FILLER = _WORDS_OF["filler"]
_POINTS = _WORDS_OF["points"]
_SEVERAL = _WORDS_OF["several"]
_APART = _WORDS_OF["apart"]
_TELLS = _WORDS_OF["tells"]
_JOINS = _WORDS_OF["joins"]
_LEADS_IN = _WORDS_OF["leads_in"]
_OF_ALL = _WORDS_OF["of_all"]
_QUESTION_END = re.compile(r"(?<=[?？])")
_ENDS_AS_QUESTION = re.compile(r"[?？]\s*$")
_QUOTED = re.compile(r"[“\"「](.{1,30}?)[”\"」]|(?<=\s)'(.{1,40}?)'(?=[\s,.?])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Needs:
    """What a turn may be cut into; `is_said`: its own words say that there are several."""

    texts: tuple[str, ...]
    is_said: bool = False
    is_announced: bool = False  # by a word between them: 另外, also
    asked_of_all: str = ""  # 分别由谁牵头: what is asked of each matter


def split_needs(text: str) -> Needs:
    """Return the needs of a turn, in order; the whole turn alone where it cannot be cut."""
    shared = tuple(piece for piece in _shared(text) if _names_a_matter(piece))
    if len(shared) > 1:
        return Needs(shared, is_said=True, asked_of_all=text)
    if told := _told(text):
        return Needs(told, is_said=True, is_announced=True, asked_of_all=text)
    announced = [piece for piece in _ANNOUNCED.split(text) if piece and not _leans_on_the_last(piece)]
    pieces = [need for piece in announced for need in _needs_within(piece)]
    if 2 <= len(pieces) <= MAX_PARTS:
        return Needs(tuple(pieces), is_said=len(announced) > 1, is_announced=len(announced) > 1)
    if joined := _joined(text):
        return Needs(joined, is_said=True, is_announced=bool(_APART.search(text)), asked_of_all=text)
    return Needs((text,))


def _told(text: str) -> tuple[str, ...]:
    """Return the matters of a story that ends with what is asked of all of them: 这俩归谁管."""
    match = _TOLD_ZH.match(text) or _TOLD_EN.match(text)
    if match is None:
        return ()
    pieces = [_FILLER.sub("", piece).strip(" ,，、:：。.") for piece in _TOLD_APART.split(match["told"])]
    pieces = [piece for piece in pieces if not _leans_on_the_last(piece)]
    return tuple(pieces) if 2 <= len(pieces) <= MAX_PARTS else ()


def _joined(text: str) -> tuple[str, ...]:
    """Return the matters that a short turn joins by and, or, commas, where it says that there are several."""
    if (
        len(_WORDS.findall(text)) > MAX_SHARING
        or _TELLS.search(text)
        or not _SEVERAL.search(_QUOTED.sub("\ue000", text))
    ):
        return ()
    # What stands between quotation marks is one matter: “先考古,后出让”.
    quoted = [match[1] or match[2] for match in _QUOTED.finditer(text)]
    masked = _QUOTED.sub("\ue000", text)
    pieces = []
    for piece in _JOINS.split(masked):
        bare = _LEADS_IN.sub("", piece.strip())
        while quoted and "\ue000" in bare:
            bare = bare.replace("\ue000", quoted.pop(0), 1)
        bare = bare.strip(' ,，、?？。."“”')
        if _names_a_matter(bare):
            pieces.append(bare)
    return tuple(pieces) if 2 <= len(pieces) <= MAX_PARTS else ()


def _names_a_matter(piece: str) -> bool:
    """Return whether a piece of a joined turn is about something: 消防 is too little, 这两项 nothing."""
    n_words = len(_WORDS.findall(piece))
    return (
        n_words >= (3 if _HAN.search(piece) else 2) and not names_no_topic(piece) and not _OF_ALL.match(piece)
    )


def _needs_within(text: str) -> list[str]:
    """Cut one stretch at the ends of its questions."""
    pieces: list[tuple[str, bool]] = []
    for sentence in _QUESTION_END.split(text):
        cut = [_FILLER.sub("", piece or "").strip(" ,，、:：。.?？") for piece in _BETWEEN.split(sentence)]
        cut = [piece for piece in cut if len(_WORDS.findall(piece)) >= 2]
        is_question = bool(_ENDS_AS_QUESTION.search(sentence))
        pieces += [
            (piece, bool(_ASKS.search(piece)) or (is_question and n == len(cut)))
            for n, piece in enumerate(cut, start=1)
        ]
    if any(asks for _, asks in pieces):  # else a list of keywords, each of them a need
        return _with_their_background(pieces)
    return [piece for piece, _ in pieces]


def _with_their_background(pieces: list[tuple[str, bool]]) -> list[str]:
    """Join what asks nothing to the question that follows it, what points back to the one before.

    `pieces`: each with whether it asks.
    """
    joined: list[str] = []
    background: list[str] = []
    for piece, asks in pieces:
        if joined and _leans_on_the_last(piece):
            joined[-1] = f"{joined[-1]} {piece}"
            continue
        background.append(piece)
        if asks:
            joined.append(" ".join(background))
            background = []
    if background and joined:
        joined[-1] = " ".join([joined[-1], *background])
    return joined or background


def _leans_on_the_last(piece: str) -> bool:
    return (
        names_no_topic(piece)
        or points_back(piece)
        or bool(_POINTS.match(piece))
        or len(_WORDS.findall(piece)) < MIN_WORDS
    )


def _shared(text: str) -> tuple[str, ...]:
    """Return one question for each matter where several share what is asked."""
    if match := _SHARED_ZH.match(text):
        matters = [match[name] for name in ("first", "middle", "last") if match[name]]
        return tuple(_LEADS_IN.sub("", matter).strip(' "“”,，') for matter in matters)
    if match := _SHARED_EN.match(text):
        first, last = match["first"] or match["first2"], match["last"] or match["last2"]
        return (_LEADS_IN.sub("", first).strip(), _LEADS_IN.sub("", last).strip())
    return ()
