"""The documents say what is true: they fail here when they lag behind the code."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import assistant
from assistant import Settings, Status

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TRACKED_TEXT = [
    path
    for pattern in ("*.py", "*.md", "*.toml", "*.txt", "*.js", "*.css", "*.html", "Makefile", ".ci/run")
    for path in ROOT.rglob(pattern)
    if not {".venv", "var", "results", ".git", "build"} & set(path.relative_to(ROOT).parts)
]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_readme_names_every_setting(name):
    assert f"`ASSISTANT_{name.upper()}`" in README


@pytest.mark.parametrize("status", Status)
def test_readme_explains_every_status(status):
    assert f"| `{status.value}` |" in README


@pytest.mark.parametrize("name", assistant.__all__)
def test_readme_names_every_public_name(name):
    assert re.search(rf"\b{name}\b", README)


@pytest.mark.parametrize(
    "command",
    ["make run", "make ask", "make test", "make train", "make lint", "make bench"]
    + ["assistant ask", "assistant serve", "corpus check", "index build", "index train"]
    + [f"evals {verb}" for verb in ("run", "answer", "compare", "gate", "approvals", "bench", "document")],
)
def test_some_document_names_every_command(command):
    assert any(command in path.read_text("utf-8") for path in DOCUMENTS)


@pytest.mark.parametrize("target", re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
def test_documents_explain_every_make_target(target):
    assert target == "clean" or any(f"make {target}" in path.read_text("utf-8") for path in DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_readme_names_every_package():
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = packages["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert [name for name in wheel if f"`{name}/`" not in README] == []


def test_changelog_has_a_section_for_what_is_not_released():
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("path", TRACKED_TEXT, ids=lambda path: path.name)
def test_no_file_names_a_path_of_the_machine_it_was_written_on(path):
    forbidden = re.compile("/" + r"(?:work|home|root|tmp)/\w+")
    assert path == Path(__file__) or not forbidden.search(path.read_text("utf-8"))


def test_constraints_pin_the_cpu_build_of_torch_by_its_plain_version():
    assert "torch==2.13.0\n" in (ROOT / "constraints.txt").read_text("utf-8")


def test_readme_python_example_runs(tmp_path):
    (example,) = re.findall(r"```python\n(.*?)```", README, re.S)
    environment = {**os.environ, "ASSISTANT_DATA_DIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", example], env=environment, capture_output=True, check=False, cwd=ROOT
    )
    assert run.returncode == 0, run.stderr.decode()
