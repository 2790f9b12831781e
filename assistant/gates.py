"""Gates: what no score can refuse: another place, year or document, an attack, the operator's list.

A gate reads one turn and returns what it found there, or None. Every pattern is
bounded, so that a flood of its own words takes no longer than other text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.answer import Status
from assistant.errors import SettingsError
from assistant.instructions import Turn
from assistant.other_document import other_document, other_year, years_of
from assistant.other_place import other_place
from assistant.unlawful import unlawful_request
from corpus.notice import Notice
from corpus.text import decode, fold
from prompts.script import to_simplified

# About the assistant itself, and tasks for an entertainer; whole turns, or their beginning.
_SMALL_TALK = re.compile(
    r"^(?:(?:请问|那)?你(?:到底)?是(?:谁|什么(?:模型|东西)|机器人|真人|人工智能|ai)"
    r"|你(?:叫什么|多大|有感情)|(?:给我|请|帮我)?(?:讲|说)(?:一?个|点)?(?:笑话|故事)"
    r"|(?:给我|请|帮我)?写(?:一?[首篇段个])?(?:诗|情书|小说|歌词|代码|作文)"
    r"|(?:who|what) (?:are|made|built|created) you\b|are you (?:a |an )?(?:human|robot|bot|real|ai)\b"
    r"|(?:please |can you |could you )?tell (?:me |us )?a (?:joke|story)\b"
    r"|(?:please |can you |could you )?write (?:me |us )?(?:a |some )(?:poem|song|joke|story|code)\b"
    r"|(?:你好|您好|哈喽|嗨|早上好|下午好|晚上好|在吗|在不在|hi|hello|hey|good (?:morning|afternoon|evening))"
    r"(?:[呀啊哦哈~\s,.!?\uff0c\u3002\uff01\uff1f]|在吗|在不在|there|你好)*$"
    r"|(?:西安)?(?:今天|明天|后天|周末|这几天)(?:西安)?(?:的?天气|会?[^\uff0c,]{0,2}下[雨雪]|[冷热]不[冷热])|天气(?:怎么样|预报|如何)"
    r"|what(?:'s| is) the weather\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason to end a turn before anything is searched for."""

    name: str
    status: Status
    key: str  # of its words in `prompts/`
    reads: Callable[[Turn], str | None]
    facts: Mapping[str, object] = field(default_factory=dict)  # for the words, besides what it found


@dataclass(frozen=True, slots=True)
class Stop:
    """A gate that closed, and the values of its words."""

    gate: str
    status: Status
    key: str
    values: Mapping[str, object]


def gates_of(notices: Sequence[Notice], blocklist: Sequence[str] = ()) -> tuple[Gate, ...]:
    """Return all gates, in the order in which they are tried.

    `blocklist` has the operator's expressions, folded; either script meets the other.
    """
    notice = notices[0]
    covers = {"document_number": notice.document_number, "total": len(notice.measures)}
    documents = frozenset(fold(notice.document_number) for notice in notices)
    years = frozenset(year for notice in notices for year in years_of(notice))
    return (
        Gate(
            "blocklist",
            Status.DECLINED,
            "declined.blocklist",
            partial(_is_blocked, tuple(map(to_simplified, blocklist))),
        ),
        Gate("instruction", Status.DECLINED, "declined.instruction", _only_instructs),
        Gate("small_talk", Status.DECLINED, "declined.small_talk", _is_small_talk),
        Gate("unlawful", Status.DECLINED, "declined.unlawful", lambda turn: unlawful_request(turn.asked)),
        Gate(
            "other_document",
            Status.NOT_COVERED,
            "not_covered.other_document",
            lambda turn: other_document(turn.asked, documents),
            covers,
        ),
        Gate(
            "other_year",
            Status.NOT_COVERED,
            "not_covered.other_year",
            lambda turn: other_year(turn.asked, years),
            covers,
        ),
        Gate(
            "other_place",
            Status.NOT_COVERED,
            "not_covered.other_place",
            lambda turn: other_place(turn.asked),
            covers,
        ),
    )


def first_stop(turn: Turn, gates: Sequence[Gate]) -> Stop | None:
    """Return the first gate that closes; None if the turn passes all of them."""
    for gate in gates:
        found = gate.reads(turn)
        if found is not None:
            values = {"named": found, **gate.facts} if gate.facts else {}
            return Stop(gate.name, gate.status, gate.key, values)
    return None


# The operator's list


def read_blocklist(path: Path | None) -> tuple[str, ...]:
    """Return the expressions of a list, folded: one a line, # starts a comment line.

    Raises SettingsError, naming the file, where it cannot be read.
    """
    if path is None:
        return ()
    try:
        lines = decode(path.read_bytes()).split("\n")
    except (OSError, ValueError) as error:
        raise SettingsError(f"ASSISTANT_BLOCKLIST={str(path)!r}: cannot be read: {error}") from error
    expressions = (fold(line) for line in lines if not line.lstrip().startswith("#"))
    return tuple(dict.fromkeys(expression for expression in expressions if expression))


def _is_blocked(expressions: tuple[str, ...], turn: Turn) -> str | None:
    text = to_simplified(fold(turn.text)) if expressions else ""
    return next((expression for expression in expressions if expression in text), None)


def _only_instructs(turn: Turn) -> str | None:
    return turn.text if not turn.asked else None


def _is_small_talk(turn: Turn) -> str | None:
    found = _SMALL_TALK.match(turn.asked.strip())
    return found.group() if found else None
