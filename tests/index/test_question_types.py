from pathlib import Path

import pytest

from corpus.bank import load_typed_questions
from index.fit_types import fit_question_types
from index.question_types import QuestionTypes, asks_something, grams, shipped_question_types


def likeliest(text: str) -> str:
    probable = shipped_question_types().probabilities(text)
    return max(probable, key=probable.__getitem__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("施工许可要带哪些证件复印件", "materials"),
        ("这个窗口礼拜天开不开门", "hours"),
        ("违反了要罚几万块", "penalty"),
        ("ring whom about the gas pipe, any number?", "telephone"),
        ("which law or regulation is this based on", "legal_basis"),
        ("市发改委带头干的事一共几桩", "list"),
        ("which of the measures fall due in October", "list"),
        ("水电气怎么报装", "content"),
        ("材料太多了能不能少交点", "content"),
        ("how do I get utility hookups", "content"),
    ],
)
def test_tells_what_type_of_thing_is_asked_for(text: str, expected: str) -> None:
    assert likeliest(text) == expected


def test_gives_probabilities() -> None:
    probable = shipped_question_types().probabilities("多少钱")
    assert sum(probable.values()) == pytest.approx(1.0, abs=1e-5)
    assert set(probable) == {question.type for question in load_typed_questions()}


def test_has_an_answer_for_what_it_has_never_seen() -> None:
    probable = shipped_question_types().probabilities("\u0416\u0416")
    assert sum(probable.values()) == pytest.approx(1.0, abs=1e-5)


def test_cuts_characters_and_words() -> None:
    assert {"^交", "交^"[:1], "材料$", "料"} <= set(grams("交材料"))
    assert {"how", "< how", "how much >"} <= set(grams("How much"))
    assert "000" not in grams("15")
    assert grams("15个") == grams("27个")


def test_reads_what_it_has_written(tmp_path: Path) -> None:
    fitted = fit_question_types(load_typed_questions()[::20], ())
    fitted.save(tmp_path / "types.npz")
    again = QuestionTypes.load(tmp_path / "types.npz")
    one, other = (types.probabilities("电话是多少") for types in (fitted, again))
    assert one == pytest.approx(other, abs=1e-3)  # kept in half precision


@pytest.mark.parametrize(
    ("text", "asks"), [("谁负责", True), ("is it free", True), ("法治体检", False), ("施工许可 材料", False)]
)
def test_knows_search_words_from_questions(text: str, asks: bool) -> None:
    assert asks_something(text) is asks
