"""The rows that Chroma holds, as plain arrays beside it: read at the start in a fraction of its time."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.encoder import Vectors
from index.errors import IndexCorrupt


@dataclass(frozen=True, slots=True)
class Rows:
    """One vector for each item; `vectors` has the shape (len(item_ids), dimension)."""

    item_ids: tuple[str, ...]
    vectors: Vectors

    def save(self, directory: Path) -> None:
        directory.mkdir()
        (directory / "ids.json").write_text(json.dumps(self.item_ids), encoding="utf-8")
        np.save(directory / "vectors.npy", self.vectors, allow_pickle=False)

    @classmethod
    def load(cls, directory: Path) -> "Rows":
        """Return what `save` wrote. Raises IndexCorrupt where the files contradict each other."""
        item_ids = tuple(json.loads((directory / "ids.json").read_text("utf-8")))
        # Mapped: of a large corpus only the rows that are looked at are in memory.
        vectors = np.load(directory / "vectors.npy", mmap_mode="r", allow_pickle=False)
        if len(item_ids) != len(vectors):
            raise IndexCorrupt(f"{directory}: {len(item_ids)} items, but {len(vectors)} vectors")
        return cls(item_ids, vectors)
