"""A conversation and how it is shown: messages, the panel of sources, what to ask next.

Pure functions over frozen values; `page.py` hangs them on Gradio's components.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape

from assistant.answer import Answer, Status
from assistant.render import answer_markdown, copy_text, without_links
from assistant.web.cards import Sources, cards_html, measure_name
from assistant.web.language import answer_page, chosen
from assistant.web.welcome import documents_html, welcome_html
from prompts import words

MAX_TURNS = 50  # of one conversation; the oldest go first
PANEL_TURNS = 8  # earlier answers keep their text; their cards go
_MARKDOWN_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$])")


class Rating(StrEnum):
    """How far a visitor has come with saying whether an answer helped; each but NONE has words."""

    NONE = "none"
    ASKED = "asked"  # it did not help: the form is open
    HELPFUL = "thanks_helpful"
    UNHELPFUL = "thanks_unhelpful"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and, once it is there, its answer; neither answered nor pending means stopped."""

    question: str
    answer: Answer | None = None
    is_pending: bool = False
    rating: Rating = Rating.NONE


@dataclass(frozen=True, slots=True)
class Conversation:
    """The turns of one visitor, oldest first."""

    turns: tuple[Turn, ...] = ()

    @property
    def history(self) -> tuple[str, ...]:
        """The user's turns, for `ask`; the assistant takes the last five."""
        return tuple(turn.question for turn in self.turns)

    @property
    def answer(self) -> Answer | None:
        """The last answer; None while there is none."""
        return self.turns[-1].answer if self.turns else None

    @property
    def is_pending(self) -> bool:
        return bool(self.turns) and self.turns[-1].is_pending

    @property
    def rating(self) -> Rating:
        """How far the last answer is rated."""
        return self.turns[-1].rating if self.turns else Rating.NONE

    def rated(self, rating: Rating) -> "Conversation":
        """Return the conversation with its last answer rated so far."""
        return Conversation((*self.turns[:-1], replace(self.turns[-1], rating=rating)))

    def asking(self, question: str) -> "Conversation":
        return Conversation((*self.turns, Turn(question, is_pending=True))[-MAX_TURNS:])

    def answered(self, answer: Answer) -> "Conversation":
        """Settle the last turn; what is kept and shown is the question as the assistant masked it."""
        return Conversation((*self.turns[:-1], Turn(answer.question, answer)))

    def stopped(self) -> "Conversation":
        if not self.is_pending:
            return self
        return Conversation((*self.turns[:-1], replace(self.turns[-1], is_pending=False)))

    def without_last(self) -> "Conversation":
        return Conversation(self.turns[:-1])


def messages(conversation: Conversation, language: str, *, is_recorded: bool = False) -> list[dict[str, str]]:
    """Return the conversation as Gradio's chat messages, in Markdown.

    `is_recorded`: the answers have an address of their own.
    """
    shown = []
    for number, turn in enumerate(conversation.turns, start=1):
        shown.append({"role": "user", "content": as_typed(turn.question)})
        shown.append({"role": "assistant", "content": _reply(turn, number, language, is_recorded)})
    return shown


def panel(conversation: Conversation, sources: Sources, language: str) -> str:
    """Return the panel's HTML: one section an answer, the last one current."""
    turns = enumerate(conversation.turns, start=1)
    answered = [(number, turn.answer) for number, turn in turns if turn.answer][-PANEL_TURNS:]
    if not answered:
        return welcome_html(sources.notices, language)
    latest = answered[-1][0]
    return "".join(
        _section(answer, sources, number, number == latest, language) for number, answer in answered
    )


def related_questions(answer: Answer, sources: Sources) -> list[str]:
    """Return for each related passage the words that ask about it."""
    return [measure_name(sources.passage(key), sources, answer.lang) for key in answer.related]


def as_typed(text: str) -> str:
    """Return Markdown that shows a text as it was typed."""
    return _MARKDOWN_SIGNS.sub(r"\\\1", without_links(escape(text, quote=False)))


def _reply(turn: Turn, number: int, language: str, is_recorded: bool) -> str:
    if turn.is_pending:
        return f'<span class="busy">{escape(words("page", "ask.busy", language))}</span>'
    answer = turn.answer
    if answer is None:
        return f'<span class="note">{escape(words("page", "ask.stopped", language))}</span>'
    label = escape(words("page", f"status.{answer.status}", answer.lang))
    parts = (
        f'<span class="status status-{answer.status}" lang="{answer.lang}">{label}</span>',
        answer_markdown(answer, f"t{number}"),
        " ".join((*_jump(answer, number, language), *_permalink(answer, language, is_recorded))),
    )
    return "\n\n".join(filter(None, parts))


def _permalink(answer: Answer, language: str, is_recorded: bool) -> tuple[str, ...]:
    if not is_recorded:
        return ()
    label = escape(words("page", "answers.link", language))
    address = chosen(answer_page(answer.answer_id, language), language)
    return (f'<a class="permalink" href="{escape(address)}">{label}</a>',)


def _jump(answer: Answer, number: int, language: str) -> tuple[str, ...]:
    """Return the link to the cards; a phone has them below the conversation."""
    if not answer.citations:
        return ()
    total = len({citation.passage_id for citation in answer.citations})
    label = escape(words("page", "ask.to_cards", language, total=total))
    return (f'<a class="to-cards" href="#t{number}">{label}</a>',)


def _section(answer: Answer, sources: Sources, number: int, is_current: bool, language: str) -> str:
    cards = cards_html(answer, sources, anchor=f"t{number}")
    if not answer.citations:
        none = escape(words("page", "sources.none", language))
        cards = f'<p class="none">{none}</p>{cards}{documents_html(sources.notices, language)}'
    heading = escape(words("page", "sources.heading", language))
    turn = escape(words("page", "sources.turn", language, turn=number))
    back = escape(words("page", "ask.to_answer", language))
    copied = escape(copy_text(answer)).replace("\n", "&#10;")  # an empty line would end the HTML block
    return (
        f'<section class="turn{" current" if is_current else ""}" id="t{number}">'
        f'<h2>{heading} <span class="remark">{turn}</span>'
        f' <a class="to-answer" href="#messages">{back}</a></h2>'
        f'<div lang="{answer.lang}">{cards}</div><pre class="copy-text">{copied}</pre></section>'
    )


def is_choice(answer: Answer) -> bool:
    return answer.status is Status.CLARIFY
