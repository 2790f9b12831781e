"""What the search and the records hand on to the composer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answer import Intent, Premise, Status
from assistant.listing import Listing
from corpus.notice import Measure, Notice, Passage
from corpus.records import Conditions
from index.search import Hit, ScoredSentence
from index.topics import Topics


class Searcher(Protocol):
    """What this stage needs of the index: `index.library.Library`, or a fake."""

    @property
    def version(self) -> str: ...

    def search(self, query: str) -> tuple[Hit, ...]: ...

    def needs(self, text: str, topics: Topics, hits: Sequence[Hit]) -> tuple[str, ...]: ...

    def sentences(self, passage: Passage, query: str) -> tuple[ScoredSentence, ...]: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """The measures a question for a list asks for, from the records."""

    listing: Listing
    notice: Notice
    measures: tuple[Measure, ...]
    also_named: tuple[Measure, ...] = ()  # where a unit that leads nothing is named as responsible

    @property
    def only_unit(self) -> str | None:
        """Return the unit where a list is asked for by one unit and nothing else."""
        plain = Listing(Conditions(lead_units=self.listing.conditions.lead_units))
        named = Listing(Conditions(responsible_units=self.listing.conditions.responsible_units))
        units = self.listing.units
        return units[0] if len(units) == 1 and self.listing in (plain, named) else None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `status` answered, not_stated, not_covered or clarify."""

    status: Status
    hits: tuple[Hit, ...] = ()
    lists: tuple[Listed, ...] = ()
    parts: "tuple[Part, ...]" = ()  # of a turn with several needs
    premises: tuple[Premise, ...] = ()  # what the question takes for granted
    read_as: Intent | None = None  # where the search settled that it asks for this


@dataclass(frozen=True, slots=True)
class Part:
    """One need of a turn, and what was found for it."""

    need: Intent
    found: Found
