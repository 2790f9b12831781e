"""The types that travel along the straight line, from question to recorded answer.

All are frozen. `Answer.as_dict` is the answer object of the public contract,
version 1.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from assistant.listing import Listing
from index.search import Hit

Language = Literal["zh", "zh-Hant", "en"]


class Status(StrEnum):
    """How a question can end; each has words in `prompts/`."""

    ANSWERED = "answered"
    NOT_STATED = "not_stated"  # the measure is found; it does not say *that*
    NOT_COVERED = "not_covered"  # no measure on this
    CLARIFY = "clarify"  # more than one reading: the user is asked
    DECLINED = "declined"  # not a question for this assistant
    FAILED = "failed"  # a fault of ours; never worded as "the notice does not say"


@dataclass(frozen=True, slots=True)
class Question:
    """A turn, cleaned, personal data masked, made whole from its history."""

    text: str  # as asked, without invisible characters, masked
    normalised: str  # what is searched for; differs from `text` in a follow-up
    language: Language
    history: tuple[str, ...] = ()  # earlier user turns, oldest first, at most five
    # `text` in Simplified characters, without instructions that ride on it; "" where nothing else is there
    asked: str = ""
    earlier: tuple[str, ...] = ()  # what is asked in those turns of `history` that no gate would end


class Kind(StrEnum):
    """The route a question takes."""

    SEARCH = "search"  # by meaning
    LIST = "list"  # which measures, how many: from the records, complete
    MEASURE = "measure"  # named by its number
    NTH = "nth"  # named by its place in the list before
    WORK_REQUIREMENTS = "work_requirements"  # the clauses at the end, all of them or one
    ODDITIES = "oddities"  # what the source prints unusually
    STRUCTURE = "structure"  # the parts of the document, its sections and their numbers
    DOCUMENT = "document"  # its head: title, number, date, issuer, addressees, purpose
    NO_TOPIC = "no_topic"  # asks for a fact without saying of what


class Facet(StrEnum):
    """What is asked about a measure."""

    CONTENT = "content"
    TELEPHONE = "telephone"  # or any other way to reach somebody
    ADDRESS = "address"
    HOURS = "hours"  # of opening
    PERSON = "person"  # a name
    WEBSITE = "website"
    PENALTY = "penalty"  # how much, how long
    CONSEQUENCE = "consequence"  # of breaking a rule
    PRICE = "price"  # for each of something, or a rate
    AMOUNT = "amount"  # of money
    COMPENSATION = "compensation"
    RATIO = "ratio"
    MATERIALS = "materials"  # what to hand in
    FORM = "form"
    LEGAL_BASIS = "legal_basis"
    ELIGIBILITY = "eligibility"  # a threshold
    IN_FORCE = "in_force"  # whether it holds, or was carried out
    STATISTICS = "statistics"
    NAMES = "names"  # of firms, institutions
    PAYER = "payer"
    FREQUENCY = "frequency"
    EVENT = "event"  # the day of something that is held
    QUANTITY = "quantity"  # a threshold, a size, a count
    SECTION = "section"  # of the document, that a measure stands in
    CHANNEL = "channel"  # a language, an app, paper or not
    OTHER = "other"  # of the document, what it is silent on: who interprets it, what it costs
    DURATION = "duration"  # of a procedure; not the reform's deadline


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What is asked about a measure, and whether its very words were used or it only sounds like it."""

    facet: Facet = Facet.CONTENT
    by_name: bool = True
    is_plain: bool = True  # by its words, or beyond doubt by the sound


@dataclass(frozen=True, slots=True)
class Focus:
    """The turns a short turn may be about, the likeliest first."""

    turns: tuple[str, ...]
    own: str  # what the turn says itself, without the words that only point
    is_pointed: bool = False  # 回到前面那一项: it is this turn
    is_named: bool = False  # 回到警察那个: `own` names which of the turns
    nth: int | None = None  # of the list that was asked for; -1: the last
    step: int = 0  # 下一项: this many measures on
    is_all: bool = False  # 以上两项: every one of `turns`


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be looked for."""

    kind: Kind
    query: str
    asks_for: AskedFor = AskedFor()
    listings: tuple[Listing, ...] = ()
    needs: "tuple[Intent, ...]" = ()  # of a turn that can be cut into several questions, each by itself
    needs_are_said: bool = False  # the turn's own words say that there are several
    needs_are_announced: bool = False  # by a word between them
    measure_numbers: tuple[int, ...] = ()
    asked: str = ""  # the turn itself, where `query` has words of earlier ones
    focus: Focus | None = None  # what a short turn of a conversation may be about
    clause_number: int | None = None  # of the work requirements; None: all
    is_by_sound: bool = False  # about the document; which of its clauses is meant the search says

    @property
    def facet(self) -> Facet:
        return self.asks_for.facet


Verdict = Literal["right", "wrong", "absent", "stated", "softened"]


@dataclass(frozen=True, slots=True)
class Premise:
    """Something asserted in a question, and what the notice has on it."""

    verdict: Verdict
    about: str  # the key of its words in `prompts/`, with the verdict: premise.<about>.<verdict>
    asserted: str  # as the asker wrote it, folded
    passage_id: str | None = None
    evidence: tuple[tuple[int, int], ...] = ()  # in the source
    words: tuple[str, ...] = ()  # of strength, as printed
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words of the notice, at their place."""

    passage_id: str
    exact: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Wording:
    """An everyday expression of the question, and what a cited passage says instead."""

    everyday: str
    term: str  # as the notice prints it
    passage_id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be shown, before it is checked.

    `text` is Markdown with markers [1], [2], …; marker n stands for
    `quotations[n - 1]`.
    """

    status: Status
    text: str
    quotations: tuple[Quotation, ...] = ()
    related: tuple[str, ...] = ()  # passage ids
    follow_ups: tuple[str, ...] = ()
    confidence: float | None = None
    engine: str = "quote"
    wordings: tuple[Wording, ...] = ()
    # Lines of `text` that are sentences of `prompts/`, filled by code, each with its key;
    # what is neither one of these nor quoted is prose, which the fact gate reads sentence by sentence.
    said: tuple[tuple[str, str], ...] = ()
    is_waived: bool = False  # an editor stated why its prose may stand although the fact gate objects


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation with the facts that the records hold of its passage."""

    marker: int
    passage_id: str
    notice_id: str
    document_number: str
    measure_number: int | None
    measure_title: str
    title_en: str | None
    lead_units: tuple[str, ...]
    deadline: str | None
    exact: str
    exact_en: str | None  # unofficial; for an English question
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer object, version 1."""

    answer_id: str
    question: str
    lang: Language
    status: Status
    text: str  # Markdown, as shown to the user
    citations: tuple[Citation, ...] = ()
    related: tuple[str, ...] = ()  # passage ids
    follow_ups: tuple[str, ...] = ()
    confidence: float | None = None
    engine: str = "quote"
    index_version: str | None = None
    seconds: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return what `--json` prints and the API sends, keys in contract order."""
        fields = asdict(self)
        fields["status"] = self.status.value
        fields["citations"] = [
            {**citation, "lead_units": list(citation["lead_units"])} for citation in fields["citations"]
        ]
        for name in ("related", "follow_ups"):
            fields[name] = list(fields[name])
        return fields


@dataclass(frozen=True, slots=True)
class Trace:
    """Everything that led to an answer; what is recorded."""

    answer: Answer
    question: Question | None = None
    intent: Intent | None = None
    hits: tuple[Hit, ...] = ()
    problems: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()  # sentences that gave way to the source's own, and why
    fault: str | None = None  # of a failed ending
    gate: str | None = None  # the gate that ended the turn
    durations_ms: Mapping[str, float] = field(default_factory=dict)  # stage -> milliseconds
