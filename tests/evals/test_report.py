import re

import pytest

from evals.report import FIGURES, report_page
from evals.run import summarise


@pytest.fixture
def page(run_dir):
    return (run_dir / "report.html").read_text("utf-8")


def test_escapes_the_texts_of_cases_and_answers(page):
    assert "&lt;i&gt;q" in page
    assert "&lt;b&gt;三&lt;/b&gt;" in page
    assert "<i>" not in page


def test_contacts_no_other_host(page):
    assert not re.search(r"""(?:src|(?<!xlink:)href)\s*=|@import|url\((?!#)|<script|<link""", page)
    assert not re.search(r"https?://(?!www\.w3\.org/)", page)


def test_draws_five_plots_with_ids_of_their_own(page):
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert page.count("<svg ") == 5
    assert len(ids) == len(set(ids))


def test_refers_only_to_ids_that_are_there(page):
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', page)) <= ids


def test_lists_each_miss_with_its_reason(page):
    assert page.count("<details>") == 2
    assert "does not cite 4" in page


def test_gives_the_headline_with_its_interval(page):
    assert "33.3%</strong>" in page
    assert "1 of 3; 6.1% to 79.2%" in page


def test_gives_every_figure_of_the_confidence(page):
    assert "<th>ECE</th><th>Brier</th><th>Brier of the base rate</th><th>AUROC</th>" in page
    assert "<td>Every search, against its best passage</td><td>3</td><td>1</td>" in page


def test_draws_a_run_without_cases_and_with_chinese_names(case, system):
    settings = {"cases": "c", "cases_sha256": "", "n_cases": 0, "limit": 1, "system": "s", "packages": {}}
    settings |= {"index_version": None, "finished_at": "", "python": ""}
    summary = summarise([])
    summary["by_kind"] = {"种类$": {"n": 1, **dict.fromkeys(dict(FIGURES), SHARE)}}
    assert "种类$" in report_page(settings, summary, [], latencies_s=[])


SHARE = {"count": 1, "n": 1, "share": 1.0, "interval": [0.2, 1.0]}
