import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from assistant.database import Database
from assistant.errors import ImportRefused
from assistant.review.export import csv_bytes, insight_tables, json_lines, read_csv, xlsx_bytes, xml_text
from assistant.review.insight import insight
from corpus.notice import Notice
from tests.assistant.rows import answered, judged

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", '=HYPERLINK("http://x")')
COLUMNS = ("question", "measure")


def sheet(value: object) -> Any:
    return load_workbook(io.BytesIO(xlsx_bytes({"one": (("a",), [(value,)])})))["one"]


def test_csv_is_as_excel_reads_it() -> None:
    written = csv_bytes(("问题", "n"), [("多少钱", 1), (None, 0.5)])
    assert written == b"\xef\xbb\xbf" + "问题,n\r\n多少钱,1\r\n,0.5\r\n".encode()


@pytest.mark.parametrize("value", FORMULAS)
def test_csv_marks_what_begins_like_a_formula(value: str) -> None:
    assert read_csv(csv_bytes(("a",), [(value,)]), ("a",)) == [{"a": value}]
    assert f"'{value[0]}".encode() in csv_bytes(("a",), [(value,)])


def test_csv_leaves_numbers_as_they_are() -> None:
    assert csv_bytes(("kappa",), [(-0.25,)]).endswith(b"\r\n-0.25\r\n")


@given(
    st.lists(
        st.tuples(st.text(), st.text("'=+-@\t\r\nx,\"")).filter(lambda row: "".join(row).strip()), min_size=1
    )
)
def test_csv_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    kept = [dict(zip(COLUMNS, map(xml_text, row), strict=True)) for row in rows]
    readable = [row for row in kept if any(cell.strip() for cell in row.values())]
    if readable:
        assert read_csv(csv_bytes(COLUMNS, rows), COLUMNS) == readable


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_reads_columns_in_any_order(encoding: str) -> None:
    raw = "measure,question\r\nm07,联合验收\r\n,\r\n\r\n".encode(encoding)
    assert read_csv(raw, COLUMNS) == [{"question": "联合验收", "measure": "m07"}]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n,\r\n", "the file is empty"),
        (b"question,measure\r\n", "line 1: no row follows"),
        (b"question\r\nx\r\n", "line 1: the columns are 'question', not 'question', 'measure'"),
        (b"question,measure,measure\r\n", "line 1: the columns are"),
        (b"question,measur\r\nx,y\r\n", "'measur'"),
        (
            b'question,measure\r\nx,m01\r\n"a\r\nb",m02\r\nx,m03,y\r\n',
            "line 5: 3 cells, not 2, in the row 'x,m03,y'",
        ),
        (b"question,measure\r\nx\r\n", "line 2: 1 cells"),
        (b'question,measure\r\nx,"y\r\n', "line 2: unexpected end of data"),
        (b'question,measure\r\nx,"y"z\r\n', 'line 2: .* in \'x,"y"z'),
        (b"question,measure\r\nx,y\0\r\n", "line 2: a NUL byte"),
        ("question,measure\r\nx,y\r\n".encode("utf-16"), "line 1: a NUL byte"),
        (
            b"question,measure\r\nx,\xff\xff\r\n",
            "line 2: the bytes ff ff 0d 0a are neither UTF-8 nor GB18030",
        ),
    ],
)
def test_refuses_with_line_and_value(raw: bytes, said: str) -> None:
    with pytest.raises(ImportRefused, match=said):
        read_csv(raw, COLUMNS)


@pytest.mark.parametrize("value", [*FORMULAS[:4], "#N/A", "2024-06", "007"])
def test_a_workbook_has_text_where_there_was_text(value: str) -> None:
    cell = sheet(value)["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (value, "s", True)


@pytest.mark.parametrize(
    ("value", "read"), [(3, 3), (0.5, 0.5), (None, None), (True, "True"), ("a\x0b\ud800b", "ab")]
)
def test_a_workbook_holds_what_it_can(value: object, read: object) -> None:
    assert sheet(value)["A2"].value == read


def test_a_workbook_has_a_head_that_stays_and_columns_that_fit() -> None:
    written = sheet("联合验收" * 3)
    assert (written["A1"].font.bold, written.freeze_panes) == (True, "A2")
    assert written.column_dimensions["A"].width == 26


def test_json_lines_are_one_object_each() -> None:
    written = json_lines([{"b": "多少钱\u2028", "a": 1}, {}])
    assert list(map(json.loads, written.decode().split("\n")[:-1])) == [{"b": "多少钱\u2028", "a": 1}, {}]


def test_the_tables_of_a_period_are_as_wide_as_their_heads(database: Database, notice: Notice) -> None:
    judged(database, answered(database, cited=("m06",), is_sampled=True))
    tables = insight_tables(insight(database, [notice], since=None, until=None))
    widths: dict[str, Sequence[int]] = {
        name: sorted({len(row) for row in rows}) for name, (_, rows) in tables.items()
    }
    assert widths == {name: [len(head)] for name, (head, _) in tables.items()}
    assert ("accuracy", 1.0) in tables["summary"][1]
    assert load_workbook(io.BytesIO(xlsx_bytes(tables))).sheetnames == list(tables)


def test_the_tables_of_nothing_can_be_written(database: Database, notice: Notice) -> None:
    tables = insight_tables(insight(database, [notice], since=None, until=None))
    assert xlsx_bytes(tables)
    assert all(csv_bytes(*table) for table in tables.values())
