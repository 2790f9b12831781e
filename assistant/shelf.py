"""The notices in memory, with what is looked up of them: passages, English, everyday words, units."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.english import English
from assistant.list_shapes import Lexicon
from corpus.bank import BankQuestion
from corpus.glossary import Glossary, load_glossary
from corpus.notice import Measure, Notice, Passage
from corpus.passages import passages
from corpus.units import UnitNames
from index.topics import Topics
from index.wording import Wording

# One clause that asks: 环评审批要多久; not a heap of search words.
_FITS_A_BUTTON = {
    "zh": re.compile(
        r"(?=.*(?:[吗么哪谁何几啥]|多[久少长]|([能有要是会])[没不]\1))[^\s,\uff0c\u3002;]{6,18}"
    ),
    "en": re.compile(r"[A-Z][^;]{10,90}\?"),
}
_PIECE = re.compile(r"([a-z0-9]+)|(?=([\u3400-\u9fff]{2}))")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything the stages read besides the index."""

    notices: tuple[Notice, ...]
    units: UnitNames
    english: English
    _notices: dict[str, Notice]
    _passages: dict[str, Passage]
    _glossaries: dict[str, Glossary]
    _questions: dict[str, tuple[BankQuestion, ...]]
    topical: Topics
    wording: Wording

    @classmethod
    def of(cls, notices: Sequence[Notice], questions: Sequence[BankQuestion]) -> "Shelf":
        """Gather; raises TranslationError or GlossaryError where a notice's tables are missing or broken."""
        units = UnitNames.load()
        english = English.of(notices, units)
        everything = [p for notice in notices for p in passages(notice)]
        asked: dict[str, tuple[BankQuestion, ...]] = {}
        for question in questions:
            asked[question.passage_id] = (*asked.get(question.passage_id, ()), question)
        in_english = {p.passage_id: [s.text for s in english.sentences(p)] for p in everything}
        of_measures = [p for p in everything if p.measure_number is not None]
        return cls(
            notices=tuple(notices),
            units=units,
            english=english,
            _notices={notice.notice_id: notice for notice in notices},
            _passages={p.passage_id: p for p in everything},
            _glossaries={notice.notice_id: load_glossary(notice) for notice in notices},
            _questions=asked,
            topical=Topics.of(
                everything,
                in_english,
                questions,
            ),
            wording=Wording.of(
                {p.passage_id: f"{p.title} {p.text}" for p in of_measures},
                {p.passage_id: in_english[p.passage_id] for p in of_measures},
            ),
        )

    @property
    def topics(self) -> frozenset[str]:
        """Pieces of text that tell few passages from the others."""
        return self.topical.pieces

    def lexicon(self, today: date) -> Lexicon:
        """Return what a question for a list is read by."""
        return Lexicon(self.units, self.notices[0].issued_on.year, today, self.topics, self.wording)

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(measure for notice in self.notices for measure in notice.measures)

    def passage(self, passage_id: str) -> Passage:
        """Return a passage; KeyError if there is none."""
        return self._passages[passage_id]

    def passages_of(self, notice: Notice) -> tuple[Passage, ...]:
        return tuple(p for p in self._passages.values() if p.notice_id == notice.notice_id)

    def passage_of(self, notice: Notice, measure: Measure) -> Passage:
        return self._passages[f"{notice.notice_id}#m{measure.number:02}"]

    def notice_of(self, passage: Passage) -> Notice:
        return self._notices[passage.notice_id]

    def measure_of(self, passage: Passage) -> Measure | None:
        """Return the measure a passage is; None for clauses and the document's head."""
        if passage.measure_number is None:
            return None
        return self.notice_of(passage).measure(passage.measure_number)

    def glossary_of(self, passage: Passage) -> Glossary:
        """Return the everyday words for the terms of a passage's notice."""
        return self._glossaries[passage.notice_id]

    def english_of(self, passage_id: str, start: int, end: int) -> str:
        """Return the English of words quoted from a passage, their lines of facts included."""
        passage = self.passage(passage_id)
        return self.english.quoted(passage, self.measure_of(passage), start, end)

    def example_question(self, passage_id: str, language: str) -> str | None:
        """Return a question of the bank on a passage in a language, for a button; None if it has none.

        Of the short ones that with the largest share of the passage's own words:
        the bank has slips of the pen and slang on purpose, which nobody should be offered.
        """
        wanted = "en" if language == "en" else "zh"
        asked = [q.text for q in self._questions.get(passage_id, ()) if q.language == wanted]
        if not asked:
            return None
        passage = self.passage(passage_id)
        is_english = wanted == "en"
        text = self.english_of(passage_id, passage.start, passage.end) if is_english else passage.text
        known = set(_pieces(text))
        short = filter(_FITS_A_BUTTON[wanted].fullmatch, asked)
        return max(list(short) or asked, key=lambda question: _share(_pieces(question), known))


def _pieces(text: str) -> list[str]:
    """Return Latin words, and Chinese in overlapping pairs of characters."""
    return [word or pair for word, pair in _PIECE.findall(text.casefold())]


def _share(pieces: Sequence[str], known: set[str]) -> float:
    return sum(piece in known for piece in pieces) / max(len(pieces), 1)
