"""The measures a list is made of, from the records."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.found import Listed
from assistant.list_shapes import Shape
from assistant.listing import Listing
from assistant.shelf import Shelf
from corpus import records
from corpus.notice import Measure, Notice
from corpus.records import Conditions


def list_measures(listing: Listing, notice: Notice, shelf: Shelf) -> Listed:
    """Return the measures that meet a listing's conditions, as it wants them selected and sorted."""
    wanted = listing.conditions
    found = records.matching(notice.measures, wanted)
    if listing.english_words:
        found = tuple(
            measure for measure in found if _says_any(measure, listing.english_words, notice, shelf)
        )
    for left_out in listing.without:
        dropped = records.matching(found, left_out)
        found = tuple(measure for measure in found if measure not in dropped)
    days = {measure.deadline.due_on for measure in found}
    if listing.shape is Shape.EARLIEST:
        found = tuple(measure for measure in found if measure.deadline.due_on == min(days))
    if listing.shape is Shape.LATEST:
        found = tuple(measure for measure in found if measure.deadline.due_on == max(days))
    if listing.shape is Shape.WIDEST and found:
        widths = {measure.number: len(records.group_by_responsible_unit([measure])) for measure in found}
        found = tuple(measure for measure in found if widths[measure.number] == max(widths.values()))
    if listing.sorted_by_deadline:
        found = tuple(sorted(found, key=lambda measure: (measure.deadline.due_on, measure.number)))
    listed = Listed(listing, notice, found)
    if found or listed.only_unit is None or not wanted.lead_units:
        return listed
    named = records.matching(notice.measures, Conditions(responsible_units=wanted.lead_units))
    return replace(listed, also_named=named)


def _says_any(measure: Measure, words: Sequence[str], notice: Notice, shelf: Shelf) -> bool:
    passage_id = shelf.passage_of(notice, measure).passage_id
    return any(shelf.wording.says(passage_id, word) for word in words)
