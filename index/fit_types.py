"""Fits the classifier of question types on labelled questions."""

from collections.abc import Sequence

import numpy as np

from corpus.bank import BankQuestion, TypedQuestion
from index.question_types import QuestionTypes, grams

CONTENT = "content"
# Questions of the bank ask about the content, almost all; nobody has labelled them: they weigh less.
BANK_WEIGHT = 0.3
MIN_QUESTIONS = 2  # that have an n-gram
INVERSE_REGULARISATION = 60.0
SMALLEST_VOTE = 0.3  # an n-gram with none larger is left out: a fifth of them


def fit_question_types(labelled: Sequence[TypedQuestion], from_bank: Sequence[BankQuestion]) -> QuestionTypes:
    """Fit a multinomial logistic regression (L2) on TF-IDF; `from_bank` is taken to ask for the content."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True, min_df=MIN_QUESTIONS)
    rows = vectorizer.fit_transform([q.text for q in labelled] + [q.text for q in from_bank])
    types = [q.type for q in labelled] + [CONTENT] * len(from_bank)
    weights = [1.0] * len(labelled) + [BANK_WEIGHT] * len(from_bank)
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
