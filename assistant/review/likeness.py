"""How alike two questions are: the share of their sounds that stand in both, in the same order.

Likeness of sense is no use here: 不用市级财政资金 lies nearer to 用市级财政资金 than most honest
paraphrases do, and so does 大型企业 to 中小企业 (docs/adr/0018). So an approved answer is used only
where every syllable agrees, small talk aside; an editor adds the other wordings.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.patterns import patterns
from index.words import plain, spelt
from prompts.script import is_traditional, to_simplified

TABLE = "review/likeness"
# Latin words and numbers; words of any other script, which have no sound here.
_WORD = re.compile(r"[a-z0-9.%]+(?:'[a-z]+)?|[^\W\d_a-z\u3400-\u9fff]+")


def likeness(one: str, other: str) -> float:
    """Return the share of sounds in common, 0 … 1 (Ratcliff and Metzener's, as difflib has it).

    Of two without any sound, as of signs and small talk, only the same are alike.
    """
    first, second = sorted((sounds(one), sounds(other)))  # difflib minds which one comes first
    if not second:
        return float(plain(one) == plain(other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def sounds(question: str) -> tuple[str, ...]:
    """Return toneless syllables and other words in order: 审察 sounds as 审查 does.

    () for a question of signs and small talk only.
    """
    text = plain(to_simplified(question) if is_traditional(question) else question)
    table = patterns(TABLE)
    for name, pattern in table.items():
        if name.startswith("same_"):
            text = pattern.sub(f" {name} ", text)
    text = table["small_talk"].sub(" ", text)
    found: list[str] = []
    for piece in text.split():
        found += [piece] if piece.startswith("same_") else _in_order(piece)
    return tuple(found)


def _in_order(piece: str) -> list[str]:
    words = [(match.start(), match.end(), match[0]) for match in _WORD.finditer(piece)]
    chinese = [
        (start, end, sound)
        for sound, start, end in spelt(piece)
        if not any(first <= start < last for first, last, _ in words)
    ]
    return [sound for _, _, sound in sorted([*words, *chinese])]
