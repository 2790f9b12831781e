"""Tables out of the records, and in again: CSV, Excel, JSON lines.

A cell may hold what a stranger typed. A spreadsheet takes text that begins like a formula
for one, and runs it (OWASP, CSV injection): such text never reaches it as it is.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.errors import ImportRefused
from assistant.review.insight import Accuracy, Insight

Row = Sequence[Any]
Table = tuple[Sequence[str], Iterable[Row]]  # the head, and rows as wide as it

# Full-width signs too: a spreadsheet in Chinese takes them for the others. One that was
# already marked is marked again, so that reading takes off exactly what writing put on.
_RISKY = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARKED = re.compile(f"'(?={_RISKY.pattern})")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDEST = 60  # characters; a column of questions would fill the screen
_SHOWN_CHARS = 60  # of a value in a message


def csv_bytes(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table in UTF-8 with a byte order mark (Excel guesses wrong without), lines ended by CRLF.

    Text that begins like a formula gets an apostrophe in front; numbers are what they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_csv_cell(name) for name in head])
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Mapping[str, Table]) -> bytes:
    """Return a workbook with a sheet for each table; a name has at most 31 characters, none of []:*?/\\.

    Text is text, never a formula, a date or an error, whatever it looks like; Excel's limit of
    32,767 characters cuts it off.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (0.2 s, only an export needs it)

    book = Workbook()
    book.remove(book.active)
    for name, (head, rows) in sheets.items():
        _fill(book.create_sheet(name), head, list(rows))
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def json_lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return one JSON object a line, UTF-8; keys in the order in which they come."""
    lines = (json.dumps(dict(row), ensure_ascii=False, allow_nan=False) for row in rows)
    return "".join(f"{_storable(line)}\n" for line in lines).encode()


def read_csv(raw: bytes, columns: Sequence[str]) -> list[dict[str, str]]:
    """Return the rows of a file that has exactly these columns, in any order; rows without text are left out.

    Raises ImportRefused for another encoding than UTF-8 and GB18030, other columns, a row that is
    longer or shorter than the head, a broken quotation and a file without a row.
    """
    return [row for _, row in read_numbered_csv(raw, columns)]


def read_numbered_csv(raw: bytes, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows as `read_csv` does, each with the line it begins on."""
    lines = _lines(_decoded(raw))
    if not lines:
        raise ImportRefused("the file is empty")
    (first, head), *rows = lines
    head = [name.strip() for name in head]
    if sorted(head) != sorted(columns):
        raise ImportRefused(f"line {first}: the columns are {_list(head)}, not {_list(columns)}")
    if not rows:
        raise ImportRefused(f"line {first}: no row follows the columns {_list(head)}")
    for line, cells in rows:
        if len(cells) != len(head):
            raise ImportRefused(
                f"line {line}: {len(cells)} cells, not {len(head)}, in the row {_shown(','.join(cells))}"
            )
    return [(line, dict(zip(head, map(_unmarked, cells), strict=True))) for line, cells in rows]


def xml_text(text: str) -> str:
    """Return text without the characters that no XML, and so no Office file, can hold."""
    return _NOT_IN_XML.sub("", text)


def insight_tables(insight: Insight) -> dict[str, Table]:
    """Return what the records say of a period, as tables; shares are 0 … 1, times in ms."""
    counts = {
        "status": insight.by_status,
        "language": insight.by_language,
        "engine": insight.by_engine,
        "verdict": insight.verdicts,
        "feedback_reason": insight.feedback.by_reason,
    }
    statuses = list(insight.by_status)
    return {
        "summary": (("figure", "value"), _summary(insight)),
        "counts": (("of", "name", "count"), [(of, *one) for of, by in counts.items() for one in by.items()]),
        "days": (
            ("day", "total", *statuses),
            [
                (day.day.isoformat(), day.total, *(day.by_status.get(status, 0) for status in statuses))
                for day in insight.days
            ],
        ),
        "measures": (
            ("notice", "section", "measure", "title", "cited", "not_stated", "wrong"),
            [
                (one.notice_id, one.section, one.number, one.title, one.cited, one.not_stated, one.wrong)
                for one in insight.measures
            ],
        ),
        "sections": (
            ("notice", "section", "title", "cited"),
            [(one.notice_id, one.number, one.title, one.cited) for one in insight.sections],
        ),
        "weeks": (
            ("week", "right", "checked", "unchecked", "share", "low", "high"),
            [(week.week, *_accuracy_row(week.accuracy)) for week in insight.weeks],
        ),
    }


def _summary(insight: Insight) -> list[Row]:
    right, checked, unchecked, share, low, high = _accuracy_row(insight.accuracy)
    return [
        ("since", insight.since.isoformat() if insight.since else None),
        ("until", insight.until.isoformat() if insight.until else None),
        ("questions", insight.total),
        ("p50_ms", insight.times.p50),
        ("p90_ms", insight.times.p90),
        ("p99_ms", insight.times.p99),
        ("helpful", insight.feedback.helpful),
        ("unhelpful", insight.feedback.unhelpful),
        ("sampled_right", right),
        ("sampled_checked", checked),
        ("sampled_unchecked", unchecked),
        ("accuracy", share),
        ("accuracy_low", low),
        ("accuracy_high", high),
        ("checked_twice", insight.agreement.n),
        ("alike", insight.agreement.alike),
        ("kappa", insight.agreement.kappa),
    ]


def _accuracy_row(accuracy: Accuracy) -> Row:
    low, high = accuracy.interval if accuracy.n else (None, None)
    return (accuracy.right, accuracy.n, accuracy.unchecked, accuracy.share, low, high)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _text(value: object) -> str:
    return "" if value is None else xml_text(str(value))


def _csv_cell(value: object) -> object:
    if _is_number(value):
        return value
    text = _text(value)
    return f"'{text}" if _RISKY.match(text) else text


def _unmarked(cell: str) -> str:
    return cell[1:] if _MARKED.match(cell) else cell


def _fill(sheet: Any, head: Sequence[str], rows: Sequence[Row]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for n_row, row in enumerate([head, *rows], start=1):
        for n_column, value in enumerate(row, start=1):
            if value is not None:
                _set(sheet.cell(n_row, n_column), value)
    for n_column, column in enumerate(zip(head, *rows, strict=True), start=1):
        sheet.cell(1, n_column).font = Font(bold=True)
        widest = max(_width(_text(value)) for value in column)
        sheet.column_dimensions[get_column_letter(n_column)].width = min(widest, _WIDEST) + 2
    sheet.freeze_panes = "A2"


def _set(cell: Any, value: object) -> None:
    if _is_number(value):
        cell.value = value
        return
    cell.value = _text(value)
    cell.data_type = "s"  # whatever openpyxl took it for
    cell.quotePrefix = True  # it stays text when somebody edits the cell


def _width(text: str) -> int:
    """Return how wide the longest line is: a Chinese character takes two places."""
    lines = text.splitlines() or [""]
    return max(sum(1 if ord(character) < 0x2E80 else 2 for character in line) for line in lines)


def _storable(line: str) -> str:
    return line.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair


def _decoded(raw: bytes) -> str:
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise ImportRefused(f"line {line}: a NUL byte; the file must be CSV in UTF-8 or GB18030")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as fault:
            line, found = raw[: fault.start].count(b"\n") + 1, raw[fault.start : fault.start + 4]
    raise ImportRefused(f"line {line}: the bytes {found.hex(' ')} are neither UTF-8 nor GB18030")


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Return each row that has any text, with the line it begins on."""
    printed = list(io.StringIO(text, newline=""))
    reader = csv.reader(printed, strict=True)
    found, begins = [], 1
    try:
        for cells in reader:
            if any(_unmarked(cell).strip() for cell in cells):
                found.append((begins, cells))
            begins = reader.line_num + 1
    except csv.Error as fault:
        raise ImportRefused(f"line {begins}: {fault}, in {_shown(printed[begins - 1])}") from fault
    return found


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_shown, names))


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN_CHARS else f"{value[:_SHOWN_CHARS]}\u2026")
