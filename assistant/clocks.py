"""The clocks of a measure that are not the reform's deadline: how long a procedure may take, and targets.

完成时限 says when the reform is to be done; 15个工作日 says how long a review may take;
压减至60个工作日 is what a reform aims at. They are never told as one another.
"""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.facts import DURATIONS, find_facts, read
from corpus.notice import Passage
from corpus.units import UnitNames

_CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f\n]+")
_TARGET = re.compile(r"压减|压缩|缩短|减至|力争|打造|“[^”]*\d+分钟")
# 一年内未发生……的项目: a condition, not a clock.
_CONDITION = re.compile(r"内未|连续|对.{0,4}年内|以上的|公告期")


@dataclass(frozen=True, slots=True)
class Clock:
    """A stretch of time that a measure states, and its clause in the source."""

    kind: Literal["procedure", "target"]
    start: int
    end: int


def find_clocks(passage: Passage, units: UnitNames) -> tuple[Clock, ...]:
    """Return the clocks of a passage in order."""
    found = []
    for match in _CLAUSE.finditer(passage.text):
        facts = find_facts(read(match.group()), units)
        if any(fact.kind in DURATIONS for fact in facts) and not _CONDITION.search(match.group()):
            start, end = passage.start + match.start(), passage.start + match.end()
            found.append(Clock("target" if _TARGET.search(match.group()) else "procedure", start, end))
    return tuple(found)
