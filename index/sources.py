"""Everything an index is made of: the notices, their bank, translation and glossary, and the encoder."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version as installed_version
from importlib.resources import files
from pathlib import Path

from corpus import load_notices
from corpus.bank import (
    BankQuestion,
    NegativeQuestion,
    load_accepted,
    load_lookalikes,
    load_natural,
    load_negatives,
    load_questions,
    natural_negatives_path,
)
from corpus.glossary import Glossary, load_glossary
from corpus.notice import Notice
from corpus.passages import passages
from corpus.text import fold
from corpus.translations import load_translation
from index.encoder import Encoder, open_encoder
from index.legs import Material, material
from index.private import keep_private
from index.words import Words, notice_vocabulary

FORMAT = 3  # raise when the layout, or how text is cut, changes
# What cuts the text and writes the files: another version may do either otherwise.
_LIBRARIES = ("bm25s", "chromadb", "jieba", "pypinyin", "PyStemmer")


@dataclass(frozen=True)
class Sources:
    """Everything an index is made of."""

    notices: tuple[Notice, ...]
    questions: tuple[BankQuestion, ...]
    words: Words
    encoder: Encoder
    negatives: tuple[NegativeQuestion, ...] = ()
    english: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # passage id -> sentences
    glossaries: tuple[Glossary, ...] = ()

    @cached_property
    def material(self) -> Material:
        return material(self.notices, self.questions, self.negatives, self.english)

    @cached_property
    def parts(self) -> dict[str, str]:
        """Return the hash of each part; two indexes with the same parts answer alike."""
        return {
            "format": str(FORMAT),
            "libraries": _digest(f"{name} {installed_version(name)}" for name in _LIBRARIES),
            "notices": _digest(
                f"{item.item_id} {item.start} {item.end} {item.text}"
                for item in material(self.notices, (), (), self.english).items
            ),
            "encoder": self.encoder.fingerprint,
            "words": _digest(notice_vocabulary(self.notices)),
            "questions": _digest(
                [f"{q.passage_id} {' '.join(q.also)}\t{q.text}" for q in self.questions]
                + [f"{n.group}\t{n.text}" for n in self.negatives]
            ),
        }

    @cached_property
    def version(self) -> str:
        return version_of(self.parts)


def open_sources(data_dir: Path, encoder: str | None) -> Sources:
    """Load the shipped notices, the bank with what staff added to it, and open the encoder.

    Raises NoticeFormatError, BankError or EncoderError, each naming the place.
    """
    keep_private()
    notices = load_notices()
    words = Words(notice_vocabulary(notices), data_dir / "cache")
    questions, negatives = with_accepted(
        notices,
        tuple(question for notice in notices for question in bank(notice)),
        shipped_negatives(),
        accepted_path(data_dir),
    )
    return Sources(
        notices,
        questions,
        words,
        open_encoder(encoder, words),
        negatives,
        english_sentences(notices),
        tuple(load_glossary(notice) for notice in notices),
    )


def bank(notice: Notice) -> tuple[BankQuestion, ...]:
    """Return all questions that the notice answers, those that look like others included."""
    questions = load_questions(notice)
    return questions + load_lookalikes(notice, questions)


def accepted_path(data_dir: Path) -> Path:
    """Return where the questions stand that staff added to the bank."""
    return data_dir / "accepted" / "questions.jsonl"


def with_accepted(
    notices: Sequence[Notice],
    questions: tuple[BankQuestion, ...],
    negatives: tuple[NegativeQuestion, ...],
    path: Path,
) -> tuple[tuple[BankQuestion, ...], tuple[NegativeQuestion, ...]]:
    """Return the shipped questions and negatives, those of a file after them; what is shipped is skipped."""
    more, more_negatives = load_accepted(notices, path)
    shipped = {fold(text) for text in (*(q.text for q in questions), *(n.text for n in negatives))}
    return (
        questions + tuple(q for q in more if fold(q.text) not in shipped),
        negatives + tuple(n for n in more_negatives if fold(n.text) not in shipped),
    )


def natural_questions(
    notices: Sequence[Notice],
) -> tuple[tuple[BankQuestion, ...], tuple[NegativeQuestion, ...]]:
    """Return the questions as they come in, and those outside: for calibration, never indexed."""
    questions = tuple(q for notice in notices for q in load_natural(notice, bank(notice)))
    return questions, load_negatives(natural_negatives_path())


def english_sentences(notices: Sequence[Notice]) -> dict[str, tuple[str, ...]]:
    """Return the translated sentences of each passage, in order, by passage id."""
    return {
        passage.passage_id: tuple(sentence.text for sentence in translation.of(passage.passage_id))
        for notice, translation in ((notice, load_translation(notice)) for notice in notices)
        for passage in passages(notice)
    }


def shipped_negatives() -> tuple[NegativeQuestion, ...]:
    return load_negatives(files("corpus") / "questions" / "negatives.jsonl")


def version_of(parts: Mapping[str, str]) -> str:
    """Return the name of the sources with these parts."""
    return _digest(f"{name}={value}" for name, value in sorted(parts.items()))[:12]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
