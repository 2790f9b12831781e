from dataclasses import asdict, replace

import pytest

from corpus.bank import BankQuestion, NegativeQuestion
from corpus.notice import Notice
from corpus.text import sentences
from index.calibrate import shipped_judge
from index.legs import Legs, Material
from index.library import Library
from index.rows import Rows
from index.search import N_HITS, N_JUDGED, SearchIndex
from index.words import Words
from tests.index.conftest import Homophones


@pytest.fixture(scope="module")
def in_memory(exact: Legs, gathered: Material) -> SearchIndex:
    """The second implementation: no Chroma, nothing read from a file."""
    return searchable(exact, gathered)


def searchable(legs: Legs, gathered: Material, *, encoder_is_shipped: bool = True) -> SearchIndex:
    sentences = [item for item in gathered.items if item.role == "sentence"]
    vectors = legs.encoder.encode([item.text for item in sentences])
    rows = Rows(tuple(item.item_id for item in sentences), vectors)
    return SearchIndex("memory", legs, gathered, rows, shipped_judge(encoder_is_shipped=encoder_is_shipped))


def share_found(library: Library, asked: list[tuple[str, set[str]]]) -> float:
    """Return for which share of (question, right passages) one is among the first three."""
    found = [right & {hit.passage.passage_id for hit in library.search(text)[:3]} for text, right in asked]
    return sum(map(bool, found)) / len(found)


def test_finds_each_measure_first_by_its_title(library: Library, notice: Notice) -> None:
    found = {m.number: library.search(m.title)[0].passage.measure_number for m in notice.measures}
    assert found == {number: number for number in range(1, 40)}


def test_finds_each_measure_first_by_each_of_its_sentences(library: Library, notice: Notice) -> None:
    asked = [(m.number, span.of(m.text)) for m in notice.measures for span in sentences(m.text)]
    missed = [(n, text) for n, text in asked if library.search(text)[0].passage.measure_number != n]
    assert len(asked) > 100
    assert missed == []


def test_finds_each_clause_first_by_its_title(library: Library, notice: Notice) -> None:
    missed = [
        c.key for c in notice.clauses if not library.search(c.text)[0].passage.passage_id.endswith(c.key)
    ]
    assert missed == []


def test_finds_what_a_search_in_memory_finds(
    library: Library, in_memory: SearchIndex, bank: tuple[BankQuestion, ...]
) -> None:
    for question in bank[::80]:
        ours, theirs = library.search(question.text), in_memory.search(question.text)
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-4)
        score_of = {hit.passage: hit.score for hit in theirs}
        clear = [hit for hit in ours if hit.score > ours[-1].score + 1e-4]  # ties at the end aside
        assert [hit.score for hit in clear] == pytest.approx([score_of[h.passage] for h in clear], abs=1e-4)
        assert ours[0].probability == pytest.approx(theirs[0].probability, abs=1e-3)


@pytest.mark.parametrize("query", ["", "   ", "?!", "xqzv jkwq", "\U0001f600", "\ud800"])
def test_finds_nothing_where_no_word_is_known(library: Library, query: str) -> None:
    assert library.search(query) == ()


def test_gives_at_most_so_many_hits_best_first(library: Library) -> None:
    hits = library.search("企业")
    assert [hit.rank for hit in hits] == list(range(1, N_HITS + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_scores_and_probabilities_lie_between_zero_and_one(library: Library) -> None:
    hits = library.search("水电气网报装")
    assert all(0 < hit.score <= 1 and 0 <= hit.probability <= 1 for hit in hits)


def test_judges_the_first_hits_only(library: Library) -> None:
    probabilities = [hit.probability for hit in library.search("企业")]
    assert all(probability > 0 for probability in probabilities[:N_JUDGED])
    assert probabilities[N_JUDGED:] == [0.0] * (N_HITS - N_JUDGED)


def test_never_finds_a_group_outside(
    library: Library, notice: Notice, negatives: tuple[NegativeQuestion, ...]
) -> None:
    found = {hit.passage.notice_id for q in negatives[::20] for hit in library.search(q.text)}
    assert found == {notice.notice_id}


@pytest.mark.parametrize("query", ["水电汽网抱装", "tuoqian 工程款", "shigong xuke", "lianhe yanshou"])
def test_finds_by_sound(library: Library, notice: Notice, query: str) -> None:
    meant = {"水电汽网抱装": "水电气网", "tuoqian 工程款": "拖欠", "shigong xuke": "施工许可"}.get(
        query, "联合验收"
    )
    assert meant in library.search(query)[0].passage.text


def test_finds_by_a_term_of_the_glossary(library: Library) -> None:
    assert "市场准入负面清单" in library.search("禁入名单")[0].passage.text


def test_finds_questions_with_one_homophone_nearly_as_often(
    library: Library, words: Words, bank: tuple[BankQuestion, ...]
) -> None:
    homophones = Homophones([question.text for question in bank], words)
    sample = [question for question in bank[::15] if question.language == "zh"]
    right = [{question.passage_id, *question.also} for question in sample]
    typed = [homophones.mistype(question.text) for question in sample]
    n_changed = sum(text != question.text for text, question in zip(typed, sample, strict=True))
    assert n_changed > 0.95 * len(sample) > 150
    before = share_found(library, list(zip((question.text for question in sample), right, strict=True)))
    assert share_found(library, list(zip(typed, right, strict=True))) > before - 0.04


@pytest.mark.parametrize("encoder_is_shipped", [True, False])
@pytest.mark.parametrize(
    "left_out", [{"bigrams"}, {"words"}, {"syllables"}, {"vectors"}, {"bigrams", "words", "syllables"}]
)
def test_searches_without_the_legs_left_out(
    exact: Legs, gathered: Material, left_out: set[str], encoder_is_shipped: bool
) -> None:
    rest = replace(exact, left_out=frozenset(left_out))
    hits = searchable(rest, gathered, encoder_is_shipped=encoder_is_shipped).search("水电气网报装")
    assert hits[0].passage.measure_number == 6
    assert all(0 <= hit.probability <= 1 for hit in hits)
    assert left_out.isdisjoint(name for name, _ in hits[0].legs)


def test_scores_the_sentences_of_the_first_two_hits_only(library: Library) -> None:
    assert [bool(hit.sentences) for hit in library.search("水电气网报装")][:3] == [True, True, False]


def test_scores_the_sentence_that_is_asked_for_highest(library: Library, notice: Notice) -> None:
    measure = notice.measure(6)
    span = sentences(measure.text)[2]
    best = max(library.search(span.of(measure.text))[0].sentences, key=lambda sentence: sentence.score)
    assert notice.source[best.start : best.end] == span.of(measure.text)


def test_scores_a_sentence_highest_for_its_translation(
    exact: Legs, notice: Notice, gathered: Material, english: dict[str, tuple[str, ...]]
) -> None:
    literal = searchable(replace(exact, glossaries=()), gathered)
    passage = next(passage for passage in gathered.passages if passage.measure_number == 6)
    printed = [span.of(passage.text) for span in sentences(passage.text)]
    found = []
    for line in english[passage.passage_id]:
        best = max(literal.sentences(passage, line), key=lambda sentence: sentence.score)
        assert best.score == pytest.approx(1.0, abs=1e-3)
        found.append(notice.source[best.start : best.end])
    assert found == printed


def test_scores_sentences_without_a_translation(exact: Legs, gathered: Material) -> None:
    chinese = replace(gathered, items=tuple(i for i in gathered.items if "/e" not in i.item_id))
    in_chinese = searchable(exact, chinese)
    one, other = (
        index.search("水电气网报装")[0].sentences for index in (in_chinese, searchable(exact, gathered))
    )
    assert [(s.start, s.end) for s in one] == [(s.start, s.end) for s in other]
    assert all(a.score <= b.score + 1e-6 for a, b in zip(one, other, strict=True))


def test_scores_sentences_of_a_passage_found_otherwise(library: Library) -> None:
    hit = library.search("水电气网报装")[0]
    assert library.sentences(hit.passage, "水电气网报装") == hit.sentences


def test_scores_sentences_with_zero_for_unknown_words(library: Library) -> None:
    passage = library.search("水电气网报装")[0].passage
    assert {sentence.score for sentence in library.sentences(passage, "xqzv")} == {0.0}


def test_answers_alike_twice(library: Library) -> None:
    query = "施工许可怎么办"
    assert [asdict(hit) for hit in library.search(query)] == [asdict(hit) for hit in library.search(query)]


def test_searches_a_very_long_question(library: Library) -> None:
    assert library.search("水电气网报装" * 2000)[0].passage.measure_number == 6
