import json
import shutil

import pytest

from evals.cases import CaseFileError
from evals.compare import compare, comparison_text, read_object


@pytest.fixture
def other_dir(run_dir, tmp_path):
    """The same run, but case 1 wrong and cases 2 and 3 right."""
    other = tmp_path / "other"
    shutil.copytree(run_dir, other)
    rows = [json.loads(line) for line in (other / "scores.jsonl").read_text("utf-8").splitlines()]
    turned = [{**row, "right": not row["right"], "reasons": ["turned"]} for row in rows]
    (other / "scores.jsonl").write_text("\n".join(map(json.dumps, turned)), "utf-8")
    return other


def test_counts_both_runs_over_the_same_cases(run_dir, other_dir):
    overall = compare(run_dir, other_dir).slices[-1]
    assert (overall.name, overall.n, overall.right_a, overall.right_b) == ("all", 3, 1, 2)
    assert (overall.difference, overall.p) == (pytest.approx(1 / 3), 1)


def test_compares_each_group(run_dir, other_dir):
    groups = {part.name: (part.right_a, part.right_b) for part in compare(run_dir, other_dir).slices}
    assert groups == {"attack × zh": (0, 1), "howto × zh": (1, 1), "all": (1, 2)}


def test_names_what_flipped(run_dir, other_dir):
    flips = compare(run_dir, other_dir).flips
    assert [(flip.case_id, flip.gained) for flip in flips] == [("1", False), ("2", True), ("3", True)]


def test_finds_no_difference_of_a_run_with_itself(run_dir):
    comparison = compare(run_dir, run_dir)
    assert comparison.flips == ()
    assert {(part.difference, part.p) for part in comparison.slices} == {(0, 1)}


def test_prints_slices_and_flips(run_dir, other_dir):
    text = comparison_text(compare(run_dir, other_dir))
    assert "Right in B only (2)" in text
    assert "  1  <i>q  [turned]" in text
    assert "33.3% [6.1%, 79.2%]" in text


def test_refuses_runs_over_different_case_files(run_dir, other_dir):
    settings = json.loads((other_dir / "settings.json").read_text("utf-8"))
    (other_dir / "settings.json").write_text(json.dumps({**settings, "cases_sha256": "0"}), "utf-8")
    with pytest.raises(CaseFileError, match="over different case files"):
        compare(run_dir, other_dir)


def test_refuses_runs_over_different_parts_of_a_file(run_dir, other_dir):
    first = (other_dir / "scores.jsonl").read_text("utf-8").splitlines()[0]
    (other_dir / "scores.jsonl").write_text(first, "utf-8")
    with pytest.raises(CaseFileError, match="use the same --limit"):
        compare(run_dir, other_dir)


def test_refuses_a_directory_that_is_no_run(run_dir, tmp_path):
    with pytest.raises(CaseFileError, match=r"settings\.json: cannot be read"):
        compare(run_dir, tmp_path)


def test_names_the_line_of_broken_json(tmp_path):
    (tmp_path / "o.json").write_text('{\n"a": }', "utf-8")
    with pytest.raises(CaseFileError, match="line 2: not JSON"):
        read_object(tmp_path / "o.json")


def test_refuses_json_that_is_no_object(tmp_path):
    (tmp_path / "o.json").write_text("[]", "utf-8")
    with pytest.raises(CaseFileError, match="not a JSON object"):
        read_object(tmp_path / "o.json")
