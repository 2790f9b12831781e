"""Vectors in Chroma: opened with explicit embeddings only, never with Chroma's own embedding function.

Chroma embedded is safe for one writer and, once finished, for many readers; it
is therefore always written to a new directory and never changed afterwards
(index/build.py).
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Vectors
from index.errors import IndexCorrupt
from index.items import Item, Neighbour, passage_of
from index.rows import Rows

COLLECTION = "passages"
DATABASE = "chroma.sqlite3"
_GRAPH = {
    "space": "cosine",
    # Wide enough to find what an exact search finds (tests/index/test_vectors.py); with
    # Chroma's defaults one question in forty lost a neighbour.
    "ef_construction": 100,
    "ef_search": 512,
    "max_neighbors": 32,
    # Threads that insert at once build a graph that differs each time, and sometimes lose a neighbour.
    "num_threads": 1,
    # Small, so that the graph is written now; otherwise each reader would rebuild it.
    "sync_threshold": 2,
}
_READERS = b"acquire_write"  # each client that opens the database adds a row


class VectorIndex:
    """One finished Chroma collection."""

    def __init__(self, directory: Path) -> None:
        """Open for reading. Raises IndexCorrupt if there is no such collection."""
        if not (directory / DATABASE).is_file():
            raise IndexCorrupt(f"{directory}: no Chroma database")  # Chroma would create an empty one
        self._directory = directory
        with _chroma_faults(directory):
            self._client = _client(directory)
        try:
            with _chroma_faults(directory):
                # None, or Chroma arms a model download for the first query.
                self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except IndexCorrupt:
            self._client.close()
            raise

    @classmethod
    def build(
        cls,
        directory: Path,
        items: Sequence[Item],
        vectors: Vectors,
        *,
        written: Callable[[int], object] = lambda n: None,
    ) -> None:
        """Write a collection with one row for each item; `vectors` in the items' order.

        Calls `written` with the number of items of each batch. Raises IndexCorrupt
        where Chroma cannot write, as on a full disk.
        """
        with _chroma_faults(directory), closing(_client(directory)) as client:
            collection = client.create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": _GRAPH},
            )
            step = client.get_max_batch_size()
            for first in range(0, len(items), step):
                batch = items[first : first + step]
                collection.add(
                    ids=[item.item_id for item in batch],
                    embeddings=vectors[first : first + step],
                    metadatas=[_metadata(item) for item in batch],
                    documents=[item.text for item in batch],
                )
                written(len(batch))

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]:
        """Return the n nearest items, nearest first; none for a vector of zeros."""
        if not vector.any():
            return ()  # Chroma gives arbitrary neighbours for it
        with _chroma_faults(self._directory):
            found = self._collection.query(query_embeddings=[vector], n_results=n, include=["distances"])
        if found["distances"] is None:
            raise IndexCorrupt("Chroma answered without distances")
        return tuple(
            Neighbour(item_id, passage_of(item_id), 1.0 - distance)
            for item_id, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        )

    def rows(self) -> Rows:
        """Return all items, sorted by their ids."""
        with _chroma_faults(self._directory):
            found = self._collection.get(include=["embeddings"])
        embeddings = found["embeddings"]
        if embeddings is None:
            raise IndexCorrupt("Chroma answered without vectors")
        order = sorted(range(len(found["ids"])), key=found["ids"].__getitem__)
        vectors = np.asarray(embeddings, dtype=np.float32)
        return Rows(tuple(found["ids"][i] for i in order), vectors[order] if order else vectors)

    def close(self) -> None:
        self._client.close()


def database_digest(directory: Path) -> str:
    """Return a SHA-256 over what Chroma's database says, after checking that it is sound.

    Every row counts, save those of the table to which each reader adds one; so
    the file changes with reading, and this does not. Raises IndexCorrupt.
    """
    address = f"{(directory / DATABASE).absolute().as_uri()}?mode=rw"  # rw: never creates one
    total = hashlib.sha256()
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.text_factory = bytearray  # undecoded, and another type than a blob
            for row in _stable_rows(database):
                total.update(repr(row).encode())
    except (sqlite3.Error, UnicodeDecodeError) as fault:
        raise IndexCorrupt(f"{directory}: Chroma's database is broken: {fault}") from fault
    return total.hexdigest()


def _stable_rows(database: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    yield from database.execute("PRAGMA integrity_check")
    tables = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
    for kind, name, table, sql in tables:
        yield kind, name, table, sql
        if kind == b"table" and name != _READERS and not sql.startswith(b"CREATE VIRTUAL"):
            yield from database.execute(f'SELECT * FROM "{name.decode()}"')


@contextmanager
def _chroma_faults(directory: Path) -> Iterator[None]:
    """Name the directory in whatever Chroma raises over it, as IndexCorrupt."""
    import chromadb  # noqa: PLC0415  (0.5 s and 40 MB, which an exact search does without)

    try:
        yield
    except (chromadb.errors.ChromaError, ValueError, KeyError, TypeError) as fault:
        raise IndexCorrupt(f"{directory}: Chroma fails: {fault}") from fault
    except BaseException as fault:
        # A panic of Chroma's Rust code: no Exception, and its class cannot be imported.
        if type(fault).__name__ != "PanicException":
            raise
        raise IndexCorrupt(f"{directory}: Chroma fails: {fault}") from fault


def _client(directory: Path) -> Any:
    import chromadb  # noqa: PLC0415  (as above)
    from chromadb.config import Settings as ChromaSettings  # noqa: PLC0415

    # No .env of the working folder is read into Chroma's settings.
    settings = ChromaSettings(_env_file=None, anonymized_telemetry=False)
    return chromadb.PersistentClient(path=str(directory), settings=settings)


def _metadata(item: Item) -> dict[str, str | int]:
    return {"role": item.role, "passage_id": item.passage_id, "start": item.start, "end": item.end}
