"""How sure is sure enough: what probabilities of passages and typed evidence amount to."""

from assistant.answer import AskedFor, Status
from assistant.facets import is_stated
from assistant.found import Found
from index.search import Hit

# An answer with the wrong passage is held to be twice as bad as an answerable question
# refused, which still names the nearest measures. Answering is then right from a probability
# of 2 / (2 + 1).
COST_OF_WRONG = 2.0
COST_OF_REFUSING = 1.0
ANSWER_FROM = COST_OF_WRONG / (COST_OF_WRONG + COST_OF_REFUSING)
# Below that, two passages of which one may well be right are offered: asking costs one click.
ASK_FROM = 0.4
# That a measure does not state something claims nothing else: a far guess will do.
NOT_STATED_FROM = 0.2
COMPETES_FROM = 0.9  # of the first one's probability
# A turn is taken apart only where each need is beyond doubt.
PLAINLY_ANSWERED_FROM = 0.85
PLAINLY_OUTSIDE_BELOW = 0.3


def by_meaning(hits: tuple[Hit, ...], asked: AskedFor) -> Found:
    """Return what a search amounts to for what is asked of it."""
    first, second = (hits[i].probability if len(hits) > i else 0.0 for i in (0, 1))
    if first >= NOT_STATED_FROM and not is_stated(asked, hits[0].passage):
        return Found(Status.NOT_STATED, hits)
    if first >= ANSWER_FROM:
        return Found(Status.ANSWERED, hits)
    if first >= ASK_FROM and second >= COMPETES_FROM * first:
        return Found(Status.CLARIFY, hits)
    return Found(Status.NOT_COVERED, hits)
