"""The straight line: from a question to a recorded answer. This file is the whole product."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import prompts
from assistant.answer import Answer, Draft, Intent, Kind, Language, Question, Status, Trace
from assistant.approved import asks_the_same, compose_approved
from assistant.cite import cite
from assistant.compose import compose
from assistant.database import Database, open_records
from assistant.endings import compose_ending, plain_ending
from assistant.errors import RecordsError, UnusableQuestion
from assistant.fact_gate import FactGate
from assistant.found import Found, Searcher
from assistant.gates import first_stop, gates_of, read_blocklist
from assistant.instructions import Turn
from assistant.normalise import has_words, normalise
from assistant.personal import mask_personal_data
from assistant.premises import PremiseReader
from assistant.record import Journal, new_answer_id
from assistant.retrieve import retrieve
from assistant.review.desk import Desk
from assistant.settings import Settings
from assistant.shelf import Shelf
from assistant.understand import understand
from corpus.notice import Notice
from index.library import Library
from index.search import Hit
from index.sources import open_sources
from index.versions import index_root

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

log = logging.getLogger(__name__)
T = TypeVar("T")


class Assistant:
    """Answers questions. Safe to call from several threads; close it when done."""

    def __init__(
        self,
        shelf: Shelf,
        searcher: Searcher,
        journal: Journal,
        clock: Callable[[], date] = date.today,
        *,
        blocklist: Sequence[str] = (),
        desk: Desk | None = None,
        made_of: Mapping[str, str] | None = None,
    ) -> None:
        """`blocklist`: the operator's expressions, folded; `desk`: where staff work; `made_of`: versions."""
        self._shelf = shelf
        self._searcher = searcher
        self._journal = journal
        self._clock = clock
        self._premises = PremiseReader(shelf)
        self._fact_gate = FactGate(shelf)
        self._gates = gates_of(shelf.notices, blocklist)
        self.desk = desk
        self._made_of = made_of or {}

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        journal_path: Path | None = None,
        clock: Callable[[], date] = date.today,
        say: Callable[[str], None] = log.warning,
    ) -> "Assistant":
        """Open the notices, the index (built if need be, `say` tells why) and the records."""
        blocklist = read_blocklist(settings.blocklist)
        sources = open_sources(settings.data_dir, settings.encoder)
        shelf = Shelf.of(sources.notices, sources.questions)
        with ExitStack() as opened:  # nothing stays open where a later step fails
            database = Database.at(journal_path) if journal_path else open_records(settings)
            opened.callback(database.close)
            second_share, encode = settings.second_review_share, sources.encoder.encode
            desk = Desk.open(database, shelf, second_share=second_share, clock=clock, encode=encode)
            library = Library(index_root(settings.data_dir), sources, say)
            opened.pop_all()
        journal = Journal(database, sample_share=settings.sample_share)
        made_of = {"notices": sources.parts["notices"], "encoder": sources.parts["encoder"]}
        return cls(shelf, library, journal, clock, blocklist=blocklist, desk=desk, made_of=made_of)

    @property
    def notices(self) -> tuple[Notice, ...]:
        return self._shelf.notices

    @property
    def index_version(self) -> str:
        return self._searcher.version

    def today(self) -> date:
        return self._clock()

    def ask(self, text: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        """Return the recorded answer to one turn; `history` has the user's earlier turns, oldest first.

        Raises UnusableQuestion for an empty or too long question. Every other
        fault becomes an answer with the status failed.
        """
        started = time.perf_counter()
        try:
            trace = self.trace(text, history, lang)
        except UnusableQuestion:
            raise
        except Exception as fault:  # noqa: BLE001  (the one outer door: page, API and command line)
            log.exception("a question failed")
            trace = self._failed(text, lang, repr(fault))
        trace = replace(trace, answer=replace(trace.answer, seconds=round(time.perf_counter() - started, 6)))
        try:
            self._journal.record(trace, prompts.digest(), self._made_of)
        except RecordsError:
            # The answer is right whether or not it could be recorded.
            log.exception("answer %s was not recorded", trace.answer.answer_id)
        return trace.answer

    def trace(self, text: str, history: Sequence[str] = (), lang: Language | None = None) -> Trace:
        """Run the stages without recording. Raises UnusableQuestion."""
        shelf, watch = self._shelf, _Watch()

        question = watch("normalise", normalise(text, history, lang, self._gates))
        if not has_words(question.text):
            draft = plain_ending(Status.DECLINED, "declined.no_words", question.language)
            return self._end(draft, question, watch)

        stop = watch("gate", first_stop(Turn(question.text, question.asked), self._gates))
        if stop:
            draft = plain_ending(stop.status, stop.key, question.language, **stop.values)
            return self._end(draft, question, watch, gate=stop.gate)

        intent = watch("understand", understand(question, shelf.lexicon(self.today())))
        approval = watch(
            "approved", self.desk.book.find(question, intent, self.understood) if self.desk else None
        )
        if approval:
            draft = watch("compose", compose_approved(question, approval, shelf, self.today()))
            return self._end(draft, question, watch, intent=intent)

        if intent.kind is Kind.NO_TOPIC:
            draft = plain_ending(Status.CLARIFY, "clarify.no_topic", question.language)
            return self._end(draft, question, watch, intent=intent)

        found = watch("retrieve", retrieve(intent, self._searcher, shelf))
        if found.status not in {Status.ANSWERED, Status.NOT_STATED}:
            draft = compose_ending(question, intent, found, shelf)
            return self._end(draft, question, watch, intent=intent, found=found)

        premises = watch("premises", self._premises.check(question.asked, found))

        draft = watch(
            "compose", compose(question, intent, replace(found, premises=premises), shelf, self.today())
        )

        return self._end(draft, question, watch, intent=intent, found=found)

    def as_retriever(self) -> "BaseRetriever":
        """Return the search as a langchain retriever."""
        from index.retriever import PolicyRetriever  # noqa: PLC0415  (0.5 s, only for langchain users)

        if not isinstance(self._searcher, Library):
            raise TypeError(f"{type(self._searcher).__name__} is not an index on disk")
        return PolicyRetriever(library=self._searcher)

    def as_runnable(self) -> "Runnable[str | dict[str, Any], dict[str, Any]]":
        """Return the whole assistant as a langchain Runnable; see assistant/runnable.py."""
        from assistant.runnable import runnable  # noqa: PLC0415

        return runnable(self)

    def understood(self, text: str) -> Intent:
        """Return what a question asks for by itself. Raises UnusableQuestion."""
        return understand(normalise(text, (), None, self._gates), self._shelf.lexicon(self.today()))

    def asks_the_same(self, question: str, wording: str) -> bool:
        """Say whether an answer approved for a wording would be used; raises UnusableQuestion."""
        asked, approved = (normalise(text, (), None, self._gates) for text in (question, wording))
        if (asked.language == "en") != (approved.language == "en"):
            return False
        return asks_the_same(asked.asked, approved.asked, self.understood, self._shelf)

    def close(self) -> None:
        if self.desk:
            self.desk.database.close()
        if isinstance(self._searcher, Library):
            self._searcher.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _end(
        self,
        draft: Draft,
        question: Question,
        watch: "_Watch",
        *,
        intent: Intent | None = None,
        found: Found | None = None,
        gate: str | None = None,
    ) -> Trace:
        """Let the draft through the fact gate and cite, or withhold what does not hold against the source."""
        answer_id = new_answer_id()
        checked = watch("verify", self._fact_gate.check(draft, self.today(), found.lists if found else ()))
        draft = checked.draft
        if checked.repairs:
            log.warning("answer %s: sentences gave way to the source's own: %s", answer_id, checked.repairs)
        if checked.problems:
            log.error("answer %s withheld: %s", answer_id, checked.problems)
            draft = plain_ending(Status.FAILED, "failed.text", question.language, answer_id=answer_id)
        answer = cite(draft, question, self._shelf, answer_id=answer_id, index_version=self.index_version)
        watch("cite", answer)
        hits: tuple[Hit, ...] = found.hits if found else ()
        return Trace(
            answer,
            question,
            intent,
            hits,
            checked.problems,
            checked.repairs,
            gate=gate,
            durations_ms=watch.durations_ms,
        )

    def _failed(self, text: str, lang: Language | None, fault: str) -> Trace:
        """Return the failed ending; the question is kept in the record, masked."""
        answer_id = new_answer_id()
        question = normalise(text, (), lang)
        draft = plain_ending(Status.FAILED, "failed.text", question.language, answer_id=answer_id)
        answer = Answer(
            answer_id=answer_id,
            question=question.text,
            lang=question.language,
            status=draft.status,
            text=draft.text,
        )
        return Trace(answer, question, fault=mask_personal_data(fault))


class _Watch:
    """Notes how long each stage took."""

    def __init__(self) -> None:
        self.durations_ms: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, stage: str, value: T) -> T:
        now = time.perf_counter()
        self.durations_ms[stage] = round((now - self._last) * 1000, 3)
        self._last = now
        return value
