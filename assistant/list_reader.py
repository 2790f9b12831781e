"""Takes what it understands out of a question for a list, until something or nothing is left."""

import re
from collections.abc import Sequence

from assistant.facts import number_of
from assistant.list_shapes import UNIT, By, NamedUnits, Shape, section_numbers

_COUNTS = {"三": 3, "两": 2, "五": 5, "3": 3, "2": 2, "5": 5, "three": 3, "two": 2, "five": 5}
_LED_BY = re.compile(r"\b(?:led|headed|run) by (?:the )?$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{3,10}")
_LATIN = re.compile(r"[a-z]{3,}")
_OF_RECORDS = re.compile(
    r"^(?:[前底]|某?月底|底前)$|牵头|责任|完成|时[限间]|部分|单位|部门|去重|不含|包括|措施|任务|到期|名字|我们"
)
# What the notice says where an English question names its strength.
_STRENGTH_EN = (
    ("encourag", "鼓励"), ("explor", "探索"), ("pilot", "试点"), ("trial", "试行"),
    ("in principle", "原则上"),
    ("prohibit", "严禁"), ("forbid", "严禁"), ("must not", "不得"), ("working day", "工作日"),
    ("percentage", "%"), ("百分比", "%"),
)  # fmt: skip
# In this order: the longer expressions first.
_TAKEN_OUT = (
    "label", "no_before", "exact", "widest", "same_list",
    "either_lead", "jointly", "alone", "only_responsible", "only_groups", "only",
    "both", "responsible",
    "lead", "either", "passed", "open", "quantity", "sorted", "by_unit", "by_section",
    "by_deadline", "earliest", "latest", "most", "least", "top", "second", "mentions", "asks", "things",
    "document", "grammar",
)  # fmt: skip


class Reading:
    """Takes what it understands out of a question, until something or nothing is left."""

    def __init__(self, text: str, words: dict[str, re.Pattern[str]]) -> None:
        self._text = text
        self._words = words
        self.has_things = bool(words["things"].search(text))

    def has(self, name: str) -> bool:
        """Return whether words of this kind are there."""
        return bool(self._words[name].search(self._text))

    def take_out(self, name: str) -> None:
        self._text = self._words[name].sub(" ", self._text)

    def take_out_words(self, words: Sequence[str]) -> None:
        for word in words:
            self._text = self._text.replace(word, " ")

    def flag(self, yes: str, no: str) -> bool | None:
        if not self.has(no):
            return True if self.has(yes) else None
        return bool(self._words[yes].search(self._words[no].sub(" ", self._text)))

    def sections(self) -> tuple[int, ...]:
        found: list[int] = []
        for match in self._words["section"].finditer(self._text):
            found += section_numbers(match.group())
        self._text = self._words["section"].sub(" ", self._text)
        return tuple(dict.fromkeys(found))

    def strength(self, *, is_list: bool = False) -> tuple[str, ...]:
        """Return the words that the text of a measure is to have, in Chinese."""
        if not (is_list or self.has("mentions") or self.has("quoted_strength")):
            return ()
        quoted = [next(filter(None, groups)) for groups in self._words["quoted"].findall(self._text)]
        found = [word for word in quoted if _HAN.search(word)] or self._words["strength"].findall(self._text)
        found = [word for word in found if not _OF_RECORDS.search(word)]
        if found:
            self._text = self._words["quoted"].sub(" ", self._text)
            self._text = self._words["strength"].sub(" ", self._text)
        return tuple(dict.fromkeys(map(_in_chinese, found)))

    def text_words(self) -> tuple[str, ...]:
        """Return the words that the text is to have where nothing quotes them, and take them out."""
        found = [word for groups in self._words["text_words"].findall(self._text) for word in groups if word]
        self.take_out("text_words")
        words = [word for run in found for word in run.split("\u3001")]
        return tuple(dict.fromkeys(w for w in words if len(w) > 1 and not _OF_RECORDS.search(w)))

    def quoted_words(self) -> tuple[str, ...]:
        """Return every Chinese word between quotation marks, and take them out."""
        found = [next(filter(None, groups)) for groups in self._words["quoted"].findall(self._text)]
        if len(_LATIN.findall(self._text)) > 2:  # an English question names the words in Chinese
            found += _HAN_RUN.findall(self._text)
        self.take_out("quoted")
        kept = [
            word for word in found if _HAN.search(word) and len(word) > 1 and not _OF_RECORDS.search(word)
        ]
        return tuple(dict.fromkeys(kept))

    def shape(self) -> tuple[Shape, int, int]:
        """Return what is done with the measures, the rank that is asked for and how many ranks."""
        most, least = self.has(Shape.MOST.value), self.has(Shape.LEAST.value)
        grouped = any(self.has(name) for name in ("by_unit", "by_section", "by_deadline"))
        found = (
            (self.has("sorted"), Shape.LIST),
            (self.has(Shape.WIDEST.value), Shape.WIDEST),
            (grouped and not (most or least), Shape.GROUPED),
            (self.has(Shape.EARLIEST.value) and not (most or least), Shape.EARLIEST),
            (self.has(Shape.LATEST.value) and not (most or least), Shape.LATEST),
            (most, Shape.MOST),
            (least, Shape.LEAST),
        )
        shape = next((shape for is_asked, shape in found if is_asked), Shape.LIST)
        top = self._words["top"].search(self._text)
        n_ranks = _COUNTS.get(next(filter(None, top.groups())).casefold(), 1) if top else 1
        is_most = shape is Shape.MOST
        return shape, 2 if is_most and self.has("second") else 1, n_ranks if is_most else 1

    def exact(self) -> int | None:
        match = self._words["exact"].search(self._text)
        numeral = next(filter(None, match.groups())) if match else ""
        return int(number_of(numeral) or 0) if numeral else None

    def by(self) -> By:
        """Return what is grouped or ranked."""
        if self.has("by_deadline"):
            return By.MONTH
        if self.has("by_section"):
            return By.SECTION
        return By.RESPONSIBLE if self.has("responsible") and not self.has("lead") else By.LEAD

    def unknown_unit(self) -> str | None:
        match = self._words["unknown_unit"].search(self._text)
        if match is None:
            return None
        self._text = f"{self._text[: match.start()]} {self._text[match.end() :]}"
        return match.group().strip()

    def title_words(self) -> tuple[str, ...]:
        """Return the words that the title is to have, and take them out."""
        found = self._words["title_words"].findall(self._text)
        self.take_out("title_words")
        return tuple(word for groups in found for word in groups if word)

    def roles(self, named: Sequence[NamedUnits], *, is_list: bool = False) -> list[tuple[int, str]]:
        """Return each mention with the role that stands nearest to it: lead, responsible or any."""
        lead, responsible, either = (
            self.has("lead"),
            self.has("responsible"),
            self.has("either") or self.has("both"),
        )
        said = lead or responsible or either or self.has_things or self.has("asks")
        if not (named and (said or is_list)):
            return []
        if lead and responsible and len(named) > 1 and not self.has("both"):
            if self.has("in_turn"):  # 前者牵头, 后者为责任单位
                return [(n, "responsible" if n else "lead") for n in range(len(named))]
            return [(n, self._nearest_role(one.mark)) for n, one in enumerate(named)]
        if either or (lead and responsible and len(named) == 1 and not self.has("only_responsible")):
            return [(n, "any") for n in range(len(named))]
        role = "responsible" if responsible or self.has("only_responsible") else "lead"
        return [(n, role) for n in range(len(named))]

    def _nearest_role(self, mark: str) -> str:
        at = self._text.index(mark)
        near = 14 if _HAN.search(self._text) else 32  # characters: about as many words
        after = re.split(UNIT, self._text[at + 1 :])[0][:near]
        before = re.split(UNIT, self._text[:at])[-1][-near:]
        if _LED_BY.search(before):
            return "lead"
        clause = re.split("[,\uff0c\u3001;\uff1b]", before)[-1]
        found = self._roles_near(clause, after) or self._roles_near(before, after)
        return min(found, key=lambda one: one[0], default=(0, "lead"))[1]

    def _roles_near(self, before: str, after: str) -> list[tuple[int, str]]:
        """Return how far the words of each role stand from a mention between two stretches."""
        found = []
        for name in ("lead", "responsible"):
            if follows := self._words[name].search(after):
                found.append((follows.start(), name))
            found += [(len(before) - match.end(), name) for match in self._words[name].finditer(before)]
        return found

    def residue(self) -> str:
        """Return what is left once every word of lists is taken out; "" for a question for the records."""
        rest = self._text
        for name in _TAKEN_OUT:
            rest = self._words[name].sub(" ", rest)
        rest = re.sub(UNIT, " ", rest)
        left = re.sub(r"[\W\d_]+", " ", rest).strip()
        return left if re.search(r"[\u3400-\u9fff]", left) or re.search(r"[a-z]{3}", left) else ""


def _in_chinese(word: str) -> str:
    return next((chinese for english, chinese in _STRENGTH_EN if word.casefold().startswith(english)), word)
