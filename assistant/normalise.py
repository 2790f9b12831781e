"""Stage 1: a turn becomes a `Question`: cleaned, masked, its language known, whole without its history."""

import re
import unicodedata
from collections.abc import Sequence

from assistant.answer import Language, Question
from assistant.errors import UnusableQuestion
from assistant.gates import Gate, first_stop
from assistant.instructions import Turn, turn_of
from assistant.personal import MASK, mask_personal_data
from index.words import is_pinyin
from prompts import words
from prompts.script import is_traditional, to_simplified

MAX_LENGTH = 1000  # characters, after invisible ones are removed
MAX_TURNS = 5  # of history
_MARGIN = 64  # characters; longer than anything that is masked

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_WORD = re.compile(r"\w")
# Controls, format characters (zero-width, direction marks, tags), private use,
# surrogates and unassigned characters carry no words; variation selectors neither.
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
# Marks on a digit (the key caps of emoji) would hide a telephone number from the mask.
_MARKS_ON_DIGITS = re.compile(r"(?<=\d)[\u0300-\u036f\u20d0-\u20ff]+")

# A turn that only points back: 那谁负责, 它什么时候完成, and who leads it?
_POINTS_BACK = re.compile(
    r"^(那|那么|它|他们|这个|这项|这条|该(?!怎|如何|不该)|其(?![他它余实])|上述|还有呢|具体呢|然后呢)"
    r"|(这个|这项|这条|上面|刚才|它)|^(and|so|then|what about)\b|\b(it|that|this|they|them)\b",
    re.IGNORECASE,
)
# What is asked about a measure, without naming one.
_ASKS_FACT = re.compile(
    r"谁|由|来|哪个|哪些|哪几|什么|部门|单位|责任|负责|牵头|配合|参与|承担|时候|时侯|时间|时限|期限|期|截止|完成|多久|何时|几月"
    r"|到|之前|要|的|是|呢|吗|啊|阿|呀|请问|那|它|这个|这项|这条|这|该|措施|有|还|具体|怎么|说|办|了|啥|管|归|局|除|外"
    r"|多少|几|钱|元|费用|罚款|办公|电话|号码|联系|方式|地址|网址|需|材料|条件|流程|手续|比例|要求|天|次|一|两|个|还是"
    r"|没有|没|压|去|属于|方案|哪|部分|第|条|原文|中文|英文|给我|发我|看看|看|就|都|也|和|跟|其他|其它"
    r"|\b(and|who|which|what|when|is|are|the|by|for|of|it|this|that|measure|unit|units|department|leads?|leading"
    r"|responsible|deadline|due|date|about|then|so|does|do|s|in|charge|how|long|much|many|take|takes|cost|costs"
    r"|fees?|will|be|done|finished|completed?|phone|telephone|number|contact|address|website|e-?mail"
    r"|documents?(?! number)"
    r"|needed|need|required|under|condition|conditions|original|chinese|text|give|me|years?|days?|months?|at|most"
    r"|else|besides|other|involved|also|no|not|i|meant|mean|please|part|plan|printed|far|apply|applies)\b"
    r"|['\u2019]",
    re.IGNORECASE,
)


def normalise(
    text: str, history: Sequence[str] = (), language: Language | None = None, gates: Sequence[Gate] = ()
) -> Question:
    """Return the question; raises UnusableQuestion if it is empty or longer than MAX_LENGTH.

    What is searched for lacks the instructions that ride on the question. History
    is the client's text and trusted no more than the question: cleaned and masked
    alike, the last MAX_TURNS turns, each cut at MAX_LENGTH; a turn that one of
    `gates` would end makes no later one whole.
    """
    cleaned = clean(text)
    language = language or detect_language(cleaned)
    if not cleaned:
        raise UnusableQuestion(words("answer", "unusable.empty", language))
    if len(cleaned) > MAX_LENGTH:
        raise UnusableQuestion(
            words("answer", "unusable.too_long", language, length=len(cleaned), limit=MAX_LENGTH)
        )
    masked = mask_personal_data(cleaned)
    asked = turn_of(_as_printed(_with_line_ends(text, masked))).asked
    turns = tuple(_earlier(turn) for turn in history[-MAX_TURNS:])
    earlier = _open_turns(turns, gates)
    whole = _made_whole(asked, earlier) if asked else masked
    return Question(
        text=masked,
        normalised=whole.replace(MASK, " ").strip(),
        language=language,
        history=turns,
        asked=asked,
        earlier=earlier,
    )


def _with_line_ends(text: str, masked: str) -> str:
    """Return the cleaned turn with its line ends; without them where something had to be masked."""
    lines = "\n".join(filter(None, map(clean, text.splitlines())))
    return lines if lines.replace("\n", " ") == masked else masked


def _as_printed(text: str) -> str:
    """Return a turn in the script of the notice, in which everything after this stage reads it."""
    return to_simplified(text) if is_traditional(text) else text


def _open_turns(turns: Sequence[str], gates: Sequence[Gate]) -> tuple[str, ...]:
    """Return what is asked in each turn of history that no gate would end."""
    read: list[Turn] = [turn_of(_as_printed(turn)) for turn in turns]
    return tuple(turn.asked for turn in read if turn.asked and first_stop(turn, gates) is None)


def _earlier(turn: str) -> str:
    """Clean, mask and cut a turn; masked before the cut, which could leave half a number."""
    return mask_personal_data(clean(turn)[: MAX_LENGTH + _MARGIN])[:MAX_LENGTH]


def clean(text: str) -> str:
    """Remove invisible characters and make white space single; words are left as typed."""
    visible = "".join(" " if c.isspace() else c for c in text if c.isspace() or not _is_invisible(c))
    return " ".join(_MARKS_ON_DIGITS.sub("", _SELECTORS.sub("", visible)).split())


def detect_language(text: str) -> Language:
    """Return en where Latin words outnumber Chinese characters, zh-Hant for Traditional ones, else zh."""
    latin = _LATIN_WORD.findall(text)
    if len(latin) > len(_HAN.findall(text)) and not (_HAN.search(text) and is_pinyin(" ".join(latin))):
        return "en"
    return "zh-Hant" if is_traditional(text) else "zh"


def has_words(text: str) -> bool:
    """Return whether there is any letter or digit: emoji and punctuation ask nothing."""
    return bool(_WORD.search(text))


def names_no_topic(text: str) -> bool:
    """Return whether a turn asks for a fact without saying of what: 谁负责？"""
    return has_words(text) and not _WORD.search(_ASKS_FACT.sub("", text))


def points_back(text: str) -> bool:
    """Return whether a short turn only makes sense after another: 那由哪个局管, who is steering that."""
    is_short = len(_HAN.findall(text)) + 2 * len(_LATIN_WORD.findall(text)) <= 16
    return is_short and bool(_POINTS_BACK.search(text))


def _made_whole(text: str, history: Sequence[str]) -> str:
    """Put the last turn that names a topic before a turn that only points back."""
    if not (names_no_topic(text) or points_back(text)):
        return text
    topics = [turn for turn in history if has_words(turn) and not names_no_topic(turn)]
    if not topics:
        return text
    # A turn that names nothing adds nothing to what is searched for.
    return topics[-1] if names_no_topic(text) else f"{topics[-1]} {text}"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE
