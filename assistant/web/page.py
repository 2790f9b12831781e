"""The page on which questions are asked: Gradio's components and what happens between them.

No event has a `js=` and nothing is gr.HTML: both would need 'unsafe-eval' in the
content security policy. `script.js` does what needs a script.
"""

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.web import rating
from assistant.web.chat import Conversation
from assistant.web.door import Asker, encodable
from assistant.web.frame import head_html, header_html
from assistant.web.language import home
from assistant.web.talk import Parts, ask_why, complain, rate, reply, reply_again, stopped, view
from assistant.web.welcome import examples, start_html, welcome_html
from prompts import words

N_SUGGESTIONS = 8
MAX_PREFILLED_CHARS = 1000
_FONTS = ("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif")
_MONO = ("Consolas", "Noto Sans Mono CJK SC", "monospace")


def mount(app: FastAPI, assistant: Asker, language: str) -> None:
    """Put the page at its language's address."""
    page = build(assistant, language)
    page.queue(max_size=64, default_concurrency_limit=8)
    gr.mount_gradio_app(
        app,
        page,
        path=home(language),
        allowed_paths=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        run_history=False,
        footer_links=[],
        theme=gr.themes.Base(font=_FONTS, font_mono=_MONO),
        head=head_html(language),
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def build(assistant: Asker, language: str) -> gr.Blocks:
    """Return the page, not yet mounted."""
    title = words("page", "header.name", language)
    page: gr.Blocks = gr.Blocks(analytics_enabled=False, title=title, fill_width=True)
    with page:
        gr.Markdown(
            header_html(assistant.notices, language, here="ask"), sanitize_html=False, elem_id="header"
        )
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="conversation"):
                start, samples = _start(assistant, language)
                changing = _conversation(language)
            with gr.Column(elem_id="sources"):
                panel = gr.Markdown(welcome_html(assistant.notices, language), elem_id="panel")
        parts = Parts(assistant, language, start=start, panel=panel, **changing)
        _connect(parts, samples)
        page.load(_prefilled, None, parts.box, show_progress="hidden", api_visibility="private")
    return page


def _start(assistant: Asker, language: str) -> tuple[gr.Column, list[gr.Button]]:
    samples = []
    with gr.Column(elem_id="start") as start:
        gr.Markdown(start_html(assistant.notices, language), elem_id="intro")
        for title, questions in examples(assistant.notices, language):
            with gr.Row(elem_classes="examples"):
                gr.Markdown(title, elem_classes="examples-title")
                samples += [gr.Button(question, elem_classes="pill", size="sm") for question in questions]
    return start, samples


def _conversation(language: str) -> dict[str, Any]:
    """Return the components below the start, by their names in Parts."""
    messages = gr.Chatbot(
        visible=False,
        elem_id="messages",
        label=words("page", "ask.conversation", language),
        show_label=False,
        height=None,
        buttons=[],
        feedback_options=None,
        layout="bubble",
        latex_delimiters=[],
        autoscroll=False,
    )
    rated = rating.build(language)
    follow_up_label, follow_ups = _suggestions("follow-ups")
    related_label, related = _suggestions("related")
    shown = {
        "conversation": gr.State(Conversation()),
        "messages": messages,
        "rating": rated,
        "follow_up_label": follow_up_label,
        "follow_ups": follow_ups,
        "related_label": related_label,
        "related": related,
    }
    return {**shown, **_actions(language), **_ask(language)}


def _actions(language: str) -> dict[str, Any]:
    with gr.Row(elem_id="actions", visible=False) as actions:
        again = gr.Button(words("page", "ask.retry", language), size="sm", elem_id="retry")
        gr.Button(words("page", "ask.copy", language), size="sm", elem_id="copy")  # script.js
        fresh = gr.Button(words("page", "ask.new", language), size="sm", elem_id="new")
    return {"actions": actions, "again": again, "fresh": fresh}


def _ask(language: str) -> dict[str, Any]:
    with gr.Row(elem_id="ask"):
        problem = gr.Markdown("", elem_id="problem")
        box = gr.Textbox(
            lines=1,
            max_lines=6,
            label=words("page", "ask.label", language),
            placeholder=words("page", "ask.placeholder", language),
            container=False,
            autofocus=True,
            elem_id="question",
        )
        send = gr.Button(words("page", "ask.send", language), variant="primary", elem_id="send")
        stop = gr.Button(words("page", "ask.stop", language), variant="stop", visible=False, elem_id="stop")
    gr.Markdown(escape(words("page", "start.disclaimer", language)), elem_id="disclaimer")
    return {"box": box, "send": send, "stop": stop, "problem": problem}


def _suggestions(name: str) -> tuple[gr.Markdown, tuple[gr.Button, ...]]:
    with gr.Row(elem_classes=["suggestions", name]):
        label = gr.Markdown("", visible=False, elem_classes="suggestions-title")
        buttons = tuple(
            gr.Button("", visible=False, size="sm", elem_classes="pill") for _ in range(N_SUGGESTIONS)
        )
    return label, buttons


def _connect(parts: Parts, samples: Sequence[gr.Button]) -> None:
    settings: dict[str, Any] = {"outputs": parts.all, "show_progress": "hidden", "api_visibility": "private"}
    answer = partial(reply, parts)
    asking = [
        gr.on([parts.box.submit, parts.send.click], answer, [parts.box, parts.conversation], **settings),
        parts.again.click(partial(reply_again, parts), [parts.conversation], **settings),
    ]
    for button in (*samples, *parts.follow_ups, *parts.related):
        asking.append(button.click(answer, [button, parts.conversation], **settings))
    parts.stop.click(partial(stopped, parts), [parts.conversation], cancels=asking, **settings)
    parts.rating.helpful.click(partial(rate, parts), [parts.conversation], **settings)
    parts.rating.unhelpful.click(partial(ask_why, parts), [parts.conversation], **settings)
    said = [parts.conversation, parts.rating.reason, parts.rating.comment]
    parts.rating.send.click(partial(complain, parts), said, **settings)
    parts.fresh.click(lambda: view(parts, Conversation()), None, **settings)


def _prefilled(request: gr.Request) -> Any:
    """Return the question that a link from the list of measures brings along.

    Without one the box is left alone: the visitor may be typing already.
    """
    question = str(request.query_params.get("q", ""))[:MAX_PREFILLED_CHARS]
    return encodable(question) if question else gr.skip()
