"""Two baselines: what a quickstart gives. They always answer, with the top measure.

Units and deadline are joined from the notice's records, so that the strict rule
measures their search and not their lack of records. Both ignore the history.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import numpy as np

from assistant import Answer, Citation, Status
from corpus import load_notices
from corpus.notice import Measure, Notice
from corpus.passages import passages
from evals.cases import Language

CHUNK_CHARS = 500
OVERLAP_CHARS = 50

Found = tuple[Notice, Measure, str]  # with the text that was found


class DocumentEncoder(Protocol):
    """What a baseline needs of an encoder."""

    def embed_query(self, text: str) -> list[float]: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...


class PlainBM25:
    """BM25 over the jieba words of the measures' texts, nothing else."""

    name = "bm25"

    def __init__(self, notices: Sequence[Notice], cache_dir: Path) -> None:
        import bm25s  # noqa: PLC0415 - only this baseline needs it

        self._cut = _jieba_cut(cache_dir)
        self._entries = [(notice, measure) for notice in notices for measure in notice.measures]
        self._bm25 = bm25s.BM25()
        self._bm25.index([self._words(measure.text) for _, measure in self._entries], show_progress=False)

    @classmethod
    def open(cls, cache_dir: Path) -> "PlainBM25":
        return cls(load_notices(), cache_dir)

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        started = time.perf_counter()
        known = [word for word in self._words(question) if word in self._bm25.vocab_dict]
        best = int(np.argmax(self._bm25.get_scores(known))) if known else 0
        notice, measure = self._entries[best]
        return _answer(question, lang, (notice, measure, measure.text), started)

    def _words(self, text: str) -> list[str]:
        return [word.casefold() for word in self._cut(text) if any(map(str.isalnum, word))]


class Quickstart:
    """Chunk and embed: fixed windows of the raw notice, an in-memory list, cosine.

    Windows that touch no measure (the notice's head and end) are left out, to the
    baseline's favour.
    """

    name = "quickstart"

    def __init__(self, notices: Sequence[Notice], encoder: DocumentEncoder) -> None:
        self._encoder = encoder
        self._chunks = [
            (notice, measure, text)
            for notice in notices
            for start, text in chunks(notice.source)
            if (measure := measure_of(notice, start, start + len(text)))
        ]
        self._vectors = _unit_rows(encoder.embed_documents([text for _, _, text in self._chunks]))

    @classmethod
    def open(cls, cache_dir: Path) -> "Quickstart":
        """Open with the shipped encoder; `cache_dir` is for its word list."""
        from index.encoder import open_encoder  # noqa: PLC0415 - loads the model's library
        from index.words import Words, notice_vocabulary  # noqa: PLC0415

        notices = load_notices()
        return cls(notices, open_encoder(None, Words(notice_vocabulary(notices), cache_dir)))

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        started = time.perf_counter()
        cosines = self._vectors @ _unit_rows([self._encoder.embed_query(question)])[0]
        return _answer(question, lang, self._chunks[int(np.argmax(cosines))], started)


def chunks(source: str) -> list[tuple[int, str]]:
    """Return (start, text) of windows of 500 characters that overlap by 50, up to the end."""
    step = CHUNK_CHARS - OVERLAP_CHARS
    starts = range(0, max(1, len(source) - OVERLAP_CHARS), step)
    return [(start, source[start : start + CHUNK_CHARS]) for start in starts]


def measure_of(notice: Notice, start: int, end: int) -> Measure | None:
    """Return the measure in which most of [start, end) lies, the first of equals; None if in none."""

    def shared(measure: Measure) -> int:
        return min(end, measure.deadline_line.end) - max(start, measure.start)

    best = max(notice.measures, key=shared)
    return best if shared(best) > 0 else None


def _jieba_cut(cache_dir: Path) -> Callable[[str], list[str]]:
    """Return jieba's cut with its own dictionary alone, none of the notice's words added.

    Its cache is kept out of the world-writable temporary folder, where it would be
    read whoever wrote it.
    """
    import jieba  # noqa: PLC0415 - slow to import

    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache_dir)
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut


def _unit_rows(vectors: Sequence[Sequence[float]]) -> "np.ndarray[Any, np.dtype[np.float32]]":
    """Return rows of length 1, or 0 for a text without known words."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def _answer(question: str, lang: Language | None, found: Found, started: float) -> Answer:
    notice, measure, text = found
    passage = next(p for p in passages(notice) if p.measure_number == measure.number)
    lead_units = tuple(unit.name for unit in measure.lead_units)
    citation = Citation(
        marker=1,
        passage_id=passage.passage_id,
        notice_id=notice.notice_id,
        document_number=notice.document_number,
        measure_number=measure.number,
        measure_title=measure.title,
        title_en=None,
        lead_units=lead_units,
        deadline=measure.deadline.text,
        exact=measure.text,
        exact_en=None,
        start=measure.start,
        end=measure.end,
    )
    return Answer(
        answer_id=uuid4().hex,
        question=question,
        lang=lang or "zh",
        status=Status.ANSWERED,
        text=f"{text} [1]\n\n{'、'.join(lead_units)}\n\n{measure.deadline.text}",
        citations=(citation,),
        engine="quote",
        seconds=time.perf_counter() - started,
    )
