import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select

from assistant.__main__ import main
from assistant.database import Database
from assistant.database.tables import answers
from assistant.database.tables import cases as cases_table
from assistant.review import accounts, approvals, audit
from assistant.review.accounts import Role
from assistant.review.approvals import ApprovalState
from evals.cases import load_cases
from index.sources import accepted_path
from index.versions import index_root, versions
from tests.assistant.rows import NOW, answered, passage

Staff = Callable[..., tuple[int, str, str]]
CASE = {
    "id": "staff-1",
    "lang": "zh",
    "style": "",
    "kind": "howto",
    "question": "水电气怎么报装",
    "history": [],
    "measures": [6],
    "acceptable": [],
    "lead_units": ["市行政审批局"],
    "deadline": "2024年10月底前",
    "must_contain": [],
    "must_not_contain": [],
    "statuses": ["answered"],
    "note": "",
}
ROW = {
    "language": "zh",
    "ending": "answered",
    "questions": ["水电气报装去哪个窗口"],
    "text": "报装的牵头单位是市行政审批局。",
    "measures": passage("m06"),
    "waiver": "",
}


@pytest.fixture
def staff(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Staff:
    """Run `staff` with these arguments; give exit code, output and errors."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    if database.url.get_backend_name() == "postgresql":
        monkeypatch.setenv("ASSISTANT_DATABASE_URL", database.url.render_as_string(hide_password=False))

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["staff", *map(str, arguments)])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def editor(database: Database) -> str:
    accounts.add(database, "wang", "correct horse", Role.EDITOR, now=NOW, actor="test")
    return "wang"


def add_case(database: Database, answer_id: str, destination: str, **changes: Any) -> None:
    case = {**CASE, "id": f"staff-{answer_id}", **changes, "passages": [passage("m27")]}
    with database.writing() as connection:
        connection.execute(
            cases_table.insert().values(
                answer_id=answer_id,
                family="f",
                destination=destination,
                case=json.dumps(case),
                state=changes.get("state", "open"),
                question=case["question"],
                made_at="2026",
            )
        )


def rows_file(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_writes_the_regression_set_as_the_evaluation_reads_it(
    staff: Staff, database: Database, tmp_path: Path
) -> None:
    add_case(database, "1", "regression")
    add_case(database, "2", "regression", kind="out_of_scope", measures=[], lead_units=[], deadline=None)
    add_case(database, "3", "suggestion")
    out = tmp_path / "cases.jsonl"
    assert staff("export-cases", "--out", out) == (0, f"2 cases: {out}\n", "")
    assert [case.case_id for case in load_cases(out)] == ["staff-1", "staff-2"]


def test_writes_nothing_where_there_is_no_case(staff: Staff, tmp_path: Path) -> None:
    out = tmp_path / "cases.jsonl"
    code, said, _ = staff("export-cases", "--out", out)
    assert (code, said[:20]) == (1, "there is no case yet")
    assert not out.exists()


def test_an_earlier_file_stays_where_the_new_one_cannot_be_written(
    staff: Staff, database: Database, tmp_path: Path
) -> None:
    add_case(database, "1", "regression")
    code, _, err = staff("export-cases", "--out", tmp_path / "nowhere" / "cases.jsonl")
    assert code == 1
    assert "nowhere" in err


def test_shows_open_suggestions(staff: Staff, database: Database) -> None:
    assert staff("suggestions") == (0, "no suggestion is open\n", "")
    add_case(database, "1", "suggestion", question="章子往哪儿磕")
    assert staff("suggestions")[1] == f"1\tzh\t{passage('m27')}\t章子往哪儿磕\n"


def test_builds_the_index_with_accepted_suggestions(staff: Staff, database: Database, tmp_path: Path) -> None:
    add_case(database, "1", "suggestion", question="老王家那口子的章子往哪儿磕", state="accepted")
    code, said, _ = staff("build-index")
    assert code == 0
    assert said.endswith("with 1 accepted questions\n")
    assert accepted_path(tmp_path).is_file()
    assert len(versions(index_root(tmp_path))) == 1


@pytest.mark.parametrize("name", ["approved.jsonl", "approved.csv"])
def test_approved_answers_go_out_and_in_again(
    staff: Staff, database: Database, editor: str, tmp_path: Path, name: str
) -> None:
    assert staff("import-approved", rows_file(tmp_path, ROW), "--as", editor)[0] == 0
    (before,) = approvals.current(database, ApprovalState.ACTIVE)
    out = tmp_path / name
    assert staff("export-approved", "--out", out)[:2] == (0, f"1 approved answers: {out}\n")
    with database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM approvals")
    assert staff("import-approved", out, "--as", editor)[:2] == (0, "1 approved, 0 refused\n")
    (after,) = approvals.current(database, ApprovalState.ACTIVE)
    told = [(one.questions, one.text, one.ending, one.passages, one.language) for one in (before, after)]
    assert told[0] == told[1]


def test_the_log_says_who_imported_and_from_which_file(
    staff: Staff, database: Database, editor: str, tmp_path: Path
) -> None:
    staff("import-approved", rows_file(tmp_path, ROW), "--as", "WANG")
    newest = audit.newest(database)[0]
    assert (newest.actor, newest.action) == ("wang", "approval")
    assert "rows.jsonl" in newest.details


def test_each_row_is_refused_by_itself_with_its_line(
    staff: Staff, database: Database, editor: str, tmp_path: Path
) -> None:
    wrong = {**ROW, "questions": ["报装要几天"], "text": "报装只要3天。"}
    unknown = {**ROW, "questions": ["x"], "measures": "xian-2024-26#m99"}
    path = rows_file(tmp_path, wrong, ROW, unknown, {**ROW, "language": "fr"}, {**ROW, "text": 1})
    path.write_text(path.read_text("utf-8") + "{\n[]\n", "utf-8")
    code, said, _ = staff("import-approved", path, "--as", editor)
    *refused, told = said.splitlines()
    assert (code, told) == (1, "1 approved, 6 refused")
    assert [line.partition(":")[0] for line in refused] == [f"line {n}" for n in (1, 3, 4, 5, 6, 7)]
    assert "does not hold against the source" in refused[0]
    assert "m99" in refused[1]
    assert refused[2].endswith("malformed: language.")
    assert refused[4] == "line 6: This line is no JSON object."
    assert len(approvals.current(database, ApprovalState.ACTIVE)) == 1


def test_a_row_of_csv_is_named_by_the_line_it_begins_on(staff: Staff, editor: str, tmp_path: Path) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=ROW.keys())
    writer.writeheader()
    writer.writerow({**ROW, "questions": "一\n二"})
    writer.writerow({**ROW, "questions": "三", "ending": "perhaps"})
    path = tmp_path / "rows.CSV"
    path.write_text(text.getvalue(), "utf-8")
    code, said, _ = staff("import-approved", path, "--as", editor)
    assert code == 1
    assert said.startswith("line 4: ")


@pytest.mark.parametrize(
    ("name", "said"), [("li", "needs the role editor"), ("zhao", "no active account 'zhao'")]
)
def test_only_an_editor_imports(
    staff: Staff, database: Database, tmp_path: Path, name: str, said: str
) -> None:
    accounts.add(database, "li", "correct horse", Role.REVIEWER, now=NOW, actor="test")
    code, _, err = staff("import-approved", rows_file(tmp_path, ROW), "--as", name)
    assert code == 2
    assert said in err


def test_a_shut_account_imports_nothing(
    staff: Staff, database: Database, editor: str, tmp_path: Path
) -> None:
    accounts.deactivate(database, editor, now=NOW, actor="test")
    assert staff("import-approved", rows_file(tmp_path, ROW), "--as", editor)[0] == 2


@pytest.mark.parametrize(("name", "raw"), [("a.csv", b"x,y\r\n1,2\r\n"), ("a.jsonl", b"\xff"), ("a", b"\n")])
def test_a_file_that_cannot_be_read_is_named(
    staff: Staff, editor: str, tmp_path: Path, name: str, raw: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    code, _, err = staff("import-approved", path, "--as", editor)
    assert code == 2
    assert err.startswith(f"{path}: ")


def test_writes_no_file_where_nothing_is_approved(staff: Staff, tmp_path: Path) -> None:
    out = tmp_path / "approved.csv"
    assert staff("export-approved", "--out", out)[0] == 1
    assert not out.exists()


@pytest.fixture
def old(database: Database) -> str:
    """An answer of a year ago, beside one of today."""
    answered(database, asked_at=datetime.now(UTC))
    return answered(database, asked_at=datetime.now(UTC) - timedelta(days=365))


def n_answers(database: Database) -> int:
    with database.reading() as connection:
        return len(connection.execute(select(answers.c.answer_id)).all())


def test_tells_what_it_would_delete(staff: Staff, database: Database, old: str) -> None:
    code, said, _ = staff("purge", "--older-than", "30")
    assert code == 0
    assert said.startswith("would delete 1 answers, 0 feedback, 0 verdicts (asked before ")
    assert n_answers(database) == 2


def test_deletes_what_is_older(staff: Staff, database: Database, old: str) -> None:
    code, said, _ = staff("purge", "--older-than", "30", "--yes")
    assert (code, said[:17]) == (0, "deleted 1 answers")
    assert n_answers(database) == 1
    assert audit.newest(database)[0].actor == "command line"


def test_deletes_what_is_older_than_the_setting(
    staff: Staff, database: Database, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_RETENTION_DAYS", "400")
    assert "deleted 0 answers" in staff("purge", "--yes")[1]
    monkeypatch.setenv("ASSISTANT_RETENTION_DAYS", "300")
    assert "deleted 1 answers" in staff("purge", "--yes")[1]


def test_deletes_an_answer_by_its_id(staff: Staff, database: Database, old: str) -> None:
    assert staff("purge", "--answer", old, "--yes")[0] == 0
    code, said, _ = staff("purge", "--answer", old, "--yes")
    assert (code, said.splitlines()[0]) == (1, f"no answer is recorded as {old}")
    assert n_answers(database) == 1


def test_deletes_nothing_where_nothing_says_what(staff: Staff, database: Database, old: str) -> None:
    code, _, err = staff("purge", "--yes")
    assert (code, err[:19]) == (2, "nothing says what t")
    assert n_answers(database) == 2


@pytest.mark.parametrize("days", ["0", "-1", "x", "99999999999"])
def test_refuses_a_number_of_days_that_is_none(staff: Staff, days: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        staff("purge", "--older-than", days)


def test_writes_a_memo_for_a_unit_by_any_of_its_names(
    staff: Staff, database: Database, tmp_path: Path
) -> None:
    answered(database, status="not_stated", cited=["m06"], facet="price", question="报装要多少钱")
    answered(database, status="not_stated", cited=["m06"], asked_at=NOW - timedelta(days=30))
    out = tmp_path / "memo.docx"
    period = ("--since", "2026-01-15", "--until", "2026-01-15")
    code, said, err = staff("memo", "--unit", "西安市行政审批服务局", "--out", out, *period)
    assert (code, err) == (0, "")
    assert said == f"1 open questions on 1 measures: {out}\n"
    assert "市行政审批局：" in [paragraph.text for paragraph in Document(str(out)).paragraphs]


def test_a_day_begins_in_china(staff: Staff, database: Database, tmp_path: Path) -> None:
    late = datetime(2026, 1, 14, 17, tzinfo=UTC)  # 15 January, one o'clock
    answered(database, status="not_stated", cited=["m06"], asked_at=late)
    out = tmp_path / "memo.docx"
    assert staff("memo", "--unit", "市行政审批局", "--out", out, "--until", "2026-01-14")[1][0] == "0"
    assert staff("memo", "--unit", "市行政审批局", "--out", out, "--since", "2026-01-15")[1][0] == "1"


def test_names_the_units_nearest_to_one_that_leads_nothing(staff: Staff, tmp_path: Path) -> None:
    code, _, err = staff("memo", "--unit", "市发改会", "--out", tmp_path / "memo.docx")
    assert code == 2
    assert "市发改委" in err


def test_writes_the_figures_of_a_period(staff: Staff, database: Database, tmp_path: Path) -> None:
    answered(database)
    out = tmp_path / "figures.xlsx"
    assert staff("insight", "--out", out)[:2] == (0, f"1 questions: {out}\n")
    assert "summary" in load_workbook(out).sheetnames
