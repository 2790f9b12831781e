"""The versions of the index side by side in one folder, and the locks that keep them apart.

    <data>/index/CURRENT            name of the newest version
    <data>/index/LOCK               one writer
    <data>/index/v-<fingerprint>-<n>/

A version is never changed once it has its name. A reader keeps a shared lock on
the version it has open, so that pruning leaves it alone.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import portalocker

from index.errors import IndexCorrupt, IndexFault

KEEP = 3  # versions kept besides those in use
LOCK_TIMEOUT_S = 120.0


def index_root(data_dir: Path) -> Path:
    return data_dir / "index"


def point_to(root: Path, name: str) -> None:
    """Make `name` the newest version, in one step that readers see whole."""
    write_synced(root / "CURRENT.new", name + "\n")
    os.replace(root / "CURRENT.new", root / "CURRENT")


def current(root: Path) -> Path:
    """Return the directory that CURRENT names. Raises OSError or IndexCorrupt."""
    name = (root / "CURRENT").read_bytes().strip().decode("utf-8", "replace")
    for directory in versions(root):
        if directory.name == name:
            return directory
    raise IndexCorrupt(f"CURRENT names no version: {name[:80]!r}")


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


def free_name(root: Path, version: str) -> str:
    """Return a name for a new version of these sources."""
    taken = {path.name for path in root.glob(f"v-{version}-*")}
    n = 1
    while f"v-{version}-{n}" in taken:
        n += 1
    return f"v-{version}-{n}"


def write_synced(path: Path, text: str) -> None:
    """Write a text so that it survives a power cut after this returns."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
