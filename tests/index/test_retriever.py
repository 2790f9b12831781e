import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.library import Library
from index.retriever import PolicyRetriever


@pytest.fixture(scope="module")
def documents(library: Library) -> list[Document]:
    return PolicyRetriever(library=library).invoke("水电气网报装")


def test_is_a_retriever_of_langchain(library: Library) -> None:
    assert isinstance(PolicyRetriever(library=library), BaseRetriever)


def test_retrieves_what_search_finds(library: Library, documents: list[Document]) -> None:
    hits = library.search("水电气网报装")
    assert [d.id for d in documents] == [hit.passage.passage_id for hit in hits]
    assert [d.metadata["score"] for d in documents] == [hit.score for hit in hits]
    assert [d.metadata["probability"] for d in documents] == [hit.probability for hit in hits]


def test_retrieves_the_measure_verbatim_with_its_place(documents: list[Document], notice: object) -> None:
    first = documents[0]
    assert first.metadata["measure_number"] == 6
    assert first.page_content == notice.source[first.metadata["start"] : first.metadata["end"]]  # type: ignore[attr-defined]


def test_retrieves_nothing_where_no_word_is_known(library: Library) -> None:
    assert PolicyRetriever(library=library).invoke("xqzv") == []


def test_retrieves_for_several_questions_at_once(library: Library) -> None:
    found = PolicyRetriever(library=library).batch(["水电气网报装", "xqzv"])
    assert [len(documents) for documents in found] == [8, 0]
