"""Approved answers in files: out of the records as JSON lines or CSV, and in again, row by row."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.database import Database
from assistant.errors import ImportRefused, ReviewError
from assistant.review import approvals
from assistant.review.accounts import Account, Role
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.desk import Desk, require
from assistant.review.export import csv_bytes, json_lines, read_numbered_csv

COLUMNS = ("language", "ending", "questions", "text", "measures", "waiver")
_LANGUAGES = ("zh", "en")

NumberedRow = tuple[int, Mapping[str, Any]]  # the line it begins on, its fields


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the rows of a file."""

    kept: tuple[Approval, ...]
    refused: tuple[tuple[int, ReviewError], ...]  # line, why


def export_approved(database: Database, *, as_csv: bool) -> tuple[int, bytes]:
    """Return how many approved answers are in use, and all of them as a file.

    CSV has COLUMNS, the wordings a line each in one cell, the passage ids with spaces between;
    JSON lines have everything that is kept of them.
    """
    active = approvals.current(database, ApprovalState.ACTIVE)
    if as_csv:
        return len(active), csv_bytes(COLUMNS, map(_csv_row, active))
    return len(active), json_lines(map(approvals.as_fields, active))


def read_approved(raw: bytes, *, as_csv: bool) -> list[NumberedRow]:
    """Return the rows of such a file; ImportRefused for one that cannot be read at all.

    A row of JSON that is no object is left for the import to refuse: its fields are empty.
    """
    if as_csv:
        return list(read_numbered_csv(raw, COLUMNS))
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise ImportRefused(f"line {line}: not UTF-8") from fault
    rows = [(number, _object(line)) for number, line in enumerate(lines, start=1) if line.strip()]
    if not rows:
        raise ImportRefused("the file is empty")
    return rows


def import_approved(desk: Desk, account: Account, rows: Sequence[NumberedRow], *, note: str) -> Imported:
    """Approve each row by itself, as an editor does on the pages: fact gate and doubles included.

    Raises ReviewError where the account is no editor's.
    """
    require(account, Role.EDITOR)
    kept, refused = [], []
    for line, fields in rows:
        try:
            kept.append(desk.approve(account, _approval(fields, account, desk), note=note))
        except ReviewError as error:
            refused.append((line, error))
    return Imported(tuple(kept), tuple(refused))


def _approval(fields: Mapping[str, Any], account: Account, desk: Desk) -> Approval:
    if not fields:
        raise ReviewError("approval.broken_line")
    if fields.get("language") not in _LANGUAGES:
        raise ReviewError("approval.broken_field", field="language")
    questions, measures = fields.get("questions"), fields.get("measures")
    whole = dict(fields)
    if isinstance(questions, str):
        whole["questions"] = questions.splitlines()
    if isinstance(measures, str):
        measures = measures.split()
    if "passages" not in fields and isinstance(measures, list):
        whole["passages"] = {str(measure): "" for measure in measures}
    return approvals.read_fields(whole, actor=account.name, now=desk.now())


def _object(line: str) -> Mapping[str, Any]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _csv_row(approval: Approval) -> Sequence[str]:
    return (
        approval.language,
        approval.ending.value,
        "\n".join(approval.questions),
        approval.text,
        " ".join(approval.passages),
        approval.waiver or "",
    )
