"""What anybody may see of a recorded answer: as it was given, and what staff found of it since."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from assistant.answer import Answer, Citation, Question, Status
from assistant.approved import compose_approved, passage_hashes
from assistant.cite import cite
from assistant.database import stamp
from assistant.database.tables import answers
from assistant.facts import find_facts, read
from assistant.review import approvals, verdicts
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.cases import expected
from assistant.review.desk import Desk
from assistant.review.verdicts import Given, Verdict

_NOT_WORDS = re.compile(r"\[\d+\]|[\s*_>#-]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What staff found wrong with an answer."""

    found_at: datetime
    is_partly_right: bool
    corrected: Answer | None  # what holds instead; None: nobody has written it yet


@dataclass(frozen=True, slots=True)
class Published:
    """A recorded answer."""

    answer: Answer  # as it was given
    asked_at: datetime
    finding: Finding | None  # None: not checked, or found right


def published(desk: Desk, answer_id: str) -> Published | None:
    """Return a recorded answer; None where there is none of this id. Raises RecordsError.

    An approved answer that came from it and is in use holds before a verdict's correction.
    """
    query = select(answers.c.asked_at, answers.c.trace).where(answers.c.answer_id == answer_id)
    with desk.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    fields = json.loads(row.trace)["answer"]
    answer = answer_of(fields)
    finding = _approved(desk, answer) or _judged(desk, answer, fields)
    return Published(answer, datetime.fromisoformat(row.asked_at), finding)


def answer_of(fields: Mapping[str, Any]) -> Answer:
    """Return the answer that `Answer.as_dict` gave."""
    citations = (Citation(**{**c, "lead_units": tuple(c["lead_units"])}) for c in fields["citations"])
    return Answer(
        **{
            **fields,
            "status": Status(fields["status"]),
            "citations": tuple(citations),
            "related": tuple(fields["related"]),
            "follow_ups": tuple(fields["follow_ups"]),
        }
    )


def _approved(desk: Desk, answer: Answer) -> Finding | None:
    approval = approvals.of_answer(desk.database, answer.answer_id)
    if approval is None or not _is_in_use(desk, approval) or _words(approval.text) == _words(answer.text):
        return None
    question = Question(answer.question, answer.question, answer.lang)
    draft = compose_approved(question, approval, desk.shelf, desk.today())
    version = answer.index_version or ""
    corrected = cite(draft, question, desk.shelf, answer_id=answer.answer_id, index_version=version)
    return Finding(datetime.fromisoformat(approval.changed_at), is_partly_right=False, corrected=corrected)


def _is_in_use(desk: Desk, approval: Approval) -> bool:
    if approval.state is not ApprovalState.ACTIVE:
        return False
    try:
        return passage_hashes(desk.shelf, tuple(approval.passages)) == approval.passages
    except KeyError:
        return False


def _judged(desk: Desk, answer: Answer, fields: Mapping[str, Any]) -> Finding | None:
    standing = [one for one in verdicts.of_answer(desk.database, answer.answer_id) if one.is_standing]
    if not standing or standing[-1].judgement.verdict is Verdict.RIGHT:
        return None
    verdict = standing[-1]
    return Finding(
        datetime.fromisoformat(verdict.reviewed_at),
        is_partly_right=verdict.judgement.verdict is Verdict.PARTLY,
        corrected=_corrected(desk, answer, fields, verdict),
    )


def _corrected(desk: Desk, answer: Answer, fields: Mapping[str, Any], verdict: Given) -> Answer | None:
    """Return the answer in a reviewer's words, with those of its citations that were found right.

    Nobody else has read these words yet: they are shown only where the fact gate has nothing against them.
    """
    judgement = verdict.judgement
    if judgement.corrected_text is None:
        return None
    passage_ids, status = expected(fields, judgement)
    if not _is_borne_out(desk, answer, judgement.corrected_text, passage_ids, status):
        return None
    kept = tuple(citation for citation in answer.citations if citation.passage_id in passage_ids)
    cited = {citation.passage_id for citation in kept}
    return replace(
        answer,
        status=status,
        text=judgement.corrected_text,
        citations=kept,
        related=tuple(passage_id for passage_id in passage_ids if passage_id not in cited),
    )


def _is_borne_out(
    desk: Desk, answer: Answer, text: str, passage_ids: tuple[str, ...], status: Status
) -> bool:
    if not passage_ids:  # "there is nothing on this" needs no source, as long as it states no fact
        return status is not Status.ANSWERED and not tuple(find_facts(read(text), desk.shelf.units))
    proposal = Approval(
        approval_id="",
        version=0,
        state=ApprovalState.ACTIVE,
        language="en" if answer.lang == "en" else "zh",
        questions=(answer.question,),
        ending=status,
        text=text,
        passages=dict.fromkeys(passage_ids, ""),
        waiver=None,
        answer_id=None,
        changed_by="",
        changed_at=stamp(desk.now()),
        note="",
    )
    try:
        return not desk.problems(proposal)
    except KeyError:  # a passage that the notice no longer has
        return False


def _words(text: str) -> str:
    """Return what a text says, without Markdown, markers and spaces."""
    return _NOT_WORDS.sub("", text)
