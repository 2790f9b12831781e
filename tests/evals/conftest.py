"""Cases, answers and a system made by hand."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Answer, Citation, Status, UnusableQuestion
from corpus.bank import BankQuestion, NegativeQuestion
from corpus.notice import Notice
from evals.cases import Case, Language
from evals.run import evaluate
from index.encoder import Vectors
from index.sources import Sources
from index.words import Words


def _cite(number: int | None, unit: str = "市住建局", deadline: str = "2024年6月底前") -> Citation:
    return Citation(
        marker=1,
        passage_id=f"n#m{number or 0:02}",
        notice_id="n",
        document_number="n",
        measure_number=number,
        measure_title="t",
        title_en=None,
        lead_units=(unit,),
        deadline=deadline,
        exact="e",
        exact_en=None,
        start=0,
        end=1,
    )


def _answer(*cited: Citation, status: str = "answered", **others: Any) -> Answer:
    fields = {"answer_id": "a", "question": "q", "lang": "zh", "text": "", "seconds": 0.01, **others}
    return Answer(status=Status(status), citations=cited, **fields)


def write_cases(path: Path, *rows: dict[str, Any] | str) -> Path:
    usual = {"id": "1", "lang": "zh", "kind": "howto", "question": "<i>q", "measures": [3]}
    lines = [row if isinstance(row, str) else json.dumps({**usual, **row}) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


class FixedSystem:
    """Answers every question with measure 3; finds an empty question unusable."""

    name = "fixed"

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        self.asked.append((question, tuple(history)))
        if not question:
            raise UnusableQuestion("the question is empty")
        return _answer(_cite(3), confidence=0.9, text="<b>三</b>", index_version="v1")


class FixedEncoder:
    """Everything is as near as everything else."""

    name = "fixed"
    fingerprint = "fixed"
    dimension = 2

    def encode(self, texts: list[str]) -> Vectors:
        return np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(texts), 1))


@pytest.fixture(scope="session")
def sources(notice: Notice, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The first five measures, a question about each of two, one outside, one translated sentence."""
    words = Words((), tmp_path_factory.mktemp("words"))
    short = replace(notice, measures=notice.measures[:5])
    first, second = (f"{notice.notice_id}#m0{number}" for number in (1, 2))
    bank = (BankQuestion("unicorn", "en", first), BankQuestion("zebra", "en", second))
    outside = (NegativeQuestion("weather", "en", "weather"),)
    return Sources((short,), bank, words, FixedEncoder(), outside, {second: ("giraffe",)})


@pytest.fixture
def cite() -> Callable[..., Citation]:
    return _cite


@pytest.fixture
def answer() -> Callable[..., dict[str, Any]]:
    """Give an answer object from citations and fields."""
    return lambda *cited, **fields: _answer(*cited, **fields).as_dict()


@pytest.fixture
def case() -> Callable[..., Case]:
    """Give a case about measure 3 unless told otherwise."""
    usual = {"case_id": "1", "lang": "zh", "kind": "howto", "question": "q", "measures": (3,)}
    return lambda **fields: Case(**{**usual, **fields})


@pytest.fixture
def system() -> FixedSystem:
    return FixedSystem()


@pytest.fixture
def case_file(tmp_path: Path) -> Callable[..., Path]:
    """Give a file of cases about measure 3; a string is a line as it is."""
    return lambda *rows, name="cases.jsonl": write_cases(tmp_path / name, *rows)


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Over three cases: right, wrong (measure 4), out of scope but answered."""
    directory = tmp_path_factory.mktemp("first")
    path = write_cases(
        directory / "cases.jsonl",
        {},
        {"id": "2", "measures": [4]},
        {"id": "3", "kind": "attack", "measures": []},
    )
    (directory / "run").mkdir()
    evaluate(FixedSystem(), path, directory / "run")
    return directory


@pytest.fixture
def run_dir(first_run: Path, tmp_path: Path) -> Path:
    """A copy of the run, its case file beside it."""
    shutil.copytree(first_run, tmp_path, dirs_exist_ok=True)
    return tmp_path / "run"
