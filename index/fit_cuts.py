"""Fits where turns are cut, on messages with one need and with several."""

from collections.abc import Iterator, Sequence
from statistics import fmean, pstdev

from corpus.bank import Message
from index.cuts import Cut, Cutter, Search, cuts_of
from index.topics import Topics


def fit_cutter(messages: Sequence[Message], search: Search, topics: Topics) -> Cutter:
    """Fit a logistic regression (L2, C = 1) on every place where a message might be cut."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    examples = [example for message in messages for example in _examples(message, search, topics)]
    columns = list(zip(*(cut.features for cut, _ in examples), strict=True))
    mean = tuple(fmean(column) for column in columns)
    scale = tuple(pstdev(column) or 1.0 for column in columns)
    rows = [[(f - m) / s for f, m, s in zip(cut.features, mean, scale, strict=True)] for cut, _ in examples]
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit(rows, [is_right for _, is_right in examples])
    return Cutter(mean, scale, tuple(fitted.coef_[0].tolist()), float(fitted.intercept_[0]))


def _examples(message: Message, search: Search, topics: Topics) -> Iterator[tuple[Cut, bool]]:
    """Give each cut, and whether its sides find two of the passages that answer the message."""
    for cut in cuts_of(message.text, search, topics):
        yield cut, set(cut.passages) <= set(message.passage_ids)
