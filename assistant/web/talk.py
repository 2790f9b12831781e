"""What happens when a visitor asks, stops, asks again or begins anew.

Each function gives the new state of every component that changes, whole: no
component depends on what it showed before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from assistant.errors import UnusableQuestion
from assistant.web import chat, rating
from assistant.web.chat import Conversation, Rating
from assistant.web.door import Asker, answer_or_fault, encodable
from assistant.web.frame import sources_of
from assistant.web.rating import RatingParts
from prompts import words

Update = dict[Any, Any]  # Gradio's own form: component -> its new value or settings


@dataclass(frozen=True, slots=True)
class Parts:
    """The components that change, and what they are filled from."""

    assistant: Asker
    language: str
    conversation: gr.State
    start: gr.Column
    messages: gr.Chatbot
    rating: RatingParts
    follow_up_label: gr.Markdown
    follow_ups: tuple[gr.Button, ...]
    related_label: gr.Markdown
    related: tuple[gr.Button, ...]
    actions: gr.Row
    again: gr.Button
    fresh: gr.Button
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    problem: gr.Markdown
    panel: gr.Markdown

    @property
    def all(self) -> list[Any]:
        single = (self.conversation, self.start, self.messages, self.follow_up_label, self.related_label)
        rest = (self.actions, self.box, self.send, self.stop, self.problem, self.panel)
        return [*single, *self.rating.all, *self.follow_ups, *self.related, *rest]


def reply(parts: Parts, question: str | None, conversation: Conversation) -> Iterator[Update]:
    """Show the question as pending, then the answer; what cannot be used goes back into the box."""
    question = encodable(question or "")
    asked = conversation.asking(question)
    if question.strip():
        yield view(parts, asked)
    try:
        answer = answer_or_fault(parts.assistant, question, conversation.history)
    except UnusableQuestion as error:
        yield {**view(parts, conversation), parts.box: question, parts.problem: escape(str(error))}
        return
    yield view(parts, asked.answered(answer))


def reply_again(parts: Parts, conversation: Conversation) -> Iterator[Update]:
    if conversation.turns:
        yield from reply(parts, conversation.turns[-1].question, conversation.without_last())


def stopped(parts: Parts, conversation: Conversation) -> Update:
    return view(parts, conversation.stopped())


def rate(parts: Parts, conversation: Conversation) -> Update:
    """Note that the last answer helped."""
    return _kept(parts, conversation, Rating.HELPFUL)


def ask_why(parts: Parts, conversation: Conversation) -> Update:
    """Open the form; one that is open keeps what was typed."""
    if conversation.answer is None or conversation.rating is not Rating.NONE:
        return {parts.conversation: conversation}
    return _rated(parts, conversation.rated(Rating.ASKED))


def complain(parts: Parts, conversation: Conversation, reason: str | None, comment: str | None) -> Update:
    """Note that the last answer did not help, and why."""
    return _kept(parts, conversation, Rating.UNHELPFUL, reason=reason, comment=comment or "")


def view(parts: Parts, conversation: Conversation) -> Update:
    """Return every changing component as this conversation wants it."""
    language, pending = parts.language, conversation.is_pending
    sources = sources_of(parts.assistant, language)
    shown = {
        parts.conversation: conversation,
        parts.start: gr.update(visible=not conversation.turns),
        parts.messages: gr.update(
            value=chat.messages(conversation, language, is_recorded=parts.assistant.desk is not None),
            visible=bool(conversation.turns),
        ),
        **rating.view(parts.rating, conversation, parts.assistant, language),
        parts.actions: gr.update(visible=bool(conversation.turns) and not pending),
        parts.box: "",
        parts.send: gr.update(visible=not pending),
        parts.stop: gr.update(visible=pending),
        parts.problem: "",
        parts.panel: chat.panel(conversation, sources, language),
    }
    answer = conversation.answer
    follow_ups = list(answer.follow_ups) if answer else []
    related = chat.related_questions(answer, sources) if answer else []
    related = [question for question in related if question not in follow_ups]  # choices are not shown twice
    heading = "ask.choices" if answer and chat.is_choice(answer) else "ask.follow_ups"
    return {
        **shown,
        **_filled(parts.follow_up_label, parts.follow_ups, words("page", heading, language), follow_ups),
        **_filled(parts.related_label, parts.related, words("page", "ask.related", language), related),
    }


def _kept(
    parts: Parts, conversation: Conversation, said: Rating, *, reason: str | None = None, comment: str = ""
) -> Update:
    """Keep what was said of the last answer, once; what cannot be kept stays in the form."""
    answer = conversation.answer
    if answer is None or conversation.rating not in (Rating.NONE, Rating.ASKED):
        return {parts.conversation: conversation}
    problem = rating.keep(
        parts.assistant,
        answer.answer_id,
        parts.language,
        is_helpful=said is Rating.HELPFUL,
        reason=reason,
        comment=comment,
    )
    if problem:
        return {parts.rating.problem: escape(problem)}
    return _rated(parts, conversation.rated(said))


def _rated(parts: Parts, conversation: Conversation) -> Update:
    shown = rating.view(parts.rating, conversation, parts.assistant, parts.language)
    return {**shown, parts.conversation: conversation}


def _filled(
    label: gr.Markdown, buttons: Sequence[gr.Button], heading: str, questions: Sequence[str]
) -> Update:
    update: Update = {label: gr.update(value=heading, visible=bool(questions))}
    for place, button in enumerate(buttons):
        is_used = place < len(questions)
        update[button] = gr.update(value=questions[place] if is_used else "", visible=is_used)
    return update
