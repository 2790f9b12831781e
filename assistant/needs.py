"""Several needs in one turn: where a question can be cut into questions.

Grammar only: whether the pieces are different matters is for the search to say
(assistant/retrieve.py), which answers the turn whole where they are not.
"""

import re

from dataclasses import dataclass

from assistant.normalise import names_no_topic, points_back

MAX_PARTS = 4
MAX_SHARING = 80  # characters or Latin words: a longer turn tells a story, and its commas join nothing
MIN_WORDS = 4  # characters or Latin words: less names no matter of its own
_ASKS = re.compile(
    r"[吗么嘛谁哪几啥呢咋]|什么|多少|多久|怎么|如何|能否|可否|是否|(.)不\1|有没有|没有吗|不\s*$|行不"
    r"|牵头|请告知|请列|请说明|推荐|想了解|想问|想知道|分别|各自|完成时限|截止时间|期限"
    r"|\b(?:who|what|which|when|where|how|does|do|is|are|can|could|may|will|should|must|deadline|lead)\b",
    re.IGNORECASE,
)
# Another matter is announced: what stands on either side is a need, even if it is only told.
_ANNOUNCED = re.compile(
    r"[,，;；。?？]?\s*(?:另外|另(?:想)?问|对了|顺便|顺带|还有(?=[^,，]{4})|再问(?:一句|一下)?|此外|再一个)(?:[,，]|问一?下|想问)?"
    r"|[,，.]?\s+(?:and separately|also,)\s+|;\s*also\s+|\?\s+(?:and|also)\s+",
    re.IGNORECASE,
)
# The end of a question, a semicolon, a numbered list, a new question behind a comma.
_BETWEEN = re.compile(
    r"[?？;；]+\s*|(?:[,，。.:：;；]|^)\s*(?:一问|二问|一个是|再一个(?:就是)?|另一个是?|一样是|另一样是?|一份是|另一份是?|一来|二来|first(?:ly)?,|second(?:ly)?,|third(?:ly)?,)|\s+[+/]\s+|(?<=[\u3400-\u9fff])/(?=[\u3400-\u9fff])"
    r"|[,，:：;；]?\s*(?:[(（]?[一二三四1-4][)）]|[①②③④]|[一二三四]是|(?<=[:：;；])[一二三四]、|(?<!\d)[1-4][.、])"
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
    r"(?:这|该|其)(?:项|个|种|件|条)|(?:有效期|期限|时限|费用|流程|文件(?:里|中)?(?:如何|怎么)|要多久|需要多久|多久|具体|是一家|是不是一家)|(?:any|kindly|please)\b|(?:是|由|归)?哪个(?:局|部门|单位)|(?:is|does) (?:it|that|this)\b",
    re.IGNORECASE,
)
# 分别, 各由谁, both, the same lead unit: the turn itself says that it is about several matters.
_SEVERAL = re.compile(
    r"分别(?![送申办跑交报])|各自|各(?=是|由|出|归|在|有|写|到|什么|多|几|从|啥|要)|[两俩]者"
    r"|(?<!哪)这?(?:两|三|俩)(?:件|项|个|种|条|样|桩|处)(?![月年区级钟小人]|部门|局|单位|街|工作)|这俩|哪[两三][条项]|哪个[先早晚后更]|何者|先后"
    r"|[,，]\s*(?:以及|并(?:请)?(?:说明|告知|列))|一样(?:吗|不|么|嘛)|一个(?:单位|部门|局)(?=[牵迁]|吗|不|管)"
    r"|(?<=[\u3400-\u9fff])\s*[/]\s*(?=[\u3400-\u9fff])|\s[/+]\s|\(1\)|\band for\b"
    r"|同一个?(?:单位|部门|局|天|时|家)|同个|^请?(?:比较|对比)|是否都|都[归由]|都是[^,，]{1,10}(?:到期|牵头|完成)"
    r"|\b(?:both|(?:for|leads?|of) each(?=\s*(?:[?:.]|$))|each of|respectively|which (?:comes|is|falls)|earlier|sooner|same (?:lead|unit|office|bureau|deadline|department)"
    r"|compare|as well as|three (?:quick|things)|two (?:quick|things|questions)|which measures (?:mention|cover|deal)"
    r"|does the (?:plan|notice) (?:deal|cover|mention|say)|de?a?dlines? (?:for|of)|help with)\b",
    re.IGNORECASE,
)
# 联合验收 包含哪些 / 二手车过户: put side by side, they need not be of one kind.
_APART = re.compile(r"[,，]\s*(?:以及|并(?:请)?(?:说明|告知|列))|(?<=\S)\s+[/+]\s+|\(1\)")
_TELLS = re.compile(r"我[们是司公在]|咱|\b(?:we|i'm|i am|i have)\b", re.IGNORECASE)
_JOINS = re.compile(
    r"、|和(?!谐)|[与跟]|(?<![以涉普推资])及|以及|还有|[/+;；]|\s+(?:and|or|as|versus|vs\.?|plus|n)\s+|,\s*and\s+|[?？。.!！:：,，]",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(
    r"^(?:请问|请|麻烦|帮(?:我|忙)|我(?:想|要|们)?(?:知道|了解|问|查)?|想(?:问|知道|了解)|告诉我|把|关于|列(?:明|出)|说明|分别|问一?下|查一下|比较|对比|你好|您好"
    r"|[,，:：\s“\"]|(?:tell|show|give) me\b|i (?:want|need|would like) to know\b|please\b|what (?:is|are)\b|who (?:leads|is)\b"
    r"|which (?:units?|bureaus?|offices?) (?:leads?)\b|which measures (?:mention|cover)\b|(?:does|do|is|are|can|could|the|when|how|for|of|between)\b|the plan\b|deal with\b|help with\b|de?a?dlines? (?:for|of)\b)+",
    re.IGNORECASE,
)
# What asks of all of them and names none: 这两项什么时候完成, which of the two comes first.
_OF_ALL = re.compile(
    r"^(?:这?[两三俩几](?:件|项|个|种|条|样)|何者|哪个|哪两|各自|分别|这俩|[^,，]{0,4}(?:时限|期限)|一样|which|what help|three|two|do measures|the same|it )", re.IGNORECASE
)
_QUOTED = re.compile(r"[“\"「](.{1,30}?)[”\"」]")
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
    announced = [piece for piece in _ANNOUNCED.split(text) if piece and not _leans_on_the_last(piece)]
    pieces = [need for piece in announced for need in _needs_within(piece)]
    if 2 <= len(pieces) <= MAX_PARTS:
        return Needs(tuple(pieces), is_said=len(announced) > 1, is_announced=len(announced) > 1)
    if joined := _joined(text):
        return Needs(joined, is_said=True, is_announced=bool(_APART.search(text)), asked_of_all=text)
    return Needs((text,))


def _joined(text: str) -> tuple[str, ...]:
    """Return the matters that a short turn joins by and, or, commas, where it says that there are several."""
    if len(_WORDS.findall(text)) > MAX_SHARING or _TELLS.search(text) or not _SEVERAL.search(text):
        return ()
    # What stands between quotation marks is one matter: “先考古,后出让”.
    quoted = _QUOTED.findall(text)
    masked = _QUOTED.sub("\ue000", text)
    pieces = []
    for piece in _JOINS.split(masked):
        bare = _LEADS_IN.sub("", piece.strip())
        while quoted and "\ue000" in bare:
            bare = bare.replace("\ue000", quoted.pop(0), 1)
        bare = bare.strip(" ,，、?？。.\"“”")
        if _names_a_matter(bare):
            pieces.append(bare)
    return tuple(pieces) if 2 <= len(pieces) <= MAX_PARTS else ()


def _names_a_matter(piece: str) -> bool:
    """Return whether a piece of a joined turn is about something: 消防 alone is too little, 这两项 nothing."""
    n_words = len(_WORDS.findall(piece))
    return n_words >= (3 if _HAN.search(piece) else 2) and not names_no_topic(piece) and not _OF_ALL.match(piece)


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
        return tuple(_LEADS_IN.sub("", matter).strip(" \"“”,，") for matter in matters)
    if match := _SHARED_EN.match(text):
        first, last = match["first"] or match["first2"], match["last"] or match["last2"]
        return (_LEADS_IN.sub("", first).strip(), _LEADS_IN.sub("", last).strip())
    return ()
