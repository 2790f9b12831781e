"""The domain types: what a notice is made of.

Terms follow GB/T 9704-2012 (layout of official documents). All offsets are
characters in the decoded source text (LF line ends, no byte order mark), from
0, end exclusive. Everything is frozen: a notice is read, never changed.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

OddityKind = Literal[
    "deadline_label",  # another label than 完成时限
    "deadline_precedes_issue",  # a deadline before the notice itself
    "unit_separator",  # units separated otherwise than by "、"
    "unit_list_full_stop",  # a list of units that ends in a full stop
    "units_run_together",  # two entries without a separator
]
ODDITY_KINDS: tuple[OddityKind, ...] = get_args(OddityKind)


class NoticeFormatError(ValueError):
    """A notice's text has a shape the parser does not know.

    `line` counts from 1 in the decoded source; 0 where no line can be named.
    """

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}" if line else problem)
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source text."""

    start: int
    end: int

    def of(self, source: str) -> str:
        return source[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Unit:
    """A government body or company as the notice prints it (单位)."""

    name: str
    is_group: bool  # 各区县政府, 市级各相关单位: a group, not one body


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a reform is due (完成时限); not how long a procedure takes."""

    text: str  # as printed: 2024年6月底前
    due_on: date  # the last day of the printed month
    label: str  # as printed: 完成时限, in measure 27 完成时间

    def precedes(self, day: date) -> bool:
        return self.due_on < day


@dataclass(frozen=True, slots=True)
class Section:
    """A group of measures: (一) to (五) under 重点任务."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One numbered task (措施) with the three lines that follow it."""

    number: int
    title: str
    text: str  # verbatim: title and body, without number and unit lines
    section: Section
    lead_units: tuple[Unit, ...]  # 牵头单位
    responsible_units: tuple[Unit, ...]  # 责任单位, in printed order
    responsible_units_printed: str  # the list as printed, without its label
    responsible_units_open: bool  # 等…单位, 各相关单位: more than the named ones
    deadline: Deadline  # 完成时限
    start: int  # of `text`
    end: int
    lead_line: Span  # label and list, as printed
    responsible_line: Span
    deadline_line: Span


def facts_span(measure: Measure) -> Span:
    """Return the span of the three lines with units and deadline, in whatever order they are printed."""
    lines = (measure.lead_line, measure.responsible_line, measure.deadline_line)
    return Span(min(line.start for line in lines), max(line.end for line in lines))


@dataclass(frozen=True, slots=True)
class Clause:
    """A part without units or deadline: 总体要求 (c1), 工作要求 (c3.1 to c3.4)."""

    key: str  # c1, c3.2
    title: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something the source prints unusually; kept as printed, never corrected."""

    kind: OddityKind
    measure_number: int
    printed: str
    line: int  # from 1


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, whole (公文)."""

    notice_id: str  # xian-2024-26
    title: str  # 标题
    document_number: str  # 发文字号
    issuing_authority: str  # 发文机关署名
    addressees: tuple[str, ...]  # 主送机关
    issued_on: date  # 成文日期
    note: str | None  # 附注: (此件公开发布)
    plan_title: str  # the title of the plan that the notice issues
    purpose: str  # 缘由: the plan's opening paragraph
    sections: tuple[Section, ...]
    measures: tuple[Measure, ...]
    clauses: tuple[Clause, ...]
    oddities: tuple[Oddity, ...]
    head: Span  # from the title to the paragraph before 总体要求
    source: str  # the decoded text all offsets refer to
    source_url: str | None
    source_sha256: str  # of the file's bytes

    def measure(self, number: int) -> Measure:
        """Return the measure with this number; KeyError if there is none."""
        for measure in self.measures:
            if measure.number == number:
                return measure
        raise KeyError(f"{self.notice_id} has no measure {number}")


@dataclass(frozen=True, slots=True)
class Passage:
    """What is searched and cited: a measure, a clause or the document's head."""

    passage_id: str  # xian-2024-26#m06, #c1, #c3.2, #meta
    notice_id: str
    measure_number: int | None
    title: str
    text: str
    start: int
    end: int
    sha256: str  # of `text` in UTF-8
