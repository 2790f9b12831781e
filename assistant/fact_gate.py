"""Stage 5: the fact gate. Every line of a draft is held against the source before anyone sees it.

A line is a quotation (its words are compared, assistant/verify.py), a sentence of
`prompts/` filled from the records (assistant/record_lines.py), or prose, whoever wrote
it (compared sentence by sentence, assistant/claims.py). A wrong quotation or record is
a fault of ours: the draft is withheld. A sentence of prose that does not hold gives way
to the source's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Draft, Quotation
from assistant.claims import Claims
from assistant.found import Listed
from assistant.record_lines import RecordLines
from assistant.shelf import Shelf
from assistant.verify import verify
from corpus.notice import Passage

_MARKER = re.compile(r"\[(\d+)\]")
_SENTENCE = re.compile(
    r"[^\u3002.!?\uff01\uff1f]+(?:[\u3002!?\uff01\uff1f]|\.(?!\d)|$)[\u201d\")]*(?:\s*\[\d+\])*"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft after the gate."""

    draft: Draft
    problems: tuple[str, ...] = ()  # faults of ours: it may not be shown
    repairs: tuple[str, ...] = ()  # sentences that gave way


class FactGate:
    """Built once for a shelf; safe to use from several threads."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._claims = Claims(shelf)
        self._records = RecordLines(shelf, self._claims)

    def check(self, draft: Draft, today: date, lists: Sequence[Listed] = ()) -> Checked:
        """Return the draft as it may be shown, and what had to be changed or forbids it.

        `lists`: what the lists of the draft were made of.
        """
        repaired, repairs = (draft, ()) if draft.is_waived else self._with_prose_repaired(draft)
        problems = (*verify(repaired, self._shelf), *self._records.problems(repaired, lists, today))
        return Checked(repaired, problems, repairs)

    def _with_prose_repaired(self, draft: Draft) -> tuple[Draft, tuple[str, ...]]:
        """Replace each sentence of prose that does not hold by the source's nearest sentence."""
        said = {line for _, line in draft.said}
        quotations, repairs, lines = list(draft.quotations), [], []
        for line in draft.text.split("\n"):
            if not line.strip() or line.startswith(">") or line in said:
                lines.append(line)
                continue
            kept: list[str] = []
            for sentence in _SENTENCE.findall(line) or [line]:
                cited = [
                    self._shelf.passage(quotations[int(n) - 1].passage_id)
                    for n in _MARKER.findall(sentence)
                    if int(n) <= len(draft.quotations)
                ]
                found = self._claims.problems(_MARKER.sub("", sentence), cited)
                if not found:
                    kept.append(sentence)
                    continue
                repairs.append(f"{sentence.strip()!r}: {'; '.join(found)}")
                own = self._source_of(sentence, cited, quotations)
                if own is not None:
                    quotations.append(own)
                    one_line = own.exact.replace("\n", " ")
                    kept.append(f"\n> {one_line} [{len(quotations)}]\n")
            lines += "".join(kept).strip("\n").split("\n")
        if not repairs:
            return draft, ()
        text = "\n".join(lines)
        return _renumbered(replace(draft, text=text, quotations=tuple(quotations))), tuple(repairs)

    def _source_of(
        self, sentence: str, cited: Sequence[Passage], quotations: Sequence[Quotation]
    ) -> Quotation | None:
        """Return the sentence of the source that is nearest to a sentence; None where nothing is cited."""
        passages = list(cited) or [self._shelf.passage(quotation.passage_id) for quotation in quotations]
        if not passages:
            return None
        passage, span = self._claims.nearest_sentence(sentence, passages)
        source = self._shelf.notice_of(passage).source
        return Quotation(passage.passage_id, source[span[0] : span[1]], *span)


def _renumbered(draft: Draft) -> Draft:
    """Drop quotations that no line cites any more, and number the rest as they come."""
    used = dict.fromkeys(int(n) for n in _MARKER.findall(draft.text))
    new = {old: n for n, old in enumerate(used, start=1)}
    text = _MARKER.sub(lambda match: f"[{new[int(match[1])]}]", draft.text)
    said = tuple(
        (key, _MARKER.sub(lambda match: f"[{new.get(int(match[1]), 0)}]", line)) for key, line in draft.said
    )
    return replace(draft, text=text, quotations=tuple(draft.quotations[old - 1] for old in used), said=said)
