"""What a unit, a deadline, a section or a word is to be in a list that a question asks for.

市住建局牵头、没让市财政局配合的: the one is to lead, the other not to be named. Each mention
is read by the words around it and by what kinds of words those are (mention_words.toml), so
that a verb that was never seen with one unit is known from another. A linear classifier
of slots, fitted by `index/train.py` on questions in which each mention is marked
(corpus/questions/list-mentions.jsonl).
"""

import math
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, NamedTuple

from index.question_types import QuestionTypes, shipped
from index.wording import Wording

MODEL_NAME = "mention_tags.npz"
Kind = Literal["unit", "due", "section", "word"]
NO_WORD = "no word"  # of the notices that nothing is asked of
# What each kind of mention may be; "+" is to be met, "-" not to be met.
TAGS: Mapping[Kind, tuple[str, ...]] = {
    "unit": ("lead+", "lead-", "resp+", "resp-", "any+", "any-", "both", "none"),
    "due": ("due+", "due-"),
    "section": ("sec+", "sec-"),
    "word": ("word+", "word-", "title+", NO_WORD),
}
_TARGET = "*"
_ROLES = frozenset({"lead", "responsible", "any"})
_LEAVES_OUT = frozenset({"except", "not", "only"})
_TELLING = frozenset({"except", "not", "only", *_ROLES})
_JOINS = re.compile(r"[\u3001,\uff0c和与跟及或]|以及|或者|and|or|nor|,? and|/", re.IGNORECASE)
_LEAST = 1e-6
_NEIGHBOURS = 4  # tokens on each side, and kinds of words
_WHOLE = 14  # kinds of words of the whole question
_PUNCTUATION = str.maketrans("\uff0c\u3002\uff1b\uff1f\uff01\uff1a\uff08\uff09", ",.;?!:()")


class Mention(NamedTuple):
    """Where something is named in a text."""

    start: int
    end: int
    kind: Kind


def words_beside(mentions: Sequence[Mention], text: str, wording: Wording) -> list[Mention]:
    """Return the words of a text that the notices have, where no mention stands."""
    words = [Mention(*span, "word") for span in wording.spans(text)]
    return [
        word
        for word in words
        if all(word.end <= other.start or other.end <= word.start for other in mentions)
        and not any(token.kind for token in _words(text[word.start : word.end]))
    ]


class _Token(NamedTuple):
    kind: str  # of word, of mention; "" for any other
    text: str


def contexts(text: str, mentions: Sequence[Mention]) -> list[list[str]]:
    """Return the features of each mention of a text, in their order; they may not overlap."""
    tokens = list(_tokens(text.casefold().translate(_PUNCTUATION), mentions))
    places = [place for place, token in enumerate(tokens) if token.kind in TAGS]
    return [_features(tokens, place) for place in places]


def may_leave_out(text: str, mentions: Sequence[Mention]) -> bool:
    """Return whether a text has any word that may leave something out of a list."""
    tokens = _tokens(text.casefold().translate(_PUNCTUATION), mentions)
    return any(token.kind in _LEAVES_OUT for token in tokens)


def context_of(text: str, mentions: Sequence[Mention], word: Mention) -> list[str]:
    """Return the features of a word that is none of the mentions, as contexts gives them."""
    together = sorted([*mentions, word])
    return contexts(text, together)[together.index(word)]


def tags_of(text: str, mentions: Sequence[Mention], *, but: str = "") -> list[tuple[str, float]]:
    """Return what each mention is likeliest to be, and how probable that is among what it may be.

    Units that are joined by and, or, a comma alone are the same. `but`: a tag that none can have.
    """
    likely = [
        _likely(features, set(TAGS[mention.kind]) - {but, NO_WORD})
        for mention, features in zip(mentions, contexts(text, mentions), strict=True)
    ]
    for n, (one, other) in enumerate(pairwise(mentions)):
        if one.kind == other.kind == "unit" and _JOINS.fullmatch(text[one.end : other.start].strip()):
            both = {tag: likely[n][tag] + likely[n + 1][tag] for tag in likely[n]}
            likely[n] = likely[n + 1] = both
    return [_best(logs) for logs in likely]


def word_tag(text: str, mentions: Sequence[Mention], word: Mention) -> tuple[str, float]:
    """Return what a word that is none of the mentions is likeliest to be."""
    return _best(_likely(context_of(text, mentions, word), set(TAGS["word"])))


def _likely(features: Sequence[str], tags: Collection[str]) -> dict[str, float]:
    probable = shipped_mention_tags().probabilities_of(features)
    return {tag: math.log(max(probable[tag], _LEAST)) for tag in tags}


def _best(logs: Mapping[str, float]) -> tuple[str, float]:
    best = max(logs, key=logs.__getitem__)
    return best, 1.0 / sum(math.exp(log - logs[best]) for log in logs.values())


@cache
def shipped_mention_tags() -> QuestionTypes:
    return shipped(MODEL_NAME)


def _tokens(text: str, mentions: Sequence[Mention]) -> Iterator[_Token]:
    at = 0
    for mention in mentions:
        yield from _words(text[at : mention.start])
        yield _Token(mention.kind, mention.kind)
        at = mention.end
    yield from _words(text[at:])


def _words(text: str) -> Iterator[_Token]:
    for match in _pattern().finditer(text):
        kind = match.lastgroup or ""
        yield _Token("" if kind == "other" else kind.removesuffix("_"), match.group())


def _features(tokens: Sequence[_Token], place: int) -> list[str]:
    before, after = tokens[:place], tokens[place + 1 :]
    found = [f"kind={tokens[place].kind}"]
    found += _lexical([t.text for t in before], [t.text for t in after])
    kinds_before = [t.kind for t in before if t.kind]
    kinds_after = [t.kind for t in after if t.kind]
    found += _delexicalised(kinds_before, kinds_after)
    found += _of_the_clause(_until_stop(kinds_before[::-1])[::-1], _until_stop(kinds_after))
    found += [*_nearest_role("before", before[::-1]), *_nearest_role("after", after)]
    everything = [*kinds_before, _TARGET, *kinds_after]
    found += [f"has={kind}" for kind in {*everything} & {*_TELLING, "we", "but"}]
    roles = [kind for kind in everything if kind in _TELLING or kind in {"and", "or", "but"}]
    found += [
        f"row={' '.join(row)}" for n in (2, 3) for row in zip(*(roles[k:] for k in range(n)), strict=False)
    ]
    found.append(f"units={min(everything.count('unit') + (tokens[place].kind == 'unit'), 3)}")
    telling = [kind for kind in everything if kind in _TELLING or kind in {_TARGET, "unit"}]
    return [*found, f"whole={' '.join(telling[:_WHOLE])}"]


def _lexical(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for n in range(1, _NEIGHBOURS + 1):
        yield f"before{n}={' '.join(before[-n:])}"
        yield f"after{n}={' '.join(after[:n])}"
    for one, other in ((1, 1), (1, 2), (2, 1)):
        yield f"around{one}{other}={' '.join(before[-one:])} {_TARGET} {' '.join(after[:other])}"


def _delexicalised(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for n in range(1, _NEIGHBOURS + 2):
        yield f"kinds before{n}={' '.join(before[-n:])}"
        yield f"kinds after{n}={' '.join(after[:n])}"
    for one in range(1, _NEIGHBOURS):
        for other in range(1, _NEIGHBOURS):
            yield f"kinds around{one}{other}={' '.join(before[-one:])} {_TARGET} {' '.join(after[:other])}"


def _of_the_clause(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    yield f"clause={' '.join([*before, _TARGET, *after])}"
    yield f"telling={' '.join(k for k in [*before, _TARGET, *after] if k in _TELLING or k == _TARGET)}"
    with_units = _TELLING | {"unit"}
    yield f"telling after={' '.join([k for k in after if k in with_units][:5])}"
    yield f"telling before={' '.join([k for k in before if k in with_units][-5:])}"
    yield from (f"in clause before={kind}" for kind in set(before))
    yield from (f"in clause after={kind}" for kind in set(after))


def _until_stop(kinds: Sequence[str]) -> Sequence[str]:
    return kinds[: kinds.index("stop")] if "stop" in kinds else kinds


def _nearest_role(side: str, tokens: Sequence[_Token]) -> Iterator[str]:
    """Give the word of a role that stands nearest on one side, and how far, until a clause ends."""
    n_units = 0
    for distance, token in enumerate(tokens, start=1):
        n_units += token.kind == "unit"
        if token.kind in _ROLES:
            yield f"role {side}={token.kind} past {min(n_units, 2)} units"
            yield f"role {side}={token.kind} at {min(distance // 3, 4)}"
            yield f"role word {side}={token.text}"
            return
        if token.kind == "stop" and distance > 1:
            yield f"role {side}=stop"
            return


@cache
def _pattern() -> re.Pattern[str]:
    table = tomllib.loads(files("index").joinpath("mention_words.toml").read_text("utf-8"))
    named = "|".join(f"(?P<{name}_>{'|'.join(row)})" for name, row in table.items())
    return re.compile(rf"{named}|(?P<other>[\u3400-\u9fff]|[a-z]+|\d+)")


def in_order(mentions: Sequence[Mention]) -> list[Mention]:
    """Return mentions in the order of the text, the longer of two that overlap."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda one: one.start - one.end):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    assert all(one.end <= other.start for one, other in pairwise(sorted(kept)))
    return sorted(kept)
