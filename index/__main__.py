"""`python -m index build` and `python -m index train`."""

import argparse
import sys
import time
from collections.abc import Sequence

from assistant.settings import Settings, SettingsError
from corpus.bank import BankError
from corpus.notice import NoticeFormatError
from index.build import publish
from index.encoder import shipped_directory
from index.errors import EncoderError, IndexFault
from index.sources import open_sources
from index.train import shipped_lessons, train
from index.versions import index_root


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m index", description="The search index and its encoder.")
    parser.add_argument("command", choices=["build", "train"], help="build: the index; train: the encoder")
    command = parser.parse_args(argv).command
    try:
        settings = Settings.read()
        return _build(settings) if command == "build" else _train(settings)
    except (SettingsError, EncoderError, BankError, NoticeFormatError, IndexFault, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1


def _build(settings: Settings) -> int:
    started = time.perf_counter()
    sources = open_sources(settings.data_dir, settings.encoder)
    name = publish(index_root(settings.data_dir), sources)
    seconds = time.perf_counter() - started
    print(f"index {name}: {len(sources.notices)} notice, {len(sources.questions)} questions, {seconds:.1f} s")
    return 0


def _train(settings: Settings) -> int:
    cache_dir = settings.data_dir / "cache"
    try:
        train(shipped_lessons(cache_dir), shipped_directory(), cache_dir, print)
    except ImportError as missing:  # torch and its like are imported when training starts
        print(f"training needs the extra: pip install -e '.[train]' ({missing})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
