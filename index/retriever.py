"""The langchain seam of search: the same hits as documents."""

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.library import Library


class PolicyRetriever(BaseRetriever):
    """Gives passages best first.

    `metadata` has passage_id, notice_id, measure_number, title, start, end, rank, score and probability.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                id=hit.passage.passage_id,
                page_content=hit.passage.text,
                metadata={
                    "passage_id": hit.passage.passage_id,
                    "notice_id": hit.passage.notice_id,
                    "measure_number": hit.passage.measure_number,
                    "title": hit.passage.title,
                    "start": hit.passage.start,
                    "end": hit.passage.end,
                    "rank": hit.rank,
                    "score": hit.score,
                    "probability": hit.probability,
                },
            )
            for hit in self.library.search(query)
        ]
