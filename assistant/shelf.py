"""The notices in memory, with what is looked up of them: passages, titles, names of units."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.bank import BankQuestion
from corpus.notice import Measure, Notice, Passage
from corpus.passages import passages
from corpus.translations import load_titles
from corpus.units import UnitNames


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything the stages read besides the index."""

    notices: tuple[Notice, ...]
    units: UnitNames
    _notices: dict[str, Notice]
    _passages: dict[str, Passage]
    _titles_en: dict[str, str]
    _questions: dict[str, tuple[BankQuestion, ...]]

    @classmethod
    def of(cls, notices: Sequence[Notice], questions: Sequence[BankQuestion]) -> "Shelf":
        """Gather; raises TranslationError where English titles are missing."""
        titles: dict[str, str] = {}
        asked: dict[str, tuple[BankQuestion, ...]] = {}
        for notice in notices:
            titles |= load_titles(notice)
        for question in questions:
            asked[question.passage_id] = (*asked.get(question.passage_id, ()), question)
        return cls(
            notices=tuple(notices),
            units=UnitNames.load(),
            _notices={notice.notice_id: notice for notice in notices},
            _passages={p.passage_id: p for notice in notices for p in passages(notice)},
            _titles_en=titles,
            _questions=asked,
        )

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(measure for notice in self.notices for measure in notice.measures)

    def passage(self, passage_id: str) -> Passage:
        """Return a passage; KeyError if there is none."""
        return self._passages[passage_id]

    def passage_of(self, notice: Notice, measure: Measure) -> Passage:
        return self._passages[f"{notice.notice_id}#m{measure.number:02}"]

    def notice_of(self, passage: Passage) -> Notice:
        return self._notices[passage.notice_id]

    def measure_of(self, passage: Passage) -> Measure | None:
        """Return the measure a passage is; None for clauses and the document's head."""
        if passage.measure_number is None:
            return None
        return self.notice_of(passage).measure(passage.measure_number)

    def title_en(self, passage_id: str) -> str:
        return self._titles_en[passage_id]

    def example_question(self, passage_id: str, language: str) -> str | None:
        """Return the bank's first question on a passage in a language; None if it has none."""
        wanted = "en" if language == "en" else "zh"
        asked = (q.text for q in self._questions.get(passage_id, ()) if q.language == wanted)
        return next(asked, None)
