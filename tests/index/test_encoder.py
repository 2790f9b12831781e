import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.bank import BankQuestion
from index.encoder import (
    StaticEncoder,
    TransformerEncoder,
    fingerprint,
    open_encoder,
    shipped_directory,
    unit_rows,
)
from index.errors import EncoderError
from index.library import Library
from index.sources import Sources
from index.words import Words
from tests.index.conftest import Log

Python = Callable[..., "subprocess.Popen[str]"]
NO_TORCH = """
import sys, pathlib
from index.library import Library
from index.sources import open_sources
library = Library(pathlib.Path(sys.argv[1]) / "index", open_sources(pathlib.Path(sys.argv[1]), None), print)
assert library.search("\u6c34\u7535\u6c14\u7f51")[0].passage.measure_number == 6
assert not {"torch", "transformers", "sentence_transformers"} & set(sys.modules)
"""


class NoNetwork:
    """Counts and refuses whatever would leave this machine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.n_tries = 0
        monkeypatch.setattr(socket, "getaddrinfo", self)
        monkeypatch.setattr(socket.socket, "connect", self)

    def __call__(self, *_: object, **__: object) -> None:
        self.n_tries += 1
        raise OSError("no network in tests")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> NoNetwork:
    return NoNetwork(monkeypatch)


@pytest.fixture
def shipped_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_directory(), tmp_path / "model"))


def test_is_no_larger_than_twenty_megabytes() -> None:
    assert sum(path.stat().st_size for path in shipped_directory().rglob("*")) <= 12_000_000


def test_gives_rows_of_length_one(encoder: StaticEncoder, bank: tuple[BankQuestion, ...]) -> None:
    rows = encoder.encode([question.text for question in bank])
    assert rows.shape == (len(bank), encoder.dimension)
    assert rows.dtype == np.float32
    known = rows[rows.any(axis=1)]
    assert len(known) > 0.99 * len(bank)
    assert np.linalg.norm(known, axis=1) == pytest.approx(np.ones(len(known)), abs=1e-5)


@pytest.mark.parametrize("text", ["", "?!", "xqzv jkwq"])
def test_gives_a_row_of_zeros_for_unknown_words(encoder: StaticEncoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_ignores_unknown_words_beside_known_ones(encoder: StaticEncoder) -> None:
    one, other = encoder.encode(["水电气网报装", "xqzv 水电气网报装"])
    assert one == pytest.approx(other, abs=1e-6)


def test_encodes_no_text_to_no_row(encoder: StaticEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_encodes_alike_alone_and_among_others(encoder: StaticEncoder) -> None:
    alone, among = encoder.encode(["施工许可"])[0], encoder.encode(["水电", "施工许可", "x" * 5000])[1]
    assert alone == pytest.approx(among, abs=1e-6)


def test_embeds_for_langchain_as_it_encodes(encoder: StaticEncoder) -> None:
    row = encoder.encode(["施工许可"])[0].tolist()
    assert encoder.embed_query("施工许可") == row
    assert encoder.embed_documents(["施工许可"]) == [row]


def test_scales_rows_to_length_one_and_drops_what_is_not_finite() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0], [np.nan, 2.0], [np.inf, 0.0]]))
    assert rows == pytest.approx(np.array([[0.6, 0.8], [0, 0], [0, 1], [0, 0]]))


def test_needs_no_torch_to_build_and_search(python: Python, tmp_path: Path) -> None:
    program = python("-c", NO_TORCH, str(tmp_path))
    assert program.communicate(timeout=60)[1] == ""
    assert program.returncode == 0


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_fingerprints_each_file_of_the_model(shipped_copy: Path, name: str) -> None:
    before = fingerprint(shipped_copy)
    raw = bytearray((shipped_copy / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (shipped_copy / name).write_bytes(raw)
    assert fingerprint(shipped_copy) != before


def test_fingerprints_neither_the_card_nor_what_judges(shipped_copy: Path) -> None:
    (shipped_copy / "README.md").write_text("another")
    (shipped_copy / "calibration.json").write_text("{}")
    (shipped_copy / "scope.json").write_text("{}")
    assert fingerprint(shipped_copy) == fingerprint(shipped_directory())


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_names_the_directory_of_a_broken_static_model(shipped_copy: Path, words: Words, name: str) -> None:
    (shipped_copy / name).unlink()
    with pytest.raises(EncoderError, match="model"):
        StaticEncoder(shipped_copy, words)


def test_names_the_directory_of_a_truncated_static_model(shipped_copy: Path, words: Words) -> None:
    path = shipped_copy / "model.safetensors"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(EncoderError, match="model"):
        StaticEncoder(shipped_copy, words)


def test_looks_for_a_missing_static_model_nowhere_else(
    tmp_path: Path, words: Words, network: NoNetwork
) -> None:
    with pytest.raises(EncoderError, match="holds no encoder"):
        StaticEncoder(tmp_path / "none", words)
    assert network.n_tries == 0


def test_names_the_extra_that_another_encoder_needs(words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match=r"policy-assistant\[train\]"):
        open_encoder("any/name", words)


@pytest.mark.encoder
@pytest.mark.usefixtures("sentence_transformers")
def test_encodes_as_sentence_transformers_does(
    encoder: StaticEncoder, words: Words, bank: tuple[BankQuestion, ...]
) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (imports torch, 5 s)

    theirs = SentenceTransformer(str(shipped_directory()), device="cpu", local_files_only=True).float()
    texts = [question.text for question in bank]
    cut = [" ".join(words.tokens(text)) for text in texts]
    assert encoder.encode(texts) == pytest.approx(unit_rows(theirs.encode(cut)), abs=1e-5)


@pytest.mark.encoder
def test_opens_a_directory_of_sentence_transformers(tiny: Path, words: Words) -> None:
    opened = open_encoder(str(tiny), words)
    rows = opened.encode(["水电气网", "施工许可"])
    assert isinstance(opened, TransformerEncoder)
    assert rows.shape == (2, opened.dimension) == (2, 32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)
    assert opened.encode([]).shape == (0, 32)


@pytest.mark.encoder
def test_opens_a_name_in_the_cache(tiny: Path, hub_cache: Path, words: Words, network: NoNetwork) -> None:
    cached, direct = open_encoder("tiny/enc", words), open_encoder(str(tiny), words)
    assert cached.fingerprint == direct.fingerprint
    assert np.array_equal(cached.encode(["水电"]), direct.encode(["水电"]))
    assert network.n_tries == 0


@pytest.mark.encoder
def test_notices_another_model_under_the_same_name(hub_cache: Path, words: Words) -> None:
    before = open_encoder("tiny/enc", words).fingerprint
    config = next(hub_cache.glob("*/snapshots/*/sentence_bert_config.json"))
    config.write_text(json.dumps({**json.loads(config.read_text()), "max_seq_length": 7}))
    assert open_encoder("tiny/enc", words).fingerprint != before


@pytest.mark.encoder
@pytest.mark.usefixtures("sentence_transformers")
@pytest.mark.parametrize("name", ["no/such", "nosuch", "./nowhere", "a b?c", "", "\0", "../.."])
def test_refuses_an_unknown_name_without_the_network(
    words: Words, network: NoNetwork, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    # As when Gradio has imported the hub's client before us.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with pytest.raises(EncoderError, match="ASSISTANT_ENCODER="):
        open_encoder(name, words)
    assert sys.modules["huggingface_hub.constants"].HF_HUB_OFFLINE
    assert network.n_tries == 0


@pytest.mark.encoder
@pytest.mark.parametrize("name", ["modules.json", "model.safetensors", "tokenizer.json", "config.json"])
def test_refuses_a_directory_with_a_broken_file(tiny: Path, tmp_path: Path, words: Words, name: str) -> None:
    broken = shutil.copytree(tiny, tmp_path / "broken")
    (broken / name).write_bytes((broken / name).read_bytes()[:20])
    with pytest.raises(EncoderError, match="broken"):
        open_encoder(str(broken), words)


@pytest.mark.encoder
@pytest.mark.usefixtures("sentence_transformers")
def test_refuses_an_empty_directory(tmp_path: Path, words: Words) -> None:
    with pytest.raises(EncoderError, match="neither"):
        open_encoder(str(tmp_path), words)


@pytest.mark.encoder
@pytest.mark.usefixtures("sentence_transformers")
def test_never_takes_the_shipped_model_read_raw_for_the_shipped_encoder(
    encoder: StaticEncoder, words: Words
) -> None:
    assert open_encoder(str(shipped_directory()), words).fingerprint != encoder.fingerprint


@pytest.mark.encoder
def test_searches_with_another_encoder(tiny: Path, small: Sources, tmp_path: Path) -> None:
    sources = Sources(small.notices, small.questions, small.words, open_encoder(str(tiny), small.words))
    library = Library(tmp_path / "index", sources, Log())
    found = [library.search(m.title)[0].passage.measure_number for m in small.notices[0].measures]
    library.close()
    assert found == list(range(1, 13))
