"""Every fact of right answers is altered in turn, and prose is held against its measure."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.answer import Draft, Intent, Kind, Quotation, Status
from assistant.claims import Claims
from assistant.compose import compose
from assistant.fact_gate import FactGate
from assistant.found import Found, Listed
from assistant.normalise import normalise
from assistant.premises import PremiseReader
from assistant.retrieve import retrieve
from assistant.shelf import Shelf
from assistant.understand import understand
from index.search import Hit
from tests.assistant.conftest import TODAY, FixedSearcher

PARAPHRASES = Path(__file__).parent / "paraphrases"
FALSE_ALARMS = 0.02
WORDS_OF_STRENGTH = {
    "原则上": "",
    "鼓励": "要求",
    "探索": "实行",
    "严禁": "允许",
    "不得": "可以",
    "无需": "需",
}


@pytest.fixture(scope="session")
def gate(shelf: Shelf) -> FactGate:
    return FactGate(shelf)


def composed(shelf: Shelf, asked: str, *hits: Hit) -> tuple[Draft, tuple[Listed, ...]]:
    """Compose the answer to a question of which the search is fixed; with what its lists are made of."""
    question = normalise(asked)
    intent = understand(question, shelf.lexicon(TODAY))
    found = retrieve(intent, FixedSearcher(*hits), shelf)
    premises = PremiseReader(shelf).check(question.asked, found)
    return compose(question, intent, replace(found, premises=premises), shelf, TODAY), found.lists


def draft_of(shelf: Shelf, asked: str, *hits: Hit) -> Draft:
    return composed(shelf, asked, *hits)[0]


def drafts(shelf: Shelf, hit: Callable[..., Hit]) -> Iterator[tuple[Draft, tuple[Listed, ...]]]:
    for number in range(1, 40):
        for asked in (
            f"第{number}项措施讲什么",
            f"What does measure {number} say?",
            f"第{number}项的联系电话是多少",
        ):
            yield composed(shelf, asked, hit(f"m{number:02}"))
    for asked in (
        "市发改委牵头哪些措施",
        "Which measures does the housing bureau lead?",
        "市财政局配合哪些任务",
    ):
        yield composed(shelf, asked)
    for asked in ("哪个单位牵头的措施最多", "每个月各有几项到期", "Which section has the most measures?"):
        yield composed(shelf, asked)
    yield composed(shelf, "第3项措施的审查时限是5个工作日，对吧？", hit("m03"))
    yield composed(shelf, "第16项措施是2024年12月底前完成，对吧？", hit("m16"))


def altered(draft: Draft, find: str, into: Callable[[re.Match[str]], str]) -> Iterator[tuple[str, Draft]]:
    """Alter one occurrence after another, in the text and in what the composer says of its lines."""
    said = {line: key for key, line in draft.said}
    for line in dict.fromkeys(draft.text.split("\n")):
        for match in re.finditer(find, line):
            new = line[: match.start()] + into(match) + line[match.end() :]
            askers = said.get(line, "").startswith("premise.") and match.start() < line.index("**", 2)
            if new == line or askers:
                continue
            lines = tuple((key, new if told == line else told) for key, told in draft.said)
            yield (
                f"{said.get(line, 'quoted')}: {new}",
                replace(draft, text=draft.text.replace(line, new), said=lines),
            )


def next_number(match: re.Match[str]) -> str:
    return str(int(match.group()) + 1)


def test_lets_every_right_draft_through(gate: FactGate, shelf: Shelf, hit: Callable[..., Hit]) -> None:
    for draft, lists in drafts(shelf, hit):
        assert gate.check(draft, TODAY, lists).problems == ()


def test_sees_every_altered_number_and_date(gate: FactGate, shelf: Shelf, hit: Callable[..., Hit]) -> None:
    find = r"(?<![\d\[.])\d+(?![\d\]])(?!\. )"  # not the markers, nor the places of a list's rows
    for draft, lists in drafts(shelf, hit):
        for told, wrong in altered(draft, find, next_number):
            assert gate.check(wrong, TODAY, lists).problems, told


def test_sees_every_altered_unit(gate: FactGate, shelf: Shelf, hit: Callable[..., Hit]) -> None:
    for number in range(1, 40):
        draft = draft_of(shelf, f"第{number}项措施讲什么", hit(f"m{number:02}"))
        named = {unit.name for unit in shelf.notices[0].measure(number).lead_units}
        other = "市民政局" if "市民政局" not in draft.text else "市商务局"
        for told, wrong in altered(draft, "|".join(named), lambda _, other=other: other):
            assert gate.check(wrong, TODAY).problems, told


def test_sees_every_altered_word_of_strength_and_negation(
    gate: FactGate, shelf: Shelf, hit: Callable[..., Hit]
) -> None:
    for number in range(1, 40):
        draft = draft_of(shelf, f"第{number}项措施讲什么", hit(f"m{number:02}"))
        for told, wrong in altered(
            draft, "|".join(WORDS_OF_STRENGTH), lambda m: WORDS_OF_STRENGTH[m.group()]
        ):
            assert gate.check(wrong, TODAY).problems, told


def test_sees_an_answer_that_cites_another_measure(
    gate: FactGate, shelf: Shelf, hit: Callable[..., Hit]
) -> None:
    notice = shelf.notices[0]
    for number in range(1, 40):
        draft = draft_of(shelf, f"第{number}项措施讲什么", hit(f"m{number:02}"))
        other = shelf.passage_of(notice, notice.measure(number % 39 + 1))
        place = {"exact": notice.source[other.start : other.end], "start": other.start, "end": other.end}
        swapped = tuple(replace(q, passage_id=other.passage_id, **place) for q in draft.quotations)
        assert gate.check(replace(draft, quotations=swapped), TODAY).problems


def prose(shelf: Shelf, text: str, number: int = 3) -> Draft:
    """A draft whose only line is prose that cites one sentence of a measure."""
    passage = shelf.passage(f"xian-2024-26#m{number:02}")
    quotation = Quotation(passage.passage_id, passage.text, passage.start, passage.end)
    return Draft(Status.ANSWERED, text, (quotation,), engine="model")


def test_leaves_honest_prose_as_it_is(gate: FactGate, shelf: Shelf) -> None:
    draft = prose(shelf, "施工图审查原则上不超过十五个工作日，由市住建局牵头。[1]")
    checked = gate.check(draft, TODAY)
    assert (checked.draft, checked.problems, checked.repairs) == (draft, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "施工图审查原则上不超过5个工作日。[1]",
        "施工图审查必须在15个工作日内办完。[1]",
        "施工图审查由市资源规划局牵头。[1]",
        "可以在微信上查询审查进度。[1]",
        "企业可以马上领到补贴。",
    ],
)
def test_gives_way_to_the_sources_own_sentence(gate: FactGate, shelf: Shelf, text: str) -> None:
    checked = gate.check(prose(shelf, text), TODAY)
    assert len(checked.repairs) == 1
    assert checked.problems == ()
    (quotation,) = checked.draft.quotations
    assert checked.draft.text == f"> {quotation.exact} [1]"


def test_keeps_what_holds_beside_what_does_not(gate: FactGate, shelf: Shelf) -> None:
    right, wrong = "施工图文件实行一次性审查。[1]", "审查只要5个工作日。[1]"
    checked = gate.check(prose(shelf, f"{right}{wrong}"), TODAY)
    assert len(checked.repairs) == 1
    assert checked.draft.text.startswith(right)
    assert "5个工作日" not in checked.draft.text.replace("15个工作日", "")
    assert "原则上不超过15个工作日" in checked.draft.text


def test_an_answer_of_the_assistant_needs_no_repair(assistant: Assistant) -> None:
    for asked in (
        "施工图审查要多久",
        "How do we get water and power?",
        "市住建局牵头哪些措施",
        "今天天气如何",
    ):
        trace = assistant.trace(asked)
        assert (trace.problems, trace.repairs) == ((), ())


@pytest.mark.parametrize("path", sorted(PARAPHRASES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_takes_honest_paraphrases_and_sees_most_altered_ones(shelf: Shelf, path: Path) -> None:
    claims, notice = Claims(shelf), shelf.notices[0]
    rows: list[dict[str, Any]] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    cited = {row["measure"]: shelf.passage_of(notice, notice.measure(row["measure"])) for row in rows}
    alarms = [row["text"] for row in rows if claims.problems(row["text"], [cited[row["measure"]]])]
    wrong = [(row["measure"], one) for row in rows for one in row["altered"]]
    seen = [one for number, one in wrong if claims.problems(one["text"], [cited[number]])]
    assert len(rows) >= 200
    assert len(alarms) <= FALSE_ALARMS * len(rows), alarms
    for kind in ("number", "date", "unit", "ratio", "platform"):
        of_kind = [one for _, one in wrong if one["kind"] == kind]
        assert sum(one["kind"] == kind for one in seen) >= 0.75 * len(of_kind), kind


def test_a_kind_without_hits_is_composed_too(shelf: Shelf) -> None:
    draft = compose(
        normalise("原文有没有印错的地方"), Intent(Kind.ODDITIES, "q"), Found(Status.ANSWERED), shelf, TODAY
    )
    assert FactGate(shelf).check(draft, TODAY).problems == ()
