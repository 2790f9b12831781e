"""Personal data in a question: masked before it is searched for, shown or stored."""

import re
from collections.abc import Callable, Iterable, Iterator

from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from corpus.text import fold_aligned

MASK = "[***]"

# Before numbers, which would leave the rest of an address, or a sign.
_ADDRESSES = (
    # e-mail; 张三@… too
    re.compile(r"(?:[A-Za-z0-9._%+-]+|[\u4e00-\u9fff]{2,4})\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    # international number
    re.compile(r"(?<!\d)\+\d{1,3}[ -]?\d(?:[ -]?\d){6,12}(?!\d)"),
)
_SHAPES = (
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
# Between the digits of a number whose check digit holds.
_GAP = r"[\s._/\u00b7\u2013\u2014-]{0,2}"
_CREDIT = "[0-9A-HJ-NP-RTUW-Ya-hj-np-rtuw-y]"  # the letters of a unified social credit code


def _anywhere(number: str) -> re.Pattern[str]:
    """Return a pattern that finds a number at every place, also where two overlap; group 1 is the number."""
    return re.compile(f"(?=({number}))")


def _compact(number: str) -> str:
    return "".join(filter(str.isalnum, number)).upper()


def _is_identity(number: str) -> bool:
    """Say whether date and check digit are those of an identity number (GB 11643); 1900 to 2099.

    Places are not looked up: their codes change.
    """
    number = _compact(number)
    if number[6:8] not in {"19", "20"} or number[-1] != ric.calc_check_digit(number):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return True


def _is_card(number: str) -> bool:
    return luhn.is_valid(_compact(number))


def _holds_a_number(run: str) -> bool:
    """Say whether an identity or card number stands somewhere in a run of digits."""
    starts = range(len(run) - 15)
    return any(
        len(part) == 18 and _is_identity(part) for part in (run[start : start + 18] for start in starts)
    ) or any(
        _is_card(run[start : start + length])
        for start in starts
        if run.startswith("62", start)  # UnionPay's: any other would be found by chance
        for length in (16, 17, 18, 19)
        if start + length <= len(run)
    )


# What a check digit confirms, looked for more loosely than what is known by its shape alone.
_CHECKED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    # unified social credit code: 8 digits, 9 digits or letters, check digit; in its usual groups
    (
        _anywhere(
            rf"(?<!\d)[1-9]\d[ -]?\d\d[ -]?\d{{4}}[ -]?{_CREDIT}{{4}}[ -]?{_CREDIT}{{4}}[ -]?"
            rf"{_CREDIT}[ -]?{_CREDIT}(?!(?<=\d)\d)"
        ),
        uscc.is_valid,
    ),
    # identity number
    (_anywhere(rf"(?<!\d)[1-8](?:{_GAP}\d){{16}}{_GAP}[\dXx](?!(?<=\d)\d)"), _is_identity),
    # bank card of 16 to 19 digits in groups of four, with the same between all of them
    (
        _anywhere(rf"(?<!\d)[4-6]\d{{3}}({_GAP})\d{{4}}(?:\2\d{{4}}){{2}}(?:\2\d{{1,3}})?(?!\d)"),
        _is_card,
    ),
    # numbers that were run together, too long for any one
    (re.compile(r"(?<!\d)(\d{20,}[Xx]?)"), _holds_a_number),
)


def mask_personal_data(text: str) -> str:
    """Replace telephone, identity, bank card numbers, e-mail addresses and credit codes by MASK.

    Identity, bank card and unified social credit numbers whose check digit holds are masked
    wherever they stand, beside letters and in unusual groups too. What has the shape of such a
    number is masked with a wrong check digit as well, the credit code excepted: a mistyped number
    still names a person. Full-width letters, digits and signs are read as half-width ones.
    """
    for pattern in _ADDRESSES:
        text = _masked(text, _spans(pattern, text))
    for pattern, holds in _CHECKED:
        text = _masked(text, _checked_spans(pattern, holds, text))
    for pattern in _SHAPES:
        text = _masked(text, _spans(pattern, text))
    return text


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in pattern.finditer(fold_aligned(text)))


def _checked_spans(
    pattern: re.Pattern[str], holds: Callable[[str], bool], text: str
) -> Iterator[tuple[int, int]]:
    """Give the spans of what holds, in order; none overlaps the one before."""
    end = 0
    for match in pattern.finditer(fold_aligned(text)):
        if match.start(1) >= end and holds(match[1]):
            end = match.end(1)
            yield match.span(1)


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    kept: list[str] = []
    done = 0
    for start, end in spans:
        kept += [text[done:start], MASK]
        done = end
    return "".join([*kept, text[done:]]) if kept else text
