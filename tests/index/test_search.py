from dataclasses import asdict

import pytest

from corpus.bank import BankQuestion
from corpus.notice import Notice
from corpus.text import sentences
from index.calibrate import shipped_calibration
from index.legs import Legs, passage_items
from index.library import Library
from index.search import N_HITS, SearchIndex


@pytest.fixture(scope="module")
def in_memory(exact: Legs) -> SearchIndex:
    """The second implementation: no Chroma, nothing read from a file."""
    items = [item for passage in exact.passages for item in passage_items(passage)[1:]]
    rows = exact.encoder.encode([item.text for item in items])
    vectors = {item.item_id: row for item, row in zip(items, rows, strict=True)}
    return SearchIndex("memory", exact, vectors, shipped_calibration(encoder_is_shipped=True))


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
    for question in bank[::20]:
        ours, theirs = library.search(question.text), in_memory.search(question.text)
        assert [hit.passage for hit in ours] == [hit.passage for hit in theirs]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-4)
        assert [hit.probability for hit in ours] == pytest.approx([h.probability for h in theirs], abs=1e-3)


@pytest.mark.parametrize("query", ["", "   ", "?!", "xqzv jkwq", "\U0001f600", "\ud800"])
def test_finds_nothing_where_no_word_is_known(library: Library, query: str) -> None:
    assert library.search(query) == ()


def test_gives_at_most_so_many_hits_best_first(library: Library) -> None:
    hits = library.search("企业")
    assert [hit.rank for hit in hits] == list(range(1, N_HITS + 1))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_scores_and_probabilities_lie_between_zero_and_one(library: Library) -> None:
    hits = library.search("水电气网报装")
    assert all(0 < hit.score <= 1 and 0 < hit.probability < 1 for hit in hits)


def test_scores_the_sentences_of_the_first_two_hits_only(library: Library) -> None:
    assert [bool(hit.sentences) for hit in library.search("水电气网报装")][:3] == [True, True, False]


def test_scores_the_sentence_that_is_asked_for_highest(library: Library, notice: Notice) -> None:
    measure = notice.measure(6)
    span = sentences(measure.text)[2]
    best = max(library.search(span.of(measure.text))[0].sentences, key=lambda sentence: sentence.score)
    assert notice.source[best.start : best.end] == span.of(measure.text)


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
