import json
import logging
import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import build_version
from index.errors import IndexFault
from index.library import Library, OpenVersion
from index.search import Hit
from index.sources import Sources, open_sources
from index.versions import index_root, prune, versions
from tests.index.conftest import Log
from tests.index.programs import QUERY

Python = Callable[..., "subprocess.Popen[str]"]

QUERIES = (QUERY, "施工许可怎么办", "联合验收", "who helps with land", "政策兑现")
FILES = (
    "manifest.json",
    *(
        f"{leg}/{name}"
        for leg in ("bigrams", "words", "syllables")
        for name in (
            "data.csc.index.npy",
            "indices.csc.index.npy",
            "indptr.csc.index.npy",
            "params.index.json",
            "vocab.index.json",
        )
    ),
    "rows/ids.json",
    "rows/vectors.npy",
    "chroma/chroma.sqlite3",
    *(
        f"chroma/*/{name}"
        for name in (
            "data_level0.bin",
            "header.bin",
            "index_metadata.pickle",
            "length.bin",
            "link_lists.bin",
        )
    ),
)


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    path.write_bytes(random.Random(1).randbytes(path.stat().st_size))


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def ask(library: Library | OpenVersion) -> list[tuple[Hit, ...]]:
    index = library.index if isinstance(library, OpenVersion) else library
    answers = [index.search(query) for query in QUERIES]
    library.close()
    return answers


@pytest.fixture(scope="module")
def right(built: Path, small: Sources, log_of_module: Log) -> list[tuple[Hit, ...]]:
    """What an unbroken index answers."""
    return ask(Library(built, small, log_of_module))


@pytest.fixture(scope="module")
def log_of_module() -> Log:
    return Log()


@pytest.fixture
def running(root: Path, small: Sources, log: Log) -> Iterator[Library]:
    library = Library(root, small, log)
    yield library
    library.close()


def test_opens_what_is_there_and_says_nothing(root: Path, small: Sources, log: Log) -> None:
    Library(root, small, log).close()
    assert log.lines == []
    assert len(versions(root)) == 1


def test_builds_a_missing_index_and_says_so(tmp_path: Path, small: Sources, log: Log) -> None:
    library = Library(tmp_path / "index", small, log)
    assert library.search(QUERY)[0].passage.measure_number == 6
    library.close()
    assert log.lines == ["building the search index: there is none yet"]


def test_knows_all_files_of_a_version(root: Path) -> None:
    version = versions(root)[0]
    named = {path for pattern in FILES for path in version.glob(pattern)}
    assert named == {path for path in version.rglob("*") if path.is_file()}


@pytest.mark.parametrize("damage", [delete, truncate, garble, flip])
@pytest.mark.parametrize("file", FILES)
def test_never_answers_from_a_broken_file(
    root: Path, small: Sources, right: list[tuple[Hit, ...]], file: str, damage: Callable[[Path], None]
) -> None:
    damage(next(versions(root)[0].glob(file)))
    try:
        answers = ask(OpenVersion(versions(root)[0], small))
    except IndexFault:
        return
    assert answers == right
    assert damage is flip  # of a byte that means nothing


@pytest.mark.parametrize("damage", [truncate, garble])
@pytest.mark.parametrize("file", ["manifest.json", "words/vocab.index.json", "chroma/chroma.sqlite3"])
def test_rebuilds_over_a_broken_file_and_says_so(
    root: Path, small: Sources, right: list[tuple[Hit, ...]], file: str, damage: Callable[[Path], None]
) -> None:
    damage(versions(root)[0] / file)
    log = Log()
    assert ask(Library(root, small, log)) == right
    assert [line[:26] for line in log.lines] == ["building the search index:"]


@pytest.mark.parametrize("file", FILES)
def test_rebuilds_over_a_missing_file_and_says_so(
    root: Path, small: Sources, right: list[tuple[Hit, ...]], file: str
) -> None:
    delete(next(versions(root)[0].glob(file)))
    log = Log()
    assert ask(Library(root, small, log)) == right
    assert [line[:26] for line in log.lines] == ["building the search index:"]
    assert "missing" in log.lines[0]


@pytest.mark.parametrize("seed", range(30))
def test_never_answers_from_a_database_with_one_bit_changed(
    root: Path, small: Sources, right: list[tuple[Hit, ...]], seed: int
) -> None:
    path = versions(root)[0] / "chroma" / "chroma.sqlite3"
    raw = bytearray(path.read_bytes())
    chance = random.Random(seed)
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)
    try:
        answers = ask(OpenVersion(path.parents[1], small))
    except IndexFault:
        return
    assert answers == right


def test_rebuilds_over_an_empty_version(root: Path, small: Sources, log: Log) -> None:
    shutil.rmtree(versions(root)[0])
    (root / f"v-{small.version}-1").mkdir()
    assert ask(Library(root, small, log))[0][0].passage.measure_number == 6
    assert "manifest.json is missing" in log.lines[0]


@pytest.mark.parametrize("current", [None, b"", b"v-nothing-1\n", b"../..\n", b"\xff\xfe\x00", b"\0"])
def test_starts_whatever_current_holds(root: Path, small: Sources, log: Log, current: bytes | None) -> None:
    (root / "CURRENT").unlink()
    if current is not None:
        (root / "CURRENT").write_bytes(current)
    assert ask(Library(root, small, log))[0][0].passage.measure_number == 6


@pytest.mark.parametrize("current", [None, b"", b"v-nothing-1\n", b"../..\n", b"\xff\xfe\x00", b"\0"])
def test_keeps_running_whatever_current_holds(running: Library, root: Path, current: bytes | None) -> None:
    (root / "CURRENT").unlink()
    if current is not None:
        (root / "CURRENT").write_bytes(current)
    assert running.search(QUERY)[0].passage.measure_number == 6


@pytest.mark.parametrize("sources", ["more", "other"])
def test_rebuilds_an_index_of_other_sources(
    root: Path, sources: str, log: Log, request: pytest.FixtureRequest
) -> None:
    changed: Sources = request.getfixturevalue(sources)
    library = Library(root, changed, log)
    library.close()
    assert library.version == changed.version
    assert log.lines == ["building the search index: the text or the encoder has changed"]


def test_refuses_an_index_renamed_to_pass_for_its_own(root: Path, other: Sources, log: Log) -> None:
    versions(root)[0].rename(root / f"v-{other.version}-1")
    Library(root, other, log).close()
    assert "was built from other encoder" in log.lines[0]


def test_changes_over_to_a_newer_version(running: Library, root: Path, more: Sources) -> None:
    build_version(root, more)
    assert running.search(QUERY)[0].passage.measure_number == 6
    assert running.version == more.version


def test_keeps_its_version_when_another_encoder_builds(running: Library, root: Path, other: Sources) -> None:
    before, version = running.search(QUERY), running.version
    build_version(root, other)
    assert running.search(QUERY) == before
    assert running.version == version


def test_says_once_that_it_keeps_its_version(
    running: Library, root: Path, other: Sources, caplog: pytest.LogCaptureFixture
) -> None:
    build_version(root, other)
    with caplog.at_level(logging.WARNING):
        running.search(QUERY)
        running.search(QUERY)
    assert len([record for record in caplog.records if "keeping index" in record.message]) == 1


def test_keeps_its_version_when_the_newer_one_is_broken(running: Library, root: Path, more: Sources) -> None:
    before = running.search(QUERY)
    truncate(root / build_version(root, more) / "words" / "vocab.index.json")
    (root / "CURRENT").touch()
    assert running.search(QUERY) == before


def test_finishes_questions_under_way_in_the_old_version(running: Library, root: Path, more: Sources) -> None:
    old = running._open.index
    build_version(root, more)
    running.search(QUERY)
    assert old.search(QUERY)[0].passage.measure_number == 6


def test_survives_pruning_by_others(running: Library, root: Path, other: Sources) -> None:
    for _ in range(4):
        build_version(root, other)
    prune(root)
    assert running.search(QUERY)[0].passage.measure_number == 6
    assert running._open.directory.is_dir()


def test_closes_twice_without_harm(root: Path, small: Sources, log: Log) -> None:
    library = Library(root, small, log)
    library.close()
    library.close()
    assert log.lines == []


def test_changes_over_under_three_threads_without_mixing(
    running: Library, root: Path, small: Sources, more: Sources, python: Python
) -> None:
    expected = {running.search(QUERY)}
    answers: set[tuple[Hit, ...]] = set()
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            answers.add(running.search(QUERY))

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    builder = python("-m", "tests.index.programs", "rebuild-with-more-questions", str(root))
    assert builder.communicate(timeout=60)[1] == ""
    while running.version != more.version:  # one of the threads may be changing over just now
        running.search(QUERY)
    expected.add(running.search(QUERY))
    stop.set()
    for thread in threads:
        thread.join()
    assert running.version == more.version
    assert answers <= expected


def test_builds_once_for_two_programs_that_start_at_once(python: Python, tmp_path: Path) -> None:
    command = ("-m", "tests.index.programs", "start", str(tmp_path / "index"))
    outs = [program.communicate(timeout=60)[0] for program in (python(*command), python(*command))]
    first, second = map(json.loads, outs)
    assert first["first"] == second["first"] == "xian-2024-26#m06"
    assert len(first["said"] + second["said"]) == 1
    assert len(versions(tmp_path / "index")) == 1


def test_serves_two_programs_with_different_encoders(running: Library, root: Path, python: Python) -> None:
    before = running.search(QUERY)
    command = ("-m", "tests.index.programs", "start-with-another-encoder", str(root))
    out, _ = python(*command).communicate(timeout=60)
    assert json.loads(out)["first"] == "xian-2024-26#m06"
    assert running.search(QUERY) == before


def test_reads_the_shipped_notices_and_bank(tmp_path: Path, sources: Sources) -> None:
    assert open_sources(tmp_path, None).parts == sources.parts


def test_keeps_its_files_in_one_folder(tmp_path: Path) -> None:
    assert index_root(tmp_path) == tmp_path / "index"
