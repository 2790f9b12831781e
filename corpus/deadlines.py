"""Deadlines as printed, and the last day each of them allows."""

import calendar
import re
from datetime import date

from corpus.notice import Deadline
from corpus.text import fold_aligned

_DEADLINE = re.compile(
    r"(?P<year>[0-9]{4})年(?:底|(?P<month>[0-9]{1,2})月(?:底|(?P<day>[0-9]{1,2})日))(?:前|以前|之前)?"
)


def parse_deadline(label: str, text: str) -> Deadline:
    """Read a deadline such as 2024年6月底前, 2024年6月30日前 or 2024年底前.

    `text` is kept as printed. Raises ValueError for any other shape and for a
    day that does not exist.
    """
    match = _DEADLINE.fullmatch(fold_aligned(text).strip())
    if match is None:
        raise ValueError(f"{text!r} is no deadline of a known shape")
    year, month = int(match["year"]), int(match["month"] or 12)
    if not 1 <= month <= 12 or year == 0:
        raise ValueError(f"{text!r} names a day that does not exist")
    last_day = calendar.monthrange(year, month)[1]
    day = int(match["day"] or last_day)
    if not 1 <= day <= last_day:
        raise ValueError(f"{text!r} names a day that does not exist")
    return Deadline(text=text, due_on=date(year, month, day), label=label)
