"""Cases, answers and a system made by hand."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant import Answer, Citation, Status, UnusableQuestion
from evals.cases import Case, Language
from evals.run import evaluate


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
    """Give a file of cases about measure 3, led by 市住建局; a string is a line as it is."""
    usual = {"id": "1", "lang": "zh", "kind": "howto", "question": "<i>q", "measures": [3]}

    def write(*rows: dict[str, Any] | str, name: str = "cases.jsonl") -> Path:
        lines = [row if isinstance(row, str) else json.dumps({**usual, **row}) for row in rows]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def run_dir(case_file: Callable[..., Path], system: FixedSystem, tmp_path: Path) -> Path:
    """A run over three cases: right, wrong (measure 4), out of scope but answered."""
    path = case_file({}, {"id": "2", "measures": [4]}, {"id": "3", "kind": "attack", "measures": []})
    directory = tmp_path / "run"
    directory.mkdir()
    evaluate(system, path, directory)
    return directory
