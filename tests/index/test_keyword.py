from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import pytest

from corpus.bank import BankQuestion
from index.keyword import Coverage, KeywordIndex
from index.legs import Legs, Material
from index.words import Words

DOCUMENTS = ("a b b", "a c", "d d d d")


def reference(documents: list[list[str]], query: list[str]) -> list[float]:
    """BM25 as in Lucene, from its formula (Robertson and Zaragoza 2009; k1 = 1.5, b = 0.75)."""
    mean_length = sum(map(len, documents)) / len(documents)
    scores = [0.0] * len(documents)
    for token in query:
        n = sum(token in document for document in documents)
        idf = log(1 + (len(documents) - n + 0.5) / (n + 0.5))
        for i, document in enumerate(documents):
            tf = Counter(document)[token]
            scores[i] += idf * tf / (tf + 1.5 * (0.25 + 0.75 * len(document) / mean_length)) if tf else 0.0
    return scores


def test_scores_as_worked_by_hand() -> None:
    # "c" stands in 1 of 3 documents; document 2 has 2 tokens, the mean is 3:
    # idf = ln(1 + 2.5 / 1.5) = 0.98083; tf part = 1 / (1 + 1.5 * (0.25 + 0.75 * 2 / 3)) = 0.47059
    scores = KeywordIndex.build(DOCUMENTS, str.split).scores("c")
    assert scores == pytest.approx([0.0, 0.46157, 0.0], abs=1e-5)


def test_scores_no_passage_for_unknown_tokens() -> None:
    assert not KeywordIndex.build(DOCUMENTS, str.split).scores("x y z").any()


def test_scores_no_passage_for_an_empty_query() -> None:
    assert KeywordIndex.build(DOCUMENTS, str.split).scores("").tolist() == [0.0, 0.0, 0.0]


def test_ignores_unknown_tokens_beside_known_ones() -> None:
    keyword = KeywordIndex.build(DOCUMENTS, str.split)
    assert keyword.scores("c x").tolist() == keyword.scores("c").tolist()


@pytest.mark.parametrize("leg", ["bigrams", "words", "syllables"])
def test_scores_the_whole_notice_as_the_formula_does(
    exact: Legs, gathered: Material, words: Words, bank: tuple[BankQuestion, ...], leg: str
) -> None:
    cut = getattr(words, leg)
    documents = [cut(document) for document in gathered.documents]
    for question in bank[::200]:
        expected = reference(documents, list(dict.fromkeys(cut(question.text))))
        assert getattr(exact, leg).scores(question.text) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_counts_a_repeated_token_once() -> None:
    keyword = KeywordIndex.build(DOCUMENTS, str.split)
    assert keyword.scores("c a c c").tolist() == keyword.scores("c a").tolist()


def test_covers_nothing_of_an_empty_query() -> None:
    covered = KeywordIndex.build(DOCUMENTS, str.split).coverage("", 0, 2)
    assert covered == Coverage(0.0, 0.0, 0.0, 0, 0, 0.0)


def test_covers_as_worked_by_hand() -> None:
    # Two passages, the third document is outside. "a" stands in both: ln(1 + 0.5 / 2.5) = 0.182322;
    # "c" in one: ln(1 + 1.5 / 1.5) = 0.693147; "d" and "x" in none: ln(1 + 2.5 / 0.5) = 1.791759 each.
    covered = KeywordIndex.build(DOCUMENTS, str.split).coverage("a c d x c", 1, 2)
    assert covered.share == pytest.approx(0.875469 / 4.458988, abs=1e-6)
    assert covered.missing == pytest.approx(3.583519, abs=1e-6)
    assert covered.heaviest_missing == pytest.approx(1.791759, abs=1e-6)
    assert (covered.unknown, covered.n_tokens) == (2, 4)
    assert covered.outside == pytest.approx(1.791759 / 4.458988, abs=1e-6)


def test_covers_less_with_a_passage_that_lacks_a_token() -> None:
    keyword = KeywordIndex.build(DOCUMENTS, str.split)
    assert keyword.coverage("a c", 1, 2).share == 1.0
    assert keyword.coverage("a c", 0, 2).heaviest_missing == pytest.approx(0.693147, abs=1e-6)


def test_covers_alike_after_saving(tmp_path: Path) -> None:
    built = KeywordIndex.build(DOCUMENTS, str.split)
    built.save(tmp_path / "bm25")
    loaded = KeywordIndex.load(tmp_path / "bm25", str.split)
    assert loaded.coverage("a c d x", 1, 2) == built.coverage("a c d x", 1, 2)


def test_scores_alike_after_saving(tmp_path: Path) -> None:
    built = KeywordIndex.build(DOCUMENTS, str.split)
    built.save(tmp_path / "bm25")
    loaded = KeywordIndex.load(tmp_path / "bm25", str.split)
    assert np.array_equal(loaded.scores("a d"), built.scores("a d"))


def test_scores_no_passage_after_saving_for_unknown_tokens(tmp_path: Path) -> None:
    KeywordIndex.build(DOCUMENTS, str.split).save(tmp_path / "bm25")
    assert not KeywordIndex.load(tmp_path / "bm25", str.split).scores("x").any()
