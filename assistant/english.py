"""The notices in English, unofficial: titles and sentences as stored, units and deadlines put together."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.notice import Deadline, Measure, Notice, Passage, Span, Unit
from corpus.translations import (
    TranslatedSentence,
    Translation,
    load_section_titles,
    load_titles,
    load_translation,
)
from corpus.units import UnitNames
from prompts import words


@dataclass(frozen=True, slots=True)
class English:
    """What is known of the notices in English."""

    _titles: Mapping[str, str]  # by passage id
    _translations: Mapping[str, Translation]  # by notice id
    _units: UnitNames
    _sections: Mapping[tuple[str, int], str]  # by notice id and number

    @classmethod
    def of(cls, notices: Sequence[Notice], units: UnitNames) -> "English":
        """Read the shipped translations; TranslationError where one is missing or broken."""
        titles: dict[str, str] = {}
        for notice in notices:
            titles |= load_titles(notice)
        sections = {
            (notice.notice_id, number): title
            for notice in notices
            for number, title in load_section_titles(notice).items()
        }
        translations = {notice.notice_id: load_translation(notice) for notice in notices}
        return cls(titles, translations, units, sections)

    def title(self, passage_id: str) -> str:
        return self._titles[passage_id]

    def section(self, notice_id: str, number: int) -> str:
        return self._sections[notice_id, number]

    def sentences(self, passage: Passage) -> tuple[TranslatedSentence, ...]:
        """Return a passage's sentences in order; the lines of units and deadline are not among them."""
        return self._translations[passage.notice_id].of(passage.passage_id)

    def quoted(self, passage: Passage, measure: Measure | None, start: int, end: int) -> str:
        """Return the English of quoted words: of each sentence and each line of facts they touch.

        `measure` is the one the passage is, if it is one; "" where nothing is touched.
        """
        sentences = self._translations[passage.notice_id].of_span(start, end)
        lines = [line for span, line in self._fact_lines(measure) if span.start < end and start < span.end]
        return "\n".join(filter(None, (sentences, *lines)))

    def unit(self, name: str) -> str:
        return self._units.english(name)

    def units(self, units: Sequence[Unit]) -> str:
        """Return the names of units and groups of units, in printed order."""
        return "; ".join(self.unit(unit.name) for unit in units)

    def deadline(self, deadline: Deadline) -> str:
        """Return the last day a printed deadline allows: by 31 October 2024."""
        return f"by {day_in_english(deadline.due_on)}"

    def _fact_lines(self, measure: Measure | None) -> list[tuple[Span, str]]:
        """Return the three lines below a measure with their places, in printed order."""
        if measure is None:
            return []
        facts = (
            (measure.lead_line, "lead_units", self.units(measure.lead_units)),
            (measure.responsible_line, "responsible_units", self.units(measure.responsible_units)),
            (measure.deadline_line, "deadline", self.deadline(measure.deadline)),
        )
        lines = [(span, f"{words('page', f'card.{key}', 'en')}: {value}") for span, key, value in facts]
        return sorted(lines, key=lambda line: line[0].start)


def day_in_english(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"
