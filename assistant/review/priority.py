"""What is to be checked first: the reasons an answer has to be looked at, and what each weighs."""

from collections.abc import Iterable
from enum import StrEnum

from assistant.answer import Answer, Status

LOW_CONFIDENCE = 0.9  # one in ten such answers cites the wrong measure
_DRAWN_FROM = 16**8


class Reason(StrEnum):
    """Why an answer should be checked; each has words in `prompts/`."""

    UNHELPFUL = "unhelpful"  # a user said so
    FAILED = "failed"
    DISPUTED = "disputed"  # two reviewers disagree
    LOW_CONFIDENCE = "low_confidence"
    SAMPLED = "sampled"  # drawn at random, for the estimate of accuracy
    NO_ANSWER = "no_answer"  # clarify, not stated, not covered
    NEW_WORDING = "new_wording"  # nobody asked it in these words before


# Reasons add up. A user's complaint outweighs everything the program itself suspects.
WEIGHTS = {
    Reason.UNHELPFUL: 200,
    Reason.FAILED: 60,
    Reason.DISPUTED: 60,
    Reason.LOW_CONFIDENCE: 40,
    Reason.SAMPLED: 30,
    Reason.NO_ANSWER: 20,
    Reason.NEW_WORDING: 5,
}
_NO_ANSWER = {Status.CLARIFY, Status.NOT_STATED, Status.NOT_COVERED}


def reasons_of(answer: Answer, *, is_sampled: bool, is_new: bool) -> tuple[Reason, ...]:
    """Return why a fresh answer should be checked, weightiest first."""
    answered = answer.status is Status.ANSWERED
    found = {
        Reason.FAILED: answer.status is Status.FAILED,
        Reason.LOW_CONFIDENCE: answered and (answer.confidence or 0.0) < LOW_CONFIDENCE,
        Reason.SAMPLED: is_sampled,
        Reason.NO_ANSWER: answer.status in _NO_ANSWER,
        Reason.NEW_WORDING: is_new,
    }
    return tuple(reason for reason, holds in found.items() if holds)


def priority_of(reasons: Iterable[Reason]) -> int:
    return sum(WEIGHTS[reason] for reason in reasons)


def is_drawn(answer_id: str, share: float) -> bool:
    """Draw an answer at random: its id is random, so its first eight digits are a fair lot."""
    return int(answer_id[:8], 16) < share * _DRAWN_FROM
