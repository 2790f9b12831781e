"""Train what is shipped in `index/model` (`python -m index train`).

The encoder, its scope and calibration, the question types and where turns are cut.

With fixed seeds; minutes on two cores. Needs the extra `train`.
"""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from corpus import load_notices
from corpus.bank import (
    BankQuestion,
    MarkedQuestion,
    Message,
    NegativeQuestion,
    TypedQuestion,
    document_questions_path,
    load_marked_questions,
    load_messages,
    load_typed_questions,
)
from corpus.glossary import Glossary, load_glossary
from corpus.notice import Notice
from corpus.passages import passages
from index import cuts, mentions, question_types
from index.calibrate import ALL_LEGS, FEATURES, KEYWORD_LEGS, Judge, judged
from index.encoder import StaticEncoder
from index.encoder_training import BATCH, DIMENSION, EPOCHS, LEARNING_RATE, SEED, Trained, train_encoder
from index.fit import Example, examples_of, fit_calibration, fit_scope
from index.fit_cuts import fit_cutter
from index.fit_types import fit_document_types, fit_mention_tags, fit_question_types
from index.legs import Legs, Material, exact_legs, material
from index.scope import Scope
from index.sources import bank, english_sentences, natural_questions, shipped_negatives
from index.topics import Topics
from index.wording import Wording
from index.words import Words, notice_vocabulary

T = TypeVar("T")

FOLDS = 9  # of the keyword legs; an encoder is trained for each third of them
ENCODERS = 3
# Groups of questions outside that gates end before any search (assistant/gates.py).
# Of the questions labelled by type these may ask for several things; so many of the others are
# taken to have one need each.
NOT_ONE_NEED = frozenset({"list"})
N_ONE_NEED = 3000
READ_BEFORE_SEARCH = frozenset({"attack", "other_place"})


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the encoder and its calibration learn from."""

    notices: tuple[Notice, ...]
    questions: tuple[BankQuestion, ...]
    negatives: tuple[NegativeQuestion, ...]
    words: Words
    english: Mapping[str, Sequence[str]] = field(default_factory=dict)
    glossaries: tuple[Glossary, ...] = ()
    natural: tuple[BankQuestion, ...] = ()  # as they come in; never in an index
    natural_negatives: tuple[NegativeQuestion, ...] = ()
    typed: tuple[TypedQuestion, ...] = ()  # labelled with the type of thing they ask for
    on_document: tuple[TypedQuestion, ...] = ()  # labelled with what of the document they are about
    messages: tuple[Message, ...] = ()  # with one need or several
    marked: tuple[MarkedQuestion, ...] = ()  # for lists, with what each mention is to be

    def material(self, questions: Sequence[BankQuestion], negatives: Sequence[NegativeQuestion]) -> Material:
        return material(self.notices, questions, negatives, self.english)


def shipped_lessons(cache_dir: Path) -> Lessons:
    notices = load_notices()
    return Lessons(
        notices,
        tuple(question for notice in notices for question in bank(notice)),
        shipped_negatives(),
        Words(notice_vocabulary(notices), cache_dir),
        english_sentences(notices),
        tuple(load_glossary(notice) for notice in notices),
        *natural_questions(notices),
        load_typed_questions(),
        load_typed_questions(document_questions_path()),
        tuple(message for notice in notices for message in load_messages(notice)),
        load_marked_questions(),
    )


def train(lessons: Lessons, target: Path, cache_dir: Path, say: Callable[[str], None]) -> None:
    """Train on all of the bank, fit the calibration on questions not seen, write all to `target`."""
    held_out = _held_out_examples(lessons, cache_dir, say)
    trained = train_encoder(lessons.material(lessons.questions, lessons.negatives), lessons.words, target)
    legs, scope = _state(lessons, lessons.questions, lessons.negatives, StaticEncoder(target, lessons.words))
    reach_search = [n for n in lessons.natural_negatives if n.group not in READ_BEFORE_SEARCH]
    natural = list(_asked(lessons.natural, reach_search, legs, scope))
    say(f"right passage first for {_share_right(natural):.3f} of questions as they come in")
    fitted = {name: fit_calibration(held_out, natural, name) for name in (ALL_LEGS, KEYWORD_LEGS)}
    train_readers(lessons, target, legs, Judge(fitted[ALL_LEGS], scope))
    calibration = {
        name: {"features": FEATURES, **asdict(fitted[names])}
        for name, names in (("all legs", ALL_LEGS), ("keyword legs", KEYWORD_LEGS))
    }
    _write(target / "calibration.json", json.dumps(calibration) + "\n")
    votes = [[token, round(idf, 4), round(weight, 4)] for token, (idf, weight) in scope.votes.items()]
    _write(
        target / "scope.json",
        json.dumps({"intercept": round(scope.intercept, 6), "votes": votes}, ensure_ascii=False) + "\n",
    )
    _write(target / "README.md", _model_card(trained, lessons, held_out, natural))
    say(f"{target}: {trained.n_tokens} tokens x {DIMENSION}, trained on {trained.n_pairs} pairs")


def train_readers(lessons: Lessons, target: Path, legs: Legs, judge: Judge) -> None:
    """Fit what a question asks for, and where it may be cut; nothing where there are no lessons for it."""
    if lessons.typed:
        fit_question_types(lessons.typed, lessons.questions).save(target / question_types.MODEL_NAME)
    if lessons.on_document:
        document_types = fit_document_types(lessons.on_document, _on_measures(lessons), _outside(lessons))
        document_types.save(target / question_types.DOCUMENT_MODEL_NAME)
    if lessons.marked:
        fit_mention_tags(lessons.marked, _wording(lessons)).save(target / mentions.MODEL_NAME)
    if not lessons.messages:
        return
    one_need = [Message(q.text, q.language, ()) for q in lessons.typed if q.type not in NOT_ONE_NEED]
    random.Random(SEED).shuffle(one_need)
    cutter = fit_cutter(
        (*lessons.messages, *one_need[:N_ONE_NEED]),
        search=lambda text: judged(text, legs, judge),
        topics=Topics.of(legs.passages, lessons.english, lessons.questions),
    )
    _write(target / cuts.MODEL_NAME, json.dumps({"features": cuts.FEATURES, **asdict(cutter)}) + "\n")


def _wording(lessons: Lessons) -> Wording:
    measures = [p for notice in lessons.notices for p in passages(notice) if p.measure_number is not None]
    chinese = {p.passage_id: f"{p.title} {p.text}" for p in measures}
    return Wording.of(chinese, {key: lessons.english.get(key, ()) for key in chinese})


def _on_measures(lessons: Lessons) -> list[str]:
    """Return questions that are about measures, not about the document."""
    measures = {
        passage.passage_id
        for notice in lessons.notices
        for passage in passages(notice)
        if passage.measure_number is not None
    }
    of_bank = [question.text for question in lessons.questions if question.passage_id in measures]
    return [*of_bank, *(question.text for question in lessons.typed)]


def _outside(lessons: Lessons) -> list[str]:
    """Return questions that no notice answers; a gate ends some of them, but not all."""
    return [negative.text for negative in (*lessons.negatives, *lessons.natural_negatives)]


def _held_out_examples(lessons: Lessons, cache_dir: Path, say: Callable[[str], None]) -> list[Example]:
    """Ask each question of an index that was built without it and an encoder trained without it.

    The keyword legs and the scope leave out a ninth at a time, close to what is
    shipped; training an encoder costs more, so it leaves out a third.
    """
    questions, negatives = list(lessons.questions), list(lessons.negatives)
    random.Random(SEED).shuffle(questions)
    random.Random(SEED).shuffle(negatives)
    examples: list[Example] = []
    for third in range(ENCODERS):
        directory = cache_dir / f"third-{third}"
        train_encoder(lessons.material(_without(questions, third, ENCODERS), ()), lessons.words, directory)
        encoder = StaticEncoder(directory, lessons.words)
        shutil.rmtree(directory)
        for fold in range(third, FOLDS, ENCODERS):
            legs, scope = _state(
                lessons, _without(questions, fold, FOLDS), _without(negatives, fold, FOLDS), encoder
            )
            examples += _asked(questions[fold::FOLDS], negatives[fold::FOLDS], legs, scope)
        share = _share_right(examples)
        say(f"{third + 1} of {ENCODERS}: right passage first for {share:.3f} of held-out questions")
    return examples


def _state(
    lessons: Lessons,
    questions: Sequence[BankQuestion],
    negatives: Sequence[NegativeQuestion],
    encoder: StaticEncoder,
) -> tuple[Legs, Scope]:
    """Return what a program would answer from that has these questions."""
    gathered = lessons.material(questions, negatives)
    legs = exact_legs(gathered, lessons.words, encoder, lessons.glossaries)
    return legs, fit_scope(questions, negatives, lessons.words)


def _asked(
    questions: Sequence[BankQuestion], negatives: Sequence[NegativeQuestion], legs: Legs, scope: Scope
) -> Iterator[Example]:
    for question in questions:
        yield from examples_of(question.text, {question.passage_id, *question.also}, legs, scope)
    for negative in negatives:
        yield from examples_of(negative.text, set(), legs, scope)


def _without(kept: Sequence[T], fold: int, folds: int) -> list[T]:
    return [one for i, one in enumerate(kept) if i % folds != fold]


def _share_right(examples: Sequence[Example]) -> float:
    firsts = [example.is_right for example in examples if example.is_first and not example.is_negative]
    return float(np.mean(firsts)) if firsts else 0.0


def _model_card(
    trained: Trained, lessons: Lessons, held_out: Sequence[Example], natural: Sequence[Example]
) -> str:
    return MODEL_CARD.format(
        dimension=DIMENSION,
        n_tokens=trained.n_tokens,
        n_pairs=trained.n_pairs,
        n_zh=sum(question.language == "zh" for question in lessons.questions),
        n_en=sum(question.language == "en" for question in lessons.questions),
        n_negatives=len(lessons.negatives),
        n_held_out=len(lessons.questions),
        right=f"{_share_right(held_out):.3f}",
        n_natural=len(lessons.natural),
        n_typed=len(lessons.typed),
        n_marked=len(lessons.marked),
        n_on_document=len(lessons.on_document),
        n_messages=len(lessons.messages),
        n_natural_negatives=len(lessons.natural_negatives),
        natural_right=f"{_share_right(natural):.3f}",
        folds=FOLDS,
        seed=SEED,
        epochs=EPOCHS,
        batch=BATCH,
        learning_rate=LEARNING_RATE,
    )


MODEL_CARD = """---
library_name: sentence-transformers
license: apache-2.0
language: [zh, en]
---
# The shipped encoder

A static embedding: the text's vector is the mean of its tokens' vectors, {n_tokens} tokens x {dimension},
float16 on disk. Written by `python -m index train` (`make train`); do not edit by hand.

- **Input.** Not raw text: words and character bigrams as `index/words.py` cuts them, joined by spaces.
  Unknown tokens have a vector of zeros.
- **Data.** The shipped notices and the question bank of this repository ({n_zh} Chinese and {n_en} English
  questions, written for it). Nothing else; no evaluation case.
- **Training.** {n_pairs} pairs, MultipleNegativesRankingLoss, {epochs} epochs, batch {batch}, learning rate
  {learning_rate}, seed {seed}; CPU.
- **Calibration.** `calibration.json`: logistic regressions fitted on the bank's {n_held_out} questions, each
  asked of an index without it ({folds} folds), and {n_negatives} questions the notice does not answer; then
  scaled on {n_natural} questions as they come in and {n_natural_negatives} outside, which stand in no index.
- **Figures.** With all legs the right passage comes first for {right} of the held-out questions, and for
  {natural_right} of those as they come in.
- **Question types.** `question_types.npz`: what a question asks for; {n_typed} labelled questions.
- **Document types.** `document_types.npz`: whether a question is about the document itself; {n_on_document}
  labelled questions.
- **Mentions.** `mention_tags.npz`: what a unit, a deadline, a section or a word is to be in a list;
  {n_marked} marked questions.
- **Cuts.** `cuts.json`: where a message with several needs is cut; {n_messages} messages.
- **Limits.** It knows the words of its training data. It serves this notice and its like, not general
  retrieval, and is meant to be fused with keyword search.
"""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
