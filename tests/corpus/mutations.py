"""Ways to write the same notice differently, and ways to damage it."""

import re
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from importlib import resources
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st

from corpus.notice import Notice, Span
from corpus.parse import Metadata, read_metadata
from corpus.text import fold

SHIPPED = resources.files("corpus") / "notices"
RAW = SHIPPED.joinpath("xian-2024-26.txt").read_bytes()
TEXT = RAW.decode()
LINES = TEXT.split("\n")
METADATA: Metadata = read_metadata(SHIPPED / "xian-2024-26.toml")
GOLDEN = Path(__file__).with_name("golden.jsonl")

WIDE = str.maketrans({character: chr(ord(character) + 0xFEE0) for character in ",:().0123456789"})
BLANKS = st.text(alphabet=" \t\u3000", max_size=4)
HEADINGS = [
    "第一条 总则",
    "第二章 附则。",
    "1)营造环境。严格落实。",
    "(1)营造环境。严格落实。",
    "\u2460营造环境。严格落实。",
    "A.营造环境。严格落实。",
    "1、营造环境。严格落实。",
    "十、其他要求",
    "(十)其他要求",
    "99.其他。其他要求。",
    "附件:清单",
    "\u25cf其他要求。",
    "联系人:张三",
    "这一段不属于任何措施。",
]
FIELD_LINES = [n for n, line in enumerate(LINES) if re.match("牵头单位|责任单位|完成时", line)]
MEASURE_LINES = [n for n, line in enumerate(LINES) if re.match(r"\d+\.", line)]
NUMBERED_LINES = [n for n, line in enumerate(LINES) if re.match(r"\d+\.|\([一二三四五]\)|[一二三]、", line)]
SENTENCE_ENDS = [match.end() for match in re.finditer("\u3002", TEXT)][:-1]

thorough = settings(derandomize=True, deadline=None, max_examples=60)


@st.composite
def rewritten(draw: st.DrawFn) -> str:
    """The same notice with blank lines, indents, trailing spaces and wide punctuation at random."""
    lines: list[str] = []
    for line in LINES:
        lines += [draw(BLANKS)] if draw(st.integers(0, 9)) == 0 else []
        lines.append(line)
    if draw(st.booleans()):
        lines = [f"{draw(BLANKS)}{line}{draw(BLANKS)}" for line in lines]
    return widened("\n".join(lines), draw(st.sampled_from([0, 1, 3, 7, 11])), draw(st.integers(0, 10)))


def widened(text: str, every: int, offset: int) -> str:
    """Full-width punctuation and digits at every nth place, 1 everywhere, 0 nowhere."""
    return "".join(
        character.translate(WIDE) if every and (index + offset) % every == 0 else character
        for index, character in enumerate(text)
    )


@st.composite
def encoded(draw: st.DrawFn) -> bytes:
    """A rewritten notice in some encoding with some line ends."""
    text = draw(rewritten()).replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])))


def without(number: int) -> str:
    return "\n".join([*LINES[:number], *LINES[number + 1 :]])


def with_line(number: int, *added: str) -> str:
    return "\n".join([*LINES[:number], *added, *LINES[number:]])


def replaced(number: int, line: str) -> str:
    return "\n".join([*LINES[:number], line, *LINES[number + 1 :]])


def without_measure(index: int) -> str:
    start = MEASURE_LINES[index]
    return "\n".join([*LINES[:start], *LINES[start + 4 :]])


def with_measure_twice(index: int) -> str:
    start = MEASURE_LINES[index]
    return with_line(start + 4, *LINES[start : start + 4])


def swapped(first: int, second: int) -> str:
    lines = list(LINES)
    numbers = [re.match(r"\d+", lines[n]) for n in (first, second)]
    one, other = (match.group() if match else "" for match in numbers)
    lines[first] = other + lines[first].removeprefix(one)
    lines[second] = one + lines[second].removeprefix(other)
    return "\n".join(lines)


def content(value: object) -> object:
    """All that a notice says, folded; without offsets, line numbers, source and digest."""
    if isinstance(value, str):
        return fold(value)
    if isinstance(value, Sequence):
        return [content(item) for item in value]
    if is_dataclass(value):
        skipped = {"start", "end", "line", "source", "source_sha256"}
        return {f.name: content(getattr(value, f.name)) for f in fields(value) if f.name not in skipped}
    return None if isinstance(value, Span) else value


def misplaced(notice: Notice) -> list[object]:
    """Everything whose offsets do not lead to its words."""
    wrong: list[object] = [m for m in notice.measures if notice.source[m.start : m.end] != m.text]
    wrong += [c for c in notice.clauses if notice.source[c.start : c.end] != c.text]
    for m in notice.measures:
        for span, words in (
            (m.lead_line, m.lead_units[-1].name),
            (m.responsible_line, m.responsible_units_printed),
            (m.deadline_line, m.deadline.text),
        ):
            wrong += [] if span.of(notice.source).endswith(words) else [span]
    return wrong
