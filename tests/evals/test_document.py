import pytest

from evals.cases import CaseFileError, file_sha256
from evals.document import document, replace_block

BLOCK = "<!-- generated:a -->\nold\n<!-- /generated -->"


def test_replaces_the_block_of_its_name_only():
    text = f"x\n{BLOCK}\n<!-- generated:b -->\nkept\n<!-- /generated -->\ny\n"
    assert replace_block(text, "a", r"new \1") == text.replace("old", r"new \1")


def test_appends_a_block_that_is_not_there():
    assert replace_block("x\n", "a", "old") == f"x\n\n{BLOCK}\n"


@pytest.mark.parametrize(
    "text", ["<!-- generated:a -->", f"<!-- generated:a -->\n<!-- generated:b -->{BLOCK[20:]}", BLOCK + BLOCK]
)
def test_refuses_a_block_that_does_not_end_or_stands_twice(text):
    with pytest.raises(CaseFileError, match="must begin once"):
        replace_block(text, "a", "new")


def test_writes_figures_with_intervals_and_the_files_hash_but_no_text(run_dir, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Evaluation\n", "utf-8")
    document([run_dir], page)
    written = page.read_text("utf-8")
    assert "<!-- generated:cases-fixed -->" in written
    assert file_sha256(tmp_path / "cases.jsonl") in written
    assert "| **all** | 3 | 33.3% (6.1% to 79.2%) |" in written
    assert "<i>q" not in written


def test_gives_the_same_page_when_run_again(run_dir, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Evaluation\n", "utf-8")
    document([run_dir], page)
    once = page.read_text("utf-8")
    document([run_dir], page)
    assert page.read_text("utf-8") == once
