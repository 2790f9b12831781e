from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest

from assistant import Assistant
from assistant.answer import Draft, Intent, Kind, Language, Question, Status, Wording
from assistant.compose import compose
from assistant.found import Found
from assistant.shelf import Shelf
from assistant.verify import verify
from corpus.notice import Notice
from index.search import Hit
from tests.assistant.conftest import TODAY


@pytest.fixture
def draft(shelf: Shelf, hit: Callable[..., Hit]) -> Draft:
    """A right draft on measure 3: three quoted sentences and the lines of facts."""
    question = Question("q", "q", "zh")
    return compose(question, Intent(Kind.SEARCH, "q"), Found(Status.ANSWERED, (hit("m03"),)), shelf, TODAY)


@pytest.fixture
def in_english(shelf: Shelf, hit: Callable[..., Hit]) -> Draft:
    """The same in English: each sentence translated above its original."""
    question = Question("q", "q", "en")
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


def test_finds_nothing_wrong_with_a_translation_beside_its_original(in_english: Draft, shelf: Shelf) -> None:
    assert verify(in_english, shelf) == ()


def test_finds_a_changed_word_in_a_translation(in_english: Draft, shelf: Shelf) -> None:
    changed = replace(in_english, text=in_english.text.replace("15 working days", "5 working days"))
    assert verify(changed, shelf) == ("the line marked [1] is not what it quotes",)


def test_finds_the_translation_of_another_sentence(in_english: Draft, shelf: Shelf) -> None:
    first, second = in_english.quotations[:2]
    there = shelf.english_of(first.passage_id, first.start, first.end)
    wrong = shelf.english_of(second.passage_id, second.start, second.end)
    changed = replace(in_english, text=in_english.text.replace(there, wrong))
    assert verify(changed, shelf) == ("the line marked [1] is not what it quotes",)


def test_finds_a_translation_without_its_original(in_english: Draft, shelf: Shelf) -> None:
    original = f"> {in_english.quotations[0].exact} [1]\n"
    changed = replace(in_english, text=in_english.text.replace(original, ""))
    assert verify(changed, shelf) == ("the translation marked [1] stands without its original",)


def test_finds_a_translation_without_a_marker(in_english: Draft, shelf: Shelf) -> None:
    (problem,) = verify(replace(in_english, text=in_english.text.replace("days. [1]", "days.")), shelf)
    assert problem.startswith("a quoted line cites nothing: > Optimise")


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        (Wording("图审", "报装", "xian-2024-26#m03"), "xian-2024-26#m03 does not say '报装'"),
        (Wording("装表", "报装", "xian-2024-26#m06"), "is said to call something '报装', but not cited"),
        (Wording("图审", "施工图审查", "xian-2024-26#m03"), "the text does not say what '施工图审查' is"),
    ],
)
def test_finds_words_that_the_notice_is_wrongly_said_to_use(
    draft: Draft, shelf: Shelf, wording: Wording, problem: str
) -> None:
    (found,) = verify(replace(draft, wordings=(wording,)), shelf)
    assert problem in found


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
    traces = [assistant.trace(question, (), lang) for question in questions for lang in get_args(Language)]
    assert [trace.problems for trace in traces] == [()] * len(traces)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("key", ["meta", "c1", "c3.1", "c3.2", "c3.3", "c3.4"])
def test_finds_nothing_wrong_with_what_is_composed_of_a_clause(
    shelf: Shelf, hit: Callable[..., Hit], key: str, language: Language
) -> None:
    question, found = Question("q", "q", language), Found(Status.ANSWERED, (hit(key),))
    assert verify(compose(question, Intent(Kind.SEARCH, "q"), found, shelf, TODAY), shelf) == ()
