import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.notice import Notice
from corpus.passages import passages
from corpus.text import sentences
from corpus.translations import (
    Translation,
    TranslationError,
    load_section_titles,
    load_titles,
    load_translation,
)
from tests.corpus.mutations import SHIPPED

SHIPPED_TOML = (SHIPPED / ".." / "translations" / "xian-2024-26.toml").read_text(encoding="utf-8")
SHIPPED_JSONL = (SHIPPED / ".." / "translations" / "xian-2024-26.jsonl").read_text(encoding="utf-8")
ROWS = [json.loads(line) for line in SHIPPED_JSONL.splitlines()]
DATE = next(n for n, row in enumerate(ROWS) if row["zh"] == "2024年4月12日")


def test_every_passage_has_an_english_title(notice: Notice) -> None:
    assert list(load_titles(notice)) == [passage.passage_id for passage in passages(notice)]


def test_english_titles_are_english_and_differ(notice: Notice) -> None:
    titles = load_titles(notice).values()
    assert len(set(titles)) == 45
    assert all(title.isascii() for title in titles)


def test_every_section_has_an_english_title(notice: Notice) -> None:
    assert sorted(load_section_titles(notice)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("m07 = ", "m77 = ", r"lacks \['m07'\], has unknown \['m77'\]"),
        ('m23 = "Lower the cost of energy for projects"', 'm23 = " "', r"no text for \['m23'\]"),
        ("[passages]", "[titles]", "lacks"),
        ("[passages]", "[passages", "x.toml"),
    ],
)
def test_refuses_incomplete_titles(notice: Notice, tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(SHIPPED_TOML.replace(old, new), "utf-8")
    with pytest.raises(TranslationError, match=problem):
        load_titles(notice, path)


def test_says_so_when_there_are_no_titles(notice: Notice, tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match="x.toml"):
        load_titles(notice, tmp_path / "x.toml")


@pytest.fixture(scope="module")
def translation(notice: Notice) -> Translation:
    return load_translation(notice)


@pytest.fixture
def load(notice: Notice, tmp_path: Path) -> Callable[[list[dict[str, Any]]], Translation]:
    def load(rows: list[dict[str, Any]]) -> Translation:
        path = tmp_path / "x.jsonl"
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
        return load_translation(notice, path)

    return load


def changed(number: int, **fields: object) -> list[dict[str, Any]]:
    return [row | fields if n == number else row for n, row in enumerate(ROWS)]


def test_every_sentence_has_its_english_at_its_place(notice: Notice, translation: Translation) -> None:
    for passage in passages(notice):
        places = [(sentence.start, sentence.end) for sentence in translation.of(passage.passage_id)]
        spans = sentences(passage.text)
        assert places == [(passage.start + span.start, passage.start + span.end) for span in spans]
    assert translation.n_sentences == len(ROWS)


def test_gives_the_english_of_a_passage(translation: Translation) -> None:
    first = translation.of("xian-2024-26#m01")[0]
    assert first.text == "Create a fair environment for project access."


def test_knows_no_other_passage(translation: Translation) -> None:
    with pytest.raises(KeyError):
        translation.of("xian-2024-26#m40")


def test_joins_the_sentences_of_a_span(notice: Notice, translation: Translation) -> None:
    measure = notice.measure(24)
    texts = [sentence.text for sentence in translation.of("xian-2024-26#m24")]
    assert translation.of_span(measure.start, measure.end) == " ".join(texts)


def test_gives_a_sentence_of_which_a_part_is_asked(translation: Translation) -> None:
    first, second = translation.of("xian-2024-26#m24")[:2]
    assert translation.of_span(first.end - 1, second.start) == first.text
    assert translation.of_span(first.end - 1, second.start + 1) == f"{first.text} {second.text}"


def test_begins_a_line_where_the_source_does(translation: Translation) -> None:
    first, second = translation.of("xian-2024-26#meta")[:2]
    assert translation.of_span(first.start, second.end) == f"{first.text}\n{second.text}"


def test_has_no_english_for_units_and_deadline(notice: Notice, translation: Translation) -> None:
    line = notice.measure(24).deadline_line
    assert translation.of_span(line.start, line.end) == ""


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"passage": "m40"}, "no sentence 5 in 'm40'"),
        ({"sentence": 99}, "no sentence 99 in 'meta'"),
        ({"sentence": 0}, "sentence 0 of 'meta' stands there already"),
        ({"sentence": "5"}, "not an object with passage"),
        ({"sentence": True}, "not an object with passage"),
        ({"note": ""}, "not an object with passage"),
        ({"zh": "2024年4月13日"}, "the source has '2024年4月12日'"),
        ({"en": " "}, "en is empty"),
        ({"en": "12 April 2023"}, "en lacks 2024"),
        ({"en": "12 March 2024"}, "en lacks 4"),
        ({"en": "121 April 20240"}, "en lacks 2024, 12"),
    ],
)
def test_names_file_and_line_of_a_broken_sentence(
    load: Callable[[list[dict[str, Any]]], Translation], fields: dict[str, object], problem: str
) -> None:
    with pytest.raises(TranslationError, match=f"^x.jsonl: line {DATE + 1}: ") as caught:
        load(changed(DATE, **fields))
    assert problem in str(caught.value)


@pytest.mark.parametrize("english", ["12 April 2024", "April 12, 2024", "2024-4-12"])
def test_takes_a_month_by_its_name(load: Callable[[list[dict[str, Any]]], Translation], english: str) -> None:
    assert load(changed(DATE, en=english)).of("xian-2024-26#meta")[DATE].text == english


def test_says_which_sentence_lacks(load: Callable[[list[dict[str, Any]]], Translation]) -> None:
    with pytest.raises(TranslationError, match="x.jsonl: lacks sentence 5 of meta"):
        load([*ROWS[:DATE], *ROWS[DATE + 1 :]])


@pytest.mark.parametrize("text", ["{", "[]"])
def test_refuses_what_is_no_row(notice: Notice, tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(TranslationError, match=r"x.jsonl: line 1: (no JSON|not an object)"):
        load_translation(notice, path)


def test_says_so_when_there_is_no_translation(notice: Notice, tmp_path: Path) -> None:
    with pytest.raises(TranslationError, match="x.jsonl: cannot be read"):
        load_translation(notice, tmp_path / "x.jsonl")
