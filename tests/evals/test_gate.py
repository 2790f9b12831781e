import pytest

from evals import gate
from evals.cases import CaseFileError


@pytest.fixture
def baseline(tmp_path, case_file, system):
    """Two cases of one group, both right, recorded."""
    path = case_file({}, {"id": "2"}, name="own.jsonl")
    gate.record(gate.score_own(system, path), path, tmp_path / "baseline.json")
    return tmp_path / "baseline.json"


def test_passes_what_was_recorded(baseline, tmp_path, system):
    assert gate.fallen(gate.score_own(system, tmp_path / "own.jsonl"), baseline) == []
    assert not gate.case_file_changed(tmp_path / "own.jsonl", baseline)


def test_names_a_group_that_has_fallen(baseline, case_file, system):
    path = case_file({}, {"id": "2", "measures": [4]}, name="own.jsonl")
    assert gate.fallen(gate.score_own(system, path), baseline) == ["howto × zh: 1 strictly right, 2 recorded"]
    assert gate.case_file_changed(path, baseline)


def test_counts_a_group_that_is_gone_as_fallen(baseline):
    assert gate.fallen([], baseline) == ["howto × zh: 0 strictly right, 2 recorded"]


def test_refuses_a_baseline_without_groups(tmp_path):
    (tmp_path / "baseline.json").write_text("{}", "utf-8")
    with pytest.raises(CaseFileError, match="lacks 'groups'"):
        gate.fallen([], tmp_path / "baseline.json")
