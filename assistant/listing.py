"""Which measures a question wants listed, counted, grouped or ranked: read word by word.

A question is one for the records if the classifier of question types takes it for one, or
if nothing is left of it once units, deadlines, sections, roles and the grammar of lists are
taken out: 市住建局负责的联合验收包括什么 leaves 联合验收, a matter, and is searched for.
"""

from dataclasses import dataclass, replace
from datetime import date

from assistant.due import Due
from assistant.list_shapes import By, Lexicon, Shape, list_words
from assistant.list_words import Asked, read_asked
from assistant.question_type import is_hardly_a_list, is_likely_a_list, is_plainly_a_facet
from corpus.records import Conditions
from corpus.units import searchable

# The groups that most lists of responsible units end with, and some have nothing else.
LOCAL_GROUPS = ("各区县政府", "西咸新区管委会", "各开发区管委会")


@dataclass(frozen=True, slots=True)
class Listing:
    """One list that is asked for."""

    conditions: Conditions
    shape: Shape = Shape.LIST
    by: By = By.LEAD  # of groups and ranks
    sorted_by_deadline: bool = False
    due: Due | None = None  # how the deadline was read
    rank: int = 1  # of Shape.MOST: the second, the first three …
    n_ranks: int = 1
    unknown_unit: str | None = None  # named as a unit, but the notice has none of that name
    exact: int | None = None  # of ranks: how many measures a group is to have
    english_words: tuple[str, ...] = ()  # of which one stands in the translation of the text
    without: tuple[Conditions, ...] = ()  # 把6月到期的去掉: measures that meet any of these are left out

    @property
    def units(self) -> tuple[str, ...]:
        found = self.conditions
        return (*found.lead_units, *found.responsible_units, *found.units_in_any_role)


def find_listings(text: str, lexicon: Lexicon) -> tuple[Listing, ...]:
    """Return the lists a question asks for; () where it asks for something else."""
    if is_hardly_a_list(text) and not lexicon.units.find_spans(searchable(text)):
        return ()
    is_likely = is_likely_a_list(text) or bool(list_words()["mentioning"].search(text.casefold()))
    if not (is_likely or list_words()["may_ask"].search(text.casefold())):
        return ()
    asked = read_asked(text, lexicon, is_list=is_likely)
    return _listings(asked, text, lexicon, is_likely=is_likely)


def _listings(asked: Asked, text: str, lexicon: Lexicon, *, is_likely: bool) -> tuple[Listing, ...]:
    topics = lexicon.topics
    counts_them = asked.counts_all and bool(list_words()["of_the_plan"].search(text.casefold()))
    # What is left may be small talk, if a list is asked for in so many words.
    is_read = not asked.residue or not (asked.names_a_matter or not topics or not _asks_for_a_list(asked))
    checks = bool(asked.n_topics) and bool(list_words()["checks"].search(text.casefold()))
    # “上下联动”里还有什么要求: words alone may name a matter, too.
    only_words = bool(asked.words) and not (asked.named or asked.due or asked.sections)
    n_topics = max(asked.n_topics, int(only_words))
    can_tell = bool(topics) or not asked.residue  # whether what is left is about something
    # 世界杯哪个队夺冠最多 ranks something else; 西安水务集团的微信号 is no list.
    of_measures = bool(asked.named or asked.due or asked.sections) or asked.is_about_measures
    of_measures = (
        of_measures or bool(asked.words or asked.english_words or asked.title_words) or asked.has_role_word
    )
    is_contact = bool(list_words()["contact"].search(text.casefold()))
    if (
        is_plainly_a_facet(text)
        and not counts_them
        and not (asked.named or asked.due or asked.sections or asked.passed)
    ):
        return ()  # “有条件的开发区”是哪几个,请列明名单
    is_likely = is_likely and of_measures and not is_contact
    is_likely = is_likely and can_tell and not checks and is_likely_a_list(text, n_topics=n_topics)
    if not (is_read or is_likely or counts_them):
        return ()
    if asked.counts_all and asked.due and asked.due.reading == "due.in_year":
        return ()  # 2025年的方案有几条措施: another document
    if asked.counts_all and not (asked.has_criteria or asked.named):
        return (Listing(Conditions(), Shape.GROUPED, By.SECTION),)  # how many measures there are
    selects = asked.has_criteria or bool(asked.named)
    is_one = selects if is_likely else _is_for_the_records(asked)
    return with_units(criteria_of(asked, lexicon.today), asked) if is_one else ()


def _is_for_the_records(asked: Asked) -> bool:
    """Return whether there is something to select by, something selected, and a question or a role."""
    selects = asked.has_criteria or bool(asked.named)
    selected = (
        asked.has_things
        or asked.has_role
        or (asked.asks and bool(asked.named or asked.due))
        or (asked.says_due and (bool(asked.due) or asked.shape[0] is not Shape.LIST))
    )
    several_roles = len({role for _, role in asked.roles}) > 1
    keywords = bool(asked.named) and asked.has_role_word and asked.says_due  # 人社局 牵头 完成时限
    asks = asked.asks or asked.wants_list or several_roles or asked.has_criteria or keywords
    return selects and selected and (asks or (asked.has_role and asked.has_things))


def _asks_for_a_list(asked: Asked) -> bool:
    return asked.wants_list and (asked.is_about_measures or bool(asked.due) or asked.has_role)


def is_about_one(text: str) -> bool:
    """Return whether a turn asks whether, not which: 责任单位里有没有市投资局."""
    words, lower = list_words(), text.casefold()
    return not (words["things"].search(lower) or words["wants_list"].search(lower))


def names_measures(text: str) -> bool:
    """Return whether a turn names the measures or the document they are in: 一共多少项措施."""
    words, lower = list_words(), text.casefold()
    return bool(words["core"].search(lower) or words["document"].search(lower))


def checks_one(text: str) -> bool:
    """Return whether a turn only wants something confirmed: 时限是2024年9月底前,对吗."""
    words, lower = list_words(), text.casefold()
    return bool(words["checks"].search(lower)) and not words["wants_list"].search(lower)


def stands_alone(text: str) -> bool:
    """Return whether a turn names measures by itself, and not some of those listed before."""
    words, lower = list_words(), text.casefold()
    return bool(words["things"].search(lower)) and not words["narrows"].search(lower)


def criteria_of(asked: Asked, today: date) -> Listing:
    """Return the list without its units."""
    due, words = asked.due, asked.words
    today = asked.as_of or today
    conditions = Conditions(
        due_first=due.first if due else None,
        due_last=due.last if due else None,
        due_printed=due.printed if due else None,
        deadline_label=asked.label,
        sections=asked.sections,
        led_jointly=asked.jointly,
        passed_on=today if asked.passed else None,
        open_on=today if asked.open else None,
        words=words if len(words) == 1 else (),
        any_word=words if len(words) > 1 else (),
        has_quantity=asked.quantity,
        responsible_within=LOCAL_GROUPS if asked.only_local else (),
        only_groups=asked.only_groups,
        printed_without="前" if asked.no_before else None,
        title_words=asked.title_words,
        due_months=due.months if due else (),
    )
    if asked.both_words:
        conditions = replace(conditions, words=words, any_word=())
    shape, rank, n_ranks = asked.shape
    if asked.exact:
        shape = Shape.LEAST
    return Listing(
        conditions,
        shape,
        asked.by,
        asked.by_time,
        due,
        rank,
        n_ranks,
        unknown_unit=asked.unknown,
        exact=asked.exact,
        english_words=asked.english_words,
        without=asked.without,
    )


def with_units(base: Listing, asked: Asked) -> tuple[Listing, ...]:
    """Put the units into the conditions: one list for each unit, unless they are to be named together."""
    roles = [
        (n, one)
        for n, role in asked.roles
        for one in (("lead", "responsible") if role == "both" else (role,))
    ]
    if not roles:
        return (base,)
    are_apart = any(role == "both" for _, role in asked.roles)
    if asked.either_leads and {role for _, role in roles} == {"lead"}:
        either = tuple(name for n, _ in roles for name in asked.named[n].names)
        return (replace(base, conditions=replace(base.conditions, any_lead_unit=either)),)
    if not are_apart and (asked.jointly or asked.in_one_list or len({role for _, role in roles}) > 1):
        conditions = base.conditions
        if asked.jointly and sum(role == "lead" for _, role in roles) > 1:
            conditions = replace(conditions, led_jointly=None)
        for n, role in roles:
            conditions = with_unit(conditions, asked.named[n].names[:1], role)
        return (replace(base, conditions=conditions),)
    return tuple(
        replace(base, conditions=with_unit(base.conditions, (name,), role))
        for n, role in roles
        for name in asked.named[n].names
    )


def with_unit(conditions: Conditions, names: tuple[str, ...], role: str) -> Conditions:
    if role == "lead":
        return replace(conditions, lead_units=(*conditions.lead_units, *names))
    if role == "responsible":
        return replace(conditions, responsible_units=(*conditions.responsible_units, *names))
    return replace(conditions, units_in_any_role=(*conditions.units_in_any_role, *names))
