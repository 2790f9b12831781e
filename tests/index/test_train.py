import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from corpus.bank import NegativeQuestion, TypedQuestion
from corpus.passages import passages
from index.calibrate import FEATURES, Calibration
from index.encoder import StaticEncoder, fingerprint, shipped_directory
from index.encoder_training import DIMENSION, train_encoder
from index.legs import material
from index.question_types import QuestionTypes
from index.sources import Sources
from index.train import Lessons, shipped_lessons, train
from tests.index.conftest import Log

pytestmark = [pytest.mark.encoder, pytest.mark.usefixtures("sentence_transformers")]


@pytest.fixture(scope="module")
def trained(small: Sources, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Train on the small material, to a directory of this name."""
    root = tmp_path_factory.mktemp("trained")

    def train_to(name: str) -> Path:
        if not (root / name).exists():
            train_encoder(material(small.notices, small.questions), small.words, root / name)
        return root / name

    return train_to


def test_gives_identical_files_twice(trained: Callable[[str], Path]) -> None:
    one, other = trained("one"), trained("other")
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {
        p.name: p.read_bytes() for p in other.iterdir()
    }


def test_gives_other_vectors_for_other_material(
    trained: Callable[[str], Path], small: Sources, tmp_path: Path
) -> None:
    train_encoder(material(small.notices, small.questions[:-1]), small.words, tmp_path / "less")
    assert fingerprint(tmp_path / "less") != fingerprint(trained("one"))


def test_gives_unknown_tokens_a_vector_of_zeros(trained: Callable[[str], Path]) -> None:
    rows = load_file(trained("one") / "model.safetensors")["embedding.weight"]
    assert rows.shape[1] == DIMENSION
    assert not rows[:2].any()
    assert np.abs(rows[2:]).sum(axis=1).min() > 0


def test_writes_files_that_other_users_can_read(trained: Callable[[str], Path]) -> None:
    assert {path.stat().st_mode & 0o777 for path in trained("one").iterdir()} == {0o644}


def test_writes_what_the_program_opens_without_torch(trained: Callable[[str], Path], small: Sources) -> None:
    opened = StaticEncoder(trained("one"), small.words)
    title, own, other = opened.encode([small.notices[0].measure(n).title for n in (6, 6, 12)])
    assert title @ own == pytest.approx(1.0, abs=1e-5)
    assert title @ other < 0.9


def test_trains_calibrates_and_writes_a_card(small: Sources, tmp_path: Path) -> None:
    negatives = (
        NegativeQuestion("今天的天气怎么样", "zh", "other"),
        NegativeQuestion("护照办理", "zh", "other"),
    )
    short = replace(small.notices[0], measures=small.notices[0].measures[:4], clauses=())
    known = {passage.passage_id for passage in passages(short)}
    questions = tuple(question for question in small.questions if question.passage_id in known)
    natural = tuple(replace(question, text=f"{question.text}呢") for question in questions)
    typed = (
        *(
            TypedQuestion(text, "zh", "telephone")
            for text in ("联系电话多少", "电话号码是多少", "给个电话号码")
        ),
        *(TypedQuestion(text, "zh", "list") for text in ("牵头哪些措施", "有哪些措施", "哪些措施到期")),
    )
    lessons = Lessons(
        (short,), questions, negatives, small.words, {}, (), natural, negatives, typed, messages=()
    )
    log = Log()
    train(lessons, tmp_path / "model", tmp_path / "cache", log)
    not_trained = {"cuts.json", "document_types.npz", "mention_tags.npz"}  # without lessons for them
    assert {path.name for path in (tmp_path / "model").iterdir()} | not_trained == {
        path.name for path in shipped_directory().iterdir()
    }
    types = QuestionTypes.load(tmp_path / "model" / "question_types.npz")
    assert (
        max(types.probabilities("电话号码"), key=types.probabilities("电话号码").__getitem__) == "telephone"
    )
    fitted = json.loads((tmp_path / "model" / "calibration.json").read_text())
    assert [fitted[name]["slope"] != 1.0 for name in fitted] == [True, True]
    assert {len(Calibration.from_json(fitted[name]).weights) for name in fitted} == {
        len(FEATURES) + len(FEATURES) * (len(FEATURES) + 1) // 2
    }
    assert str(tmp_path / "model") in log.lines[-1]
    assert list((tmp_path / "cache").iterdir()) == []


def test_learns_from_the_whole_bank(sources: Sources, tmp_path: Path) -> None:
    lessons = shipped_lessons(tmp_path)
    assert lessons.notices == sources.notices
    assert lessons.questions == sources.questions
    assert len(lessons.negatives) > 100
    assert len(lessons.natural) > 100
    assert len(lessons.natural_negatives) > 100


def test_ships_vectors_of_the_dimension_it_trains() -> None:
    rows = load_file(shipped_directory() / "model.safetensors")["embedding.weight"]
    assert rows.shape[1] == DIMENSION
    assert not rows[:2].any()
