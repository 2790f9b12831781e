import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.runnables import Runnable, RunnableLambda

from assistant import Assistant, UnusableQuestion
from index.sources import open_sources
from tests.assistant.conftest import FixedSearcher

QUESTION = "水电气怎么报装"
WATCHED = Path(__file__).with_name("watched.py")
TRACED = """
import sys, time
from pathlib import Path
import langchain_core.runnables, langsmith.utils
langsmith.utils.tracing_is_enabled()  # remembered from the environment
from assistant import Assistant, Settings
with Assistant.open(Settings(data_dir=Path(sys.argv[1]))) as assistant:
    print(assistant.as_runnable().invoke("施工图审查要多久")["status"])
    print(len(assistant.as_retriever().invoke("施工图审查")))
time.sleep(1)  # a tracer sends from a thread of its own
"""


@pytest.fixture
def runnable(assistant: Assistant) -> Runnable[Any, Any]:
    return assistant.as_runnable()


def test_invokes(runnable: Runnable[Any, Any]) -> None:
    assert runnable.invoke(QUESTION)["citations"][0]["measure_number"] == 6


def test_takes_history_and_language(runnable: Runnable[Any, Any]) -> None:
    answer = runnable.invoke({"question": "那谁负责？", "history": [QUESTION], "lang": "en"})
    assert (answer["lang"], answer["citations"][0]["measure_number"]) == ("en", 6)


def test_answers_a_batch_in_order(runnable: Runnable[Any, Any]) -> None:
    answers = runnable.batch([QUESTION, "施工图审查要多久", "招不到工人"])
    assert [answer["citations"][0]["measure_number"] for answer in answers] == [6, 3, 19]


def test_streams_the_answer_in_one_piece(runnable: Runnable[Any, Any]) -> None:
    assert [answer["status"] for answer in runnable.stream(QUESTION)] == ["answered"]


def test_invokes_asynchronously(runnable: Runnable[Any, Any]) -> None:
    assert asyncio.run(runnable.ainvoke(QUESTION))["status"] == "answered"


def test_answers_a_batch_asynchronously(runnable: Runnable[Any, Any]) -> None:
    answers = asyncio.run(runnable.abatch([QUESTION, "招不到工人"]))
    assert [answer["question"] for answer in answers] == [QUESTION, "招不到工人"]


def test_stands_in_a_chain(runnable: Runnable[Any, Any]) -> None:
    chain = RunnableLambda(str.strip) | runnable | RunnableLambda(lambda answer: answer["question"])
    assert chain.invoke(f"  {QUESTION} ") == QUESTION


def test_raises_for_an_unusable_question(runnable: Runnable[Any, Any]) -> None:
    with pytest.raises(UnusableQuestion):
        runnable.invoke(" ")


@pytest.mark.parametrize(
    "asked",
    [None, 6, [QUESTION], {}, {"question": None}, {"question": QUESTION, "history": QUESTION}]
    + [{"question": QUESTION, "history": [1]}, {"question": QUESTION, "lang": "fr"}],
)
def test_takes_nothing_else(runnable: Runnable[Any, Any], asked: object) -> None:
    with pytest.raises(TypeError):
        runnable.invoke(asked)


def test_searches_as_a_retriever(assistant: Assistant) -> None:
    documents = assistant.as_retriever().invoke(QUESTION)
    assert documents[0].metadata["measure_number"] == 6
    assert documents[0].page_content.startswith("推行市政公用服务集成报装")


def test_searches_as_a_retriever_asynchronously(assistant: Assistant) -> None:
    documents = asyncio.run(assistant.as_retriever().ainvoke("施工图审查要多久"))
    assert documents[0].id == "xian-2024-26#m03"


def test_a_search_that_is_no_index_is_no_retriever(with_searcher: Any) -> None:
    with pytest.raises(TypeError, match="FixedSearcher is not an index on disk"):
        with_searcher(FixedSearcher()).as_retriever()


def test_its_encoder_is_an_embedding_model(data_dir: Path) -> None:
    encoder = open_sources(data_dir, None).encoder
    assert isinstance(encoder, Embeddings)
    assert encoder.embed_documents([QUESTION]) == [encoder.embed_query(QUESTION)]
    assert sum(x * x for x in encoder.embed_query(QUESTION)) == pytest.approx(1)


def test_traces_to_no_outside_service(assistant: Assistant, data_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "traced.py").write_text(TRACED, "utf-8")
    switches = {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "k"}
    command: list[str | Path] = [
        sys.executable,
        WATCHED,
        tmp_path / "report",
        tmp_path / "traced.py",
        data_dir,
    ]
    ran = subprocess.run(command, env=switches, capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, ["answered", "8"]), ran.stderr
    assert json.loads((tmp_path / "report").read_text())["contacted"] == []
