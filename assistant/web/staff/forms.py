"""What staff send, read from the fields of a form; ReviewError names what is wrong."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from starlette.datastructures import FormData, QueryParams

from assistant.answer import Status
from assistant.database import storable
from assistant.errors import ReviewError
from assistant.review.approvals import Approval, ApprovalState
from assistant.review.insight import CHINA_TIME
from assistant.review.priority import Reason
from assistant.review.queue import Filters, State
from assistant.review.verdicts import Judgement, Verdict
from corpus.notice import Notice
from corpus.passages import passages

_MOST = 2**31 - 1  # a larger number no database takes


def read_filters(query: QueryParams, notices: Sequence[Notice]) -> Filters:
    """Return the filters of the queue; what cannot be read filters nothing."""
    state, reason = query.get("state", ""), query.get("reason", "")
    try:
        (measure,) = read_measures(query.get("measure", ""), notices)
    except (ReviewError, ValueError):
        measure = ""
    return Filters(
        state=State(state) if state in set(State) else None,
        reason=Reason(reason) if reason in set(Reason) else None,
        status=query.get("status") if query.get("status") in set(Status) else None,
        passage_id=measure or None,
        text=query.get("q", "")[:200],
        is_mine=query.get("mine") == "1",
    )


def read_judgement(form: FormData, notices: Sequence[Notice]) -> Judgement:
    """Return what a reviewer found; raises ReviewError."""
    verdict = _text(form, "verdict")
    if verdict not in set(Verdict):
        raise ReviewError("review.no_verdict")
    if verdict == Verdict.RIGHT:  # what was typed before the mind changed does not count
        return Judgement(Verdict.RIGHT, comment=_text(form, "comment"), wants_second="second" in form)
    measures = read_measures(_text(form, "measures"), notices)
    return Judgement(
        verdict=Verdict(verdict),
        reasons=tuple(str(reason) for reason in form.getlist("reasons")),
        comment=_text(form, "comment"),
        ending=_text(form, "ending") or None,
        measures=measures or None,
        corrected_text=_text(form, "corrected_text") or None,
        must_contain=_lines(_text(form, "must_contain")),
        must_not_contain=_lines(_text(form, "must_not_contain")),
        wants_second="second" in form,
    )


def read_approval(form: FormData, notices: Sequence[Notice], earlier: Approval | None) -> Approval:
    """Return the approval that an editor wrote, in place of an earlier version or new."""
    ending = _text(form, "ending")
    if ending not in set(Status):
        raise ReviewError("review.unknown_ending", ending=ending)
    questions = (*_lines(_text(form, "questions")), *(str(q) for q in form.getlist("also")))
    answer_id = earlier.answer_id if earlier else _text(form, "answer_id") or None
    return Approval(
        approval_id=earlier.approval_id if earlier else "",
        version=whole(_text(form, "version")) or 0,
        state=ApprovalState.ACTIVE,
        language="en" if _text(form, "language") == "en" else "zh",
        questions=questions,
        ending=Status(ending),
        text=_text(form, "text"),
        passages=dict.fromkeys(read_measures(_text(form, "measures"), notices), ""),
        waiver=_text(form, "waiver") or None,
        answer_id=answer_id,
        changed_by="",
        changed_at="",
        note=_text(form, "note"),
    )


def read_measures(text: str, notices: Sequence[Notice]) -> tuple[str, ...]:
    """Return passage ids from "6, 15", "c3.1" or whole ids, in the order written; raises ReviewError."""
    known = {passage.passage_id for notice in notices for passage in passages(notice)}
    found = []
    for piece in text.replace("\uff0c", ",").replace("\u3001", ",").replace(" ", ",").split(","):
        if not piece:
            continue
        number = whole(piece)
        key = piece if number is None else f"m{number:02}"
        candidates = [key, *(f"{notice.notice_id}#{key}" for notice in notices)]
        passage_id = next((candidate for candidate in candidates if candidate in known), None)
        if passage_id is None:
            raise ReviewError("review.unknown_measure", measure=piece[:40])
        found.append(passage_id)
    return tuple(dict.fromkeys(found))


def show_measures(passage_ids: Sequence[str]) -> str:
    """Return passage ids as they are typed: numbers of measures where it is one notice's."""
    return ", ".join(
        str(int(key[1:])) if key[:1] == "m" and key[1:].isdigit() else passage_id
        for passage_id, key in ((passage_id, passage_id.partition("#")[2]) for passage_id in passage_ids)
    )


def read_period(query: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of `since` and the first after `until`, days as in Xi'an; None: no bound."""
    return _midnight(query.get("since", "")), _midnight(query.get("until", ""), days_later=1)


def whole(text: str) -> int | None:
    """Return a number written in digits; None for anything else, and for one that no database takes."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_MOST))):
        return None
    return int(text) if int(text) <= _MOST else None


def _midnight(text: str, *, days_later: int = 0) -> datetime | None:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA_TIME)
        return (day + timedelta(days=days_later)).astimezone(UTC)
    except (ValueError, OverflowError):  # the calendar ends in the years 1 and 9999
        return None


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return storable(value).strip() if isinstance(value, str) else ""


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in map(str.strip, text.splitlines()) if line)
