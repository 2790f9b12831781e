"""Simplified and Traditional Chinese. The one door to OpenCC, which is loaded when first needed."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_HAN = re.compile(r"[\u3400-\u9fff]")
# OpenCC takes the 咸 of a place for 鹹, salty.
_PLACES = {"西鹹": "西咸"}


def is_traditional(text: str) -> bool:
    """Return whether a text is written in Traditional characters.

    It is where more of its characters are in Big5 alone than in GB 2312 alone,
    the two scripts' own character sets: one odd character in a company's name
    does not make a Simplified question Traditional.
    """
    han = _HAN.findall(text)
    n_traditional = sum(_is_in("big5", c) and not _is_in("gb2312", c) for c in han)
    n_simplified = sum(_is_in("gb2312", c) and not _is_in("big5", c) for c in han)
    return n_traditional > n_simplified and to_simplified(text) != text


def to_simplified(text: str) -> str:
    """Return the text in Simplified characters, for search; what is Simplified stays."""
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """Return the text in Traditional characters (OpenCC's own standard); never for quotations."""
    converted = str(_converter("s2t").convert(text))
    for wrong, right in _PLACES.items():
        converted = converted.replace(wrong, right)
    return converted


def in_script_of(language: str, text: str) -> str:
    """Return words of ours as a reader of this language writes them."""
    return to_traditional(text) if language == "zh-Hant" else text


def _is_in(character_set: str, character: str) -> bool:
    try:
        character.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(name: str) -> "OpenCC":
    from opencc import OpenCC  # noqa: PLC0415  (60 ms, only for Traditional readers)

    return OpenCC(name)
