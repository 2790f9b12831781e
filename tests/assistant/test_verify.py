from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assistant import Assistant
from assistant.answer import Draft, Facet, Intent, Kind, Question, Status
from assistant.compose import compose
from assistant.retrieve import Found
from assistant.shelf import Shelf
from assistant.verify import is_stated, verify
from corpus.notice import Notice
from index.search import Hit
from tests.assistant.conftest import TODAY


@pytest.fixture
def draft(shelf: Shelf, hit: Callable[..., Hit]) -> Draft:
    """A right draft on measure 3: three quoted sentences and the lines of facts."""
    question = Question("q", "q", "zh")
    return compose(question, Intent(Kind.SEARCH, "q"), Found(Status.ANSWERED, (hit("m03"),)), shelf, TODAY)


def with_first(draft: Draft, **fields: Any) -> Draft:
    return replace(draft, quotations=(replace(draft.quotations[0], **fields), *draft.quotations[1:]))


def test_finds_nothing_wrong_with_a_right_draft(draft: Draft, shelf: Shelf) -> None:
    assert verify(draft, shelf) == ()


def test_finds_a_changed_number(draft: Draft, shelf: Shelf) -> None:
    exact = draft.quotations[0].exact.replace("15个", "5个")
    problems = verify(with_first(draft, exact=exact), shelf)
    assert any("does not stand at" in problem for problem in problems)


def test_finds_a_changed_word_in_the_text(draft: Draft, shelf: Shelf) -> None:
    changed = replace(draft, text=draft.text.replace("原则上不超过", "不超过"))
    assert verify(changed, shelf) == ("the line marked [1] is not what it quotes",)


@pytest.mark.parametrize("shift", [-1, 1, 40, 10_000, -100_000])
def test_finds_shifted_offsets(draft: Draft, shelf: Shelf, shift: int) -> None:
    first = draft.quotations[0]
    assert verify(with_first(draft, start=first.start + shift, end=first.end + shift), shelf)


def test_finds_an_empty_quotation(draft: Draft, shelf: Shelf) -> None:
    first = draft.quotations[0]
    problems = verify(with_first(draft, exact="", end=first.start), shelf)
    assert any("outside the passage" in problem for problem in problems)


def test_finds_a_quotation_of_another_passage(draft: Draft, shelf: Shelf) -> None:
    problems = verify(with_first(draft, passage_id="xian-2024-26#m06"), shelf)
    assert any("outside the passage" in problem for problem in problems)


@pytest.mark.parametrize("passage_id", ["xian-2024-26#m40", "", "elsewhere#m01"])
def test_finds_a_passage_that_is_not_there(draft: Draft, shelf: Shelf, passage_id: str) -> None:
    assert f"there is no passage {passage_id!r}" in verify(with_first(draft, passage_id=passage_id), shelf)


def test_finds_a_marker_without_a_quotation(draft: Draft, shelf: Shelf) -> None:
    changed = replace(draft, text=f"{draft.text}\n[9]")
    assert verify(changed, shelf) == ("marker [9] has no quotation",)


def test_finds_a_quotation_without_a_marker(draft: Draft, shelf: Shelf) -> None:
    changed = replace(draft, quotations=(*draft.quotations, draft.quotations[0]))
    assert verify(changed, shelf) == ("quotation 5 has no marker",)


def test_finds_a_quoted_line_without_a_marker(draft: Draft, shelf: Shelf) -> None:
    changed = replace(draft, text=f"{draft.text}\n\n> 审查免费。")
    assert verify(changed, shelf) == ("a quoted line cites nothing: > 审查免费。",)


@pytest.mark.parametrize(
    "line", ["- **牵头单位**：市水务局", "3. 第40项　新措施（2025年底前；牵头：市水务局）"]
)
def test_finds_a_line_of_facts_without_a_marker(draft: Draft, shelf: Shelf, line: str) -> None:
    problems = verify(replace(draft, text=f"{draft.text}\n\n{line}"), shelf)
    assert problems == (f"a line of facts cites nothing: {line}",)


def test_allows_the_lines_of_units_and_deadline(draft: Draft, notice: Notice) -> None:
    assert draft.quotations[-1].exact.startswith("牵头单位:市住建局")
    assert draft.quotations[-1].end == notice.measure(3).deadline_line.end


def test_finds_nothing_wrong_with_what_is_composed_of_any_passage(shelf: Shelf, assistant: Assistant) -> None:
    questions = [title for measure in shelf.measures for title in (measure.title, f"第{measure.number}项")]
    traces = [assistant.trace(question) for question in questions]
    assert [trace.problems for trace in traces] == [()] * len(questions)


@pytest.mark.parametrize(
    ("facet", "key", "stated"),
    [
        (Facet.CONTENT, "m03", True),
        (Facet.CONTACT, "m36", True),
        (Facet.CONTACT, "m03", False),
        (Facet.CONTACT, "m06", False),
        (Facet.AMOUNT, "m23", True),
        (Facet.AMOUNT, "m29", True),
        (Facet.AMOUNT, "m26", True),
        (Facet.AMOUNT, "m03", False),
        (Facet.AMOUNT, "m27", False),
    ],
)
def test_knows_whether_a_passage_bears_on_what_was_asked(
    hit: Callable[..., Hit], facet: Facet, key: str, stated: bool
) -> None:
    assert is_stated(facet, hit(key).passage) is stated
