"""Queue and check sheet."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from assistant.answer import Status
from assistant.database import storable
from assistant.errors import ReviewError
from assistant.review import approvals, feedback, queue, verdicts
from assistant.review.accounts import Account, Role
from assistant.review.approvals import ApprovalState
from assistant.review.desk import Desk
from assistant.review.priority import Reason
from assistant.review.queue import Item, State
from assistant.review.verdicts import REASONS, Given, Verdict
from assistant.web.staff.forms import read_filters, read_judgement, show_measures, whole
from assistant.web.staff.render import page
from assistant.web.staff.sheet import name_of, readable, sheet_of

PAGE_SIZE = 50
LAST_PAGE = 1_000_000


def queue_page(request: Request, desk: Desk, account: Account) -> Response:
    query = request.query_params
    filters = read_filters(query, desk.notices)
    offset = (min(whole(query.get("page", "")) or 1, LAST_PAGE) - 1) * PAGE_SIZE
    found = queue.items(
        desk.database, account, desk.notices, filters, now=desk.now(), limit=PAGE_SIZE, offset=offset
    )
    kept = {key: value for key, value in query.items() if value and key not in {"page", "lang"}}
    values: dict[str, Any] = {
        "account": account,
        "here": "queue",
        "items": found.items,
        "total": found.total,
        "first": offset + 1,
        "counts": queue.counts(desk.database, account, desk.notices),
        "filters": filters,
        "measure": query.get("measure", ""),
        "states": State,
        "reasons": Reason,
        "statuses": Status,
        "rechecks": approvals.current(desk.database, ApprovalState.SUSPENDED),
        "previous": _page_link(kept, offset // PAGE_SIZE) if offset else None,
        "following": _page_link(kept, offset // PAGE_SIZE + 2) if offset + PAGE_SIZE < found.total else None,
    }
    return page(request, "queue.html", values)


def next_page(_request: Request, desk: Desk, account: Account) -> Response:
    """Go to what should be checked next; to the queue where nothing is left."""
    return RedirectResponse(_next(desk, account), 303)


def sheet_page(request: Request, desk: Desk, account: Account) -> Response:
    """Show an answer to be checked and take it, unless somebody else has it."""
    answer_id = storable(request.path_params["answer_id"])
    item = queue.item(desk.database, account, desk.notices, answer_id, now=desk.now())
    if item is None:
        raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
    with readable(answer_id):
        return _sheet_page(request, desk, account, item)


def _sheet_page(request: Request, desk: Desk, account: Account, item: Item) -> Response:
    answer_id = item.answer_id
    trace = desk.trace(answer_id)
    if trace is None:  # deleted since
        raise ReviewError("review.unknown_answer", answer_id=answer_id[:40])
    sheet = sheet_of(trace, desk.shelf)
    given = verdicts.of_answer(desk.database, answer_id)
    may_check = _may_check(item.state, account, given)
    taken_by = queue.take(desk.database, account, answer_id, now=desk.now()) if may_check else None
    # A second reviewer judges unseen; whoever may decide, or comes later, sees what was found.
    seen = () if item.state is State.SECOND and may_check else given
    values: dict[str, Any] = {
        "account": account,
        "here": "queue",
        "item": item,
        "sheet": sheet,
        "name_of": lambda passage_id: name_of(passage_id, desk.shelf),
        "given": seen,
        "feedback": feedback.of_answer(desk.database, answer_id),
        "taken_by": taken_by,
        "may_check": may_check and taken_by is None,
        "verdicts": tuple(Verdict),
        "reasons": REASONS,
        "statuses": Status,
        "measures": show_measures(sheet.cited),
        "approval": approvals.of_answer(desk.database, answer_id),
        "is_editor": account.role.includes(Role.EDITOR),
    }
    return page(request, "check.html", values)


def judge(request: Request, desk: Desk, account: Account, form: FormData) -> str:
    """Keep a verdict; go on to the next answer."""
    answer_id = storable(request.path_params["answer_id"])
    judgement = read_judgement(form, desk.notices)
    with readable(answer_id):  # a verdict makes a case of the trace
        desk.judge(account, answer_id, judgement)
    if form.get("then") == "approve" and account.role.includes(Role.EDITOR):
        return f"/staff/approvals/new?answer={answer_id}"
    return _next(desk, account)


def release(request: Request, desk: Desk, account: Account, _form: FormData) -> str:
    queue.release(desk.database, account, storable(request.path_params["answer_id"]))
    return "/staff/queue"


def _may_check(state: State, account: Account, given: Sequence[Given]) -> bool:
    """An editor may look again at what is handled; nobody checks twice what waits for a second one."""
    if state is State.SECOND:
        return not any(one.reviewer == account.name for one in given if one.is_standing)
    return state not in (State.DISPUTED, State.HANDLED) or account.role.includes(Role.EDITOR)


def _next(desk: Desk, account: Account) -> str:
    answer_id = queue.next_item(desk.database, account, desk.notices, now=desk.now())
    return f"/staff/check/{answer_id}" if answer_id else "/staff/queue"


def _page_link(kept: dict[str, str], number: int) -> str:
    return f"/staff/queue?{urlencode({**kept, 'page': str(number)})}"
