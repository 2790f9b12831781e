"""What the composers share: lines with the quotations they cite, and how names and days are written."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assistant.answer import Draft, Language, Quotation, Status
from assistant.english import day_in_english
from assistant.shelf import Shelf
from corpus.notice import Measure, Notice, Passage, Section, Unit, facts_span
from prompts import words


@dataclass
class Writer:
    """Collects lines and the quotations they cite."""

    language: Language
    lines: list[str] = field(default_factory=list)
    quotations: list[Quotation] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)  # key and line

    def say(self, key: str, **values: object) -> None:
        """Add a sentence of `prompts/`."""
        self.add(key, words("answer", key, self.language, **values))

    def add(self, key: str, line: str) -> None:
        """Add a line that is made of the sentence `key`."""
        self.lines.append(line)
        self.said += [(key, piece) for piece in line.split("\n") if piece]

    def paragraph(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def cite(self, passage: Passage, source: str, start: int, end: int) -> str:
        """Add a quotation; return its marker."""
        self.quotations.append(Quotation(passage.passage_id, source[start:end], start, end))
        return f"[{len(self.quotations)}]"

    def quote(self, quoted: str, marker: str) -> None:
        one_line = quoted.replace("\n", " ")
        self.lines += [f"> {one_line} {marker}", ">"]

    def draft(self, status: Status, **fields: Any) -> Draft:
        """Return what was written, with further fields of a draft."""
        text = "\n".join(self.lines).strip()
        return Draft(status, text, tuple(self.quotations), said=tuple(self.said), **fields)


def write_label(writer: Writer, notice: Notice) -> None:
    writer.paragraph()
    source = words(
        "answer",
        "note.source",
        writer.language,
        document_number=notice.document_number,
        issued_on=day_of(notice.issued_on, writer.language),
    )
    label = words("answer", "note.label", writer.language)
    writer.add("note.label", f"*{label}*{source}" if writer.language != "en" else f"*{label}* {source}")


def cite_facts(writer: Writer, measure: Measure, passage: Passage, notice: Notice) -> str:
    """Cite the lines of units and deadline, which follow each other in the source."""
    facts = facts_span(measure)
    return writer.cite(passage, notice.source, facts.start, facts.end)


def title_of(passage: Passage, language: Language, shelf: Shelf) -> str:
    return shelf.english.title(passage.passage_id) if language == "en" else passage.title


def unit_names(units: Sequence[Unit], language: Language, shelf: Shelf) -> str:
    separator = "; " if language == "en" else "\u3001"
    return separator.join(unit_name(unit.name, language, shelf) for unit in units)


def unit_name(name: str, language: Language, shelf: Shelf) -> str:
    return f"{shelf.english.unit(name)} ({name})" if language == "en" else name


def section_of(section: Section, notice: Notice, language: Language, shelf: Shelf) -> str:
    if language != "en":
        return section.title
    return f"{shelf.english.section(notice.notice_id, section.number)} ({section.title})"


def deadline_of(measure: Measure, language: Language, shelf: Shelf) -> str:
    if language != "en":
        return measure.deadline.text
    return f"{shelf.english.deadline(measure.deadline)}, printed {measure.deadline.text}"


def month_of(year: int, month: int, language: Language) -> str:
    return f"{calendar.month_name[month]} {year}" if language == "en" else f"{year}年{month}月"


def day_of(day: date, language: Language) -> str:
    if language == "en":
        return day_in_english(day)
    return f"{day.year}年{day.month}月{day.day}日"


def in_quotes(words: str) -> str:
    """Quote words; in corner brackets where they hold quotation marks of their own."""
    return f"\u300c{words}\u300d" if "\u201c" in words else f"\u201c{words}\u201d"
