"""The index that most tests search, a small one for those that break it, and fakes."""

import importlib.util
import os
import random
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.bank import BankQuestion, NegativeQuestion, load_questions
from corpus.glossary import Glossary, load_glossary
from corpus.notice import Notice, Passage
from corpus.passages import passages
from index.encoder import StaticEncoder, Vectors, shipped_directory, unit_rows
from index.items import Neighbour
from index.keyword import KeywordIndex
from index.legs import Legs, Material, exact_legs
from index.library import Library
from index.sources import Sources, english_sentences, shipped_negatives
from index.sources import bank as whole_bank
from index.words import Words, has_han, notice_vocabulary

CHECKOUT = Path(__file__).parents[2]


class HashEncoder:
    """Counts hashed pairs of characters: an encoder without a model."""

    dimension = 64

    def __init__(self, name: str) -> None:
        self.name = name
        self.fingerprint = f"hash-{name}"

    def encode(self, texts: list[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension))
        for row, text in zip(rows, texts, strict=True):
            for i in range(len(text) - 1):
                row[zlib.crc32((self.name + text[i : i + 2]).encode()) % self.dimension] += 1
        return unit_rows(rows)


class NoItems:
    """Nearest items where nothing is near."""

    def nearest(self, vector: Vectors, n: int) -> tuple[Neighbour, ...]:
        return ()


class Homophones:
    """Types one character of a question wrongly: another one that sounds alike."""

    def __init__(self, texts: list[str], words: Words) -> None:
        """Characters of these texts stand for one another."""
        self._chance = random.Random(1)
        self._alike: dict[str, list[str]] = {}
        self._sound = {c: words.syllables(c + "\u4e00") for c in sorted(set("".join(texts))) if has_han(c)}
        for character, sound in self._sound.items():
            self._alike.setdefault(str(sound), []).append(character)

    def mistype(self, text: str) -> str:
        """Return the text with one character changed; the same text if none has a homophone."""
        places = list(range(len(text)))
        self._chance.shuffle(places)
        for i in places:
            others = [c for c in self._alike.get(str(self._sound.get(text[i])), ()) if c != text[i]]
            if others:
                return text[:i] + self._chance.choice(others) + text[i + 1 :]
        return text


class Log:
    """Keeps what a library says."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)


def small_sources(notice: Notice, words: Words, *, encoder: str = "a", n_questions: int = 1) -> Sources:
    """Return the first twelve measures with `n_questions` questions a passage, and a fake encoder."""
    short = replace(notice, measures=notice.measures[:12])
    bank = load_questions(notice)
    kept = [
        question
        for passage in passages(short)
        for question in [q for q in bank if q.passage_id == passage.passage_id][:n_questions]
    ]
    return Sources(
        (short,),
        tuple(kept),
        words,
        HashEncoder(encoder),
        shipped_negatives()[::100],
        english_sentences((notice,)),
        (load_glossary(notice),),
    )


def tiny_legs(passages: tuple[Passage, ...], glossaries: tuple[Glossary, ...] = ()) -> Legs:
    """Return legs over two passages, "a b b" and "a c", and a group outside, "d d d d"."""
    keyword_index = KeywordIndex.build(("a b b", "a c", "d d d d"), str.split)
    legs = (keyword_index, keyword_index, keyword_index)
    return Legs(passages[:2], *legs, NoItems(), HashEncoder("a"), glossaries)


@pytest.fixture(scope="session")
def words(notice: Notice, tmp_path_factory: pytest.TempPathFactory) -> Words:
    return Words(notice_vocabulary((notice,)), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def bank(notice: Notice) -> tuple[BankQuestion, ...]:
    return whole_bank(notice)


@pytest.fixture(scope="session")
def negatives() -> tuple[NegativeQuestion, ...]:
    return shipped_negatives()


@pytest.fixture(scope="session")
def english(notice: Notice) -> dict[str, tuple[str, ...]]:
    return english_sentences((notice,))


@pytest.fixture(scope="session")
def glossary(notice: Notice) -> Glossary:
    return load_glossary(notice)


@pytest.fixture(scope="session")
def encoder(words: Words) -> StaticEncoder:
    return StaticEncoder(shipped_directory(), words)


@pytest.fixture(scope="session")
def gathered(sources: Sources) -> Material:
    return sources.material


@pytest.fixture(scope="session")
def exact(gathered: Material, words: Words, encoder: StaticEncoder, glossary: Glossary) -> Legs:
    """The second implementation: the same search by one matrix product, without Chroma or files."""
    return exact_legs(gathered, words, encoder, (glossary,))


@pytest.fixture(scope="session")
def sources(
    notice: Notice,
    bank: tuple[BankQuestion, ...],
    words: Words,
    encoder: StaticEncoder,
    glossary: Glossary,
) -> Sources:
    english = english_sentences((notice,))
    return Sources((notice,), bank, words, encoder, shipped_negatives(), english, (glossary,))


@pytest.fixture(scope="session")
def library(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Any:
    opened = Library(tmp_path_factory.mktemp("data") / "index", sources, Log())
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def small(notice: Notice, words: Words) -> Sources:
    return small_sources(notice, words)


@pytest.fixture(scope="session")
def more(notice: Notice, words: Words) -> Sources:
    """The small sources with more questions."""
    return small_sources(notice, words, n_questions=3)


@pytest.fixture(scope="session")
def other(notice: Notice, words: Words) -> Sources:
    """The small sources with another encoder."""
    return small_sources(notice, words, encoder="b")


@pytest.fixture(scope="session")
def built(small: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the small sources; copy it, do not change it."""
    root = tmp_path_factory.mktemp("built") / "index"
    Library(root, small, Log()).close()
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A copy of the small index, to be broken."""
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture(scope="session")
def python() -> Callable[..., "subprocess.Popen[str]"]:
    """Start Python in the checkout, with its output to be read; further variables by keyword."""

    def start(*arguments: str, **variables: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=CHECKOUT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.fixture(scope="session")
def sentence_transformers() -> None:
    """Skip without sentence-transformers; fail if ASSISTANT_TEST_REQUIRE says it must be there."""
    if importlib.util.find_spec("sentence_transformers") is None:
        if "encoder" in os.environ.get("ASSISTANT_TEST_REQUIRE", ""):
            pytest.fail("sentence-transformers is missing, and ASSISTANT_TEST_REQUIRE names encoder")
        pytest.skip("sentence-transformers is missing")


@pytest.fixture(scope="session")
def tiny(sentence_transformers: None, notice: Notice, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers directory with a BERT of one layer, its weights left to chance."""
    import torch  # noqa: PLC0415  (5 s, and only where the extra is installed)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer  # noqa: PLC0415
    from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415

    torch.manual_seed(1)
    bert = tmp_path_factory.mktemp("bert")
    characters = sorted(set("".join(notice.source.split())))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (bert / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    BertTokenizerFast(str(bert / "vocab.txt")).save_pretrained(bert)
    sizes = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(bert)
    layers = Transformer(str(bert))
    model = SentenceTransformer(modules=[layers, Pooling(32)], device="cpu")
    target = tmp_path_factory.mktemp("tiny") / "encoder"
    model.save_pretrained(str(target), create_model_card=False)
    return target


@pytest.fixture
def hub_cache(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model as `tiny/enc` in a cache laid out as the hub's."""
    fill_hub_cache(tiny, tmp_path / "hub")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def fill_hub_cache(model: Path, cache: Path) -> None:
    repository, commit = cache / "models--tiny--enc", "0123456789" * 4
    shutil.copytree(model, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
