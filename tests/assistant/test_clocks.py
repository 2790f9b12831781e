import pytest

from assistant import Assistant
from assistant.clocks import find_clocks
from assistant.shelf import Shelf


def test_types_every_clock_of_the_notice(shelf: Shelf) -> None:
    found = {
        measure.number: [clock.kind for clock in find_clocks(shelf.passage_of(notice, measure), shelf.units)]
        for notice in shelf.notices
        for measure in notice.measures
    }
    assert {number: kinds for number, kinds in found.items() if kinds} == {
        2: ["target"],
        3: ["procedure"],
        31: ["target"],
    }


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("施工图审查要多久", "**这项手续的时限**：“审查时限原则上不超过15个工作日”。[1]"),
        (
            "社会投资厂房审批要几个工作日",
            "**改革要达到的目标**：“实现社会投资工业、住宅和政府投资房屋建筑等3类",
        ),
        (
            "How long does drawing review take?",
            "**Time limit of the procedure**: “审查时限原则上不超过15个工作日”. [1]",
        ),
    ],
)
def test_names_the_clock_that_is_asked_for(assistant: Assistant, asked: str, line: str) -> None:
    text = assistant.ask(asked).text
    assert line in text
    assert "这是改革任务的时限" in text or "Deadline of the reform" in text
