"""What a question takes for granted, held against the measure: 是不是5个工作日？ where the notice has 15.

Only what the notice decides is decided: a number of the same kind, a date against
the deadline, a unit against the roles, a count against the records, an absolute
word against the notice's own word of strength. Each finding cites what decides it.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Premise, Verdict
from assistant.facts import DURATIONS, Fact, FactKind, agrees, find_facts, number_of, read
from assistant.found import Found
from assistant.other_document import NUMBER_OF_DOCUMENT
from assistant.patterns import patterns
from assistant.shelf import Shelf
from corpus.notice import Measure, Notice, Passage, facts_span
from corpus.text import fold, fold_aligned
from corpus.units import UnitNames
from index.search import Hit

_WORDS_OF = patterns("premises")
_PUTS_FORWARD = _WORDS_OF["puts_forward"]
_ASKS_WHETHER = _WORDS_OF["asks_whether"]
_ASKS_HOW = _WORDS_OF["asks_how"]
_TURN_CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f]+[?？]?")
_CHOICE = _WORDS_OF["choice"]
_ASKS_WHO = _WORDS_OF["asks_who"]
_DEADLINE = _WORDS_OF["deadline"]
_RESPONSIBLE = _WORDS_OF["responsible"]
_LEAD = _WORDS_OF["lead"]
_ALONE = _WORDS_OF["alone"]
_ABSOLUTE = _WORDS_OF["absolute"]
_SOFT = _WORDS_OF["soft"]
_CHARGED = _WORDS_OF["charged"]
_WAIVED = _WORDS_OF["waived"]
_CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f\n]+")
_COUNTED = _WORDS_OF["counted"]
MAX_TAG = 12  # characters
_OF_SECTIONS = re.compile(r"部分|板块|方面|大块|sections?")
_TYPED = DURATIONS | {FactKind.PERCENT, FactKind.EVERY, FactKind.MONEY, FactKind.KILOVOLTS}


class PremiseReader:
    """Reads what questions take for granted. Built once for a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._clauses_of: dict[str, tuple[_Clause, ...]] = {}

    def check(self, asked: str, found: Found) -> tuple[Premise, ...]:
        """Return what `asked` takes for granted and the notice decides; () where it only asks."""
        text = read(asked)
        if not any(_claims(clause) for clause in (text, *_TURN_CLAUSE.findall(text))):
            return ()
        if found.lists:
            one = len(found.lists) == 1
            return tuple(_counted(text, len(found.lists[0].measures), found)) if one and _claims(text) else ()
        if len(found.hits) > 1 and all("#c3." in hit.passage.passage_id for hit in found.hits):
            return tuple(_counted(text, len(found.hits), found)) if _claims(text) else ()
        return tuple(self._of_passage(asked, text, found.hits[0])) if found.hits else ()

    def _of_passage(self, asked: str, text: str, hit: Hit) -> Iterator[Premise]:
        passage = hit.passage
        if number := NUMBER_OF_DOCUMENT.search(fold_aligned(asked)):
            yield _numbered(number.group(), passage, self._shelf.notice_of(passage))
            text = read(f"{asked[: number.start()]} {asked[number.end() :]}")
        facts = find_facts(text, self._shelf.units)
        asserted = tuple(fact for fact in facts if _is_asserted(fact, text))
        clauses, measure = self._clauses(passage), self._shelf.measure_of(passage)
        yield from _measured(text, asserted, passage, clauses)
        if measure is not None:
            yield from _due(text, asserted, measure, passage)
        if not _claims(text):
            return
        if measure is not None:
            yield from _led(text, facts, measure, passage)
        yield from _charged(asked, passage, clauses)
        yield from _softened(asked, hit, clauses)

    def _clauses(self, passage: Passage) -> "tuple[_Clause, ...]":
        if passage.passage_id not in self._clauses_of:
            self._clauses_of[passage.passage_id] = tuple(_clauses(passage, self._shelf.units))
        return self._clauses_of[passage.passage_id]


def _numbered(asserted: str, passage: Passage, notice: Notice) -> Premise:
    """Compare the number of a document with the notice's own."""
    start = notice.source.index(notice.document_number)
    verdict: Verdict = "right" if fold(asserted) == fold(notice.document_number) else "wrong"
    span = (start, start + len(notice.document_number))
    return Premise(verdict, "fact", asserted, f"{notice.notice_id}#meta", (span,))


def _claims(text: str) -> bool:
    """Return whether a turn says something and wants it confirmed."""
    return bool(_PUTS_FORWARD.search(text) or (_ASKS_WHETHER.search(text) and not _ASKS_HOW.search(text)))


def _is_asserted(fact: Fact, text: str) -> bool:
    """Return whether a fact stands in what is put forward: 我们等了一个月,几天审完 only tells of a month."""
    clauses = list(_TURN_CLAUSE.finditer(text))
    place = next((n for n, clause in enumerate(clauses) if clause.start() <= fact.start < clause.end()), None)
    if place is None or _ASKS_HOW.search(clauses[place].group()):
        return False
    own = clauses[place].group()
    # ……15个工作日,对吧: the tag is a clause of its own.
    tag = clauses[place + 1].group().strip() if place + 1 < len(clauses) else ""
    return (
        _claims(own)
        or (len(tag) <= MAX_TAG and bool(_PUTS_FORWARD.search(f"{tag}?")))
        or (
            place > 0
            and len(clauses[place - 1].group()) <= MAX_TAG
            and bool(_PUTS_FORWARD.search(clauses[place - 1].group()))
        )
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    start: int  # in the source
    end: int
    text: str
    facts: tuple[Fact, ...]


def _clauses(passage: Passage, units: UnitNames) -> Iterator[_Clause]:
    for match in _CLAUSE.finditer(passage.text):
        facts = find_facts(read(match.group()), units)
        yield _Clause(passage.start + match.start(), passage.start + match.end(), match.group(), facts)


def _measured(
    text: str, asserted: Sequence[Fact], passage: Passage, clauses: Sequence[_Clause]
) -> Iterator[Premise]:
    """Compare numbers that carry a unit, shares and frequencies, and what the notice counts."""
    for fact in asserted:
        like = _like(fact, text)
        if like is None or (fact.kind is FactKind.DATE and passage.measure_number):
            continue
        held = [(clause, other) for clause in clauses for other in clause.facts if like(other, clause)]
        same = next((clause for clause, other in held if agrees(fact, [other])), None)
        words = text[fact.start : fact.end + (fact.kind is FactKind.NUMBER)]
        if same is not None:
            yield Premise("right", "fact", words, passage.passage_id, ((same.start, same.end),))
        elif held:
            spans = tuple(dict.fromkeys((clause.start, clause.end) for clause, _ in held))
            yield Premise("wrong", "fact", words, passage.passage_id, spans)
        elif fact.kind in _TYPED:
            yield Premise("absent", "fact", words)


def _like(fact: Fact, text: str) -> Callable[[Fact, _Clause], bool] | None:
    """Return whether another fact answers the same: any duration for a duration, a count of like things."""
    if fact.kind in DURATIONS:
        return lambda other, _: other.kind in DURATIONS
    if fact.kind in (FactKind.PERCENT, FactKind.EVERY, FactKind.MONEY, FactKind.KILOVOLTS, FactKind.DATE):
        return lambda other, _: other.kind is fact.kind
    if fact.kind is FactKind.NUMBER and (thing := text[fact.end : fact.end + 1].strip()):
        return lambda other, clause: (
            other.kind is FactKind.NUMBER and read(clause.text)[other.end : other.end + 1] == thing
        )
    return None


def _due(text: str, facts: Sequence[Fact], measure: Measure, passage: Passage) -> Iterator[Premise]:
    """Compare a date with the deadline of the reform."""
    due = measure.deadline.due_on
    line = facts_span(measure)
    for fact in facts:
        if fact.kind is FactKind.DATE and _DEADLINE.search(text):
            year, month, day = fact.value  # type: ignore[misc,str-unpack]
            is_right = year in (None, due.year) and month in (None, due.month) and day in (None, due.day)
            verdict: Verdict = "right" if is_right else "wrong"
            yield Premise(verdict, "deadline", fact.printed, passage.passage_id, ((line.start, line.end),))


def _led(text: str, facts: Sequence[Fact], measure: Measure, passage: Passage) -> Iterator[Premise]:
    """Compare a unit with the role that it is said to have."""
    named = [fact for fact in facts if fact.kind is FactKind.UNIT]
    says_responsible, says_lead = _RESPONSIBLE.search(text), _LEAD.search(text)
    if not named or not (says_lead or says_responsible) or _CHOICE.search(text) or _ASKS_WHO.search(text):
        return
    leads = {unit.name for unit in measure.lead_units}
    responsible = {unit.name for unit in measure.responsible_units}
    line = facts_span(measure)
    claimed = {name for fact in named for name in fact.value}  # type: ignore[union-attr]
    for fact in named:
        names = set(fact.value)  # type: ignore[arg-type]
        if says_responsible and not (says_lead and names & leads):
            verdict: Verdict = "right" if names & responsible else "wrong"
            about = "responsible_leads" if names & leads else "responsible"
        elif names & leads:
            only = bool(_ALONE.search(text)) and not leads <= claimed
            verdict, about = ("wrong", "lead_alone") if only else ("right", "lead")
        else:
            verdict, about = "wrong", "lead_responsible" if names & responsible else "lead"
        yield Premise(verdict, about, fact.printed, passage.passage_id, ((line.start, line.end),))


def _charged(asked: str, passage: Passage, clauses: Sequence[_Clause]) -> Iterator[Premise]:
    """Show what the notice says of charges where a question takes for granted that there are any, or none."""
    charged = _CHARGED.search(asked)
    spans = tuple((clause.start, clause.end) for clause in clauses if _WAIVED.search(clause.text))
    if charged and spans:
        yield Premise("stated", "charge", charged.group(), passage.passage_id, spans)


def _softened(asked: str, hit: Hit, clauses: Sequence[_Clause]) -> Iterator[Premise]:
    """Meet an absolute word with the words of strength of the sentence nearest to the question."""
    absolute = _ABSOLUTE.search(asked)
    body = hit.sentences[1:] or hit.sentences
    if absolute is None or not body:
        return
    best = max(body, key=lambda sentence: sentence.score)
    within = [clause for clause in clauses if best.start <= clause.start < best.end]
    soft = [clause for clause in within if _SOFT.search(clause.text)]
    if not soft:
        return
    # Within the sentence the clause that shares most with a Chinese question.
    nearest = max(soft, key=lambda clause: _overlap(asked, clause.text))
    if absolute.group() not in nearest.text:
        found = tuple(dict.fromkeys(_SOFT.findall(nearest.text)))
        span = ((nearest.start, nearest.end),)
        yield Premise("softened", "strength", absolute.group(), hit.passage.passage_id, span, found)


def _overlap(asked: str, text: str) -> int:
    """Return how many pairs of neighbouring characters of a clause the question has."""
    pairs = {asked[n : n + 2] for n in range(len(asked) - 1)}
    return sum(text[n : n + 2] in pairs for n in range(len(text) - 1))


def _counted(text: str, count: int, found: Found) -> Iterator[Premise]:
    """Compare a number of measures, sections or clauses with the records."""
    match = _COUNTED.search(text)
    if match is None:
        return
    about = "count"
    if found.lists and _OF_SECTIONS.search(text[match.start() : match.end() + 3]):
        about, count = "sections", len({measure.section for measure in found.lists[0].measures})
    numeral = match["n"] or match["zh"] or match["en"]
    number = number_of(numeral)
    if number is not None:
        verdict: Verdict = "right" if number == count else "wrong"
        yield Premise(verdict, about, match.group().strip(), count=count)
