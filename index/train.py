"""Train the shipped encoder and fit scope and calibration (`python -m index train`).

The encoder is a sentence-transformers StaticEmbedding: one vector a token, the
text's vector is their mean. It learns from the question bank, the notice and
its translation, with fixed seeds; minutes on two cores. Needs
the extra `train`; nothing else imports this module.
"""

import json
import random
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import numpy as np

from corpus import load_notices
from corpus.bank import BankQuestion, NegativeQuestion
from corpus.glossary import Glossary, load_glossary
from corpus.notice import Notice
from index.calibrate import (
    ALL_LEGS,
    FARTHEST,
    FEATURES,
    KEYWORD_LEGS,
    Features,
    hit_features,
    with_products,
)
from index.encoder import StaticEncoder
from index.fusion import fuse, ranking
from index.legs import Legs, Material, exact_legs, material
from index.private import keep_private
from index.scope import Scope
from index.sources import bank, english_sentences, shipped_negatives
from index.words import Words, notice_vocabulary

T = TypeVar("T")

SEED = 20240412
DIMENSION = 96  # with the vocabulary of bank, notice and translation: below 12 MB
EPOCHS = 4
BATCH = 128
LEARNING_RATE = 0.02
PAIRS_A_QUESTION = 3  # other questions of the same passage that a question is paired with
FOLDS = 9  # of the keyword legs; an encoder is trained for each third of them
ENCODERS = 3
N_CANDIDATES = 2  # hits a question gives to the calibration
LEG_SETS = (ALL_LEGS, KEYWORD_LEGS)


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run gives, for the model card."""

    n_pairs: int
    n_tokens: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """What the encoder and its calibration learn from."""

    notices: tuple[Notice, ...]
    questions: tuple[BankQuestion, ...]
    negatives: tuple[NegativeQuestion, ...]
    words: Words
    english: Mapping[str, Sequence[str]] = field(default_factory=dict)
    glossaries: tuple[Glossary, ...] = ()

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
    )


def train(lessons: Lessons, target: Path, cache_dir: Path, say: Callable[[str], None]) -> None:
    """Train on all of the bank, fit the calibration on held-out folds, write both to `target`."""
    held_out = _held_out_examples(lessons, cache_dir, say)
    gathered = lessons.material(lessons.questions, lessons.negatives)
    trained = train_encoder(gathered, lessons.words, target)
    calibration = {"all legs": _fit(held_out, ALL_LEGS), "keyword legs": _fit(held_out, KEYWORD_LEGS)}
    _write(target / "calibration.json", json.dumps(calibration) + "\n")
    scope = fit_scope(lessons.questions, lessons.negatives, lessons.words)
    votes = [[token, round(idf, 4), round(weight, 4)] for token, (idf, weight) in scope.votes.items()]
    _write(
        target / "scope.json",
        json.dumps({"intercept": round(scope.intercept, 6), "votes": votes}, ensure_ascii=False) + "\n",
    )
    _write(target / "README.md", _model_card(trained, lessons.questions, held_out))
    say(f"{target}: {trained.n_tokens} tokens x {DIMENSION}, trained on {trained.n_pairs} pairs")


def train_encoder(gathered: Material, words: Words, target: Path) -> Trained:
    """Train a static encoder on this material and save it to `target` in sentence-transformers' format.

    Reproducible: the same material gives the same vectors.
    """
    keep_private()
    import torch  # noqa: PLC0415
    from datasets import Dataset  # noqa: PLC0415
    from sentence_transformers import (  # noqa: PLC0415
        SentenceTransformer,
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.base.sampler import BatchSamplers  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.losses import (  # noqa: PLC0415
        MultipleNegativesRankingLoss,
    )
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding  # noqa: PLC0415
    from transformers import PrinterCallback  # noqa: PLC0415

    pairs = _pairs(gathered, words)
    tokenizer = _tokenizer(pairs)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    embedding = StaticEmbedding(tokenizer, embedding_dim=DIMENSION)
    torch.nn.init.normal_(embedding.embedding.weight, std=DIMENSION**-0.5)
    model = SentenceTransformer(modules=[embedding], device="cpu")
    scratch = target.with_name(target.name + ".training")
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(scratch),
        num_train_epochs=EPOCHS,
        per_device_train_batch_size=BATCH,
        learning_rate=LEARNING_RATE,
        seed=SEED,
        data_seed=SEED,
        batch_sampler=BatchSamplers.NO_DUPLICATES,
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
        use_cpu=True,
    )
    columns = {"anchor": [a for a, _ in pairs], "positive": [b for _, b in pairs]}

    class Trainer(SentenceTransformerTrainer):
        def add_model_card_callback(self, default_args_dict: dict[str, object]) -> None:
            """Write no card: ours is written below, and its examples take seconds."""

    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_dict(columns),
        loss=MultipleNegativesRankingLoss(model),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    with torch.no_grad():
        # Unknown tokens are dropped by model2vec and averaged by
        # sentence-transformers; a row of zeros makes both agree in direction.
        embedding.embedding.weight[:2] = 0.0
    model.save_pretrained(str(target), create_model_card=False)
    shutil.rmtree(scratch, ignore_errors=True)
    for path in target.rglob("*"):  # safetensors writes 0600, unreadable for another user
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    return Trained(len(pairs), tokenizer.get_vocab_size())


@dataclass(frozen=True, slots=True)
class Example:
    """One hit of a held-out question: features with all legs and without vectors, and whether it is right."""

    features: dict[tuple[str, ...], list[float]]
    is_right: bool
    is_first: bool
    is_negative: bool


def _pairs(gathered: Material, words: Words) -> list[tuple[str, str]]:
    """Return (anchor, positive) texts, cut to tokens, shuffled with SEED.

    A question goes with its passage, the passage's title and other questions
    of the same passage; a title goes with each sentence.
    """
    shuffle = random.Random(SEED)
    pairs: list[tuple[str, str]] = []
    for passage in gathered.passages:
        items = [item for item in gathered.items if item.passage_id == passage.passage_id]
        asked = [item.text for item in items if item.role == "question"]
        pairs += [(passage.title, item.text) for item in items if item.role == "sentence"]
        english = [item.text for item in items if "/e" in item.item_id]
        pairs += [(line, passage.text) for line in english]
        for question in asked:
            others = shuffle.sample(asked, min(PAIRS_A_QUESTION, len(asked)))
            pairs += [(question, passage.text), (question, passage.title)]
            pairs += [(question, " ".join(english))] if english else []
            pairs += [(question, other) for other in others if other != question]
    tokens = {text: " ".join(words.tokens(text)) for text in {text for pair in pairs for text in pair}}
    cut = [(tokens[a], tokens[b]) for a, b in pairs]
    cut = [(a, b) for a, b in cut if a and b and a != b]
    shuffle.shuffle(cut)
    return cut


def _tokenizer(pairs: Sequence[tuple[str, str]]):  # type: ignore[no-untyped-def]
    """Return a tokenizer over exactly the tokens that occur; [PAD] and [UNK] come first."""
    from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: PLC0415

    counts = Counter(token for pair in pairs for text in pair for token in text.split(" "))
    vocabulary = {token: i for i, token in enumerate(["[PAD]", "[UNK]", *sorted(counts)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def fit_scope(
    questions: Sequence[BankQuestion], negatives: Sequence[NegativeQuestion], words: Words
) -> Scope:
    """Fit each token's vote: logistic regression (L2, C = 10, both sides weighing alike) on TF-IDF."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(
        analyzer=lambda text: words.words(text) + words.bigrams(text), sublinear_tf=True
    )
    rows = vectorizer.fit_transform([q.text for q in questions] + [n.text for n in negatives])
    inside = [True] * len(questions) + [False] * len(negatives)
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000).fit(rows, inside)
    votes = {
        str(token): (float(idf), float(weight))
        for token, idf, weight in zip(
            vectorizer.get_feature_names_out(), vectorizer.idf_, fitted.coef_[0], strict=True
        )
    }
    return Scope(votes, float(fitted.intercept_[0]))


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
        seen = lessons.material(_without(questions, third, ENCODERS), ())
        train_encoder(seen, lessons.words, directory)
        encoder = StaticEncoder(directory, lessons.words)
        for fold in range(third, FOLDS, ENCODERS):
            kept, kept_negatives = _without(questions, fold, FOLDS), _without(negatives, fold, FOLDS)
            gathered = lessons.material(kept, kept_negatives)
            legs = exact_legs(gathered, lessons.words, encoder, lessons.glossaries)
            scope = fit_scope(kept, kept_negatives, lessons.words)
            for question in questions[fold::FOLDS]:
                examples += _examples(question.text, {question.passage_id, *question.also}, legs, scope)
            for negative in negatives[fold::FOLDS]:
                examples += _examples(negative.text, set(), legs, scope)
        shutil.rmtree(directory)
        firsts = [e.is_right for e in examples if e.is_first and not e.is_negative]
        say(f"{third + 1} of {ENCODERS}: right passage first for {np.mean(firsts):.3f} of held-out questions")
    return examples


def _without(kept: Sequence[T], fold: int, folds: int) -> list[T]:
    return [one for i, one in enumerate(kept) if i % folds != fold]


def _examples(text: str, right: Collection[str], legs: Legs, scope: Scope) -> list[Example]:
    """Return the features of a question's best hits; no `right` passage: nothing answers it."""
    scored = legs.score(text)
    votes = scope.lean(legs.tokens(text))
    found: list[Example] = []
    for n, position in enumerate(ranking(fuse(scored.legs, trust=scored.trust))[:N_CANDIDATES]):
        measured: dict[tuple[str, ...], list[float]] = {
            names: [float(x) for x in hit_features(text, scored, legs, votes, position, names)]
            for names in LEG_SETS
        }
        is_right = legs.passages[position].passage_id in right
        found.append(Example(measured, is_right, n == 0, not right))
    return found


def _fit(examples: Sequence[Example], names: tuple[str, ...]) -> dict[str, object]:
    """Fit a logistic regression (L2, C = 0.02) on the features and their products, standardised."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rows = np.array([example.features[names] for example in examples])
    right = np.array([example.is_right for example in examples])
    standard, mean, scale = _standardised(rows)
    products, product_mean, product_scale = _standardised(
        with_products(np.clip(standard, -FARTHEST, FARTHEST))
    )
    fitted = LogisticRegression(C=0.02, max_iter=3000).fit(products, right)
    return {
        "features": FEATURES,
        "legs": names,
        "mean": _rounded(mean),
        "scale": _rounded(scale),
        "product_mean": _rounded(product_mean),
        "product_scale": _rounded(product_scale),
        "weights": _rounded(fitted.coef_[0]),
        "intercept": round(float(fitted.intercept_[0]), 6),
    }


def _standardised(rows: Features) -> tuple[Features, Features, Features]:
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale < 1e-9] = 1.0
    return (rows - mean) / scale, mean, scale


def _rounded(row: Features) -> list[float]:
    return [round(float(x), 6) for x in row]


def _model_card(trained: Trained, questions: Sequence[BankQuestion], examples: Sequence[Example]) -> str:
    firsts = [example for example in examples if example.is_first and not example.is_negative]
    return MODEL_CARD.format(
        dimension=DIMENSION,
        n_tokens=trained.n_tokens,
        n_pairs=trained.n_pairs,
        n_zh=sum(question.language == "zh" for question in questions),
        n_en=sum(question.language == "en" for question in questions),
        n_negatives=sum(e.is_negative and e.is_first for e in examples),
        right=f"{np.mean([e.is_right for e in firsts]):.3f}",
        n_held_out=len(firsts),
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
float32. Written by `python -m index train` (`make train`); do not edit by hand.

- **Input.** Not raw text: words and character bigrams as `index/words.py` cuts them, joined by spaces.
  Unknown tokens have a vector of zeros.
- **Data.** The shipped notices and the question bank of this repository ({n_zh} Chinese and {n_en} English
  questions, written for it). Nothing else; no evaluation case.
- **Training.** {n_pairs} pairs, MultipleNegativesRankingLoss, {epochs} epochs, batch {batch}, learning rate
  {learning_rate}, seed {seed}; CPU.
- **Calibration.** `calibration.json`: logistic regressions fitted on {n_held_out} held-out questions
  ({folds} folds) and {n_negatives} questions the notice does not answer.
- **Figure.** With all legs the right passage comes first for {right} of the held-out questions.
- **Limits.** It knows the words of its training data. It serves this notice and its like, not general
  retrieval, and is meant to be fused with keyword search.
"""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
