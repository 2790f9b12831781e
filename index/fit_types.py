"""Fits the classifier of question types on labelled questions."""

from collections.abc import Sequence

import numpy as np

from corpus.bank import BankQuestion, MarkedQuestion, TypedQuestion
from index.mentions import NO_WORD, TAGS, Kind, Mention, context_of, contexts, words_beside
from index.question_types import QuestionTypes, grams
from index.wording import Wording

CONTENT = "content"
NOT_THE_DOCUMENT = "none"
NOT_A_LIST = "not_list"
# Questions of the bank ask about the content, almost all; nobody has labelled them: they weigh less.
BANK_WEIGHT = 0.3
# Of the questions asked of measures there are ten times as many as of those about the document.
MEASURES_WEIGHT = 0.03
OUTSIDE_WEIGHT = 0.3
MIN_QUESTIONS = 2  # that have an n-gram
INVERSE_REGULARISATION = 60.0
# An n-gram with no larger vote is left out. Of questions and of the document the small votes count: without
# them half a question of a hundred more was refused, and one from outside taken for one on the document.
SMALLEST_VOTE, SMALLEST_TYPE_VOTE = 0.6, 0.3


def fit_question_types(labelled: Sequence[TypedQuestion], from_bank: Sequence[BankQuestion]) -> QuestionTypes:
    """Fit on questions labelled by type; those `from_bank` are taken to ask for the content."""
    others = [(q.text, BANK_WEIGHT) for q in from_bank]
    return _fit(labelled, others, CONTENT, SMALLEST_TYPE_VOTE)


def fit_document_types(
    labelled: Sequence[TypedQuestion], of_measures: Sequence[str], outside: Sequence[str]
) -> QuestionTypes:
    """Fit on questions labelled by what of the document they are about, and on others that are not."""
    others = [(text, MEASURES_WEIGHT) for text in of_measures] + [(text, OUTSIDE_WEIGHT) for text in outside]
    return _fit(labelled, others, NOT_THE_DOCUMENT, SMALLEST_TYPE_VOTE)


def fit_mention_tags(marked: Sequence[MarkedQuestion], wording: Wording) -> QuestionTypes:
    """Fit on each mention of the questions for lists, by what stands around it.

    Words of the notices that are not marked are examples of what nothing is asked of.
    """
    kinds: dict[str, Kind] = {tag: kind for kind, tags in TAGS.items() for tag in tags}
    features: list[list[str]] = []
    tags: list[str] = []
    for question in marked:
        marks = [mark for mark in question.marks if mark[2] in kinds]
        if question.shape == NOT_A_LIST:
            continue
        tag_at = {(start, end): tag for start, end, tag in marks}
        mentions = [Mention(start, end, kinds[tag]) for (start, end), tag in tag_at.items()]
        features += contexts(question.text, mentions)
        tags += tag_at.values()
        for word in words_beside(mentions, question.text.casefold(), wording):
            features.append(context_of(question.text, mentions, word))
            tags.append(NO_WORD)
    return _regression(features, tags, [1.0] * len(tags), inverse_regularisation=12.0)


def _fit(
    labelled: Sequence[TypedQuestion],
    others: Sequence[tuple[str, float]],
    type_of_others: str,
    smallest_vote: float = SMALLEST_VOTE,
) -> QuestionTypes:
    """Fit on the n-grams of questions; `others`: texts with their weights."""
    texts = [q.text for q in labelled] + [text for text, _ in others]
    types = [q.type for q in labelled] + [type_of_others] * len(others)
    weights = [1.0] * len(labelled) + [weight for _, weight in others]
    return _regression([grams(text) for text in texts], types, weights, INVERSE_REGULARISATION, smallest_vote)


def _regression(
    features: Sequence[Sequence[str]],
    types: Sequence[str],
    weights: Sequence[float],
    inverse_regularisation: float,
    smallest_vote: float = SMALLEST_VOTE,
) -> QuestionTypes:
    """Fit a multinomial logistic regression (L2) on TF-IDF of features."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=MIN_QUESTIONS)
    rows = vectorizer.fit_transform(features)
    fitted = LogisticRegression(C=inverse_regularisation, max_iter=3000).fit(
        rows, types, sample_weight=weights
    )
    kept = np.abs(fitted.coef_).max(axis=0) > smallest_vote
    names = vectorizer.get_feature_names_out()[kept].tolist()
    return QuestionTypes(
        tuple(fitted.classes_.tolist()),
        {name: row for row, name in enumerate(names)},
        vectorizer.idf_[kept].astype(np.float32),
        fitted.coef_[:, kept].T.astype(np.float32),
        fitted.intercept_.astype(np.float32),
    )
