"""Whether a question sounds like one that the notices answer: each of its tokens votes.

A linear classifier over TF-IDF weights (Salton and Buckley 1988), fitted by
`index/train.py` on the bank and on the questions outside. It reads the
question alone, not what was found for it.
"""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Scope:
    """A vote for each known token, and what counts without any."""

    votes: Mapping[str, tuple[float, float]]  # token -> (inverse document frequency, weight)
    intercept: float

    def lean(self, tokens: Sequence[str]) -> float:
        """Return the log odds that these tokens ask for something the notices answer."""
        counts = Counter(token for token in tokens if token in self.votes)
        terms = [(1 + math.log(n), *self.votes[token]) for token, n in counts.items()]
        length = math.sqrt(sum((tf * idf) ** 2 for tf, idf, _ in terms)) or 1.0
        return self.intercept + sum(tf * idf * weight for tf, idf, weight in terms) / length


def shipped_scope() -> Scope:
    stored = json.loads(files("index").joinpath("model", "scope.json").read_text("utf-8"))
    return Scope({token: (idf, weight) for token, idf, weight in stored["votes"]}, stored["intercept"])
