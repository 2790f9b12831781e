import pytest

from evals.__main__ import main


def test_says_what_is_wrong_with_a_case_file_and_exits_with_2(case_file, capsys):
    assert main(["run", "--cases", str(case_file({}, "{"))]) == 2
    assert "line 2: not JSON" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "answer", "ablation", "learning-curve"])
def test_says_that_a_file_is_missing_and_exits_with_2(command, tmp_path, capsys):
    assert main([command, "--cases", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_runs_a_baseline_and_documents_it(case_file, tmp_path, capsys):
    out, page = str(tmp_path / "out"), tmp_path / "page.md"
    page.write_text("# Evaluation\n", "utf-8")
    assert main(["run", "--cases", str(case_file({}, {"id": "2"})), "--system", "bm25", "--out", out]) == 0
    assert main(["document", "--run", out, "--page", str(page)]) == 0
    assert "howto × zh" in capsys.readouterr().out
    assert "generated:cases-bm25" in page.read_text("utf-8")


def test_compares_two_runs(run_dir, capsys):
    assert main(["compare", str(run_dir), str(run_dir)]) == 0
    assert "Right in A only (0)" in capsys.readouterr().out


def test_refuses_a_limit_below_1(case_file):
    with pytest.raises(SystemExit, match="2"):
        main(["run", "--cases", str(case_file({})), "--limit", "0"])


def test_refuses_to_answer_into_a_missing_directory(case_file, tmp_path, capsys):
    assert main(["answer", "--cases", str(case_file({})), "--out", str(tmp_path / "no" / "o.jsonl")]) == 2
    assert "no such directory" in capsys.readouterr().err


def test_says_that_the_general_checks_texts_are_missing(tmp_path, capsys):
    assert main(["general", "--data", str(tmp_path)]) == 2
    assert "statutes.jsonl: cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [[], ["--all"], ["--cases", "a"], ["--all", "--cases", "a", "--run", "b"]]
)
def test_documents_either_runs_or_everything(options, capsys):
    assert main(["document", *options]) == 2
    assert "either --run DIR" in capsys.readouterr().err
