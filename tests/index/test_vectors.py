from pathlib import Path

import numpy as np
import pytest

from corpus.bank import BankQuestion
from index.encoder import StaticEncoder, Vectors
from index.errors import IndexCorrupt
from index.items import Item, passage_of
from index.legs import ExactItems, Legs, Material
from index.library import Library
from index.rows import Rows
from index.vectors import DATABASE, VectorIndex, database_digest
from index.versions import versions

ITEMS = [Item(f"n#m{i:02}", "passage", f"n#m{i:02}", str(i)) for i in range(1, 4)]
ROWS: Vectors = np.array([[1, 0], [0, 1], [0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    VectorIndex.build(tmp_path / "chroma", ITEMS, ROWS)
    return tmp_path / "chroma"


def test_gives_the_nearest_first_with_their_cosines(directory: Path) -> None:
    opened = VectorIndex(directory)
    found = opened.nearest(ROWS[0], 2)
    opened.close()
    assert [neighbour.item_id for neighbour in found] == ["n#m01", "n#m03"]
    assert [neighbour.similarity for neighbour in found] == pytest.approx([1.0, 0.6], abs=1e-6)


def test_gives_the_neighbours_of_an_exact_search(
    library: Library, exact: Legs, gathered: Material, encoder: StaticEncoder, bank: tuple[BankQuestion, ...]
) -> None:
    vectors = encoder.encode([item.text for item in gathered.items])
    second = ExactItems(Rows(tuple(item.item_id for item in gathered.items), vectors))
    chroma = library._open.index._legs.vectors
    for vector in encoder.encode([question.text for question in bank[::50]]):
        ours, theirs = chroma.nearest(vector, 64), second.nearest(vector, 64)
        assert [n.similarity for n in ours] == pytest.approx([n.similarity for n in theirs], abs=1e-5)
        clear = {n.item_id for n in theirs if n.similarity > theirs[-1].similarity + 1e-5}  # ties aside
        assert clear <= {n.item_id for n in ours}


def test_gives_no_neighbour_of_a_vector_of_zeros(directory: Path) -> None:
    opened = VectorIndex(directory)
    found = opened.nearest(np.zeros(2, dtype=np.float32), 2)
    opened.close()
    assert found == ()


def test_gives_all_there_are_where_more_are_asked_for(directory: Path) -> None:
    opened = VectorIndex(directory)
    found = opened.nearest(ROWS[0], 64)
    opened.close()
    assert len(found) == 3


def test_gives_back_what_was_written(directory: Path) -> None:
    opened = VectorIndex(directory)
    rows = opened.rows()
    opened.close()
    assert rows.item_ids == ("n#m01", "n#m02", "n#m03")
    assert rows.vectors == pytest.approx(ROWS, abs=1e-6)


def test_keeps_an_item_without_any_known_word(tmp_path: Path) -> None:
    VectorIndex.build(tmp_path / "chroma", ITEMS, np.zeros((3, 2), dtype=np.float32))
    opened = VectorIndex(tmp_path / "chroma")
    rows = opened.rows()
    opened.close()
    assert not rows.vectors.any()


def test_refuses_a_directory_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt, match="no Chroma database"):
        VectorIndex(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_refuses_a_database_without_the_collection(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    with pytest.raises(IndexCorrupt, match="passages"):
        VectorIndex(tmp_path)


def test_names_the_directory_when_chroma_panics(directory: Path) -> None:
    raw = (directory / DATABASE).read_bytes()
    (directory / DATABASE).write_bytes(raw[:4096] + bytes(len(raw) - 4096))
    with pytest.raises(IndexCorrupt, match="chroma"):
        VectorIndex(directory).rows()


def test_digests_the_database_alike_after_reading(directory: Path) -> None:
    before, raw = database_digest(directory), (directory / DATABASE).read_bytes()
    VectorIndex(directory).close()
    assert (directory / DATABASE).read_bytes() != raw
    assert database_digest(directory) == before


def test_leaves_its_graph_as_it_is_when_read(directory: Path) -> None:
    before = {path: path.read_bytes() for path in directory.glob("*/*")}
    opened = VectorIndex(directory)
    opened.nearest(ROWS[0], 2)
    opened.close()
    assert len(before) == 5
    assert {path: path.read_bytes() for path in directory.glob("*/*")} == before


def test_digests_no_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"garbage" * 1000)
    with pytest.raises(IndexCorrupt, match="broken"):
        database_digest(tmp_path)


def test_makes_no_database_by_looking_for_one(tmp_path: Path) -> None:
    with pytest.raises(IndexCorrupt):
        database_digest(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_the_passage_of_an_item() -> None:
    assert [passage_of("n#m06"), passage_of("n#m06/s1"), passage_of("n#m06/q12")] == ["n#m06"] * 3
    assert passage_of("outside/no_policy/q3") == "outside/no_policy"


def test_tells_how_many_items_it_has_written(tmp_path: Path) -> None:
    written: list[int] = []
    VectorIndex.build(tmp_path / "chroma", ITEMS, ROWS, written=written.append)
    assert written == [3]


def test_holds_measures_sentences_and_questions(library: Library, gathered: Material) -> None:
    opened = VectorIndex(versions(library._root)[0] / "chroma")
    rows = opened.rows()
    opened.close()
    assert rows.item_ids == tuple(sorted(item.item_id for item in gathered.items))
