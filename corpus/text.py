"""Text as characters: decoding, folding for comparison, cutting into sentences."""

import re
import unicodedata

from corpus.notice import NoticeFormatError, Span

_BYTE_ORDER_MARK = "\ufeff"

# Controls, invisible format characters, private use, unassigned, surrogates and
# Unicode's own line ends: none of them belongs in a notice, and each would make
# a name or an offset differ from what a reader sees.
_FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_ALLOWED_CONTROLS = frozenset("\n\t")
_REPLACEMENT_CHARACTER = "\ufffd"  # left behind by an earlier, lossy decoding

_FULL_WIDTH_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u300c\u300d\u300e\u300f\u301d\u301e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u3014\u3010\u3016", "["),
        **dict.fromkeys("\u3015\u3011\u3017", "]"),
        **dict.fromkeys("\u2022\u30fb\u2027\u22c5", "\u00b7"),
    }
)

_TERMINATORS = frozenset("\u3002\uff01\uff1f!?")
_OPENERS = frozenset("\u201c\u2018\u300c\u300e\u300a\u3008(\uff08[\uff3b\u3014\u3010")
_CLOSERS = frozenset("\u201d\u2019\u300d\u300f\u300b\u3009)\uff09]\uff3d\u3015\u3011")


def decode(raw: bytes) -> str:
    """Return the text with LF line ends and no byte order mark.

    UTF-8 if the bytes are valid UTF-8, else GB18030. Raises NoticeFormatError
    where they are neither, or where the text has a character no notice has.
    """
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = _line_of_byte(raw, error.start)
    try:
        return clean(raw.decode("gb18030"))
    except UnicodeDecodeError as error:
        raise NoticeFormatError(line, "neither UTF-8 nor GB18030") from error


def clean(text: str) -> str:
    """Return decoded text with LF line ends and no byte order mark.

    Raises NoticeFormatError at the first control or invisible character.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    forbidden = {character for character in set(text) if _is_forbidden(character)}
    for offset, character in enumerate(text):
        if character in forbidden:
            name = f"U+{ord(character):04X}"
            raise NoticeFormatError(line_of(text, offset), f"character {name} does not belong in a notice")
    return text


def line_of(text: str, offset: int) -> int:
    """Return the line that holds the character at `offset`, from 1."""
    return text.count("\n", 0, offset) + 1


def fold(text: str) -> str:
    """Return the text as it is compared, never as it is shown.

    Width, case, shape of quotes, dashes and brackets, and all white space are
    dropped; no word changes. Folding twice changes nothing more.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded).translate(_UNIFIED)
    dense = "".join(folded.split())
    if dense.isprintable():  # as almost always: no format characters to look for
        return dense
    return "".join(c for c in dense if unicodedata.category(c) != "Cf")


def fold_aligned(text: str) -> str:
    """Return full-width ASCII and the ideographic space in half width.

    One character for one, so that offsets hold in both.
    """
    return text.translate(_FULL_WIDTH_TO_HALF)


def sentences(text: str) -> tuple[Span, ...]:
    """Return the sentences in order; only white space lies outside of them.

    A sentence ends after a full stop, exclamation or question mark that is not
    inside quotes or brackets, with the closing quotes that follow it, and at
    the end of a line. A quote left open is taken to close with its line.
    """
    spans: list[Span] = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for end in (*_sentence_ends(line.group(), line.start()), line.end()):
            spans.extend(_stripped(text, start, end))
            start = end
    return tuple(spans)


def _sentence_ends(line: str, offset: int) -> list[int]:
    ends: list[int] = []
    depth = 0
    ended = False
    for index, character in enumerate(line):
        if ended and character not in _TERMINATORS and character not in _CLOSERS:
            ends.append(offset + index)
            ended = False
        if character in _OPENERS:
            depth += 1
        elif character in _CLOSERS:
            depth = max(0, depth - 1)
        elif character in _TERMINATORS and depth == 0:
            ended = True
    return ends


def _stripped(text: str, start: int, end: int) -> list[Span]:
    piece = text[start:end]
    if not piece.strip():
        return []
    return [Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))]


def _is_forbidden(character: str) -> bool:
    if character in _ALLOWED_CONTROLS:
        return False
    return character == _REPLACEMENT_CHARACTER or unicodedata.category(character) in _FORBIDDEN_CATEGORIES


def _line_of_byte(raw: bytes, offset: int) -> int:
    before = raw[:offset].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1
