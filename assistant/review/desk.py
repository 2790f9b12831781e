"""The desk at which staff work: the records, the notices they are held against, and the approved answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Self

from assistant.answer import Draft, Language, Question
from assistant.approved import ApprovalBook, bound_hash, compose_approved, passage_hashes
from assistant.database import Database, stamp
from assistant.errors import ReviewError
from assistant.fact_gate import FactGate
from assistant.record import Journal
from assistant.review import approvals, cases, queue, verdicts
from assistant.review.accounts import Account, Role
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.themes import Encode
from assistant.review.verdicts import Judgement
from assistant.shelf import Shelf
from corpus.notice import Notice
from corpus.passages import passages


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Everything the staff pages and commands work with."""

    database: Database
    shelf: Shelf
    book: ApprovalBook
    gate: FactGate
    second_share: float
    clock: Callable[[], date]  # the day that answers are given as of
    now: Callable[[], datetime] = _utc_now
    encode: Encode | None = None  # questions to vectors of length 1, for the themes; None: there are none

    @classmethod
    def open(
        cls,
        database: Database,
        shelf: Shelf,
        *,
        second_share: float = 0.1,
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], date] = date.today,
        encode: Encode | None = None,
    ) -> Self:
        """Set up; approvals whose source has changed are suspended before anything is answered."""
        approvals.suspend_changed(database, hashes_of(shelf), now=now())
        return cls(
            database, shelf, ApprovalBook(database, shelf), FactGate(shelf), second_share, clock, now, encode
        )

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self.shelf.notices

    def today(self) -> date:
        return self.clock()

    def trace(self, answer_id: str) -> dict[str, Any] | None:
        """Return the recorded trace of an answer; None if there is none."""
        return Journal(self.database).trace(answer_id)

    def judge(self, account: Account, answer_id: str, judgement: Judgement) -> queue.State:
        """Keep a verdict; see verdicts.judge. ReviewError where the account may not see the answer."""
        if queue.item(self.database, account, self.notices, answer_id, now=self.now()) is None:
            raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
        return verdicts.judge(
            self.database,
            account,
            answer_id,
            judgement,
            notices=self.notices,
            second_share=self.second_share,
            now=self.now(),
        )

    def approve(self, account: Account, approval: Approval, *, note: str = "") -> Approval:
        """Approve a new answer or a new version of one, as of the source's text today.

        Raises ReviewError where the account is no editor's, a passage is unknown, or
        the fact gate objects and no reason is given why the text may stand.
        """
        require(account, Role.EDITOR)
        approval = approvals.checked(self._as_of_today(account, approval, note))
        problems = self.problems(approval)
        # What a waiver cannot help: the answer would be withheld from every user.
        withheld = self.gate.check(replace(self.draft(approval), is_waived=True), self.today()).problems
        if withheld or (problems and not approval.waiver):
            raise ReviewError("approval.gate", problems="; ".join(withheld or problems))
        if not problems:
            approval = replace(approval, waiver=None)  # nothing to be waived
        kept = approvals.keep(self.database, approval, action="approval")
        self.book.follow(at_once=True)
        return kept

    def withdraw(self, account: Account, approval: Approval, *, note: str) -> Approval:
        """Use an approved answer no longer."""
        require(account, Role.EDITOR)
        withdrawn = replace(
            approval,
            state=ApprovalState.WITHDRAWN,
            changed_by=account.name,
            changed_at=stamp(self.now()),
            note=note,
        )
        kept = approvals.keep(self.database, withdrawn, action="approval_withdrawn")
        self.book.follow(at_once=True)
        return kept

    def problems(self, approval: Approval) -> tuple[str, ...]:
        """Return what the fact gate has against an approval's text; () where it may be shown."""
        checked = self.gate.check(replace(self.draft(approval), is_waived=False), self.today())
        return (*checked.problems, *checked.repairs)

    def draft(self, approval: Approval) -> Draft:
        """Return the answer as a user will be shown it."""
        question = Question(approval.questions[0], approval.questions[0], _language(approval))
        return compose_approved(question, approval, self.shelf, self.today())

    def decide_suggestion(self, account: Account, answer_id: str, *, accepts: bool, question: str) -> None:
        require(account, Role.EDITOR)
        cases.decide(
            self.database, answer_id, accepts=accepts, question=question, actor=account.name, now=self.now()
        )

    def _as_of_today(self, account: Account, approval: Approval, note: str) -> Approval:
        try:
            hashes = passage_hashes(self.shelf, tuple(approval.passages))
        except KeyError as fault:
            raise ReviewError("review.unknown_measure", measure=str(fault)) from fault
        return replace(
            approval,
            state=ApprovalState.ACTIVE,
            passages=hashes,
            changed_by=account.name,
            changed_at=stamp(self.now()),
            note=note,
        )


def require(account: Account, role: Role) -> None:
    """Raise ReviewError unless an account may do what a role may."""
    if not account.role.includes(role):
        raise ReviewError("review.not_allowed", role=role)


def hashes_of(shelf: Shelf) -> Mapping[str, str]:
    """Return what approvals are bound to, for every passage by its id."""
    return {p.passage_id: bound_hash(p, shelf) for notice in shelf.notices for p in passages(notice)}


def _language(approval: Approval) -> Language:
    return "en" if approval.language == "en" else "zh"
