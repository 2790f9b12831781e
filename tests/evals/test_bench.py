import pytest

from evals import bench
from evals.cases import CaseFileError

MEASURED = bench.Measurements(
    n_questions=2,
    warm_s=(0.002, 0.004),
    cold_s=(1.0, 3.0, 2.0),
    build_s=4.0,
    rss_mib=300.4,
    reference_s=(("one BM25 query", 0.0005), ("one Chroma query", 0.001)),
)


def test_takes_first_questions_that_have_an_answer(case_file):
    rows = ({"question": "a"}, {"id": "2", "history": ["x"]}, {"id": "3", "kind": "attack"})
    assert bench.bench_questions(case_file(*rows)) == ["a"]


def test_refuses_a_file_without_such_questions(case_file):
    with pytest.raises(CaseFileError, match="no case of the kinds"):
        bench.bench_questions(case_file({"kind": "attack"}))


def test_writes_every_figure_with_its_unit():
    block = bench.performance_block(MEASURED)
    assert "| Warm answer, p50 of 2 | 2.0 ms |" in block
    assert "| Reference: one BM25 query 0.5 ms, one Chroma query 1.0 ms | 1.5 ms together |" in block
    assert "median of 3 | 2.00 s |" in block
    assert "| 300 MiB |" in block


def test_replaces_the_figures_in_the_page(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text("# Performance\n", "utf-8")
    bench.write_page(MEASURED, page)
    bench.write_page(MEASURED, page)
    assert page.read_text("utf-8").count("<!-- generated:performance -->") == 1


def test_reads_the_memory_in_mebibytes():
    assert bench.rss_mib("VmPeak:\t 9 kB\nVmRSS:\t    2048 kB\n") == 2


def test_says_that_a_server_has_ended():
    with pytest.raises(bench.BenchError, match="no VmRSS"):
        bench.rss_mib("Name: x")
