"""The index that answers: opened or rebuilt at the start, exchanged while running.

`Library.search` costs one `stat` more than the index itself; it notices a new
CURRENT and changes over between two questions. A version made of another text
or with another encoder is refused: two programs with different settings may
share a data directory, each keeps its own version.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import numpy as np

from corpus import load_notices
from corpus.bank import BankQuestion, NegativeQuestion, load_lookalikes, load_negatives, load_questions
from corpus.glossary import load_glossary
from corpus.notice import Notice, Passage
from corpus.passages import passages
from corpus.translations import load_translation
from index.build import (
    Sources,
    build_version,
    in_use,
    prune,
    read_manifest,
    verify,
    verify_contents,
    versions,
    writer_lock,
)
from index.calibrate import shipped_judge
from index.encoder import Vectors, open_encoder
from index.errors import IndexCorrupt, IndexFault
from index.keyword import KeywordIndex
from index.legs import ExactItems, Legs, material, share_known
from index.private import keep_private
from index.search import Hit, ScoredSentence, SearchIndex
from index.vectors import Item, VectorIndex, passage_of
from index.words import Words, notice_vocabulary

log = logging.getLogger(__name__)

# Chroma's graph loses a near neighbour in some builds, whatever its width; up to here the
# rows it keeps are searched exactly, in memory (docs/adr/0004).
EXACT_UP_TO = 20_000
GRACE_S = 5.0  # how long the old version stays open for questions under way

# SQLite's locks belong to the process: checking a database while another thread
# lets Chroma open the same one would drop Chroma's.
_opening = threading.Lock()


class OpenVersion:
    """A version on disk, open for reading, with its shared lock."""

    def __init__(self, directory: Path, sources: Sources, *, other_questions: bool = False) -> None:
        """Verify and open. Raises IndexStale or IndexCorrupt; leaves nothing open then.

        `other_questions` allows a version made with another question bank:
        accepted additions reach a running program that way.
        """
        self.directory = directory
        with _opening, ExitStack() as opened:
            opened.enter_context(in_use(directory))  # first of all, or it might be pruned under us
            verify(directory, sources, ignored=("questions",) if other_questions else ())
            vectors = VectorIndex(directory / "chroma")
            chroma = opened.enter_context(ExitStack())
            chroma.callback(vectors.close)
            item_ids, rows = vectors.contents()
            verify_contents(directory, item_ids, rows)
            by_id = dict(zip(item_ids, rows, strict=True))
            if len(by_id) <= EXACT_UP_TO:
                chroma.close()  # its rows are in memory now
            self.index = _search_index(directory, sources, vectors, by_id)
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()


def _search_index(
    directory: Path, sources: Sources, vectors: VectorIndex, vector_of: Mapping[str, Vectors]
) -> SearchIndex:
    words = sources.words
    gathered = material(sources.notices, (), (), sources.english)
    legs = Legs(
        gathered.passages,
        bigrams=KeywordIndex.load(directory / "bigrams", words.bigrams),
        words=KeywordIndex.load(directory / "words", words.words),
        syllables=KeywordIndex.load(directory / "syllables", words.syllables),
        vectors=vectors if len(vector_of) > EXACT_UP_TO else _exact(vector_of),
        encoder=sources.encoder,
        glossaries=sources.glossaries,
        passages_known=share_known(sources.encoder, gathered.passages),
    )
    judge = shipped_judge(encoder_is_shipped=sources.encoder.name == "shipped")
    return SearchIndex(read_manifest(directory)["version"], legs, gathered, vector_of, judge)


def _exact(vector_of: Mapping[str, Vectors]) -> ExactItems:
    items = [Item(item_id, "question", passage_of(item_id), "") for item_id in vector_of]
    return ExactItems(items, np.stack(list(vector_of.values())))


class Library:
    """Gives the newest index that fits this program's notices and encoder."""

    def __init__(self, root: Path, sources: Sources, say: Callable[[str], None] = log.warning) -> None:
        """Open the index under `root`, or build it, saying why."""
        self._root = root
        self._sources = sources
        self._say = say
        self._changing = threading.Lock()
        self._retired: list[OpenVersion] = []
        self._seen = self._stamp()  # before opening, or a version published meanwhile goes unseen
        self._open = open_or_build(root, sources, say)

    @property
    def version(self) -> str:
        return self._open.index.version

    def search(self, query: str) -> tuple[Hit, ...]:
        """Return at most N_HITS passages, best first."""
        return self._newest().search(query)

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]:
        return self._newest().sentences(passage, query)

    def close(self) -> None:
        for version in (*self._retired, self._open):
            version.close()

    def _newest(self) -> SearchIndex:
        if self._stamp() != self._seen and self._changing.acquire(blocking=False):
            try:
                self._change_over()
            finally:
                self._changing.release()
        return self._open.index

    def _change_over(self) -> None:
        """Open what CURRENT names, if it is made of this program's text and encoder."""
        self._seen = self._stamp()
        try:
            directory = _current(self._root)
            if directory == self._open.directory:
                return
            fresh = OpenVersion(directory, self._sources, other_questions=True)
        except (OSError, IndexFault) as fault:
            log.warning("keeping index %s: %s", self._open.directory.name, fault)
            return
        old, self._open = self._open, fresh
        self._retired.append(old)
        closing = threading.Timer(GRACE_S, self._close_retired, [old])
        closing.daemon = True
        closing.start()

    def _close_retired(self, version: OpenVersion) -> None:
        version.close()
        self._retired.remove(version)

    def _stamp(self) -> tuple[int, int]:
        """Return what changes whenever CURRENT is replaced, even twice within one tick of the clock."""
        try:
            stat = (self._root / "CURRENT").stat()
        except OSError:
            return (0, 0)
        return (stat.st_mtime_ns, stat.st_ino)


def index_root(data_dir: Path) -> Path:
    return data_dir / "index"


def open_sources(data_dir: Path, encoder: str | None) -> Sources:
    """Load the shipped notices and bank, and open the encoder.

    Raises NoticeFormatError, BankError or EncoderError, each naming the place.
    """
    keep_private()
    notices = load_notices()
    words = Words(notice_vocabulary(notices), data_dir / "cache")
    return Sources(
        notices,
        tuple(question for notice in notices for question in bank(notice)),
        words,
        open_encoder(encoder, words),
        shipped_negatives(),
        english_sentences(notices),
        tuple(load_glossary(notice) for notice in notices),
    )


def bank(notice: Notice) -> tuple[BankQuestion, ...]:
    """Return all questions that the notice answers, those that look like others included."""
    return load_questions(notice) + load_lookalikes(notice)


def english_sentences(notices: Sequence[Notice]) -> dict[str, tuple[str, ...]]:
    """Return the translated sentences of each passage, in order, by passage id."""
    return {
        passage.passage_id: tuple(sentence.text for sentence in translation.of(passage.passage_id))
        for notice, translation in ((notice, load_translation(notice)) for notice in notices)
        for passage in passages(notice)
    }


def shipped_negatives() -> tuple[NegativeQuestion, ...]:
    return load_negatives(files("corpus") / "questions" / "negatives.jsonl")


def open_or_build(root: Path, sources: Sources, say: Callable[[str], None]) -> OpenVersion:
    """Open the version made of these sources, or build it, saying why."""
    found, why = _open_fitting(root, sources)
    if found is not None:
        return found
    with writer_lock(root):
        found, _ = _open_fitting(root, sources)  # another program may have built it meanwhile
        if found is not None:
            return found
        say(f"building the search index: {why}")
        name = build_version(root, sources)
        opened = OpenVersion(root / name, sources)
        prune(root)
    return opened


def _current(root: Path) -> Path:
    """Return the directory that CURRENT names. Raises OSError or IndexCorrupt."""
    name = (root / "CURRENT").read_bytes().strip().decode("utf-8", "replace")
    for directory in versions(root):
        if directory.name == name:
            return directory
    raise IndexCorrupt(f"CURRENT names no version: {name[:80]!r}")


def _open_fitting(root: Path, sources: Sources) -> tuple[OpenVersion | None, str]:
    """Try the versions with these sources' fingerprint, newest first; else say why there is none."""
    why = "there is none yet" if not versions(root) else "the text or the encoder has changed"
    for directory in versions(root):
        if not directory.name.startswith(f"v-{sources.version}-"):
            continue
        try:
            return OpenVersion(directory, sources), ""
        except IndexFault as fault:
            why = str(fault)
    return None, why
