import pytest

from corpus.bank import BankQuestion
from evals.cases import CaseFileError
from evals.learning import keyword_legs, learning_curve, learning_curve_text, sample

BANK = [BankQuestion(str(i), "en", passage) for i, passage in enumerate("aaaabb")]


def test_takes_as_many_questions_of_each_passage():
    assert sample(BANK, 0, 1) == []
    assert [question.passage_id for question in sample(BANK, 3, 1)] == list("aaabb")
    assert sample(BANK, None, 1) == BANK


def test_draws_the_same_again_and_more_on_top():
    assert sample(BANK, 2, 1) == sample(BANK, 2, 1)
    assert {*sample(BANK, 1, 1)} < {*sample(BANK, 2, 1)}


def test_draws_otherwise_with_another_seed():
    assert len({tuple(sample(BANK, 2, seed)) for seed in range(9)}) > 1


def test_rises_with_the_bank(case_file, sources):
    path = case_file({"measures": [1], "question": "unicorn"})
    points = learning_curve(path, sources, levels=(0, None))["points"]
    assert [(p["n_questions"], p["lang"], p["mean"]) for p in points if p["lang"] == "all"] == [
        (0, "all", 0.0),
        (None, "all", 1.0),
    ]


def test_prints_every_level(case_file, sources):
    text = learning_curve_text(learning_curve(case_file({"measures": [1]}), sources, levels=(0, None)))
    assert [line.split()[0] for line in text.splitlines()[1:5:2]] == ["0", "all"]


def test_refuses_a_file_without_such_cases(case_file, sources):
    with pytest.raises(CaseFileError, match="no case that goes through the search"):
        learning_curve(case_file({"kind": "attack", "measures": []}), sources)


def test_has_no_leg_by_vectors(sources):
    assert set(keyword_legs(sources).score("unicorn").legs) == {"bigrams", "words"}
