"""Insight, exports, the memo for a lead unit, and the audit log."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from assistant.errors import ReviewError
from assistant.review import approvals, audit, cases, export, insight, memo, plots, queue, themes
from assistant.review.accounts import Account
from assistant.review.desk import Desk
from assistant.web.staff.forms import read_period, whole
from assistant.web.staff.render import HEADERS, language_of, page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SVG = "image/svg+xml"
LINES_SHOWN = 100


def insight_page(request: Request, desk: Desk, account: Account) -> Response:
    query = request.query_params
    since, until = read_period(query)
    limited = queue.passages_of(account, desk.notices)
    found = insight.insight(desk.database, desk.notices, since=since, until=until, passage_ids=limited)
    period = {key: query[key] for key in ("since", "until") if query.get(key)}
    values: dict[str, Any] = {
        "account": account,
        "here": "insight",
        "found": found,
        "since": query.get("since", ""),
        "until": query.get("until", ""),
        "period": urlencode(period),
        "units": lead_units(desk, account),
        "largest": max((measure.cited for measure in found.measures), default=0) or 1,
        "busiest": max((day.total for day in found.days), default=0) or 1,
    }
    return page(request, "insight.html", values)


def insight_file(request: Request, desk: Desk, account: Account) -> Response:
    """Return a plot, the themes, or the figures as a file."""
    name = request.path_params["name"]
    since, until = read_period(request.query_params)
    if name == "themes":
        return _themes(request, desk, account, since, until)
    limited = queue.passages_of(account, desk.notices)
    found = insight.insight(desk.database, desk.notices, since=since, until=until, passage_ids=limited)
    language = language_of(request)
    if name == "accuracy.svg":
        return Response(
            _standalone(plots.accuracy_svg(found.weeks, language)), headers=HEADERS, media_type=_SVG
        )
    if name == "days.svg":
        return Response(_standalone(plots.days_svg(found.days, language)), headers=HEADERS, media_type=_SVG)
    tables = export.insight_tables(found)
    if name == "insight.xlsx":
        return _file(export.xlsx_bytes(tables), name, _XLSX)
    if name.endswith(".csv") and name.removesuffix(".csv") in tables:
        return _file(export.csv_bytes(*tables[name.removesuffix(".csv")]), name, "text/csv")
    raise ReviewError("review.unknown_file", name=name[:40])


def memo_file(request: Request, desk: Desk, account: Account) -> Response:
    """Return the memo for one lead unit as a Word document."""
    unit = request.query_params.get("unit", "")
    if unit not in lead_units(desk, account):
        raise ReviewError("review.unknown_unit", unit=unit[:40])
    since, until = read_period(request.query_params)
    found = memo.open_questions(desk.database, desk.notices, unit, since=since, until=until)
    return _file(memo.memo_docx(found, today=desk.today()), f"{unit}.docx", _DOCX)


def export_file(request: Request, desk: Desk, _account: Account) -> Response:
    """Return the approved answers or the regression set as a file."""
    name = request.path_params["name"]
    if name == "approved.jsonl":
        rows = [approvals.as_fields(one) for one in approvals.current(desk.database)]
        return _file(export.json_lines(rows), name, "application/jsonl")
    if name == "cases.jsonl":
        return _file(export.json_lines(cases.regression(desk.database)), name, "application/jsonl")
    raise ReviewError("review.unknown_file", name=name[:40])


def log_page(request: Request, desk: Desk, account: Account) -> Response:
    before = whole(request.query_params.get("before", ""))
    lines = audit.newest(desk.database, limit=LINES_SHOWN, before=before)
    n_lines, faults = audit.verify(desk.database)
    values = {
        "account": account,
        "here": "log",
        "lines": [(line, _readable(line.details)) for line in lines],
        "n_lines": n_lines,
        "faults": faults,
        "older": lines[-1].number if len(lines) == LINES_SHOWN and lines[-1].number > 1 else None,
    }
    return page(request, "log.html", values)


def _readable(details: str) -> str:
    """Return the details of a line as they read: JSON, but in its own characters; as they are if none."""
    try:
        told = json.loads(details)
    except ValueError:
        return details
    return json.dumps(told, ensure_ascii=False) if told else ""


def lead_units(desk: Desk, account: Account) -> tuple[str, ...]:
    """Return the lead units whose questions an account may see, in the notices' order."""
    names = dict.fromkeys(unit.name for measure in desk.shelf.measures for unit in measure.lead_units)
    return tuple(name for name in names if not account.lead_units or name in account.lead_units)


def _themes(
    request: Request, desk: Desk, account: Account, since: datetime | None, until: datetime | None
) -> Response:
    asked = themes.unanswered(desk.database, since=since, until=until)
    seen = queue.visible(desk.database, account, desk.notices, [one.answer_id for one in asked])
    asked = tuple(one for one in asked if one.answer_id in seen)
    found = themes.themes(asked, desk.encode) if desk.encode else ()
    values = {"account": account, "here": "insight", "themes": found, "n_asked": len(asked)}
    return page(request, "themes.html", values)


def _file(content: bytes, name: str, media_type: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, headers=headers, media_type=media_type)


def _standalone(svg: str) -> str:
    """An <svg> element that is a file of its own names its namespace."""
    return svg if "xmlns=" in svg else svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
