"""Moments as the records keep them: ISO 8601, UTC, milliseconds; text sorts as time does."""

from datetime import UTC, datetime, timedelta


def stamp(moment: datetime) -> str:
    """Return a moment as it is stored; it must know its time zone."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def later(moment: datetime, **span: float) -> str:
    """Return the stored form of a moment and a span, `minutes=30`; negative spans lie before it."""
    return stamp(moment + timedelta(**span))
