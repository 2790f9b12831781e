import json
from pathlib import Path

import pytest

from corpus.near import Case, CasesError, NearCopy, Written, near_copies, read_cases, written_texts
from corpus.notice import Notice
from corpus.text import fold

# Families of approved answers are no cases: what is asked of them is not what the bank was made for.
SHIPPED_CASES = sorted(
    path
    for path in (Path(__file__).parents[2] / "evals" / "cases").glob("*.jsonl")
    if not path.name.startswith("approvals-")
)


def nearest(text: str, *questions: str) -> tuple[NearCopy, ...]:
    cases = [Case(f"Q-{n}", question) for n, question in enumerate(questions, start=1)]
    return near_copies([Written("a:1", text)], cases)


def test_finds_a_near_copy_and_names_the_nearest_case() -> None:
    assert nearest("水电气怎么报装", "水电怎么报装", "水电 气怎么报装\uff1f") == (NearCopy("a:1", "Q-2"),)


@pytest.mark.parametrize(
    ("one", "other", "is_near"),
    [
        ("abcd", "abcd", True),
        ("abcd", "abcdef", True),  # 3 of 5 bigrams
        ("abcde", "abcdefgh", False),  # 4 of 7
        ("abcdefg", "abcdefghijk", True),  # 6 of 10
        ("abcd", "efgh", False),
        ("a", "a", True),
        ("a", "ab", False),
    ],
)
def test_draws_the_line_at_three_fifths_of_all_bigrams(one: str, other: str, is_near: bool) -> None:
    assert bool(nearest(one, other)) is bool(nearest(other, one)) is is_near


def test_finds_nothing_without_cases() -> None:
    assert nearest("水电气怎么报装") == ()


def test_agrees_with_comparing_everything(notice: Notice) -> None:
    texts = list(written_texts([notice]))[::60]
    cases = [Case(written.place, written.text[:-2]) for written in texts]
    pairs = [(t.place, c.case_id) for t in texts for c in cases if plain_jaccard(t.text, c.question) >= 0.6]
    assert {copy.place for copy in near_copies(texts, cases)} == {place for place, _ in pairs}


def plain_jaccard(one: str, other: str) -> float:
    ones, others = (set(zip(text, text[1:], strict=False)) for text in (fold(one), fold(other)))
    return len(ones & others) / max(1, len(ones | others))


def test_gives_every_kind_of_text_with_its_line(notice: Notice) -> None:
    texts = {written.place: written.text for written in written_texts([notice])}
    assert texts["questions/xian-2024-26.jsonl:1"] == "这个文件的文号是多少"
    assert texts["questions/negatives.jsonl:2"] == "有限公司股权转让要不要公证"
    assert texts["glossary/xian-2024-26.csv:2"] == "禁入名单"
    assert min(len(fold(text)) for place, text in texts.items() if place.startswith("glossary")) == 4


def test_the_shipped_texts_hold_no_near_copy_of_the_shipped_cases(notice: Notice) -> None:
    cases = [case for path in SHIPPED_CASES for case in read_cases(path)]
    assert near_copies(written_texts([notice]), cases) == ()


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"id": "Q-2"}', '{"question": "甲?"}', '{"id": 2, "question": "甲?"}']
)
def test_names_file_and_line_of_a_broken_case(tmp_path: Path, line: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{json.dumps({'id': 'Q-1', 'question': '甲?'})}\n\n{line}\n", "utf-8")
    with pytest.raises(CasesError, match="cases.jsonl:3: no "):
        read_cases(path)


def test_says_so_when_there_are_no_cases(tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="none.jsonl: cannot be read"):
        read_cases(tmp_path / "none.jsonl")
