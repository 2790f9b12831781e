"""What has a vector, and what a search by vectors finds."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["passage", "sentence", "question"]


@dataclass(frozen=True, slots=True)
class Item:
    """One text with a vector: a passage, one of its sentences, or a question of the bank about it."""

    item_id: str
    role: Role
    passage_id: str
    text: str
    start: int = 0  # in the source, for passages and sentences
    end: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    item_id: str
    passage_id: str
    similarity: float  # cosine


def passage_of(item_id: str) -> str:
    """Return the id of the passage, or of the group outside, that an item belongs to.

    The part before the last slash; a passage's own item has none.
    """
    return item_id.rpartition("/")[0] or item_id
