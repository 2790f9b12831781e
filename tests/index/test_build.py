import io
import json
import os
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build_version, read_manifest, verify
from index.errors import IndexCorrupt, IndexFault, IndexStale
from index.library import Library
from index.rows import Rows
from index.sources import Sources
from index.versions import KEEP, in_use, point_to, prune, versions, writer_lock
from tests.index.conftest import Log
from tests.index.programs import MOMENTS, QUERY

Python = Callable[..., "subprocess.Popen[str]"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def crashed(python: Python, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root for each moment at which a build was killed."""
    root = tmp_path_factory.mktemp("crashed") / "roots"
    program = python("-m", "tests.index.programs", "crash", str(root))
    assert program.communicate(timeout=60)[1] == ""
    return root


def test_names_a_version_by_what_it_is_made_of(root: Path, small: Sources) -> None:
    assert [path.name for path in versions(root)] == [f"v-{small.version}-1"]
    assert (root / "CURRENT").read_text() == f"v-{small.version}-1\n"


def test_leaves_nothing_but_versions_and_locks(root: Path, small: Sources) -> None:
    names = {path.name for path in root.iterdir() if not path.name.startswith(".in-use-")}
    assert names == {"CURRENT", "LOCK", f"v-{small.version}-1"}


def test_builds_beside_a_version_and_never_into_it(root: Path, small: Sources) -> None:
    before = {path: path.read_bytes() for path in versions(root)[0].rglob("*") if path.is_file()}
    assert build_version(root, small) == f"v-{small.version}-2"
    assert {path: path.read_bytes() for path in before} == before


def test_builds_the_same_vectors_twice(root: Path, small: Sources) -> None:
    build_version(root, small)
    first, second = (Rows.load(path / "rows") for path in versions(root))
    assert first.item_ids == second.item_ids
    assert (first.vectors == second.vectors).all()


def test_changes_its_version_with_each_source(small: Sources, more: Sources, other: Sources) -> None:
    text = replace(small.notices[0], measures=small.notices[0].measures[:-1])
    another = replace(small, notices=(text,))
    assert len({s.version for s in (small, more, other, another)}) == 4


def test_changes_its_version_with_each_question_outside(small: Sources) -> None:
    fewer = replace(small, negatives=small.negatives[:-1])
    regrouped = replace(small, negatives=(replace(small.negatives[0], group="x"), *small.negatives[1:]))
    reworded = replace(small, negatives=(replace(small.negatives[0], text="x"), *small.negatives[1:]))
    assert len({s.version for s in (small, fewer, regrouped, reworded)}) == 4
    assert {name for name in small.parts if small.parts[name] != fewer.parts[name]} == {"questions"}


def test_changes_its_version_with_each_translated_sentence(small: Sources) -> None:
    passage_id = small.material.passages[5].passage_id
    lines = ("Another sentence.", *small.english[passage_id][1:])
    reworded = replace(small, english={**small.english, passage_id: lines})
    assert {name for name in small.parts if small.parts[name] != reworded.parts[name]} == {"notices"}
    assert len({s.version for s in (small, reworded, replace(small, english={}))}) == 3


def test_changes_its_version_with_a_second_passage_of_a_question(small: Sources) -> None:
    both = replace(small.questions[0], also=(small.questions[-1].passage_id,))
    changed = replace(small, questions=(both, *small.questions[1:]))
    assert {name for name in small.parts if small.parts[name] != changed.parts[name]} == {"questions"}


def test_keeps_its_version_with_another_glossary(small: Sources) -> None:
    assert replace(small, glossaries=()).version == small.version  # nothing of it is indexed


def test_shows_progress_on_a_terminal(
    tmp_path: Path, small: Sources, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    build_version(tmp_path / "index", small)
    n_texts = 2 * len(small.material.items)
    assert f"0/{n_texts}" in terminal.getvalue()
    assert f"{n_texts}/{n_texts}" in terminal.getvalue()
    assert capsys.readouterr().out == ""


def test_shows_no_progress_elsewhere(
    tmp_path: Path, small: Sources, capfd: pytest.CaptureFixture[str]
) -> None:
    build_version(tmp_path / "index", small)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("part", ["format", "encoder", "libraries", "notices", "questions", "words"])
def test_refuses_a_version_of_other_sources(root: Path, small: Sources, part: str) -> None:
    changed = replace(small)
    changed.__dict__["parts"] = {**small.parts, part: "another"}
    with pytest.raises(IndexStale, match=part):
        verify(versions(root)[0], changed)


def test_accepts_other_questions_when_told_so(root: Path, more: Sources) -> None:
    with pytest.raises(IndexStale, match="questions"):
        verify(versions(root)[0], more)
    verify(versions(root)[0], more, ignored=("questions",))


@pytest.mark.parametrize("key", ["parts", "version", "database_sha256", "files"])
@pytest.mark.parametrize("value", [None, 1, []])
def test_refuses_a_manifest_of_another_shape(root: Path, key: str, value: object) -> None:
    path = versions(root)[0] / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(IndexCorrupt, match="shape"):
        read_manifest(path.parent)


def test_refuses_a_manifest_that_contradicts_itself(root: Path) -> None:
    path = versions(root)[0] / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": "0" * 12}))
    with pytest.raises(IndexCorrupt, match="contradicts"):
        read_manifest(path.parent)


def test_refuses_a_version_with_a_file_too_many(root: Path, small: Sources) -> None:
    (versions(root)[0] / "words" / "more.npy").touch()
    with pytest.raises(IndexCorrupt, match="missing or changed"):
        verify(versions(root)[0], small)


def test_puts_another_version_in_place_whole(root: Path) -> None:
    point_to(root, "v-else-1")
    assert (root / "CURRENT").read_text() == "v-else-1\n"
    assert not (root / "CURRENT.new").exists()


def test_prunes_all_but_the_newest(root: Path, small: Sources) -> None:
    names = [build_version(root, small) for _ in range(KEEP)]
    prune(root)
    assert {path.name for path in versions(root)} == set(names)
    assert not list(root.glob(f".in-use-v-{small.version}-1"))


def test_prunes_no_version_in_use(root: Path, small: Sources) -> None:
    with ExitStack() as reading:
        reading.enter_context(in_use(versions(root)[0]))
        for _ in range(KEEP):
            build_version(root, small)
        prune(root)
        assert len(versions(root)) == KEEP + 1
    prune(root)
    assert len(versions(root)) == KEEP


def test_prunes_left_over_builds(root: Path) -> None:
    (root / ".building-1" / "chroma").mkdir(parents=True)
    prune(root)
    assert not list(root.glob(".building-*"))


def test_lets_several_readers_use_one_version(root: Path) -> None:
    with in_use(versions(root)[0]), in_use(versions(root)[0]):
        assert versions(root)


def test_lets_only_one_writer_in(root: Path) -> None:
    with writer_lock(root), pytest.raises(IndexFault, match="LOCK: another program"), writer_lock(root, 0.1):
        pass


def test_lets_the_next_writer_in_afterwards(root: Path) -> None:
    with writer_lock(root):
        pass
    with writer_lock(root, 0.1):
        assert (root / "LOCK").exists()


@pytest.mark.parametrize("moment", MOMENTS)
def test_starts_after_a_build_was_killed(crashed: Path, small: Sources, log: Log, moment: str) -> None:
    library = Library(crashed / moment, small, log)
    found = library.search(QUERY)[0].passage.measure_number
    library.close()
    assert found == 6
    assert len(versions(crashed / moment)) == 1
    assert not list((crashed / moment).glob(".building-*"))


def test_kills_each_build_before_it_is_current(python: Python, crashed: Path) -> None:
    assert {path.name for path in crashed.iterdir()} == set(MOMENTS)


def test_names_the_fault_when_the_disk_is_full(python: Python, tmp_path: Path) -> None:
    out, _ = python("-m", "tests.index.programs", "full-disk", str(tmp_path / "index")).communicate(
        timeout=60
    )
    fault = json.loads(out)
    assert fault["class"] in {"IndexCorrupt", "OSError"}
    assert "disk" in fault["fault"] or "large" in fault["fault"]
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["LOCK"]


def test_names_the_path_when_the_directory_is_a_file(tmp_path: Path, small: Sources, log: Log) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(OSError, match="data"):
        Library(tmp_path / "data" / "index", small, log)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_names_the_path_when_the_directory_is_read_only(root: Path, small: Sources, log: Log) -> None:
    root.chmod(0o500)
    with pytest.raises(OSError, match="index"):
        build_version(root, small)
    root.chmod(0o700)
