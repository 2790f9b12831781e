import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.__main__ import main
from tests.corpus.mutations import RAW, SHIPPED, TEXT

OWN_CASES = Path(__file__).parents[2] / "evals" / "cases" / "own.jsonl"
OTHER = TEXT.replace("市政办函〔2024〕26号", "市政办函〔2025〕3号")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copy.txt"


def test_lists_measures_and_oddities_of_shipped_notices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    printed = capsys.readouterr().out
    assert "xian-2024-26  市政办函〔2024〕26号" in printed
    assert "5 sections, 39 measures, 5 clauses" in printed
    assert "  39  开展改革效果综合评估  市住建局  2024年11月底前" in printed
    assert "line 123: measure 27: deadline_label: 完成时间" in printed


def test_recognises_a_copy_in_another_encoding(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_bytes(TEXT.encode("gb18030"))
    assert main(["check", str(copy)]) == 0
    assert "the same text as the shipped one" in capsys.readouterr().out


def test_says_where_a_copy_differs(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text(TEXT.replace("60个工作日", "90个工作日"), "utf-8")
    assert main(["check", str(copy)]) == 0
    assert "differs from the shipped text after folding, first in line 18" in capsys.readouterr().out


def test_finds_a_cut_off_copy(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text(TEXT[: TEXT.index("\n(四)及时")], "utf-8")
    assert main(["check", str(copy)]) == 1
    assert capsys.readouterr().err == f"{copy}: line 177: the text ends after 4 clauses, expected 5\n"


def test_says_that_completeness_could_not_be_checked(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text(OTHER, "utf-8")
    assert main(["check", str(copy)]) == 0
    assert "completeness could not be checked" in capsys.readouterr().out


def test_takes_the_metadata_beside_the_file(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text(OTHER, "utf-8")
    toml = SHIPPED.joinpath("xian-2024-26.toml").read_text("utf-8")
    copy.with_suffix(".toml").write_text(toml.replace("〔2024〕26号", "〔2025〕3号"), "utf-8")
    assert main(["check", str(copy)]) == 0
    assert "its metadata says 84fb1223" in capsys.readouterr().out


def test_says_that_a_file_is_missing(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(copy)]) == 1
    assert capsys.readouterr().err == f"{copy}: there is no such file\n"


def test_says_that_a_folder_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_checks_the_other_files_after_a_broken_one(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_bytes(RAW)
    assert main(["check", str(copy.with_name("none.txt")), str(copy)]) == 1
    assert "39 measures" in capsys.readouterr().out


def test_counts_what_stands_beside_the_notice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    (
        *_,
        bank,
        second,
        lookalikes,
        negatives,
        natural,
        typed,
        again,
        document,
        marked,
        messages,
        glossary,
        translation,
    ) = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"bank: \d+ \(\d+ zh, \d+ en\); at least \d+ zh, \d+ en a measure", bank)
    assert re.fullmatch(
        r"second, blind reader: \d+ questions, [\d.]+% labelled alike, kappa 0\.\d{3}", second
    )
    assert re.fullmatch(r"look-alikes: \d+ \(\d+ zh, \d+ en\)", lookalikes)
    assert re.fullmatch(r"negatives: \d+ \(\d+ zh, \d+ en\)", negatives)
    assert re.fullmatch(
        r"for calibration, never indexed: \d+ \(\d+ zh, \d+ en\); outside \d+ \(\d+ zh, \d+ en\)", natural
    )
    assert re.fullmatch(r"labelled by what they ask for: \d+ \(\d+ zh, \d+ en\), 26 types", typed)
    assert re.fullmatch(r"second, blind reader: \d+ questions, 99\.\d% labelled alike", again)
    assert re.fullmatch(r"on the document itself or not: \d+ \(\d+ zh, \d+ en\), \d+ of them on it", document)
    assert re.fullmatch(r"for lists, marked: \d+ \(\d+ zh, \d+ en\), \d+ marks", marked)
    assert re.fullmatch(r"messages: \d+ \(\d+ zh, \d+ en\), \d+ of them with several needs", messages)
    assert re.fullmatch(r"glossary: \d+ \(\d+ zh, \d+ en\) for \d+ terms", glossary)
    assert translation == "translation: 156 sentences, 50 titles"


def test_finds_no_near_copy_of_the_own_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--against", str(OWN_CASES)]) == 0
    assert capsys.readouterr().out.endswith(" cases, no near-copies\n")


def test_names_a_near_copy_without_its_words(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text('{"id": "Q-7", "question": "这个 文件的文号是多少\uff1f"}', "utf-8")
    assert main(["check", "--against", str(copy)]) == 1
    assert capsys.readouterr().out == "questions/xian-2024-26.jsonl:1: near-copy of Q-7\n"


def test_reports_a_broken_file_of_cases(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text("{}", "utf-8")
    assert main(["check", "--against", str(OWN_CASES), str(copy)]) == 1
    assert capsys.readouterr().err == f"{copy}:1: no object with the texts id and question\n"


def test_takes_notices_or_cases_not_both(copy: Path) -> None:
    with pytest.raises(SystemExit):
        main(["check", str(copy), "--against", str(OWN_CASES)])


def test_runs_as_a_module(copy: Path) -> None:
    copy.write_bytes(b"\x00")
    command = [sys.executable, "-m", "corpus", "check", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{copy}: line 1: character U+0000 does not belong in a notice\n"
