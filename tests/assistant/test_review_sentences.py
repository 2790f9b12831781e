"""Every ReviewError has its sentence in the staff sheet, filled by exactly its values."""

import ast
from pathlib import Path
from string import Template

import pytest

from assistant.errors import ReviewError
from prompts import LANGUAGES, sentences, words

PACKAGE = Path(__file__).parents[2] / "assistant"


def raised() -> dict[tuple[str, frozenset[str]], str]:
    """Return (key, names of values) of every ReviewError made in the package, with where it is made."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ReviewError":
                values = frozenset(str(keyword.arg) for keyword in node.keywords)
                found[ast.literal_eval(node.args[0]), values] = f"{path.name}:{node.lineno}"
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_review_error_has_its_sentence_with_exactly_its_values(language: str) -> None:
    known = sentences("staff", language)
    wanted = {key: set(Template(known.get(key, "")).get_identifiers()) for key, _ in raised()}
    wrong = {
        where: key for (key, values), where in raised().items() if not known.get(key) or wanted[key] != values
    }
    assert wrong == {}


def test_finds_the_errors_that_are_raised() -> None:
    assert ("review.too_long", frozenset({"limit", "length"})) in raised()
    assert len(raised()) > 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_is_worded_by_its_own_values(language: str) -> None:
    error = ReviewError("review.too_long", limit=1000, length=1001)
    assert "1001" in words("staff", error.key, language, **error.values)
