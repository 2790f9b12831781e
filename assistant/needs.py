"""Several needs in one turn: where a question can be cut into questions.

Grammar only: whether the pieces are different matters is for the search to say
(assistant/retrieve.py), which answers the turn whole where they are not.
"""

import re

from assistant.normalise import names_no_topic, points_back

MAX_PARTS = 4
MIN_WORDS = 4  # characters or Latin words: less names no matter of its own
_ASKS = re.compile(
    r"[吗么嘛谁哪几啥呢咋]|什么|多少|多久|怎么|如何|能否|可否|是否|(.)不\1|有没有|没有吗|不\s*$|行不"
    r"|牵头|请告知|请列|请说明|推荐|想了解|想问|想知道|分别|各自|完成时限|截止时间|期限"
    r"|\b(?:who|what|which|when|where|how|does|do|is|are|can|could|may|will|should|must|deadline|lead)\b",
    re.IGNORECASE,
)
# Another matter is announced: what stands on either side is a need, even if it is only told.
_ANNOUNCED = re.compile(
    r"[,，;；。?？]?\s*(?:另外|顺便|顺带|还有(?=[^,，]{4})|再问(?:一句|一下)?|此外|再一个)(?:[,，]|问一?下|想问)?"
    r"|[,，.]?\s+(?:and separately|also,|plus)\s+|\?\s+(?:and|also)\s+",
    re.IGNORECASE,
)
# The end of a question, a semicolon, a numbered list, a new question behind a comma.
_BETWEEN = re.compile(
    r"[?？;；]+\s*|\s+[+/]\s+|(?<=[\u3400-\u9fff])/(?=[\u3400-\u9fff])"
    r"|[,，:：;；]?\s*(?:[(（][一二三四1-4][)）]|[一二三四]是|[1-4][.、])"
    r"|,\s*and\s+(?=(?:who|what|which|when|where|how|does|do|is|are|can|may|will|by when|in what)\b)"
    r"|\s+n\s+(?=who|what|when|how)"
    r"|[,，、](?=[^,，、]{2,30}(?:又是?(?:由)?(?:谁|哪|多少|怎么|咋)|呢[?？]?$|怎么|由哪))",
    re.IGNORECASE,
)
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
_FILLER = re.compile(
    r"^(?:请问|请|那|再|还有|以及|另外|顺便|问下|问一下|and|also|first|then|[,，、\s:：.])+", re.IGNORECASE
)
# 这项工作由谁牵头, is that so
_POINTS = re.compile(
    r"(?:这|该|其)(?:项|个|种|件|条)|(?:是|由|归)?哪个(?:局|部门|单位)|(?:is|does) (?:it|that|this)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+")


def split_needs(text: str) -> tuple[str, ...]:
    """Return the needs of a turn, in order; the whole turn alone where it cannot be cut."""
    if shared := _shared(text):
        return shared
    pieces: list[str] = []
    for announced in _ANNOUNCED.split(text):
        pieces += _needs_within(announced or "")
    return tuple(pieces) if 2 <= len(pieces) <= MAX_PARTS else (text,)


def _needs_within(text: str) -> list[str]:
    """Cut one stretch at the ends of its questions."""
    pieces = [_FILLER.sub("", piece or "").strip(" ,，、:：。.") for piece in _BETWEEN.split(text)]
    pieces = [piece for piece in pieces if len(_WORDS.findall(piece)) >= 2]
    if any(map(_ASKS.search, pieces)):  # else a list of keywords, each of them a need
        pieces = _with_their_background(pieces)
    return pieces


def _with_their_background(pieces: list[str]) -> list[str]:
    """Join what asks nothing to the question that follows it, what points back to the one before."""
    joined: list[str] = []
    background: list[str] = []
    for piece in pieces:
        if joined and _leans_on_the_last(piece):
            joined[-1] = f"{joined[-1]} {piece}"
            continue
        background.append(piece)
        if _ASKS.search(piece):
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
        return tuple(f"{matter} {match['asked']}" for matter in matters)
    if match := _SHARED_EN.match(text):
        first, last = match["first"] or match["first2"], match["last"] or match["last2"]
        asked = match["asked"] or match["asked2"]
        return (f"{asked} {first}", f"{asked} {last}")
    return ()
