import json
from dataclasses import replace

import numpy as np
import pytest

from evals.cases import CaseFileError
from evals.general import general, general_text, load_statutes


class MisledEncoder:
    """Finds everything near everything but what the second party does."""

    name = fingerprint = "misled"
    dimension = 2

    def encode(self, texts):
        return np.array([[0, 1] if text.startswith("乙") else [1, 0] for text in texts], dtype=np.float32)


@pytest.fixture
def directory(tmp_path):
    statutes = [{"id": "a", "text": "甲方交付房屋。"}, {"id": "b", "text": "乙方支付租金。"}]
    questions = [
        {"id": "1", "question": "何时支付租金", "statutes": ["b"]},
        {"id": "2", "question": "谁交付房屋", "statutes": ["a", "gone"]},
    ]
    write(tmp_path / "statutes.jsonl", statutes)
    write(tmp_path / "questions.jsonl", questions)
    return tmp_path


def write(path, rows):
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")


def test_passes_where_fused_is_not_worse(directory, sources):
    checked = general(directory, sources)
    assert checked["systems"]["fused"] == {"hit@1": 1, "hit@10": 1, "MRR@10": 1}
    assert checked["passes"]
    assert "passes" in general_text(checked)


def test_fails_where_the_vectors_outvote_a_right_leg(directory, sources):
    terms = "应当按照合同约定的期限和方式支付"
    texts = [{"id": "a", "text": f"甲方{terms}房价"}, {"id": "b", "text": f"乙方{terms}租金"}]
    write(directory / "statutes.jsonl", texts)
    write(directory / "questions.jsonl", [{"question": f"{terms}租金", "statutes": ["b"]}])
    checked = general(directory, replace(sources, encoder=MisledEncoder()))
    assert checked["systems"]["bigrams"] == {"hit@1": 1, "hit@10": 1, "MRR@10": 1}
    assert checked["systems"]["fused"] == {"hit@1": 0, "hit@10": 1, "MRR@10": 0.5}
    assert not checked["passes"]


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("statutes.jsonl", {"id": "c", "text": " "}),
        ("statutes.jsonl", {"id": "a", "text": "x"}),
        ("questions.jsonl", {"question": "x", "statutes": ["gone"]}),
        ("questions.jsonl", {"question": 1, "statutes": ["a"]}),
    ],
)
def test_refuses_a_broken_line_with_its_number(directory, sources, name, row):
    with (directory / name).open("a", encoding="utf-8") as stream:
        stream.write("\n" + json.dumps(row))
    with pytest.raises(CaseFileError, match=rf"{name}, line 3"):
        general(directory, sources)


@pytest.mark.parametrize("name", ["statutes.jsonl", "questions.jsonl"])
def test_refuses_an_empty_file(directory, sources, name):
    (directory / name).write_text("", "utf-8")
    with pytest.raises(CaseFileError, match="has no"):
        general(directory, sources)


def test_refuses_a_directory_without_texts(tmp_path):
    with pytest.raises(CaseFileError, match="cannot be read"):
        load_statutes(tmp_path / "statutes.jsonl")
