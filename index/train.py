"""Train the shipped encoder and fit its calibration (`python -m index train`).

The encoder is a sentence-transformers StaticEmbedding: one vector a token, the
text's vector is their mean. It learns from the question bank and the notice
alone, with fixed seeds, in about a minute on two cores. Needs the extra `train`;
nothing else imports this module.
"""

import json
import random
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from corpus import load_notices
from corpus.bank import BankQuestion, NegativeQuestion, load_negatives, load_questions
from corpus.notice import Notice
from index.calibrate import FEATURES, features
from index.encoder import StaticEncoder
from index.fusion import fuse, ranking
from index.legs import Legs, Material, exact_legs, material
from index.private import keep_private
from index.words import Words, notice_vocabulary

SEED = 20240412
DIMENSION = 160
EPOCHS = 12
BATCH = 128
LEARNING_RATE = 0.02
PAIRS_A_QUESTION = 3  # other questions of the same passage that a question is paired with
FOLDS = 5
N_CANDIDATES = 3  # hits a question gives to the calibration


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


def shipped_lessons(cache_dir: Path) -> Lessons:
    notices = load_notices()
    questions = tuple(question for notice in notices for question in load_questions(notice))
    words = Words(notice_vocabulary(notices), cache_dir)
    return Lessons(notices, questions, load_negatives(_negatives()), words)


def train(lessons: Lessons, target: Path, cache_dir: Path, say: Callable[[str], None]) -> None:
    """Train on all of the bank, fit the calibration on held-out folds, write both to `target`."""
    held_out = _held_out_examples(lessons, cache_dir, say)
    trained = train_encoder(material(lessons.notices, lessons.questions), lessons.words, target)
    calibration = {
        "all legs": _fit(held_out, ("bigrams", "words", "vectors")),
        "keyword legs": _fit(held_out, ("bigrams", "words")),
    }
    _write(target / "calibration.json", json.dumps(calibration, indent=1) + "\n")
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


LEG_SETS = (("bigrams", "words", "vectors"), ("bigrams", "words"))


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
        for question in asked:
            others = shuffle.sample(asked, min(PAIRS_A_QUESTION, len(asked)))
            pairs += [(question, passage.text), (question, passage.title)]
            pairs += [(question, other) for other in others if other != question]
    cut = [(" ".join(words.tokens(a)), " ".join(words.tokens(b))) for a, b in pairs]
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


def _held_out_examples(lessons: Lessons, cache_dir: Path, say: Callable[[str], None]) -> list[Example]:
    """Ask each question of an index that was built and trained without it."""
    order = list(lessons.questions)
    random.Random(SEED).shuffle(order)
    examples: list[Example] = []
    for fold in range(FOLDS):
        held_out = order[fold::FOLDS]
        kept = [question for i, question in enumerate(order) if i % FOLDS != fold]
        directory = cache_dir / f"fold-{fold}"
        gathered = material(lessons.notices, kept)
        train_encoder(gathered, lessons.words, directory)
        legs = exact_legs(gathered, lessons.words, StaticEncoder(directory, lessons.words))
        asked: list[tuple[str, str | None]] = [(q.text, q.passage_id) for q in held_out]
        asked += [(negative.text, None) for negative in lessons.negatives[fold::FOLDS]]
        for text, right in asked:
            examples += _examples(text, right, legs)
        shutil.rmtree(directory)
        firsts = [e.is_right for e in examples if e.is_first and not e.is_negative]
        say(
            f"fold {fold + 1} of {FOLDS}: right passage first for {np.mean(firsts):.3f} of held-out questions"
        )
    return examples


def _examples(text: str, right: str | None, legs: Legs) -> list[Example]:
    scores, _ = legs.scores(text)
    found: list[Example] = []
    for n, position in enumerate(ranking(fuse(scores))[:N_CANDIDATES]):
        vectors: dict[tuple[str, ...], list[float]] = {}
        for names in LEG_SETS:
            used = {name: scores[name] for name in names}
            vectors[names] = [float(x) for x in features(text, used, fuse(used), position)]
        is_right = legs.passages[position].passage_id == right
        found.append(Example(vectors, is_right, n == 0, right is None))
    return found


def _fit(examples: Sequence[Example], names: tuple[str, ...]) -> dict[str, object]:
    """Fit a logistic regression (L2, C = 1) on standardised features."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rows = np.array([example.features[names] for example in examples])
    right = np.array([example.is_right for example in examples])
    mean, scale = rows.mean(axis=0), rows.std(axis=0)
    scale[scale == 0] = 1.0
    fitted = LogisticRegression(C=1.0, max_iter=1000).fit((rows - mean) / scale, right)
    return {
        "features": FEATURES,
        "legs": names,
        "mean": [round(float(x), 6) for x in mean],
        "scale": [round(float(x), 6) for x in scale],
        "weights": [round(float(x), 6) for x in fitted.coef_[0]],
        "intercept": round(float(fitted.intercept_[0]), 6),
    }


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


def _negatives() -> Path:
    return Path(str(files("corpus") / "questions" / "negatives.jsonl"))
