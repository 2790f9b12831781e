"""The fact gate: a sentence about a measure, held against that measure. Plain code, whoever wrote it.

Every number, date, share, unit, platform and quoted term of the sentence must be the
measure's; a lead must lead; a word of strength may not be raised, a negation not
turned; and no other measure may fit the words much better.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.facts import Fact, FactKind, agrees, find_facts, read
from assistant.shelf import Shelf
from corpus.notice import Measure, Passage
from corpus.text import fold, sentences

_CLAUSE = re.compile(r"[^,\uff0c\u3002;\uff1b!?\uff01\uff1f:\uff1a\n]+")
_SENTENCE = re.compile(r"[^\u3002.;\uff1b!?\n]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z][a-z'-]+")
_LEADS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"牵头(?:单位|部门)?(?:[^,;。是为]{0,24}的)?(?:是|为|:|有)(?P<named>[^,;。]{2,60})",
        r"由(?P<named>[^,;。由]{2,60}?)(?:共同|联合|一起|一道|合力)?(?:牵头|带头|领头)",
        r"(?:^|[,;。])(?P<named>[^,;。由的]{2,40}?)(?:共同|联合|一起)?(?:牵头|领衔)",
        r"\b(?:led|headed|co-?led)(?: jointly)? by (?P<named>[^.;]{4,140})",
        r"\blead units?(?: is| are|:) (?P<named>[^.;]{4,140})",
        r"(?:^|[.;,] )(?P<named>[^.;,]{4,120}?) (?:jointly |together )?(?:leads?|co-?leads?|takes? the lead|is in charge|are in charge)\b",
    )
)
# What an English sentence names after its leads are other units.
_AFTER_LEADS = re.compile(r",? (?:with|while|supported by|and (?:is|was|the work|it)|by the end|before)\b.*", re.IGNORECASE)
# What softens, by kind: as the notice and its translation write it, and as a sentence may.
_SOFT: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "encouraged": (
        re.compile(r"鼓励|\bencourag\w+"),
        re.compile(r"鼓励|提倡|倡导|支持|引导|\b(?:encourag\w+|support\w*|invit\w+|incentiv\w+|promot\w+|welcom\w+)\b"),
    ),
    "explored": (
        re.compile(r"探索|试点|\b(?:explor\w+|pilot\w*)"),
        re.compile(r"探索|试行|试点|尝试|先行先试|研究|\b(?:explor\w+|pilot\w*|trial\w*|tr(?:y|ies|ied|ying)|experiment\w*|test\w*|look(?:s|ing)? into)\b"),
    ),
    "in principle": (
        re.compile(r"原则上|\bin principle\b"),
        re.compile(r"原则上|原则为|一般|通常|\b(?:in principle|generally|normally|as a (?:general )?rule|ordinarily|in general|usually)\b"),
    ),
    "by degrees": (
        re.compile(r"逐步|\b(?:gradual\w*|step by step)"),
        re.compile(r"逐步|逐渐|渐进|分步|\b(?:gradual\w*|step by step|progressive\w*|phas\w+|over time|by degrees)\b"),
    ),
}  # fmt: skip
_ABSOLUTE = re.compile(
    r"有权|保证(?!金)|一定(?:能|会|可)|必然|强制|无条件|自动获|必定|必须|没有例外|任何情况|绝无|毫无例外"
    r"|\b(?:entitle[sd]?|right to|guarantee[sd]|mandatory|compulsory|automatically|obliged|forced|(?:without|no) exceptions?|always|under any circumstances|in all cases)\b"
)
_MUST = re.compile(r"保障|确保|须|应当|不得|严格|一律|100%|严禁|\b(?:must|shall|prohibit\w*|strict\w*|ensure\w*|guarantee)\b")
# A notice says what is to be done, not what was.
_DONE = re.compile(
    r"现已|已经?(?=建|实|全|推|完|成|取|落|形|做|强|开)|\b(?:has|have) (?:already |now |since )?been\b"
)
_OPTIONAL = re.compile(
    r"自愿|视情况|酌情|可自行|如有需要|\bif \w+(?: \w+){0,3} (?:chooses?|wish\w*|sees?|wants?)\b|\bwhere time permits\b|\bat (?:its|their) discretion\b|\bvoluntar\w+|\badvised\b|\boptional\w*"
)
# What denies in the notice; and what may deny in a sentence, which has more words for it.
_DENIED = re.compile(
    r"不得|不再|无需|不需|严禁|禁止|杜绝|避免|免缴|无偿|零收费"
    r"|\b(?:not|never|no|without|cannot|prohibit\w*|forbid\w*|avoid\w*|free of charge|exempt\w*|zero|eliminat\w+)\b"
)
_DENIES = re.compile(
    r"不(?!断|动产|同|仅|少|良|规范|实|诚|法|合理|到位|超过|晚于|迟于|低于|足|多于|大于|符|论|管|涉密)|无(?!人机|纸|差别|论|形|阻|缝|一例外)|未(?!来)|没|免(?!费政|申)|严禁|禁|杜绝|避免|防止|勿|拒|零|减免|清理|取消|整治|查处|打击|清除|遏制|非"
    r"|\b(?:not|never|no|nor|none|without(?! delay)|cannot|prohibit\w*|forbid\w*|forbidden|bann?e?d?|avoid\w*|free|exempt\w*|waiv\w+|stamp\w* out|eliminat\w+|barred|zero|prevent\w*|instead|rather|stop\w*|nothing|neither|non|unless|except\w*|outside|only after|curb\w*|rid|less|fewer|nobody|hidden|reduc\w+|end to)\b|n't\b|unclassified"
)
_REFUSES = re.compile(r"不得|严禁|禁止|杜绝|清理妨碍|整治|查处|\b(?:must not|prohibit\w*|forbid\w*|eliminat\w+|clean up|rectify|may not)\b")
_PERMITS = re.compile(r"允许|准许|可以|可(?=收|转|由|让)|\b(?:may|can|permitt?ed|allowed)\b")
_PERMITS_NOT = re.compile(r"不(?:允许|准许|可以?|能|得|许)|\b(?:may|can|are|is|be) (?:\w+ )?(?:not|never|no longer)\b|\bcannot\b|n't\b|\bnothing\b|\bno\b|not (?:permitted|allowed)")
_BEFORE_AFTER = (
    re.compile(r"之前|以前|(?<=[地工报让拨])前|供地前|开工前|\b(?:before|prior to|ahead of)\b"),
    re.compile(r"之后|以后|(?<=[地工报让拨])后|\b(?:after|once|following)\b"),
)
_PAYS = re.compile(r"付费|[要须可半会再]收费|以收费|出资|出钱|自费|由用户(?:投资|承担)|用户出|收取|\b(?:pays?|paying|for a fee|at (?:their|its) own expense|charged|be borne by)\b")
_WAIVED = re.compile(r"无需用户投资|无偿|零收费|不得由用户承担|免缴|减免|\b(?:free of charge|no investment|zero[ -]charges?)\b")
SHORT_CLAUSE = 5  # words or pairs of characters; less says too little to be compared
SUPPORT_AT_LEAST = 0.35
OTHER_SUPPORTS_BY = 0.2
OTHER_AT_LEAST = 0.6


@dataclass(frozen=True, slots=True)
class _Source:
    """A clause of the notice, in Chinese and, for a sentence of several, in English."""

    text: str
    sentence: str  # that it stands in
    pieces: frozenset[str]


class Claims:
    """Checks sentences against the measures they cite. Built once for a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def problems(self, sentence: str, cited: Sequence[Passage]) -> tuple[str, ...]:
        """Return what in a sentence the cited passages do not bear out; () if it may be shown."""
        if not cited:
            return ("cites nothing",)
        text = read(sentence)
        known = [self.known(passage) for passage in cited]
        found = [
            *self._unknown_facts(text, known),
            *_wrong_leads(text, cited, self._shelf),
            *self._unsupported(text, cited, known),
            *_turned(text, known),
        ]
        return tuple(dict.fromkeys(found))

    def known(self, passage: Passage) -> "Known":
        """Return all that may be said of a passage; gathered once."""
        cached = self._cache.get(passage.passage_id)
        if cached is None:
            cached = self._cache[passage.passage_id] = Known.of(passage, self._shelf)
        return cached

    @cached_property
    def _cache(self) -> dict[str, "Known"]:
        return {}

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """Return how much a piece of text tells, by how few passages have it."""
        passages = [self.known(p) for notice in self._shelf.notices for p in self._shelf.passages_of(notice)]
        counts: dict[str, int] = {}
        for known in passages:
            for piece in known.pieces:
                counts[piece] = counts.get(piece, 0) + 1
        return {piece: math.log(1 + len(passages) / n) for piece, n in counts.items()}

    def nearest_sentence(self, sentence: str, passages: Sequence[Passage]) -> tuple[Passage, tuple[int, int]]:
        """Return the sentence of the passages that shares most with a sentence, as its place in the source."""
        pieces = _pieces(read(sentence))
        found = []
        for passage in passages:
            for span in sentences(passage.text):
                start, end = passage.start + span.start, passage.start + span.end
                english = self._shelf.english_of(passage.passage_id, start, end)
                own = _pieces(read(span.of(passage.text))) | _pieces(read(english))
                found.append((len(pieces & own), passage, (start, end)))
        _, passage, span_in_source = max(found, key=lambda one: one[0])
        return passage, span_in_source

    def _unknown_facts(self, text: str, known: Sequence["Known"]) -> Iterator[str]:
        for fact in find_facts(text, self._shelf.units):
            if fact.kind is FactKind.QUOTED:
                if not any(one.says(str(fact.value)) for one in known):
                    yield f"quotes {fact.value!r}, which is not there"
            elif fact.kind is FactKind.TIMES and fact.value == 1.0:
                continue  # once: an everyday word
            elif not any(agrees(fact, one.facts) for one in known):
                yield f"{fact.kind.value}: {fact.printed!r} is not there"

    def _unsupported(self, text: str, cited: Sequence[Passage], known: Sequence["Known"]) -> Iterator[str]:
        """Find clauses that another measure bears out much better than those cited."""
        cited_ids = {passage.passage_id for passage in cited}
        for clause in _CLAUSE.findall(text):
            pieces = _pieces(clause)
            if len(pieces) < SHORT_CLAUSE + 2:
                continue
            own = max(self._support(pieces, one) for one in known)
            others = [
                (self._support(pieces, self.known(passage)), passage.passage_id)
                for notice in self._shelf.notices
                for passage in self._shelf.passages_of(notice)
                if passage.passage_id not in cited_ids
            ]
            best, passage_id = max(others, default=(0.0, ""))
            if own < SUPPORT_AT_LEAST and best > max(OTHER_AT_LEAST, own + OTHER_SUPPORTS_BY):
                yield f"{clause.strip()!r} is of {passage_id}"

    def _support(self, pieces: frozenset[str], known: "Known") -> float:
        """Return the share of a clause's pieces that a passage has, weighted by rarity."""
        default = 3.0
        total = sum(self._rarity.get(piece, default) for piece in pieces)
        return sum(self._rarity.get(piece, default) for piece in pieces & known.pieces) / total


@dataclass(frozen=True, slots=True)
class Known:
    """All that may be said of a passage."""

    facts: tuple[Fact, ...]
    folded: str  # all its words, in both languages
    pieces: frozenset[str]
    clauses: tuple[_Source, ...]

    @classmethod
    def of(cls, passage: Passage, shelf: Shelf) -> "Known":
        measure = shelf.measure_of(passage)
        notice = shelf.notice_of(passage)
        day = notice.issued_on
        english = shelf.english_of(passage.passage_id, passage.start, passage.end)
        texts = [passage.text, english, passage.title, shelf.english.title(passage.passage_id)]
        texts += list(_record(measure, shelf)) if measure else []
        texts.append(f"{notice.document_number} {notice.title} {day.year}年{day.month}月{day.day}日")
        facts = [fact for text in texts for fact in find_facts(read(text), shelf.units)]
        whole = [
            read(piece) for text in (passage.text, english) for piece in _SENTENCE.findall(text) if piece.strip()
        ]
        return cls(
            tuple(facts),
            fold("\n".join(texts)),
            frozenset(piece for text in texts for piece in _pieces(read(text))) | _RECORD_PIECES,
            tuple(
                _Source(clause, sentence, _pieces(clause))
                for sentence in whole
                for clause in _CLAUSE.findall(sentence)
            ),
        )

    def says(self, words: str) -> bool:
        """Return whether words stand in the notice; English ones, as there is no official English, by half."""
        pieces = _pieces(read(words))
        is_english = not _HAN.search(words)
        return fold(words) in self.folded or (is_english and 2 * len(pieces & self.pieces) >= len(pieces))

    def nearest(self, pieces: frozenset[str]) -> _Source | None:
        """Return the clause that shares most with a clause of a sentence; None where none shares half a third."""
        best = max(self.clauses, key=lambda clause: len(pieces & clause.pieces), default=None)
        if best is None or len(pieces & best.pieces) < max(2, len(pieces) / 4):
            return None
        return best


def _record(measure: Measure, shelf: Shelf) -> Iterator[str]:
    """Return what the records hold of a measure, in both languages."""
    for unit in (*measure.lead_units, *measure.responsible_units):
        yield unit.name
        yield shelf.english.unit(unit.name)
    yield f"第{measure.number}项 measure {measure.number}"
    due = measure.deadline.due_on
    yield f"{measure.deadline.text} {due.year}年{due.month}月{due.day}日"
    yield f"第{measure.section.number}部分 {measure.section.title}"


def _wrong_leads(text: str, cited: Sequence[Passage], shelf: Shelf) -> Iterator[str]:
    leads = {
        unit.name
        for passage in cited
        if (measure := shelf.measure_of(passage))
        for unit in measure.lead_units
    }
    # The text itself may say who leads a part of the work.
    for passage in cited:
        for sentence in _SENTENCE.findall(read(passage.text)):
            if "牵头" in sentence:
                leads |= {name for _, _, names in shelf.units.find_spans(sentence) for name in names}
    for pattern in _LEADS:
        for match in pattern.finditer(text):
            for fact in find_facts(_AFTER_LEADS.sub("", match["named"]), shelf.units):
                if fact.kind is FactKind.UNIT and leads and not leads & set(fact.value):  # type: ignore[arg-type]
                    yield f"{fact.printed!r} does not lead"


def _turned(text: str, known: Sequence[Known]) -> Iterator[str]:
    """Find clauses that are stronger than the source's, or that say the contrary."""
    for clause in _CLAUSE.findall(text):
        pieces = _pieces(clause)
        sources = [source for one in known if (source := one.nearest(pieces))]
        if len(pieces) < SHORT_CLAUSE or not sources:
            continue
        source = max(sources, key=lambda one: len(pieces & one.pieces))
        for kind, (printed, said) in _SOFT.items():
            if printed.search(source.text) and not said.search(text):
                yield f"{clause.strip()!r}: the notice says {kind}"
            if printed.search(clause) and not said.search(source.sentence):
                yield f"{clause.strip()!r}: the notice does not say {kind}"
        if _ABSOLUTE.search(clause) and not (_ABSOLUTE.search(source.sentence) or _MUST.search(source.text)):
            yield f"{clause.strip()!r} promises more than the notice"
        for added in (_DONE, _OPTIONAL):
            if added.search(text) and not added.search(source.sentence):
                yield f"{clause.strip()!r}: the notice does not say {added.search(text).group()!r}"
        for before, after in (_BEFORE_AFTER, _BEFORE_AFTER[::-1]):
            turned = after.search(clause) and not before.search(clause)
            if turned and before.search(source.text) and not after.search(source.sentence):
                yield f"{clause.strip()!r} turns before and after"
        if _DENIED.search(source.text) and not _DENIES.search(text):
            yield f"{clause.strip()!r} leaves out what the notice denies"
        if _DENIES.search(clause) and not _DENIES.search(source.sentence):
            yield f"{clause.strip()!r} denies what the notice says"
        if _REFUSES.search(source.sentence) and _PERMITS.search(clause) and not _PERMITS_NOT.search(clause):
            yield f"{clause.strip()!r} permits what the notice refuses"
        if _PAYS.search(clause) and not _DENIES.search(clause) and _WAIVED.search(source.sentence):
            yield f"{clause.strip()!r} charges for what the notice waives"


def _pieces(text: str) -> frozenset[str]:
    """Return pairs of Chinese characters and stems of Latin words."""
    han = [text[n : n + 2] for n in range(len(text) - 1) if _HAN.match(text[n]) and _HAN.match(text[n + 1])]
    return frozenset(han) | {_stem(word) for word in _LATIN.findall(text) if word not in _COMMON}


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ies", "ied", "es", "ed", "s", "ly", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


_COMMON = frozenset(
    "the a an of to in on at by for and or is are be been with as that this these those it its from will shall must"
    " may can which who whose their there under into than then has have had also any all such so not no within".split()
)



# What anybody says of a record: no measure is known by it.
_RECORD_PIECES = _pieces(
    "牵头单位责任单位完成时限完成时间截止时间节点要求须在须于应当落实到位月底前完成参与配合等参与印作这项工作由负责牵头共同牵头"
    " lead leads led unit responsible deadline due date completed complete finish end before work measure bureau printed"
)
