"""`python -m corpus check [FILE… | --against FILE…]`: read notices, show what was read and what is odd."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import get_args

from corpus import load_notice, load_notices, shipped_metadata
from corpus.bank import (
    BankError,
    BankQuestion,
    Language,
    MarkedQuestion,
    Message,
    NegativeQuestion,
    TypedQuestion,
    agreement,
    document_questions_path,
    load_lookalikes,
    load_marked_questions,
    load_messages,
    load_natural,
    load_negatives,
    load_questions,
    load_typed_questions,
    natural_negatives_path,
)
from corpus.glossary import Entry, GlossaryError, load_glossary
from corpus.near import CasesError, near_copies, read_cases, written_texts
from corpus.notice import Notice, NoticeFormatError
from corpus.parse import Metadata, parse_notice, read_metadata
from corpus.passages import passages
from corpus.text import decode, fold
from corpus.translations import TranslationError, load_section_titles, load_titles, load_translation

_BROKEN = (NoticeFormatError, BankError, GlossaryError, TranslationError, CasesError)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="parse notices, list measures and oddities")
    check.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all shipped notices")
    check.add_argument(
        "--against",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="evaluation cases: list the near-copies of them among questions and glossary, nothing else",
    )
    arguments = parser.parse_args(argv)
    files: list[Path] = arguments.files
    if arguments.against:
        if files:
            parser.error("give notices or --against, not both")
        return _check_against(arguments.against)
    checked = [_check_file(path) for path in files] if files else _check_shipped()
    return 0 if all(checked) else 1


def _check_shipped() -> list[bool]:
    checked: list[bool] = []
    for metadata in shipped_metadata():
        try:
            notice = load_notice(metadata.notice_id)
            _print(_report(notice))
            _print(_beside(notice))
        except (NoticeFormatError, OSError) as error:
            print(f"{metadata.file}: {error}", file=sys.stderr)
            checked.append(False)
        except _BROKEN as error:  # names its file
            print(error, file=sys.stderr)
            checked.append(False)
        else:
            checked.append(True)
    return checked


def _check_file(path: Path) -> bool:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        print(f"{path}: there is no such file", file=sys.stderr)
        return False
    except OSError as error:
        print(f"{path}: cannot be read: {error.strerror}", file=sys.stderr)
        return False
    try:
        shipped = _shipped_metadata_for(decode(raw))
        metadata = shipped or _metadata_beside(path)
        notice = parse_notice(raw, metadata)
    except NoticeFormatError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return False
    _print(_report(notice))
    _print(_remarks(notice, metadata, is_shipped=shipped is not None))
    return True


def _shipped_metadata_for(text: str) -> Metadata | None:
    lines = {fold(line) for line in text.split("\n")}
    return next((m for m in shipped_metadata() if fold(m.document_number) in lines), None)


def _metadata_beside(path: Path) -> Metadata | None:
    beside = path.with_suffix(".toml")
    return read_metadata(beside) if beside.is_file() else None


def _report(notice: Notice) -> Iterator[str]:
    yield f"{notice.notice_id}  {notice.document_number}  {notice.issued_on.isoformat()}"
    yield notice.title
    counts = (len(notice.sections), len(notice.measures), len(notice.clauses))
    yield "{} sections, {} measures, {} clauses".format(*counts)
    for measure in notice.measures:
        lead = "、".join(unit.name for unit in measure.lead_units)
        yield f"{measure.number:4}  {measure.title}  {lead}  {measure.deadline.text}"
    yield f"{len(notice.oddities)} oddities, kept as printed"
    for oddity in notice.oddities:
        yield f"  line {oddity.line}: measure {oddity.measure_number}: {oddity.kind}: {oddity.printed}"


def _beside(notice: Notice) -> Iterator[str]:
    """Count what stands beside the notice; all of it is validated by being loaded."""
    questions = load_questions(notice)
    yield f"bank: {_by_language(questions)}; {_fewest(notice, questions)}"
    read = agreement(questions)
    if read.share is not None:
        kappa = "undefined" if read.kappa is None else f"{read.kappa:.3f}"
        yield f"second, blind reader: {read.n} questions, {read.share:.1%} labelled alike, kappa {kappa}"
    yield f"look-alikes: {_by_language(load_lookalikes(notice, questions))}"
    yield f"negatives: {_by_language(load_negatives())}"
    natural, outside = load_natural(notice, questions), load_negatives(natural_negatives_path())
    yield f"for calibration, never indexed: {_by_language(natural)}; outside {_by_language(outside)}"
    typed = load_typed_questions()
    again = [question for question in typed if question.second is not None]
    alike = sum(question.second == question.type for question in again) / max(len(again), 1)
    n_types = len({question.type for question in typed})
    yield f"labelled by what they ask for: {_by_language(typed)}, {n_types} types"
    yield f"second, blind reader: {len(again)} questions, {alike:.1%} labelled alike"
    on_document = load_typed_questions(document_questions_path())
    about = sum(question.type != "none" for question in on_document)
    yield f"on the document itself or not: {_by_language(on_document)}, {about} of them on it"
    marked = load_marked_questions()
    yield f"for lists, marked: {_by_language(marked)}, {sum(len(one.marks) for one in marked)} marks"
    messages = load_messages(notice)
    several = sum(len(message.passage_ids) > 1 for message in messages)
    yield f"messages: {_by_language(messages)}, {several} of them with several needs"
    entries = load_glossary(notice).entries
    terms = {fold(entry.term) for entry in entries}
    yield f"glossary: {_by_language(entries)} for {len(terms)} terms"
    translation = load_translation(notice)
    n_titles = len(load_titles(notice)) + len(load_section_titles(notice))
    yield f"translation: {translation.n_sentences} sentences, {n_titles} titles"


def _by_language(
    written: Sequence[BankQuestion | NegativeQuestion | TypedQuestion | MarkedQuestion | Message | Entry],
) -> str:
    counts = Counter(text.language for text in written)
    return f"{len(written)} ({counts['zh']} zh, {counts['en']} en)"


def _fewest(notice: Notice, questions: Sequence[BankQuestion]) -> str:
    of_measures = [passage.passage_id for passage in passages(notice) if passage.measure_number is not None]
    asked = Counter((question.passage_id, question.language) for question in questions)
    fewest = {
        language: min((asked[passage_id, language] for passage_id in of_measures), default=0)
        for language in get_args(Language)
    }
    return "at least " + ", ".join(f"{n} {language}" for language, n in fewest.items()) + " a measure"


def _check_against(paths: Sequence[Path]) -> int:
    try:
        cases = [case for path in paths for case in read_cases(path)]
        texts = tuple(written_texts(load_notices()))
    except _BROKEN as error:
        print(error, file=sys.stderr)
        return 1
    copies = near_copies(texts, cases)
    for copy in copies:
        print(f"{copy.place}: near-copy of {copy.case_id}")
    if not copies:
        print(f"{len(texts)} texts, {len(cases)} cases, no near-copies")
    return 1 if copies else 0


def _remarks(notice: Notice, metadata: Metadata | None, *, is_shipped: bool) -> Iterator[str]:
    if metadata is None:
        yield "completeness could not be checked: nothing says how many measures there should be"
    elif is_shipped:
        line = _first_difference(notice.source, load_notice(metadata.notice_id).source)
        if line is None:
            yield "the same text as the shipped one, after folding"
        else:
            yield f"differs from the shipped text after folding, first in line {line}"
    elif notice.source_sha256 != metadata.sha256:
        yield f"the file's SHA-256 is {notice.source_sha256}, its metadata says {metadata.sha256}"


def _first_difference(text: str, shipped: str) -> int | None:
    """Return the line of `text` where it first differs from the other, None if it does not."""
    lines = [(number, fold(line)) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    others = [fold(line) for line in shipped.split("\n") if line.strip()]
    for here, other in zip_longest(lines, others):
        if here is None or here[1] != other:
            return here[0] if here else lines[-1][0]
    return None


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    sys.exit(main())
