"""Approved answers in the line: looked up before anything is searched, composed from what an editor approved.

Used only where a turn asks the same thing as one of the approval's wordings: every word
agrees, small talk aside, and so do the attribute, the units, the numbers and the negations.
"""

import hashlib
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from assistant.answer import Draft, Intent, Question
from assistant.database import Database
from assistant.errors import RecordsError
from assistant.facts import find_facts, read
from assistant.patterns import patterns
from assistant.review import approvals
from assistant.review.approvals import BOUND, Approval, ApprovalState
from assistant.review.insight import CHINA_TIME
from assistant.review.likeness import bare_words, likeness, without_small_talk
from assistant.shelf import Shelf
from assistant.write_passage import write_facts
from assistant.writer import Writer, day_of, title_of
from corpus.notice import Passage, facts_span
from corpus.text import fold

MIN_CHARS_LATER = 7  # of a wording, to be used in the middle of a conversation
REFRESH_S = 1.0  # how soon a program sees what another one approved
ENGINE = "approved"
_MARKER = re.compile(r"\[(\d+)\]")
_SENTENCE_END = re.compile(r"(?<=[\u3002\uff01\uff1f!?])(?=\S)|(?<=[.!?])(?= )|$", re.MULTILINE)
_ENDS_MARKED = re.compile(r"\[\d+\][\s\u3002.!?\uff01\uff1f]*$")


@dataclass(frozen=True, slots=True)
class Signature:
    """What must be the same besides the words: attribute, facts named, negations."""

    kind: str
    facet: str
    facts: frozenset[tuple[str, str]]
    n_negations: int


class ApprovalBook:
    """The active approvals in memory; follows the records within REFRESH_S."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._database = database
        self._shelf = shelf
        self._refreshing = Lock()
        self._moment: tuple[int, str | None] | None = None
        self._looked_at = -REFRESH_S
        # The same words are looked up: BOUND leaves no room for anything else.
        self._by_words: dict[tuple[str, tuple[str, ...]], list[tuple[Approval, str]]] = {}

    def find(
        self, question: Question, intent: Intent, understood: Callable[[str], Intent]
    ) -> Approval | None:
        """Return the approval for a turn that stands by itself; None where there is none for it.

        `understood`: what words ask for by themselves. A short turn of a conversation is about
        what was said before, whatever the same words mean to somebody who begins with them.
        """
        self.follow()
        if not self._by_words:
            return None
        language = "en" if question.language == "en" else "zh"
        for approval, wording in self._by_words.get((language, bare_words(question.asked)), ()):
            if intent.focus and len(fold(wording)) < MIN_CHARS_LATER:
                continue
            if self._holds(approval) and asks_the_same(question.asked, wording, understood, self._shelf):
                return approval
        return None

    def follow(self, *, at_once: bool = False) -> None:
        """Read the approvals anew if they changed; looks at most every REFRESH_S unless told otherwise.

        A fault of the records leaves what is known: answering goes on.
        """
        now = time.monotonic()
        if not at_once and now - self._looked_at < REFRESH_S:
            return
        if not self._refreshing.acquire(blocking=at_once):
            return
        try:
            self._looked_at = now
            moment = approvals.moment(self._database)
            if moment != self._moment:
                self._by_words = _by_words(approvals.current(self._database, ApprovalState.ACTIVE))
                self._moment = moment
        except RecordsError:
            return
        finally:
            self._refreshing.release()

    def _holds(self, approval: Approval) -> bool:
        """Say whether the passages still read as they did when the answer was approved."""
        for passage_id, sha256 in approval.passages.items():
            try:
                if bound_hash(self._shelf.passage(passage_id), self._shelf) != sha256:
                    return False
            except KeyError:
                return False
        return True


def _by_words(
    kept: Sequence[Approval],
) -> dict[tuple[str, tuple[str, ...]], list[tuple[Approval, str]]]:
    found: dict[tuple[str, tuple[str, ...]], list[tuple[Approval, str]]] = {}
    for approval in kept:
        for wording in approval.questions:
            found.setdefault((approval.language, bare_words(wording)), []).append((approval, wording))
    return found


def asks_the_same(asked: str, wording: str, understood: Callable[[str], Intent], shelf: Shelf) -> bool:
    """Say whether a question asks what an approved wording does: its words, attribute, facts, negations."""
    if likeness(asked, wording) < BOUND:
        return False
    plain, plain_wording = without_small_talk(asked), without_small_talk(wording)
    signature = _signature(plain, understood(plain), shelf)
    return signature == _signature(plain_wording, understood(plain_wording), shelf)


def compose_approved(question: Question, approval: Approval, shelf: Shelf, today: date) -> Draft:
    """Return the approved text, marked as approved with its date, with the facts of its measures below."""
    writer = Writer(question.language)
    approved_on = datetime.fromisoformat(approval.changed_at).astimezone(CHINA_TIME).date()
    numbers = "\u3001".join(notice.document_number for notice in shelf.notices)
    writer.say("note.approved", date=day_of(approved_on, question.language), document_number=numbers)
    writer.paragraph()
    cited = [shelf.passage(passage_id) for passage_id in approval.passages]
    for passage in cited:
        writer.cite(passage, shelf.notice_of(passage).source, passage.start, passage.end)
    writer.lines += marked(approval.text, len(cited)).split("\n")
    for passage in cited:
        measure = shelf.measure_of(passage)
        if measure is not None:
            writer.paragraph()
            if len(cited) > 1:
                writer.say(
                    "measure.head", number=measure.number, title=title_of(passage, question.language, shelf)
                )
            write_facts(writer, measure, passage, shelf, today)
    return writer.draft(approval.ending, engine=ENGINE, is_waived=approval.waiver is not None)


def marked(text: str, n_passages: int) -> str:
    """Return the text with a marker after each sentence that has none, where only one passage is cited."""
    if n_passages != 1:
        return text
    lines = []
    for line in text.split("\n"):
        sentences = [s for s in _SENTENCE_END.split(line) if s and s.strip()]
        lines.append("".join(s if _ENDS_MARKED.search(s) else f"{s} [1]" for s in sentences))
    return "\n".join(lines)


def _signature(text: str, intent: Intent, shelf: Shelf) -> Signature:
    facts = find_facts(read(text), shelf.units)
    return Signature(
        intent.kind.value,
        intent.facet.value,
        frozenset((fact.kind.value, str(fact.value)) for fact in facts),
        n_negations(text),
    )


def n_negations(text: str) -> int:
    """Count the words that deny; 能不能 and 是否 ask and do not deny."""
    table = patterns("approved")
    return len(table["negation"].findall(table["either_or"].sub("", text)))


def bound_hash(passage: Passage, shelf: Shelf) -> str:
    """Return the SHA-256 of all that a passage says, a measure's units and deadline included."""
    measure = shelf.measure_of(passage)
    end = facts_span(measure).end if measure else passage.end
    return hashlib.sha256(shelf.notice_of(passage).source[passage.start : end].encode()).hexdigest()


def passage_hashes(shelf: Shelf, passage_ids: Sequence[str]) -> dict[str, str]:
    """Return what an approval is bound to; KeyError for an unknown passage."""
    return {passage_id: bound_hash(shelf.passage(passage_id), shelf) for passage_id in passage_ids}
