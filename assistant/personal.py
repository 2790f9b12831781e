"""Personal data in a question: masked before it is searched for, shown or stored."""

import re

from corpus.text import fold_aligned

MASK = "[***]"

_PATTERNS = (
    # e-mail; 张三@… too
    re.compile(r"(?:[A-Za-z0-9._%+-]+|[\u4e00-\u9fff]{2,4})\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    # international number, before its sign is left over
    re.compile(r"(?<!\d)\+\d{1,3}[ -]?\d(?:[ -]?\d){6,12}(?!\d)"),
    # identity number: 17 digits and a digit or X; 15 digits in the old form
    re.compile(r"(?<!\d)(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|\d{15})(?!\d)"),
    # bank card: 13 to 19 digits, often in groups of four; an identity number in groups
    re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?:[ -]?[Xx](?![A-Za-z]))?(?!\d)"),
    # mobile telephone, with or without +86, in any groups
    re.compile(r"(?<!\d)(?:(?:\+|00)?86[ .-]?)?1[ .-]?[3-9](?:[ .-]?\d){9}(?!\d)"),
    # fixed line with area code
    re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4}(?!\d)"),
    # a number spelled out
    re.compile("[\u96f6\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5e7a]{11,18}"),
)


def mask_personal_data(text: str) -> str:
    """Replace telephone, identity, bank card numbers and e-mail addresses by MASK.

    By shape alone: a number with a wrong check digit is masked too. Full-width
    letters, digits and signs are read as half-width ones.
    """
    for pattern in _PATTERNS:
        text = _mask(pattern, text)
    return text


def _mask(pattern: re.Pattern[str], text: str) -> str:
    kept: list[str] = []
    end = 0
    for match in pattern.finditer(fold_aligned(text)):
        kept += [text[end : match.start()], MASK]
        end = match.end()
    return "".join([*kept, text[end:]])
