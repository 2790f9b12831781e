"""Where a turn that holds several needs can be cut: by what each side finds, not by grammar alone.

Two sides are two needs where each, searched for by itself, finds another passage,
each is about as sure as the whole, and each has words that the other's passage
lacks. A logistic regression weighs that; fitted by `index/train.py` on messages
with one need and with several (corpus/questions/*-messages.jsonl).
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from index.question_types import asks_something
from index.topics import Topics

MODEL_NAME = "cuts.json"
FEATURES = (
    "left", "right", "less_sure", "whole", "both_in_whole",
    "left_strange", "right_strange", "less_strange", "left_share", "right_share", "whole_strange",
    "fewer_topics", "sentence_end", "joined",
    "both_ask", "right_asks", "shorter", "longer",
)  # fmt: skip
MAX_PLACES = 10  # tried in one turn
MAX_NEEDS = 4
CUT_FROM = 0.75
_LEAST_WORDS = 2  # characters or Latin words on each side
_MOST_ODDS = 999.0
_PLACE = re.compile(
    r"(?P<end>[;\uff1b\u3002?\uff1f!\uff01]+\s*|\.\s+)"
    r"|(?P<joined>(?<=[\u3400-\u9fff\u201d])(?:和|(?<!参)与|及|以及|还有|另外|再就是|顺便)(?=[\u3400-\u9fff\u201c])"
    r"|,?\s(?:and|plus|also|as well as|along with)\s)"
    r"|[,\uff0c\u3001:\uff1a]+\s*|(?<=[\u3400-\u9fff\d\u201d])\s+(?=[\u3400-\u9fff\u201c])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]+")
_TELLS = re.compile(
    r"我们?(?:是|在|公司|单位|厂|家|这|最近|刚|打算|准备|想|有)|我司|作为|去年|上个?月|最近|老板"
    r"|\b(?:i am|i'm|we are|we're|our|my|i run|i work|we have|we run)\b",
    re.IGNORECASE,
)

_SAYS_WHO = re.compile(r"^(?:我们?是|我司|作为)|^(?:we are|we're|i am|i'm|as an?)\b", re.IGNORECASE)

# Passage ids with their probabilities, the likeliest first, for a text.
Search = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where a turn might be cut."""

    left: str
    right: str
    passages: tuple[str, str]  # what each side finds
    features: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cutter:
    """The weights of FEATURES, each standardised."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float

    def probability(self, cut: Cut) -> float:
        """Return how probable it is that both sides are needs of their own."""
        standard = ((f - m) / s for f, m, s in zip(cut.features, self.mean, self.scale, strict=True))
        odds = math.fsum(w * x for w, x in zip(self.weights, standard, strict=True)) + self.intercept
        return 1.0 / (1.0 + math.exp(-odds))

    def needs(
        self, text: str, search: Search, topics: Topics, whole: Mapping[str, float] | None = None
    ) -> tuple[str, ...]:
        """Return the needs of a turn, in order; () where it has one.

        `whole`: what was found for all of it.
        """
        known = {text: whole} if whole is not None else {}

        def once(part: str) -> Mapping[str, float]:
            if part not in known:
                known[part] = search(part)
            return known[part]

        needs = [text]
        while len(needs) < MAX_NEEDS:
            found = [(self._best(need, once, topics), place) for place, need in enumerate(needs)]
            best = max(((cut, place) for cut, place in found if cut), key=lambda one: one[0][0], default=None)
            if best is None:
                break
            (_, cut), place = best
            needs[place : place + 1] = [cut.left, cut.right]
        return tuple(needs) if len(needs) > 1 else ()

    def _best(self, text: str, search: Search, topics: Topics) -> tuple[float, Cut] | None:
        cuts = [(self.probability(cut), cut) for cut in cuts_of(text, search, topics)]
        best = max(cuts, key=lambda one: one[0], default=None)
        return best if best and best[0] >= CUT_FROM else None


def cuts_of(text: str, search: Search, topics: Topics) -> Iterator[Cut]:
    """Give each place where the two sides of a text find different passages."""
    places = _places(text)
    whole = search(text) if places else {}
    if not whole:
        return
    first = next(iter(whole))
    whole_strange = math.log1p(topics.strange_to(first, text))
    if not whole_strange:
        return  # what it finds has every word of it that is about something
    for left, right, kind in places:
        of_all = (len(topics.of_text(left)), len(topics.of_text(right)))
        if not all(of_all):
            continue  # nothing to be searched for
        on_left, on_right = search(left), search(right)
        if not on_left or not on_right:
            continue
        one, other = next(iter(on_left)), next(iter(on_right))
        if one == other or not {one, other} <= topics.measures:
            continue
        sure = (_log_odds(on_left[one]), _log_odds(on_right[other]))
        if _is_background(left, right, kind):
            continue  # 我们是小企业,接电的钱谁出: one need, and who has it
        strange = (topics.strange_to(other, left), topics.strange_to(one, right))
        features = (
            *sure, min(sure), _log_odds(whole[first]), float(one in whole and other in whole),
            *map(math.log1p, strange), math.log1p(min(strange)),
            strange[0] / max(of_all[0], 1), strange[1] / max(of_all[1], 1), whole_strange,
            math.log1p(min(of_all)), float(kind == "end"), float(kind == "joined"), *_manner(left, right),
        )  # fmt: skip
        yield Cut(left, right, (one, other), features)


def _is_background(left: str, right: str, kind: str) -> bool:
    tells = (_SAYS_WHO if kind == "end" else _TELLS).search(left)
    return bool(tells) and asks_something(right) and not asks_something(left)


def _manner(left: str, right: str) -> tuple[float, ...]:
    """Return which sides ask, and how long they are."""
    asks = (asks_something(left), asks_something(right))
    lengths = sorted(math.log(max(len(_WORD.findall(side)), 1)) for side in (left, right))
    return (
        float(all(asks)), float(asks == (False, True)), *lengths,
    )  # fmt: skip


def shipped_cutter() -> Cutter:
    return Cutter(**_read(json.loads(files("index").joinpath("model", MODEL_NAME).read_text("utf-8"))))


def _read(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in stored.items()
        if name != "features"  # for a reader's sake
    }


def _places(text: str) -> Sequence[tuple[str, str, str]]:
    found = []
    for match in _PLACE.finditer(text):
        left, right = text[: match.start()].strip(), text[match.end() :].strip()
        if min(len(_WORD.findall(left)), len(_WORD.findall(right))) >= _LEAST_WORDS:
            found.append((left, right, match.lastgroup or ""))
    return found[:MAX_PLACES]


def _log_odds(probability: float) -> float:
    kept = min(max(probability, 1 / (_MOST_ODDS + 1)), _MOST_ODDS / (_MOST_ODDS + 1))
    return math.log(kept / (1 - kept))
