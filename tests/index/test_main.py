import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.bank import BankQuestion
from index.__main__ import main
from index.build import read_manifest
from index.encoder import fingerprint, shipped_directory
from index.library import Library
from index.sources import open_sources
from index.versions import index_root, versions
from tests.index.conftest import Log, fill_hub_cache

Python = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ASSISTANT_ENCODER", raising=False)
    return tmp_path


def test_builds_an_index_that_a_server_opens(
    data_dir: Path, bank: tuple[BankQuestion, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build"]) == 0
    log = Log()
    Library(index_root(data_dir), open_sources(data_dir, None), log).close()
    assert log.lines == []
    said = capsys.readouterr()
    assert f"1 notice, {len(bank)} questions" in said.out
    assert said.err == ""


def test_names_an_unknown_encoder(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_ENCODER", str(data_dir / "nowhere"))
    assert main(["build"]) == 1
    assert capsys.readouterr().err.startswith("ASSISTANT_ENCODER=")
    assert versions(index_root(data_dir)) == []


def test_names_the_path_that_is_no_directory(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_dir / "file").touch()
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir / "file"))
    assert main(["build"]) == 1
    assert "file" in capsys.readouterr().err


def test_names_the_extra_that_training_needs(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprint(shipped_directory())
    monkeypatch.setitem(sys.modules, "torch", None)
    assert main(["train"]) == 1
    assert "'.[train]'" in capsys.readouterr().err
    assert fingerprint(shipped_directory()) == before


@pytest.mark.parametrize("arguments", [[], ["rebuild"], ["build", "more"]])
def test_refuses_other_commands(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "usage" in capsys.readouterr().err


@pytest.mark.encoder
def test_builds_with_a_name_already_cached(python: Python, tiny: Path, tmp_path: Path) -> None:
    fill_hub_cache(tiny, tmp_path / "home" / "hub")
    program = python(
        "-m",
        "index",
        "build",
        ASSISTANT_DATA_DIR=str(tmp_path / "data"),
        ASSISTANT_ENCODER="tiny/enc",
        HF_HOME=str(tmp_path / "home"),
        HF_HUB_OFFLINE="0",
    )
    out, fault = program.communicate(timeout=100)
    assert (program.returncode, out.startswith("index v-")) == (0, True), fault
    manifest = read_manifest(versions(tmp_path / "data" / "index")[0])
    assert manifest["parts"]["encoder"] == "st-" + fingerprint(tiny)
