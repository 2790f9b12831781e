"""What tests run in processes of their own: `python -m tests.index.programs NAME ROOT`."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from corpus import load_notice
from index.build import build_version
from index.library import Library
from index.sources import Sources
from index.versions import prune, writer_lock
from index.words import Words, notice_vocabulary
from tests.index.conftest import Log, small_sources

QUERY = "\u6c34\u7535\u6c14\u7f51\u62a5\u88c5"  # 水电气网报装, measure 6

# A build dies just before the first such event whose path holds the text.
EVENTS = {
    "before-it-begins": ("os.mkdir", ".building-"),
    "before-bigrams": ("open", "/bigrams/"),
    "before-words": ("open", "/words/"),
    "before-syllables": ("open", "/syllables/"),
    "before-the-manifest": ("open", "manifest.json"),
    "before-it-has-its-name": ("os.rename", ".building-"),
    "before-current": ("open", "CURRENT.new"),
    "before-current-is-replaced": ("os.rename", "CURRENT.new"),
}
DELAYS_MS = {"in-chroma-5": 5, "in-chroma-20": 20, "in-chroma-40": 40, "in-chroma-80": 80}
MOMENTS = (*EVENTS, *DELAYS_MS)


def start(root: Path, sources: Sources) -> None:
    """Start as a server does; print what was said and found."""
    log = Log()
    library = Library(root, sources, log)
    first = library.search(QUERY)[0].passage.passage_id
    tell({"said": log.lines, "version": library.version, "first": first})
    library.close()


def tell(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts))


def rebuild(root: Path, sources: Sources) -> None:
    with writer_lock(root):
        build_version(root, sources)
        prune(root)


def die_at(moment: str) -> None:
    if moment in DELAYS_MS:
        threading.Timer(DELAYS_MS[moment] / 1000, die).start()
        return
    event, text = EVENTS[moment]

    def hook(name: str, arguments: tuple[object, ...]) -> None:
        if name == event and text in str(arguments[0]):
            die()

    sys.addaudithook(hook)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(root: Path, sources: Sources) -> None:
    """Start a build for each moment, under its own root, and kill it there."""
    import chromadb  # noqa: F401, PLC0415  (now, or each child would spend its first moments on it)

    for moment in MOMENTS:
        child = os.fork()  # Chroma is imported but has started no thread yet
        if child == 0:
            die_at(moment)
            rebuild(root / moment, sources)
            die()
        os.waitpid(child, 0)


def full_disk(root: Path, sources: Sources) -> None:
    """Build with a limit on the size of a file, as on a full disk; print the fault's class and words."""
    import resource  # noqa: PLC0415  (POSIX only)

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        rebuild(root, sources)
    except (OSError, RuntimeError) as fault:
        tell({"class": type(fault).__name__, "fault": str(fault)})


def main(name: str, root: Path) -> None:
    notice = load_notice("xian-2024-26")
    words = Words(notice_vocabulary((notice,)), root.parent / "cache")
    programs: dict[str, tuple[Callable[[Path, Sources], None], Sources]] = {
        "start": (start, small_sources(notice, words)),
        "start-with-another-encoder": (start, small_sources(notice, words, encoder="b")),
        "rebuild-with-more-questions": (rebuild, small_sources(notice, words, n_questions=3)),
        "crash": (crash, small_sources(notice, words)),
        "full-disk": (full_disk, small_sources(notice, words)),
    }
    program, sources = programs[name]
    program(root, sources)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
