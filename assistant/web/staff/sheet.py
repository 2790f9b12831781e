"""The check sheet: an answer line by line, each beside the words of the source it rests on.

Pure functions from a recorded trace and the notices to what the template shows.
"""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from assistant.errors import ReviewError
from assistant.shelf import Shelf
from corpus.notice import facts_span

log = logging.getLogger(__name__)
_MARKER = re.compile(r"\s?\[(\d+)\]")
_MARKDOWN = re.compile(r"\*|^> ?|^- |^#+ ")
CONTEXT_CHARS = 24  # of the source, on either side of a quotation


@dataclass(frozen=True, slots=True)
class Source:
    """Words of the source, with a little of what stands around them."""

    marker: int
    passage_id: str
    before: str
    exact: str
    after: str
    is_there: bool  # the source still reads so at this place
    is_again: bool = False  # a line above rests on the same words


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer."""

    text: str
    sources: tuple[Source, ...]
    tick: str  # ok: the source says it; flag: look here; none: states nothing about a measure
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found."""

    passage_id: str
    name: str
    rank: int
    probability: float
    legs: tuple[tuple[str, float], ...]
    is_cited: bool
    is_changed: bool  # the notice reads otherwise today


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is to be seen of one answer."""

    answer_id: str
    question: str
    history: tuple[str, ...]
    language: str
    status: str
    engine: str
    confidence: float | None
    lines: tuple[Line, ...]
    candidates: tuple[Candidate, ...]
    route: tuple[tuple[str, str], ...]  # what the question was taken for
    durations_ms: tuple[tuple[str, float], ...]  # stage by stage
    repairs: tuple[str, ...]  # sentences the fact gate replaced, and why
    problems: tuple[str, ...]
    fault: str | None
    versions: tuple[tuple[str, str], ...]
    cited: tuple[str, ...]  # passage ids

    @property
    def n_flagged(self) -> int:
        return sum(line.tick == "flag" for line in self.lines) + len(self.repairs) + len(self.problems)


@contextmanager
def readable(answer_id: str) -> Iterator[None]:
    """Raise ReviewError where a trace is not what this program writes; the program's log says how."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        log.exception("the record of answer %s cannot be read", answer_id)
        raise ReviewError("review.unreadable", answer_id=answer_id[:40]) from fault


def sheet_of(trace: Mapping[str, Any], shelf: Shelf) -> Sheet:
    """Return the sheet of a recorded trace."""
    answer = trace["answer"]
    sources = {citation["marker"]: _source(citation, shelf) for citation in answer["citations"]}
    cited = tuple(dict.fromkeys(citation["passage_id"] for citation in answer["citations"]))
    question = trace["question"] or {}
    return Sheet(
        answer_id=answer["answer_id"],
        question=answer["question"],
        history=tuple(question.get("history", ())),
        language=answer["lang"],
        status=answer["status"],
        engine=answer["engine"],
        confidence=answer["confidence"],
        lines=lines_of(answer["text"], sources),
        candidates=tuple(_candidate(hit, cited, shelf) for hit in trace["hits"]),
        route=_route(trace),
        durations_ms=tuple(trace["durations_ms"].items()),
        repairs=tuple(trace["repairs"]),
        problems=tuple(trace["problems"]),
        fault=trace["fault"],
        versions=(
            *(trace.get("versions") or {}).items(),
            ("index", answer["index_version"] or "\u2013"),
        ),
        cited=cited,
    )


def lines_of(text: str, sources: Mapping[int, Source]) -> tuple[Line, ...]:
    """Return the lines of an answer; consecutive empty ones are dropped."""
    lines: list[Line] = []
    told: set[int] = set()
    for raw in text.split("\n"):
        shown = _MARKER.sub("", _MARKDOWN.sub("", raw.strip())).strip()
        if not shown:
            continue
        markers = [int(number) for number in _MARKER.findall(raw)]
        found = tuple(
            replace(sources[marker], is_again=marker in told) for marker in markers if marker in sources
        )
        told.update(markers)
        lines.append(Line(shown, found, _tick(raw, markers, found)))
    return tuple(lines)


def name_of(passage_id: str, shelf: Shelf) -> str:
    """Return what a reviewer knows a passage by: its number and title; the id where it is gone."""
    try:
        passage = shelf.passage(passage_id)
    except KeyError:
        return passage_id
    number = "" if passage.measure_number is None else f"{passage.measure_number} "
    return f"{number}{passage.title}"


def _tick(raw: str, markers: Sequence[int], found: Sequence[Source]) -> str:
    if not markers:
        return "flag" if raw.startswith(("> ", "- **")) else "none"
    is_borne_out = len(found) == len(markers) and all(source.is_there for source in found)
    return "ok" if is_borne_out else "flag"


def _source(citation: Mapping[str, Any], shelf: Shelf) -> Source:
    start, end, exact = citation["start"], citation["end"], citation["exact"]
    try:
        passage = shelf.passage(citation["passage_id"])
    except KeyError:
        return Source(citation["marker"], citation["passage_id"], "", exact, "", is_there=False)
    source = shelf.notice_of(passage).source
    measure = shelf.measure_of(passage)
    last = facts_span(measure).end if measure else passage.end
    return Source(
        marker=citation["marker"],
        passage_id=citation["passage_id"],
        before=_cut(start - CONTEXT_CHARS > passage.start)
        + source[max(passage.start, start - CONTEXT_CHARS) : start],
        exact=exact,
        after=source[end : min(last, end + CONTEXT_CHARS)] + _cut(end + CONTEXT_CHARS < last),
        is_there=source[start:end] == exact,
    )


def _cut(is_cut: bool) -> str:
    return "\u2026" if is_cut else ""


def _candidate(hit: Mapping[str, Any], cited: Sequence[str], shelf: Shelf) -> Candidate:
    passage_id = hit["passage_id"]
    try:
        is_changed = shelf.passage(passage_id).sha256 != hit["sha256"]
    except KeyError:
        is_changed = True
    return Candidate(
        passage_id=passage_id,
        name=name_of(passage_id, shelf),
        rank=hit["rank"],
        probability=hit["probability"],
        legs=tuple(hit["legs"].items()),
        is_cited=passage_id in cited,
        is_changed=is_changed,
    )


def _route(trace: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return gate, kind and what is asked for, where they are known."""
    intent = trace["intent"] or {}
    told = {
        "gate": trace["gate"],
        "kind": intent.get("kind"),
        "asks_for": (intent.get("asks_for") or {}).get("facet"),
        "query": intent.get("query"),
        "measures": ", ".join(map(str, intent.get("measure_numbers") or ())),
    }
    return tuple((key, str(value)) for key, value in told.items() if value)
