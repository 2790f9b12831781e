"""What staff add to the question bank: a file beside the index, and the index built anew with it.

The shipped bank and the encoder stay as they are. Programs that run change over to the new
index by themselves; those that start later read the file too.
"""

import json
import os
from pathlib import Path

from assistant.database import Database
from assistant.review import cases
from assistant.review.cases import Suggestion
from corpus.text import fold
from index.build import publish
from index.sources import accepted_path, open_sources
from index.versions import index_root, write_synced, writer_lock
from prompts.script import to_simplified


def write_accepted(database: Database, data_dir: Path) -> int:
    """Write every accepted suggestion in the bank's format; return how many questions there are.

    The file is replaced in one step: a reader sees the earlier one or this one, whole. Of
    suggestions with the same words the newest counts. Raises RecordsError, OSError and, while
    another program writes the file, IndexFault.
    """
    path = accepted_path(data_dir)
    aside = path.with_suffix(".new")
    with writer_lock(path.parent):  # whoever writes last has read last
        newest_first = cases.suggestions(database, state="accepted", limit=None)
        rows = {fold(row["question"]): row for row in map(_bank_row, reversed(newest_first))}
        rows.pop("", None)  # only signs: the bank would refuse it
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()]
        write_synced(aside, "".join(lines))
        os.replace(aside, path)
    return len(rows)


def rebuild(data_dir: Path, encoder_setting: str | None) -> str:
    """Build the index with the questions in that file; return its version, as answers name it.

    Raises BankError for a broken line of the file, and whatever `python -m index build` raises.
    """
    sources = open_sources(data_dir, encoder_setting)
    publish(index_root(data_dir), sources)
    return sources.version


def _bank_row(suggestion: Suggestion) -> dict[str, str]:
    """Return a row as the bank has it: it knows two languages, and Chinese in Simplified characters."""
    is_english = suggestion.language == "en"
    question = suggestion.question if is_english else to_simplified(suggestion.question)
    return {
        "passage": suggestion.passage_id,
        "lang": "en" if is_english else "zh",
        "question": question.encode("utf-8", "replace").decode("utf-8"),  # half a surrogate pair
    }
