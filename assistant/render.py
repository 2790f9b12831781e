"""An `Answer` as text: for the terminal, the clipboard and the conversation.

Pure functions; nothing is read or fetched.
"""

import re
from itertools import groupby

from assistant.answer import Answer, Citation
from prompts import words

_MARKER = re.compile(r"\[(\d+)\](?!\()")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\([^)]*\)")
_BARE_ADDRESS = re.compile(r"(?i)\b([hw])(ttps?:|ww\.)")


def terminal(answer: Answer) -> str:
    """Return the answer as lines for a terminal: status, text, numbered sources."""
    status = words("page", f"status.{answer.status}", answer.lang)
    return "\n\n".join(filter(None, (f"[{status}]", _plain(answer.text), _source_lines(answer))))


def copy_text(answer: Answer) -> str:
    """Return question, answer and sources as plain text for the clipboard."""
    question = words("page", "plain.question", answer.lang, question=answer.question)
    reply = f"{words('page', 'plain.answer', answer.lang)}\n{_plain(answer.text)}"
    return "\n\n".join(filter(None, (question, reply, _source_lines(answer))))


def answer_markdown(answer: Answer, anchor: str) -> str:
    """Return the answer's Markdown with its markers linked to `#{anchor}-{marker}`.

    Images, links and HTML are reduced to their words: an answer may lead to its
    own sources only.
    """
    markers = {str(citation.marker) for citation in answer.citations}

    def link(match: re.Match[str]) -> str:
        number = match[1]
        return f"[[{number}]](#{anchor}-{number})" if number in markers else match[0]

    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", answer.text)).replace("<", "&lt;")
    return _MARKER.sub(link, without_links(text))


def without_links(text: str) -> str:
    """Keep bare addresses from becoming links, by an invisible word joiner after the first letter."""
    return _BARE_ADDRESS.sub("\\1\u2060\\2", text)


def place_of(measure_number: int, language: str) -> str:
    return words("page", "card.measure", language, number=measure_number)


def _source_lines(answer: Answer) -> str:
    if not answer.citations:
        return ""
    lines = [words("page", "plain.sources", answer.lang)]
    for _, group in groupby(answer.citations, key=lambda citation: citation.passage_id):
        citations = list(group)
        for citation in citations:
            quoted = filter(None, (citation.exact_en, citation.exact))
            lines += [_source_line(citation, answer.lang), *(f"    {_indented(text)}" for text in quoted)]
        lines += [f"    {fields}" for fields in _fields(citations[0], answer.lang)]
    return "\n".join(lines)


def _source_line(citation: Citation, language: str) -> str:
    title = citation.title_en if language == "en" and citation.title_en else citation.measure_title
    if citation.measure_number is not None:
        title = f"{place_of(citation.measure_number, language)} {title}"
    values = {"marker": citation.marker, "start": citation.start, "end": citation.end}
    return words(
        "page", "plain.source", language, document_number=citation.document_number, title=title, **values
    )


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def _fields(citation: Citation, language: str) -> list[str]:
    if citation.deadline is None:
        return []
    units = "\u3001".join(citation.lead_units)
    return [words("page", "plain.fields", language, lead_units=units, deadline=citation.deadline)]


def _plain(markdown: str) -> str:
    """Return Markdown without its signs: bold, headings, bullets, quotes, links."""
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", markdown))
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", text)
    text = re.sub(r"^#{1,6}\s+|^>\s?", "", text, flags=re.MULTILINE)
    return re.sub(r"^(\s*)[-*]\s+", "\\1\u00b7 ", text, flags=re.MULTILINE).strip()
