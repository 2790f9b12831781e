"""Passages: the pieces of a notice that are searched and cited."""

from hashlib import sha256

from corpus.notice import Notice, Passage, Span


def passages(notice: Notice) -> tuple[Passage, ...]:
    """Return the head, the clauses and the measures, in the notice's order.

    One measure is one passage: no measure is longer than a paragraph, so none
    is split and none overlaps another.
    """
    found = [_passage(notice, "meta", None, notice.title, notice.head)]
    found += [_passage(notice, c.key, None, c.title, Span(c.start, c.end)) for c in notice.clauses]
    found += [
        _passage(notice, f"m{m.number:02}", m.number, m.title, Span(m.start, m.end)) for m in notice.measures
    ]
    return tuple(sorted(found, key=lambda passage: passage.start))


def _passage(notice: Notice, key: str, measure_number: int | None, title: str, span: Span) -> Passage:
    text = span.of(notice.source)
    return Passage(
        passage_id=f"{notice.notice_id}#{key}",
        notice_id=notice.notice_id,
        measure_number=measure_number,
        title=title,
        text=text,
        start=span.start,
        end=span.end,
        sha256=sha256(text.encode()).hexdigest(),
    )
