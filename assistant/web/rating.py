"""What a visitor says of the last answer: the two buttons, the form behind the second, and keeping it."""

import logging
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio as gr

from assistant.errors import RecordsError, ReviewError
from assistant.review import feedback
from assistant.web.chat import Conversation, Rating
from assistant.web.door import Asker, encodable
from prompts import words

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RatingParts:
    """The components below the last answer."""

    row: gr.Row
    question: gr.Markdown
    helpful: gr.Button
    unhelpful: gr.Button
    form: gr.Column
    reason: gr.Radio
    comment: gr.Textbox
    send: gr.Button
    problem: gr.Markdown

    @property
    def all(self) -> list[Any]:
        shown = (self.row, self.question, self.helpful, self.unhelpful, self.form)
        return [*shown, self.reason, self.comment, self.problem]


def build(language: str) -> RatingParts:
    """Return the components, none of them shown yet."""
    with gr.Row(elem_id="rating", visible=False) as row:
        question = gr.Markdown("", elem_id="rating-question")
        helpful = gr.Button(words("page", "feedback.helpful", language), size="sm", elem_id="helpful")
        unhelpful = gr.Button(words("page", "feedback.unhelpful", language), size="sm", elem_id="unhelpful")
    with gr.Column(elem_id="rating-form", visible=False) as form:
        reasons = [(words("page", f"feedback.reason_{key}", language), key) for key in feedback.REASONS]
        reason = gr.Radio(reasons, label=words("page", "feedback.why", language), elem_id="rating-reason")
        comment = gr.Textbox(
            lines=2,
            max_lines=6,
            max_length=feedback.MAX_COMMENT_CHARS,
            label=words("page", "feedback.comment", language),
            placeholder=words("page", "feedback.comment_placeholder", language),
            elem_id="rating-comment",
        )
        send = gr.Button(words("page", "feedback.send", language), size="sm", elem_id="rating-send")
    problem = gr.Markdown("", elem_id="rating-problem")
    return RatingParts(row, question, helpful, unhelpful, form, reason, comment, send, problem)


def view(parts: RatingParts, conversation: Conversation, asker: Asker, language: str) -> dict[Any, Any]:
    """Return every component as the last answer wants it; nothing is shown where nothing is recorded."""
    rating = conversation.rating
    is_open = rating in (Rating.NONE, Rating.ASKED)
    said = "question" if is_open else rating.value
    return {
        parts.row: gr.update(visible=asker.desk is not None and conversation.answer is not None),
        parts.question: escape(words("page", f"feedback.{said}", language)),
        parts.helpful: gr.update(visible=is_open),
        parts.unhelpful: gr.update(visible=is_open),
        parts.form: gr.update(visible=rating is Rating.ASKED),
        parts.reason: None,
        parts.comment: "",
        parts.problem: "",
    }


def keep(
    asker: Asker,
    answer_id: str,
    language: str,
    *,
    is_helpful: bool,
    reason: str | None = None,
    comment: str = "",
) -> str:
    """Keep what was said; return a sentence that says why it could not be kept, else nothing."""
    desk = asker.desk
    if desk is None:
        return words("page", "feedback.fault", language)
    try:
        feedback.give(
            desk.database,
            answer_id,
            is_helpful=is_helpful,
            reason=reason,
            comment=encodable(comment),
            now=desk.now(),
        )
    except ReviewError as error:
        return words("staff", error.key, language, **error.values)
    except RecordsError:
        _log.exception("feedback on answer %s was not kept", answer_id)
        return words("page", "feedback.fault", language)
    return ""
