"""The type of thing a turn asks for, as the classifier has it (index/question_types.py)."""

from functools import lru_cache

from index.question_types import asks_something, shipped_document_types, shipped_question_types

CONTENT = "content"
LIST = "list"  # of measures, from the records
LIST_FROM = (0.3, 0.55, 0.97, 0.97)  # where the turn has no piece that is about something, or one
HARDLY_A_LIST_BELOW = 0.003
PLAINLY_FACET_FROM = 0.75
FACET_FROM = 0.3  # of the likeliest, if it is likelier than the content
PLACES = frozenset({"website", "address"})  # where: a platform or a window answers as well
KEYWORDS_FROM = 0.85  # the same of search words, which ask nothing: 法治体检


def is_likely_a_list(text: str, *, n_topics: int = 0) -> bool:
    """Return whether a turn asks for measures from the records, rather than about one of them.

    It has to be plainer where a piece of the turn is about something and was not read as a
    condition (`n_topics`): a list that leaves out two of them would be wider than was asked.
    """
    probable = dict(_probabilities(text))
    is_likeliest = probable[LIST] >= max(share for name, share in probable.items() if name != CONTENT)
    return is_likeliest and n_topics < len(LIST_FROM) and probable[LIST] >= LIST_FROM[n_topics]


def is_hardly_a_list(text: str) -> bool:
    """Return whether a turn need not be read for a list at all."""
    return dict(_probabilities(text))[LIST] < HARDLY_A_LIST_BELOW


def is_plainly_a_facet(text: str) -> bool:
    """Return whether a turn beyond doubt asks for a thing of one type, of one matter."""
    facet, is_plain = likely_facet(text)
    return is_plain and facet != CONTENT


def likely_facet(text: str) -> tuple[str, bool]:
    """Return the likeliest type of thing that is asked of a measure, and whether there is hardly a doubt.

    Its content, unless another type is likelier.
    """
    probable = dict(_probabilities(text))
    content = probable.pop(CONTENT)
    probable.pop(LIST)
    likeliest = max(probable, key=probable.__getitem__)
    share, least = probable[likeliest], FACET_FROM if asks_something(text) else KEYWORDS_FROM
    is_plain = share >= PLAINLY_FACET_FROM and likeliest not in PLACES
    return (likeliest, is_plain) if share > max(least, content) else (CONTENT, True)


@lru_cache(maxsize=64)  # one turn is read several times: as a list, for its facet, for its needs
def _probabilities(text: str) -> tuple[tuple[str, float], ...]:
    return tuple(shipped_question_types().probabilities(text).items())


NOT_THE_DOCUMENT = "none"


@lru_cache(maxsize=64)
def document_type(text: str) -> tuple[str, float]:
    """Return what of the document itself a turn is likeliest about, and how probable it is to be about it."""
    probable = shipped_document_types().probabilities(text)
    none = probable.pop(NOT_THE_DOCUMENT)
    return max(probable, key=probable.__getitem__), 1.0 - none
