"""`python -m assistant staff …`: what checking yields, out of the records and into them, and deleting."""

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from assistant.database import Database
from assistant.errors import AccountError, CommandError, ImportRefused, ReviewError
from assistant.review import accounts, approved_files, cases, export, overlay, retention
from assistant.review.desk import Desk
from assistant.review.insight import CHINA_TIME, insight
from assistant.review.lead_units import lead_units
from assistant.review.memo import memo_docx, open_questions
from assistant.settings import Settings
from assistant.shelf import Shelf
from corpus import load_notices
from index.sources import bank
from prompts import words

_Parser = argparse.ArgumentParser


@dataclass(frozen=True, slots=True)
class Job:
    """What a subcommand works with."""

    database: Database
    settings: Settings
    arguments: argparse.Namespace
    now: datetime
    actor: str  # in the audit log
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand: what it takes and does; `run` returns the exit code."""

    help: str
    takes: Callable[[_Parser], None]
    run: Callable[[Job], int]


def _export_cases(job: Job) -> int:
    rows = cases.regression(job.database)
    if not rows:
        job.say("there is no case yet: a verdict that stands makes one; nothing was written")
        return 1
    _write(job.arguments.out, export.json_lines(rows))
    job.say(f"{len(rows)} cases: {job.arguments.out}")
    return 0


def _suggestions(job: Job) -> int:
    found = cases.suggestions(job.database, limit=None)
    for one in found:
        job.say("\t".join([one.answer_id, one.language, one.passage_id, one.question]))
    if not found:
        job.say("no suggestion is open")
    return 0


def _build_index(job: Job) -> int:
    n_questions = overlay.write_accepted(job.database, job.settings.data_dir)
    version = overlay.rebuild(job.settings.data_dir, job.settings.encoder)
    job.say(f"index {version}, with {n_questions} accepted questions")
    return 0


def _export_approved(job: Job) -> int:
    n_approved, content = approved_files.export_approved(job.database, as_csv=_is_csv(job.arguments.out))
    if not n_approved:
        job.say("no approved answer is in use; nothing was written")
        return 1
    _write(job.arguments.out, content)
    job.say(f"{n_approved} approved answers: {job.arguments.out}")
    return 0


def _import_approved(job: Job) -> int:
    path = job.arguments.file
    account = accounts.find(job.database, job.arguments.account)
    if account is None or not account.is_active:
        raise AccountError(f"there is no active account {job.arguments.account!r}")
    try:
        rows = approved_files.read_approved(path.read_bytes(), as_csv=_is_csv(path))
        note = f"imported from {path.name}"
        imported = approved_files.import_approved(_desk(job), account, rows, note=note)
    except ImportRefused as fault:
        raise CommandError(f"{path}: {fault}") from fault
    except ReviewError as fault:
        raise CommandError(_sentence(fault)) from fault
    for line, error in imported.refused:
        job.say(f"line {line}: {_sentence(error)}")
    job.say(f"{len(imported.kept)} approved, {len(imported.refused)} refused")
    return 1 if imported.refused else 0


def _purge(job: Job) -> int:
    named: list[str] = job.arguments.answer
    older_than: int | None = job.arguments.older_than or job.settings.retention_days
    if named:
        answer_ids, about = retention.known_answers(job.database, named), "named"
    elif older_than is not None:
        before = job.now - timedelta(days=older_than)
        answer_ids = retention.answers_before(job.database, before)
        about = f"asked before {before:%Y-%m-%d %H:%M} UTC"
    else:
        raise CommandError(
            "nothing says what to delete: --older-than DAYS, --answer ID or ASSISTANT_RETENTION_DAYS"
        )
    unknown = sorted(set(named) - set(answer_ids))
    for answer_id in unknown:
        job.say(f"no answer is recorded as {answer_id}")
    if not job.arguments.yes:
        job.say(f"would delete {_told(retention.preview(job.database, answer_ids))} ({about})")
        job.say("cases and approved answers stay; --yes deletes")
        return 1 if unknown else 0
    purged = retention.purge_answers(job.database, answer_ids, actor=job.actor, now=job.now)
    job.say(f"deleted {_told(purged)} ({about})")
    if job.database.is_file and not purged.is_erased:
        job.say("other programs are reading: traces stay in the file until this command is run again")
        return 1
    return 1 if unknown else 0


def _memo(job: Job) -> int:
    (unit,) = lead_units([job.arguments.unit])
    since, until = _period(job)
    found = open_questions(job.database, load_notices(), unit, since=since, until=until)
    _write(job.arguments.out, memo_docx(found, today=job.now.astimezone(CHINA_TIME).date()))
    job.say(f"{found.total} open questions on {len(found.measures)} measures: {job.arguments.out}")
    return 0


def _insight(job: Job) -> int:
    since, until = _period(job)
    found = insight(job.database, load_notices(), since=since, until=until)
    _write(job.arguments.out, export.xlsx_bytes(export.insight_tables(found)))
    job.say(f"{found.total} questions: {job.arguments.out}")
    return 0


def _takes_nothing(_parser: _Parser) -> None:
    pass


def _takes_out(parser: _Parser, metavar: str) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar=metavar)


def _takes_cases(parser: _Parser) -> None:
    _takes_out(parser, "FILE.jsonl")


def _takes_approved(parser: _Parser) -> None:
    _takes_out(parser, "FILE.jsonl|FILE.csv")


def _takes_import(parser: _Parser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="JSON lines; CSV if its name ends in .csv")
    parser.add_argument("--as", dest="account", required=True, metavar="NAME", help="the editor who approves")


def _takes_purge(parser: _Parser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--older-than", type=_days, metavar="DAYS", help="ASSISTANT_RETENTION_DAYS unless given"
    )
    which.add_argument(
        "--answer", action="append", default=[], metavar="ID", help="this answer; may be given again"
    )
    parser.add_argument("--yes", action="store_true", help="delete; without it only told what would be")


def _takes_memo(parser: _Parser) -> None:
    parser.add_argument("--unit", required=True, metavar="UNIT", help="the lead unit, by any of its names")
    _takes_out(parser, "FILE.docx")
    _takes_period(parser)


def _takes_insight(parser: _Parser) -> None:
    _takes_out(parser, "FILE.xlsx")
    _takes_period(parser)


def _takes_period(parser: _Parser) -> None:
    parser.add_argument(
        "--since", type=date.fromisoformat, metavar="DAY", help="2026-01-31, from that day on"
    )
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="that day included")


COMMANDS = {
    "export-cases": Command("write the regression set that verdicts make", _takes_cases, _export_cases),
    "suggestions": Command("show open suggestions for the question bank", _takes_nothing, _suggestions),
    "build-index": Command("build the index with accepted suggestions", _takes_nothing, _build_index),
    "export-approved": Command("write the approved answers in use", _takes_approved, _export_approved),
    "import-approved": Command("approve the answers in a file", _takes_import, _import_approved),
    "purge": Command("delete old answers, or those named", _takes_purge, _purge),
    "memo": Command("write what the notice leaves open, for a lead unit", _takes_memo, _memo),
    "insight": Command("write the figures of a period", _takes_insight, _insight),
}


def _desk(job: Job) -> Desk:
    notices = load_notices()
    shelf = Shelf.of(notices, [question for notice in notices for question in bank(notice)])
    return Desk.open(job.database, shelf, second_share=job.settings.second_review_share)


def _period(job: Job) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of `--since` and the first after `--until`, days as in Xi'an."""
    since, until = job.arguments.since, job.arguments.until
    return _begins(since), _begins(until + timedelta(days=1) if until else None)


def _begins(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), CHINA_TIME)


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 36_500:
        raise argparse.ArgumentTypeError(f"{days} is not between 1 and 36500")
    return days


def _told(purged: retention.Purged) -> str:
    return f"{purged.n_answers} answers, {purged.n_feedback} feedback, {purged.n_verdicts} verdicts"


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def _sentence(error: ReviewError) -> str:
    return words("staff", error.key, "en", **error.values)


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads it sees the earlier one or this one, whole."""
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
