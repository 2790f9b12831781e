"""Frozen types as plain values for JSON: lists for tuples, days as ISO 8601, words for enumerations."""

from datetime import date
from enum import Enum
from typing import Any

_AS_THEY_ARE = frozenset({str, int, float, bool, type(None)})


def plain(value: Any) -> Any:
    """Return a value of slotted dataclasses, tuples, mappings and leaves as JSON has it.

    `dataclasses.asdict` copies every leaf and took a tenth of the time of an answer.
    """
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return {name: plain(getattr(value, name)) for name in value.__slots__}
