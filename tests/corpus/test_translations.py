from pathlib import Path

import pytest

from corpus.notice import Notice
from corpus.passages import passages
from corpus.translations import TranslationError, load_section_titles, load_titles
from tests.corpus.mutations import SHIPPED

SHIPPED_TOML = (SHIPPED / ".." / "translations" / "xian-2024-26.toml").read_text(encoding="utf-8")


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
