"""Train the shipped encoder: a sentence-transformers StaticEmbedding, one vector a token.

A text's vector is the mean of its tokens' vectors. Needs the extra `train`;
only `index/train.py` imports this module.
"""

import random
import shutil
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.legs import Material
from index.private import keep_private
from index.words import Words

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

SEED = 20240412
DIMENSION = 96
EPOCHS = 4
BATCH = 128
LEARNING_RATE = 0.02
PAIRS_A_QUESTION = 3  # other questions of the same passage that a question is paired with


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training run gives, for the model card."""

    n_pairs: int
    n_tokens: int


def train_encoder(gathered: Material, words: Words, target: Path) -> Trained:
    """Train a static encoder on this material and save it to `target` in sentence-transformers' format.

    Reproducible: the same material gives the same files.
    """
    keep_private()
    import torch  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    pairs = _pairs(gathered, words)
    tokenizer = _tokenizer(pairs)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    embedding = _new_embedding(tokenizer)
    model = SentenceTransformer(modules=[embedding], device="cpu")
    scratch = target.with_name(target.name + ".training")
    _fit(model, pairs, scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    with torch.no_grad():
        # Unknown tokens are dropped by model2vec and averaged by
        # sentence-transformers; a row of zeros makes both agree in direction.
        embedding.embedding.weight[:2] = 0.0
    model.half()  # on disk half the size; read as float32 again
    model.save_pretrained(str(target), create_model_card=False)
    for path in target.rglob("*"):  # safetensors writes 0600, unreadable for another user
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)
    return Trained(len(pairs), tokenizer.get_vocab_size())


def _new_embedding(tokenizer: "Tokenizer") -> "StaticEmbedding":
    import torch  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding  # noqa: PLC0415

    embedding = StaticEmbedding(tokenizer, embedding_dim=DIMENSION)
    torch.nn.init.normal_(embedding.embedding.weight, std=DIMENSION**-0.5)
    return embedding


def _fit(model: "SentenceTransformer", pairs: Sequence[tuple[str, str]], scratch: Path) -> None:
    """Train the model in place: each anchor's positive against those of the rest of its batch."""
    from datasets import Dataset  # noqa: PLC0415
    from sentence_transformers import (  # noqa: PLC0415
        SentenceTransformerTrainer,
        SentenceTransformerTrainingArguments,
    )
    from sentence_transformers.base.sampler import BatchSamplers  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.losses import (  # noqa: PLC0415
        MultipleNegativesRankingLoss,
    )
    from transformers import PrinterCallback  # noqa: PLC0415

    class Trainer(SentenceTransformerTrainer):
        def add_model_card_callback(self, default_args_dict: dict[str, object]) -> None:
            """Write no card: `index/train.py` writes ours, and its examples take seconds."""

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
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_dict(columns),
        loss=MultipleNegativesRankingLoss(model),
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()


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


def _tokenizer(pairs: Sequence[tuple[str, str]]) -> "Tokenizer":
    """Return a tokenizer over exactly the tokens that occur; [PAD] and [UNK] come first."""
    from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: PLC0415

    counts = Counter(token for pair in pairs for text in pair for token in text.split(" "))
    vocabulary = {token: i for i, token in enumerate(["[PAD]", "[UNK]", *sorted(counts)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer
