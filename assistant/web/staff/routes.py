"""The routes of the staff pages: each reads the request, asks the desk, and shows a template."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from assistant.database import storable
from assistant.errors import RecordsError, ReviewError, SignInRefused
from assistant.review import accounts
from assistant.review.accounts import Account, Role
from assistant.review.desk import Desk, require
from assistant.web.staff import approving, checking, overview
from assistant.web.staff.render import HEADERS, language_of, page
from assistant.web.staff.session import (
    ForeignRequest,
    NotSignedIn,
    StaffSettings,
    account_of,
    begin,
    end,
    require_own_page,
)
from prompts import words

log = logging.getLogger(__name__)
SIGN_IN = "/staff/sign-in"
MAX_FIELDS = 200  # of a form; the longest has a few lists of boxes to tick
_Page = Callable[[Request, Desk, Account], Response]
_Action = Callable[[Request, Desk, Account, FormData], str]  # returns the address to go on to

PAGES: dict[str, tuple[_Page, Role]] = {
    "/staff/queue": (checking.queue_page, Role.REVIEWER),
    "/staff/next": (checking.next_page, Role.REVIEWER),
    "/staff/check/{answer_id}": (checking.sheet_page, Role.REVIEWER),
    "/staff/approvals": (approving.approvals_page, Role.REVIEWER),
    "/staff/approvals/new": (approving.new_page, Role.EDITOR),
    "/staff/approvals/{approval_id}": (approving.approval_page, Role.REVIEWER),
    "/staff/suggestions": (approving.suggestions_page, Role.EDITOR),
    "/staff/insight": (overview.insight_page, Role.REVIEWER),
    "/staff/insight/{name}": (overview.insight_file, Role.REVIEWER),
    "/staff/memo": (overview.memo_file, Role.REVIEWER),
    "/staff/export/{name}": (overview.export_file, Role.EDITOR),
    "/staff/log": (overview.log_page, Role.ADMINISTRATOR),
}
ACTIONS: dict[str, tuple[_Action, Role]] = {
    "/staff/check/{answer_id}": (checking.judge, Role.REVIEWER),
    "/staff/check/{answer_id}/release": (checking.release, Role.REVIEWER),
    "/staff/approvals": (approving.save, Role.EDITOR),
    "/staff/approvals/{approval_id}/withdraw": (approving.withdraw, Role.EDITOR),
    "/staff/suggestions/{answer_id}": (approving.decide, Role.EDITOR),
}


def router(desk: Desk, settings: StaffSettings) -> APIRouter:
    """Return all routes below /staff."""
    routes = APIRouter()

    @routes.get("/staff")
    @routes.get("/staff/")
    def start() -> Response:
        return RedirectResponse("/staff/queue", 303)

    for path, (show, role) in PAGES.items():
        routes.add_api_route(path, _showing(desk, settings, show, role), methods=["GET"])
    for path, (act, role) in ACTIONS.items():
        routes.add_api_route(path, _acting(desk, settings, act, role), methods=["POST"])

    @routes.get(SIGN_IN)
    def sign_in_page(request: Request) -> Response:
        return _sign_in_page(request, desk, _own_path(request.query_params.get("next", "")))

    @routes.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        form = await _form_of(request)
        if form is None:
            return _fault(request, 400, words("staff", "fault.foreign", language_of(request)))
        return await run_in_threadpool(_sign_in, request, desk, settings, form)

    @routes.post("/staff/sign-out")
    def sign_out(request: Request) -> Response:
        response = RedirectResponse(SIGN_IN, 303)
        try:
            require_own_page(request)
            accounts.sign_out(desk.database, request.cookies.get("staff_session", ""), now=desk.now())
        except ForeignRequest:
            return _fault(request, 403, words("staff", "fault.foreign", language_of(request)))
        except RecordsError as fault:
            return _fault(request, 503, _records_fault(request, fault))
        end(response)
        return response

    return routes


def _showing(desk: Desk, settings: StaffSettings, show: _Page, role: Role) -> Callable[[Request], Response]:
    def showing(request: Request) -> Response:
        try:
            account = account_of(request, desk, settings)
            require(account, role)
            return show(request, desk, account)
        except NotSignedIn:
            asked_for = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"{SIGN_IN}?next={quote(asked_for, safe='')}", 303)
        except ReviewError as error:
            return _fault(request, _status_of(error), _sentence(request, error))
        except RecordsError as fault:
            return _fault(request, 503, _records_fault(request, fault))

    return showing


def _acting(
    desk: Desk, settings: StaffSettings, act: _Action, role: Role
) -> Callable[[Request], Awaitable[Response]]:
    """Return a route that keeps a form, or says why not; staff.js shows that beside what was typed."""

    async def acting(request: Request) -> Response:
        form = await _form_of(request)
        if form is None:
            return _refused(request, 400, words("staff", "fault.foreign", language_of(request)))
        return await run_in_threadpool(kept, request, form)

    def kept(request: Request, form: FormData) -> Response:
        try:
            require_own_page(request)
            account = account_of(request, desk, settings)
            require(account, role)
            target = act(request, desk, account, form)
        except NotSignedIn:
            return _refused(request, 401, words("staff", "fault.signed_out", language_of(request)))
        except ForeignRequest:
            return _refused(request, 403, words("staff", "fault.foreign", language_of(request)))
        except ReviewError as error:
            return _refused(request, _status_of(error), _sentence(request, error))
        except RecordsError as fault:
            return _refused(request, 503, _records_fault(request, fault))
        if _wants_json(request):
            return JSONResponse({"next": target}, headers=HEADERS)
        return RedirectResponse(target, 303)

    return acting


async def _form_of(request: Request) -> FormData | None:
    """Return the fields of a form; None for a body that is none of our pages'."""
    try:
        return await request.form(max_files=0, max_fields=MAX_FIELDS)
    except HTTPException:  # so the library says it, in words of its own
        return None


def _sign_in_page(
    request: Request, desk: Desk, target: str, *, problem: str = "", name: str = "", status: int = 200
) -> Response:
    try:
        has_accounts = bool(accounts.accounts(desk.database))
    except RecordsError as fault:
        return _fault(request, 503, _records_fault(request, fault))
    values = {"problem": problem, "name": name, "next": target, "has_accounts": has_accounts}
    return page(request, "sign_in.html", values, status=status)


def _sign_in(request: Request, desk: Desk, settings: StaffSettings, form: FormData) -> Response:
    name, password = str(form.get("name", "")), str(form.get("password", ""))
    target, language = _own_path(str(form.get("next", ""))), language_of(request)
    try:
        require_own_page(request)
        token = accounts.sign_in(desk.database, name[:200], password[:1000], now=desk.now())
    except ForeignRequest:
        return _fault(request, 403, words("staff", "fault.foreign", language))
    except SignInRefused as refused:
        problem = words("staff", f"sign_in.{refused.reason}", language)
        return _sign_in_page(request, desk, target, problem=problem, name=name[:200], status=403)
    except RecordsError as fault:
        return _fault(request, 503, _records_fault(request, fault))
    response = RedirectResponse(target, 303)
    begin(response, token, settings)
    return response


def _own_path(path: str) -> str:
    """Return where to go after signing in: a staff page, whatever the address says."""
    path = storable(path)
    is_ours = path.startswith("/staff/") and "\\" not in path and not path.startswith(SIGN_IN)
    return path if is_ours else "/staff/queue"


def _status_of(error: ReviewError) -> int:
    if error.key in {
        "review.unknown_answer",
        "approval.unknown",
        "review.unknown_file",
        "review.unknown_unit",
    }:
        return 404
    if error.key == "review.unreadable":
        return 500
    if error.key in {"review.not_allowed", "review.needs_editor"}:
        return 403
    if error.key in {
        "review.taken",
        "review.checked_meanwhile",
        "approval.changed_meanwhile",
        "suggestion.decided",
    }:
        return 409
    return 422


def _sentence(request: Request, error: ReviewError) -> str:
    language = language_of(request)
    values = dict(error.values)
    if "role" in values:
        values["role"] = words("staff", f"role.{values['role']}", language)
    return words("staff", error.key, language, **values)


def _records_fault(request: Request, fault: RecordsError) -> str:
    """Say that the records failed; their own words stay in the program's log."""
    log.error("a staff page: %s", fault)
    return words("staff", "fault.records", language_of(request))


def _refused(request: Request, status: int, sentence: str) -> Response:
    if _wants_json(request):
        return JSONResponse({"detail": sentence, "sign_in": status == 401}, status, HEADERS)
    return _fault(request, status, sentence)


def _fault(request: Request, status: int, sentence: str) -> Response:
    values: dict[str, Any] = {"sentence": sentence, "is_signed_out": status == 401}
    return page(request, "fault.html", values, status=status)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
