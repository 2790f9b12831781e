"""Build one version of the index: aside, verified, then put in place whole.

v-<fingerprint>-<n>/
    manifest.json                   what it was made of, and the SHA-256 of its files
    chroma/                         measures, sentences and questions with their vectors
    rows/                           the same vectors as Chroma gives them back
    bigrams/  words/  syllables/    BM25
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from index.encoder import Encoder, Vectors
from index.errors import IndexCorrupt, IndexStale
from index.items import Item
from index.legs import keyword_indexes
from index.rows import Rows
from index.sources import Sources, version_of
from index.vectors import VectorIndex, database_digest
from index.versions import free_name, point_to, prune, write_synced, writer_lock

ENCODED_AT_ONCE = 256
# Chroma writes its own bookkeeping even while reading; compared by its rows.
_CHANGES_WHILE_READ = ("chroma/chroma.sqlite3",)
_MANIFEST_SHAPE = {
    "parts": dict,
    "version": str,
    "database_sha256": str,
    "files": dict,
}


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
        name = free_name(root, sources.version)
        aside.rename(root / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    point_to(root, name)
    return name


def publish(root: Path, sources: Sources) -> str:
    """Build a version under the writer's lock and remove old ones; return its directory's name.

    Programs that run change over to it. Raises as `build_version`, and IndexFault where another writes.
    """
    with writer_lock(root):
        name = build_version(root, sources)
        prune(root)
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
        bar.refresh()  # the end is shown even where all of it took less than tqdm's interval
    for name, keyword_index in keyword_indexes(gathered, sources.words).items():
        keyword_index.save(aside / name)
    _written(aside / "chroma", [item.item_id for item in gathered.items], vectors).save(aside / "rows")
    manifest = {
        "parts": sources.parts,
        "version": sources.version,
        "n_items": len(gathered.items),
        "database_sha256": database_digest(aside / "chroma"),
        "files": _file_digests(aside),
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    write_synced(aside / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))


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
    if manifest["version"] != version_of(manifest["parts"]):
        raise IndexCorrupt(f"{directory.name}: manifest.json contradicts itself")
    return manifest


def _file_digests(directory: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name != "manifest.json" and not name.startswith(_CHANGES_WHILE_READ):
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


def _written(directory: Path, item_ids: list[str], vectors: Vectors) -> Rows:
    """Read back what Chroma holds, and compare it with what was to be written.

    Chroma scales vectors once more, so they agree but for rounding. Raises IndexCorrupt.
    """
    with closing(VectorIndex(directory)) as written:
        found = written.rows()
    order = sorted(range(len(item_ids)), key=item_ids.__getitem__)
    if found.item_ids != tuple(item_ids[i] for i in order) or not np.allclose(
        found.vectors, vectors[order], atol=1e-5
    ):
        raise IndexCorrupt("Chroma does not give back what was written")
    return found
