"""How alike two questions are: the share of their words that stand in both, in the same order.

Likeness of sense is no use here: 不用市级财政资金 lies nearer to 用市级财政资金 than most honest
paraphrases do, and so does 大型企业 to 中小企业; nor is likeness of sound: 买 and 卖 (docs/adr/0018). So
an approved answer is used only where every character agrees, small talk aside; an editor adds the
other wordings.
"""

import re
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.patterns import patterns
from index.words import plain
from prompts.script import is_traditional, to_simplified

TABLE = "review/likeness"
# A class of words that stand for each other, a Chinese character, a word or number of any other script.
_WORD = re.compile(r"same_[a-z]+|[\u3400-\u9fff]|[a-z0-9.%]+(?:'[a-z]+)?|[^\W\d_a-z\u3400-\u9fff]+")


def likeness(one: str, other: str) -> float:
    """Return the share of words in common, 0 … 1 (Ratcliff and Metzener's, as difflib has it).

    Of two without any word, as of signs and small talk, only the same are alike.
    """
    first, second = sorted((bare_words(one), bare_words(other)))  # difflib minds which one comes first
    if not second:
        return float(plain(one) == plain(other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def bare_words(question: str) -> tuple[str, ...]:
    """Return characters and words in order, in Simplified characters, half width and lower case.

    () for a question of signs and small talk only.
    """
    text = plain(to_simplified(question) if is_traditional(question) else question)
    table = patterns(TABLE)
    for name, pattern in table.items():
        if name.startswith("same_"):
            text = pattern.sub(f" {name} ", text)
    return tuple(_WORD.findall(table["small_talk"].sub(" ", text)))


def without_small_talk(question: str) -> str:
    """Return a question as it is typed, but for small talk; all of it where there is nothing else."""
    shorter = " ".join(patterns(TABLE)["small_talk"].sub(" ", question).split())
    return shorter or question
