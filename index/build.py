"""Build one version of the index: aside, verified, then put in place whole.

    <data>/index/CURRENT            name of the newest version
    <data>/index/LOCK               one writer
    <data>/index/v-<fingerprint>-<n>/
        manifest.json               what it was made of, and the SHA-256 of its files
        chroma/  bigrams/  words/  syllables/

A version is never changed once it has its name. A reader keeps a shared lock on
the version it has open, so that pruning leaves it alone.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import numpy as np
import portalocker
from tqdm import tqdm

from corpus.bank import BankQuestion, NegativeQuestion
from corpus.glossary import Glossary
from corpus.notice import Notice
from index.encoder import Encoder, Vectors
from index.errors import IndexCorrupt, IndexFault, IndexStale
from index.legs import Material, keyword_indexes, material
from index.vectors import Item, VectorIndex, database_digest
from index.words import Words, notice_vocabulary

FORMAT = 2  # raise when the layout, or how text is cut, changes
KEEP = 3  # versions kept besides those in use
LOCK_TIMEOUT_S = 120.0
ENCODED_AT_ONCE = 256
# Chroma writes its own bookkeeping even while reading; compared by its rows.
_CHANGES_WHILE_READ = ("chroma/chroma.sqlite3",)
# What cuts the text and writes the files: another version may do either otherwise.
_LIBRARIES = ("bm25s", "chromadb", "jieba", "pypinyin", "PyStemmer")
_MANIFEST_SHAPE = {
    "parts": dict,
    "version": str,
    "contents_sha256": str,
    "database_sha256": str,
    "files": dict,
}


@dataclass(frozen=True)
class Sources:
    """Everything an index is made of."""

    notices: tuple[Notice, ...]
    questions: tuple[BankQuestion, ...]
    words: Words
    encoder: Encoder
    negatives: tuple[NegativeQuestion, ...] = ()
    english: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # passage id -> sentences
    glossaries: tuple[Glossary, ...] = ()

    @cached_property
    def material(self) -> Material:
        return material(self.notices, self.questions, self.negatives, self.english)

    @cached_property
    def parts(self) -> dict[str, str]:
        """Return the hash of each part; two indexes with the same parts answer alike."""
        return {
            "format": str(FORMAT),
            "libraries": _digest(f"{name} {installed_version(name)}" for name in _LIBRARIES),
            "notices": _digest(
                f"{item.item_id} {item.start} {item.end} {item.text}"
                for item in material(self.notices, (), (), self.english).items
            ),
            "encoder": self.encoder.fingerprint,
            "words": _digest(notice_vocabulary(self.notices)),
            "questions": _digest(
                [f"{q.passage_id} {' '.join(q.also)}\t{q.text}" for q in self.questions]
                + [f"{n.group}\t{n.text}" for n in self.negatives]
            ),
        }

    @cached_property
    def version(self) -> str:
        return _version(self.parts)


def build_version(root: Path, sources: Sources) -> str:
    """Build a version under `root`, verify it, make it CURRENT; return its directory's name.

    The caller holds the writer's lock. Nothing is visible to readers before it is whole.
    Raises OSError or IndexCorrupt where it cannot be written; leaves nothing behind then.
    """
    aside = root / f".building-{os.getpid()}"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        _fill(aside, sources)
        verify(aside, sources)
        name = _free_name(root, sources.version)
        aside.rename(root / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    point_to(root, name)
    return name


def _fill(aside: Path, sources: Sources) -> None:
    """Write all files of a version; the manifest last.

    Shows on stderr, if that is a terminal, how many texts are encoded and written.
    """
    gathered = sources.material
    # disable=None: unless stderr is a terminal.
    with tqdm(total=2 * len(gathered.items), desc="index", unit=" texts", disable=None, leave=False) as bar:
        vectors = _encoded(gathered.items, sources.encoder, bar.update)
        VectorIndex.build(aside / "chroma", gathered.items, vectors, written=bar.update)
    for name, keyword_index in keyword_indexes(gathered, sources.words).items():
        keyword_index.save(aside / name)
    contents = _written_contents(aside / "chroma", [item.item_id for item in gathered.items], vectors)
    manifest = {
        "parts": sources.parts,
        "version": sources.version,
        "n_items": len(gathered.items),
        "contents_sha256": contents,
        "database_sha256": database_digest(aside / "chroma"),
        "files": _file_digests(aside),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    _write_synced(aside / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))


def _encoded(items: Sequence[Item], encoder: Encoder, encoded: Callable[[int], object]) -> Vectors:
    """Return one row for each item; call `encoded` with the number of each batch."""
    rows = [np.zeros((0, encoder.dimension), dtype=np.float32)]
    for first in range(0, len(items), ENCODED_AT_ONCE):
        batch = [item.text for item in items[first : first + ENCODED_AT_ONCE]]
        rows.append(encoder.encode(batch))
        encoded(len(batch))
    return np.concatenate(rows)


def verify(directory: Path, sources: Sources, *, ignored: Sequence[str] = ()) -> None:
    """Check that a version is whole and made of these sources, save the `ignored` parts.

    Raises IndexStale where it was made of others, IndexCorrupt where a file is
    missing or changed.
    """
    manifest = read_manifest(directory)
    wanted = {name: value for name, value in sources.parts.items() if name not in ignored}
    differing = [name for name, value in wanted.items() if manifest["parts"].get(name) != value]
    if differing:
        raise IndexStale(f"{directory.name} was built from other {', '.join(sorted(differing))}")
    if _file_digests(directory) != manifest["files"]:
        raise IndexCorrupt(f"{directory.name}: a file is missing or changed")
    if database_digest(directory / "chroma") != manifest["database_sha256"]:
        raise IndexCorrupt(f"{directory.name}: Chroma's database is not as it was written")


def verify_contents(directory: Path, item_ids: Sequence[str], vectors: Vectors) -> None:
    """Check what Chroma gives back against the manifest. Raises IndexCorrupt."""
    if _contents_digest(item_ids, vectors) != read_manifest(directory)["contents_sha256"]:
        raise IndexCorrupt(f"{directory.name}: Chroma does not hold what was written")


def read_manifest(directory: Path) -> Mapping[str, Any]:
    """Return the manifest; IndexCorrupt if there is none, or it is not as it was written."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise IndexCorrupt(f"{directory.name}: manifest.json is missing or unreadable") from fault
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(key), shape) for key, shape in _MANIFEST_SHAPE.items()
    ):
        raise IndexCorrupt(f"{directory.name}: manifest.json has another shape")
    if manifest["version"] != _version(manifest["parts"]):
        raise IndexCorrupt(f"{directory.name}: manifest.json contradicts itself")
    return manifest


def point_to(root: Path, name: str) -> None:
    """Make `name` the newest version, in one step that readers see whole."""
    _write_synced(root / "CURRENT.new", name + "\n")
    os.replace(root / "CURRENT.new", root / "CURRENT")


def versions(root: Path) -> list[Path]:
    """Return the finished versions, newest first."""
    found = []
    for path in root.glob("v-*"):
        with suppress(FileNotFoundError):  # another program pruned it meanwhile
            if path.is_dir():
                found.append((path.stat().st_mtime_ns, path.name, path))
    return [path for _, _, path in sorted(found, reverse=True)]


def prune(root: Path) -> None:
    """Remove left-over builds, and old versions that nobody has open.

    The caller holds the writer's lock.
    """
    for left_over in root.glob(".building-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    for directory in versions(root)[KEEP:]:
        with suppress(IndexFault), _locked(_in_use_lock(directory), portalocker.LOCK_EX):
            shutil.rmtree(directory, ignore_errors=True)
            # Still locked: a reader that comes now makes a new file, and finds no version.
            _in_use_lock(directory).unlink(missing_ok=True)


@contextmanager
def in_use(directory: Path) -> Iterator[None]:
    """Keep a version from being pruned. Raises IndexFault if it is just being removed."""
    with _locked(_in_use_lock(directory), portalocker.LOCK_SH):
        yield


@contextmanager
def writer_lock(root: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the lock that only one writer on this machine has. Raises IndexFault after `timeout_s`."""
    root.mkdir(parents=True, exist_ok=True)
    with _locked(root / "LOCK", portalocker.LOCK_EX, timeout_s=timeout_s):
        yield


@contextmanager
def _locked(path: Path, kind: portalocker.LockFlags, *, timeout_s: float = 0.0) -> Iterator[None]:
    lock = portalocker.Lock(path, timeout=timeout_s, flags=kind | portalocker.LOCK_NB)
    try:
        lock.acquire()
    except portalocker.LockException as fault:
        raise IndexFault(f"{path}: another program holds this lock (waited {timeout_s:.0f} s)") from fault
    try:
        yield
    finally:
        lock.release()


def _in_use_lock(directory: Path) -> Path:
    return directory.with_name(f".in-use-{directory.name}")


def _free_name(root: Path, version: str) -> str:
    taken = {path.name for path in root.glob(f"v-{version}-*")}
    n = 1
    while f"v-{version}-{n}" in taken:
        n += 1
    return f"v-{version}-{n}"


def _file_digests(directory: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name != "manifest.json" and not name.startswith(_CHANGES_WHILE_READ):
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def _written_contents(directory: Path, item_ids: list[str], vectors: Vectors) -> str:
    """Read back what Chroma holds, compare it with what was to be written, return its digest.

    Chroma scales vectors once more, so they agree but for rounding. Raises IndexCorrupt.
    """
    with closing(VectorIndex(directory)) as written:
        found_ids, found = written.contents()
    order = sorted(range(len(item_ids)), key=item_ids.__getitem__)
    if found_ids != [item_ids[i] for i in order] or not np.allclose(found, vectors[order], atol=1e-5):
        raise IndexCorrupt("Chroma does not give back what was written")
    return _contents_digest(found_ids, found)


def _contents_digest(item_ids: Sequence[str], vectors: Vectors) -> str:
    return hashlib.sha256("\n".join(item_ids).encode() + vectors.astype("<f4").tobytes()).hexdigest()


def _version(parts: Mapping[str, str]) -> str:
    return _digest(f"{name}={value}" for name, value in sorted(parts.items()))[:12]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _write_synced(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
