"""Approved answers, and suggestions for the question bank."""

from typing import Any

from fastapi import Request, Response
from starlette.datastructures import FormData

from assistant.answer import Status
from assistant.database import storable
from assistant.errors import ReviewError
from assistant.review import approvals, cases, queue, verdicts
from assistant.review.accounts import Account, Role
from assistant.review.approvals import ENDINGS, Approval, ApprovalState
from assistant.review.desk import Desk
from assistant.review.verdicts import Verdict
from assistant.web.staff.forms import read_approval, show_measures
from assistant.web.staff.render import page
from assistant.web.staff.sheet import name_of, readable, sheet_of


def approvals_page(request: Request, desk: Desk, account: Account) -> Response:
    chosen = request.query_params.get("state", "")
    states = (ApprovalState(chosen),) if chosen in set(ApprovalState) else ()
    values = {
        "account": account,
        "here": "approvals",
        "approvals": approvals.current(desk.database, *states),
        "states": ApprovalState,
        "chosen": chosen,
        "is_editor": account.role.includes(Role.EDITOR),
        "name_of": lambda passage_id: name_of(passage_id, desk.shelf),
    }
    return page(request, "approvals.html", values)


def new_page(request: Request, desk: Desk, account: Account) -> Response:
    """Show the form of a new approval, filled from a checked answer where one is named."""
    answer_id = storable(request.query_params.get("answer", ""))
    proposal = _empty("", "zh", (), ending=Status.ANSWERED, text="", answer_id=None)
    if answer_id:
        _require_visible(desk, account, answer_id)
        with readable(answer_id):
            proposal = _proposal(desk, answer_id)
    also = queue.other_wordings(desk.database, answer_id, tuple(proposal.passages)) if answer_id else ()
    return _form_page(request, desk, account, proposal, also=also, versions=())


def approval_page(request: Request, desk: Desk, account: Account) -> Response:
    versions = _versions(desk, request.path_params["approval_id"])
    return _form_page(request, desk, account, versions[0], also=(), versions=versions)


def save(request: Request, desk: Desk, account: Account, form: FormData) -> str:
    """Approve a new answer, or a new version of one."""
    approval_id = str(form.get("approval_id", ""))
    earlier = _versions(desk, approval_id)[0] if approval_id else None
    approval = read_approval(form, desk.notices, earlier)
    if approval.answer_id and not earlier:
        _require_visible(desk, account, approval.answer_id)
    kept = desk.approve(account, approval, note=approval.note)
    return f"/staff/approvals/{kept.approval_id}"


def withdraw(request: Request, desk: Desk, account: Account, form: FormData) -> str:
    (newest, *_) = _versions(desk, request.path_params["approval_id"])
    desk.withdraw(account, newest, note=str(form.get("note", ""))[:500])
    return f"/staff/approvals/{newest.approval_id}"


def suggestions_page(request: Request, desk: Desk, account: Account) -> Response:
    chosen = request.query_params.get("state")
    state = chosen if chosen in {"accepted", "declined"} else "open"
    found = cases.suggestions(desk.database, state=state, limit=None if account.lead_units else 200)
    seen = queue.visible(desk.database, account, desk.notices, [one.answer_id for one in found])
    values = {
        "account": account,
        "here": "suggestions",
        "suggestions": [one for one in found if one.answer_id in seen],
        "state": state,
        "name_of": lambda passage_id: name_of(passage_id, desk.shelf),
    }
    return page(request, "suggestions.html", values)


def decide(request: Request, desk: Desk, account: Account, form: FormData) -> str:
    accepts = form.get("decision") == "accept"
    question = str(form.get("question", ""))
    answer_id = storable(request.path_params["answer_id"])
    if not queue.visible(desk.database, account, desk.notices, [answer_id]):
        raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
    desk.decide_suggestion(account, answer_id, accepts=accepts, question=question)
    return "/staff/suggestions"


def _form_page(
    request: Request,
    desk: Desk,
    account: Account,
    approval: Approval,
    *,
    also: tuple[str, ...],
    versions: tuple[Approval, ...],
) -> Response:
    known = {key: desk.shelf.passage(key) for key in approval.passages if _is_known(desk, key)}
    values: dict[str, Any] = {
        "account": account,
        "here": "approvals",
        "approval": approval,
        "also": also,
        "versions": versions,
        "passages": known,
        "measures": show_measures(tuple(approval.passages)),
        "endings": ENDINGS,
        "is_editor": account.role.includes(Role.EDITOR),
        "name_of": lambda passage_id: name_of(passage_id, desk.shelf),
    }
    return page(request, "approval.html", values)


def _proposal(desk: Desk, answer_id: str) -> Approval:
    """Return an approval to begin with: what the reviewer corrected, else what was answered."""
    trace = desk.trace(answer_id)
    if trace is None:  # deleted since
        raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
    standing = next((one for one in verdicts.of_answer(desk.database, answer_id) if one.is_standing), None)
    sheet = sheet_of(trace, desk.shelf)
    passage_ids, ending = sheet.cited, Status(sheet.status)
    text = "\n".join(line.text for line in sheet.lines if line.tick == "ok" and "\uff1a" not in line.text[:8])
    if standing:
        passage_ids, ending = cases.expected(trace["answer"], standing.judgement)
        if standing.judgement.verdict is not Verdict.RIGHT:
            text = standing.judgement.corrected_text or ""
    ending = ending if ending in ENDINGS else Status.ANSWERED
    language = "en" if sheet.language == "en" else "zh"
    return _empty(sheet.question, language, passage_ids, ending=ending, text=text, answer_id=answer_id)


def _empty(
    question: str,
    language: str,
    passage_ids: tuple[str, ...],
    *,
    ending: Status,
    text: str,
    answer_id: str | None,
) -> Approval:
    return Approval(
        approval_id="",
        version=0,
        state=ApprovalState.ACTIVE,
        language=language,
        questions=(question,) if question else (),
        ending=ending,
        text=text,
        passages=dict.fromkeys(passage_ids, ""),
        waiver=None,
        answer_id=answer_id,
        changed_by="",
        changed_at="",
        note="",
    )


def _versions(desk: Desk, approval_id: str) -> tuple[Approval, ...]:
    """Return all versions of an approval, newest first; ReviewError where there is none."""
    versions = approvals.history(desk.database, storable(approval_id))
    if not versions:
        raise ReviewError("approval.unknown", approval_id=approval_id[:40])
    return versions


def _require_visible(desk: Desk, account: Account, answer_id: str) -> None:
    if queue.item(desk.database, account, desk.notices, answer_id, now=desk.now()) is None:
        raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])


def _is_known(desk: Desk, passage_id: str) -> bool:
    try:
        desk.shelf.passage(passage_id)
    except KeyError:
        return False
    return True
