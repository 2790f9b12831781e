"""Markdown on pages that the server writes; the conversation's own is rendered by Gradio.

Nothing but words, emphasis, quotations, lists and links within the page comes out, whatever goes in.
"""

from functools import cache

from markdown_it import MarkdownIt

from assistant.answer import Answer
from assistant.render import answer_markdown


def answer_html(answer: Answer, anchor: str) -> str:
    """Return an answer's text as HTML, its markers linked to `#{anchor}-{marker}`."""
    return str(_renderer().render(answer_markdown(answer, anchor)))


class _WithinThePage(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802  (the library's name)
        return url.startswith("#")


@cache
def _renderer() -> MarkdownIt:
    # Line ends are kept, as in the conversation. "html": False escapes tags.
    return _WithinThePage("commonmark", {"html": False, "breaks": True}).disable(["image", "autolink"])
