"""Fits the classifier of question types on labelled questions."""

from collections.abc import Sequence

import numpy as np

from corpus.bank import BankQuestion, TypedQuestion
from index.question_types import QuestionTypes, grams

CONTENT = "content"
NOT_THE_DOCUMENT = "none"
# Questions of the bank ask about the content, almost all; nobody has labelled them: they weigh less.
BANK_WEIGHT = 0.3
# Of the questions asked of measures there are ten times as many as of those about the document.
MEASURES_WEIGHT = 0.03
OUTSIDE_WEIGHT = 0.3
MIN_QUESTIONS = 2  # that have an n-gram
INVERSE_REGULARISATION = 60.0
SMALLEST_VOTE = 0.3  # an n-gram with none larger is left out: a fifth of them


def fit_question_types(labelled: Sequence[TypedQuestion], from_bank: Sequence[BankQuestion]) -> QuestionTypes:
    """Fit on questions labelled by type; those `from_bank` are taken to ask for the content."""
    return _fit(labelled, [(q.text, BANK_WEIGHT) for q in from_bank], CONTENT)


def fit_document_types(
    labelled: Sequence[TypedQuestion], of_measures: Sequence[str], outside: Sequence[str]
) -> QuestionTypes:
    """Fit on questions labelled by what of the document they are about, and on others that are not."""
    others = [(text, MEASURES_WEIGHT) for text in of_measures] + [(text, OUTSIDE_WEIGHT) for text in outside]
    return _fit(labelled, others, NOT_THE_DOCUMENT)


def _fit(
    labelled: Sequence[TypedQuestion], others: Sequence[tuple[str, float]], type_of_others: str
) -> QuestionTypes:
    """Fit a multinomial logistic regression (L2) on TF-IDF; `others`: texts with their weights."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True, min_df=MIN_QUESTIONS)
    rows = vectorizer.fit_transform([q.text for q in labelled] + [text for text, _ in others])
    types = [q.type for q in labelled] + [type_of_others] * len(others)
    weights = [1.0] * len(labelled) + [weight for _, weight in others]
    fitted = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=3000).fit(
        rows, types, sample_weight=weights
    )
    kept = np.abs(fitted.coef_).max(axis=0) > SMALLEST_VOTE
    names = vectorizer.get_feature_names_out()[kept].tolist()
    return QuestionTypes(
        tuple(fitted.classes_.tolist()),
        {name: row for row, name in enumerate(names)},
        vectorizer.idf_[kept].astype(np.float32),
        fitted.coef_[:, kept].T.astype(np.float32),
        fitted.intercept_.astype(np.float32),
    )
