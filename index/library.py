"""The index that answers: opened or rebuilt at the start, exchanged while running.

`Library.search` costs one `stat` more than the index itself; it notices a new
CURRENT and changes over between two questions. A version made of another text
or with another encoder is refused: two programs with different settings may
share a data directory, each keeps its own version.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from corpus.notice import Passage
from index.build import build_version, read_manifest, verify
from index.calibrate import shipped_judge
from index.errors import IndexFault
from index.keyword import KeywordIndex
from index.legs import ExactItems, Legs, NearestItems, material, share_known
from index.rows import Rows
from index.search import Hit, ScoredSentence, SearchIndex
from index.sources import Sources
from index.topics import Topics
from index.vectors import VectorIndex
from index.versions import current, in_use, prune, versions, writer_lock

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
            rows = Rows.load(directory / "rows")
            nearest: NearestItems
            if len(rows.item_ids) <= EXACT_UP_TO:
                nearest = ExactItems(rows)
            else:
                nearest = opened.enter_context(closing(VectorIndex(directory / "chroma")))
            self.index = _search_index(directory, sources, rows, nearest)
            self._opened = opened.pop_all()

    def close(self) -> None:
        self._opened.close()


def _search_index(directory: Path, sources: Sources, rows: Rows, nearest: NearestItems) -> SearchIndex:
    words = sources.words
    gathered = material(sources.notices, (), (), sources.english)
    legs = Legs(
        gathered.passages,
        bigrams=KeywordIndex.load(directory / "bigrams", words.bigrams),
        words=KeywordIndex.load(directory / "words", words.words),
        syllables=KeywordIndex.load(directory / "syllables", words.syllables),
        vectors=nearest,
        encoder=sources.encoder,
        glossaries=sources.glossaries,
        passages_known=share_known(sources.encoder, gathered.passages),
    )
    judge = shipped_judge(encoder_is_shipped=sources.encoder.name == "shipped")
    return SearchIndex(read_manifest(directory)["version"], legs, gathered, rows, judge)


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

    def needs(self, text: str, topics: Topics, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return the needs of a turn that holds several, in order; () where it has one."""
        return self._newest().needs(text, topics, hits)

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
            directory = current(self._root)
            if directory == self._open.directory:
                return
            fresh = OpenVersion(directory, self._sources, other_questions=True)
        except (OSError, IndexFault) as fault:
            log.warning("keeping index %s: %s", self._open.directory.name, fault)
            return
        old, self._open = self._open, fresh
        self._retired.append(old)
        later = threading.Timer(GRACE_S, self._close_retired, [old])
        later.daemon = True
        later.start()

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
