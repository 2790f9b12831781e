"""What is measured: the assistant and two baselines behind one protocol."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from assistant import Answer, Assistant, Settings
from evals.baselines import PlainBM25, Quickstart
from evals.cases import Language

SYSTEMS = ("assistant", "bm25", "quickstart")


class System(Protocol):
    """Whatever answers questions with answer objects."""

    name: str

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer: ...


@dataclass
class AssistantSystem:
    """The assistant through its public door, as users have it."""

    assistant: Assistant
    name: str = "assistant"

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        return self.assistant.ask(question, history, lang)


@contextmanager
def open_system(name: str, journal_path: Path) -> Iterator[System]:
    """Give the system of this name; the assistant records at `journal_path`, not with the users'."""
    if name == "assistant":
        with Assistant.open(Settings.read(), journal_path=journal_path) as assistant:
            yield AssistantSystem(assistant)
        return
    with TemporaryDirectory() as cache_dir:
        yield (PlainBM25 if name == "bm25" else Quickstart).open(Path(cache_dir))
