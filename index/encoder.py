"""Text to vectors: the shipped static encoder without torch, or any other sentence-transformers model."""

import hashlib
import os
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from model2vec import StaticModel
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.errors import EncoderError
from index.private import keep_private
from index.words import Words

Vectors = NDArray[np.float32]


# Calibration, cards and the hub's own notes are no part of the vectors.
_NO_PART = ("calibration.json", "scope.json", "cuts.json", ".npz", ".md", ".lock", ".metadata")


# What sentence-transformers and the libraries under it raise over a folder that is no whole model.
_BROKEN_MODEL = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ImportError,
    RuntimeError,
    SafetensorError,
)


class Encoder(Protocol):
    """Gives rows of length 1, so that a dot product is a cosine.

    A text without any known token gives a row of zeros: it is near nothing.
    """

    name: str
    fingerprint: str  # of the model's files
    dimension: int

    def encode(self, texts: list[str]) -> Vectors:
        """Return one float32 row for each text, in their order; shape (len(texts), dimension)."""
        ...


class _LangChainEmbeddings(Embeddings):
    """The langchain seam, on top of `encode`."""

    def encode(self, texts: list[str]) -> Vectors:
        raise TypeError("an encoder defines encode")

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        return [float(x) for x in self.encode([text])[0]]


class StaticEncoder(_LangChainEmbeddings):
    """The shipped model: the mean of token vectors, read by model2vec (0.2 s, no torch)."""

    def __init__(self, directory: Path, words: Words) -> None:
        """Load the model. Raises EncoderError where files are missing or broken; never downloads."""
        if not (directory / "modules.json").is_file():
            raise EncoderError(f"{directory} holds no encoder")  # model2vec would look for it on the hub
        self.name = "shipped"
        self._words = words
        try:
            self.fingerprint = fingerprint(directory)
            self._model = _static_model(directory)
        except (OSError, ValueError, KeyError, SafetensorError) as fault:
            raise EncoderError(f"{directory}: the encoder cannot be read: {fault}") from fault
        self.dimension = int(self._model.dim)

    def known_share(self, text: str) -> float:
        """Return the share of a text's tokens that the model has a vector for, 0 … 1."""
        tokens = self._words.tokens(text)
        knows = self._model.tokenizer.token_to_id
        return sum(knows(token) is not None for token in tokens) / len(tokens) if tokens else 0.0

    def encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        prepared = [" ".join(self._words.tokens(text)) for text in texts]
        return unit_rows(self._model.encode(prepared, use_multiprocessing=False))


class TransformerEncoder(_LangChainEmbeddings):
    """Any sentence-transformers model from a directory or the local cache; needs the extra `train`."""

    def __init__(self, name: str) -> None:
        keep_private()
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (imports torch, 5 s)
        except ImportError as missing:
            raise EncoderError(
                f"ASSISTANT_ENCODER={name!r} needs the extra `train`: "
                f"pip install 'policy-assistant[train]' ({missing})"
            ) from missing
        directory = _model_directory(name)
        try:
            self._model = SentenceTransformer(str(directory), device="cpu", local_files_only=True)
            # The shipped model's files, read as raw text here, would give other vectors there.
            self.fingerprint = "st-" + fingerprint(directory)
            self.dimension = len(self._model.encode("dimension", show_progress_bar=False))
        except _BROKEN_MODEL as fault:
            raise _not_an_encoder(name) from fault
        self.name = name

    def encode(self, texts: list[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return unit_rows(self._model.encode(texts, show_progress_bar=False, convert_to_numpy=True))


def _static_model(directory: Path) -> StaticModel:
    """Read the files ourselves: model2vec's own loader imports the hub's client (0.2 s), and would ask it."""
    text = (directory / "tokenizer.json").read_text("utf-8")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as fault:
        raise ValueError(f"tokenizer.json: {fault}") from fault  # tokenizers raises Exception itself
    vectors = load_file(directory / "model.safetensors")["embedding.weight"]
    return StaticModel(vectors.astype(np.float32), tokenizer, normalize=False, max_length=None)


def open_encoder(name: str | None, words: Words) -> StaticEncoder | TransformerEncoder:
    """Open the shipped encoder (None) or another one by directory or cached name.

    Raises EncoderError if it cannot be opened; never downloads.
    """
    if name is None:
        return StaticEncoder(shipped_directory(), words)
    return TransformerEncoder(name)


def _model_directory(name: str) -> Path:
    """Return the directory of a model, given by its path or as a name in the local cache.

    Looked up here and not by sentence-transformers, so that the files of a
    cached name are known, and an unknown name ends at once, without the network.
    """
    from huggingface_hub import snapshot_download  # noqa: PLC0415  (comes with the extra)

    if Path(name).is_dir():
        return Path(name)
    for repository in (name, f"sentence-transformers/{name}"):
        for cache in (os.environ.get("SENTENCE_TRANSFORMERS_HOME"), None):
            try:
                return Path(snapshot_download(repository, cache_dir=cache, local_files_only=True))
            except (OSError, ValueError):
                continue  # not cached, or no possible name
    raise _not_an_encoder(name)


def _not_an_encoder(name: str) -> EncoderError:
    return EncoderError(
        f"ASSISTANT_ENCODER={name!r} is neither a sentence-transformers directory nor a cached name"
    )


def known_share(encoder: Encoder, text: str) -> float:
    """Return how much of a text an encoder reads: 1 for models that split unknown words into pieces."""
    return encoder.known_share(text) if isinstance(encoder, StaticEncoder) else 1.0


def shipped_directory() -> Path:
    return Path(str(files("index").joinpath("model")))


def unit_rows(vectors: NDArray[np.floating]) -> Vectors:
    """Scale each row to length 1; rows of zeros, and rows that are not finite, become zeros."""
    finite = np.where(np.isfinite(vectors), vectors, 0.0).astype(np.float32)
    lengths = np.linalg.norm(finite, axis=1, keepdims=True)
    return np.asarray(np.divide(finite, lengths, out=np.zeros_like(finite), where=lengths > 0))


def fingerprint(directory: Path) -> str:
    """Return a SHA-256 over a model's files (names, sizes, contents)."""
    total = hashlib.sha256()
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.name.startswith(".") or name.endswith(_NO_PART) or not path.is_file():
            continue
        total.update(f"{name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()
