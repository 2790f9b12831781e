import pytest

from corpus import load_notices
from evals.baselines import PlainBM25, Quickstart, chunks, measure_of
from evals.cases import Case
from evals.metrics import strictly_right


class LetterEncoder:
    """Counts two characters; nothing else is near anything."""

    def embed_query(self, text):
        return [float(text.count("消")), float(text.count("税"))]

    def embed_documents(self, texts):
        return [self.embed_query(text) for text in texts]


@pytest.fixture(scope="module")
def notices():
    return load_notices()


@pytest.fixture(scope="module")
def bm25(notices, tmp_path_factory):
    return PlainBM25(notices, tmp_path_factory.mktemp("jieba"))


def test_bm25_finds_a_measure_by_its_own_words(bm25, notices):
    for measure in notices[0].measures[:5]:
        assert bm25.ask(measure.text).citations[0].measure_number == measure.number


def test_bm25_answers_even_without_a_known_word(bm25):
    assert bm25.ask("zzz").status == "answered"


def test_bm25_has_units_and_deadline_from_the_records(bm25, notices):
    measure = notices[0].measure(11)
    units = tuple(unit.name for unit in measure.lead_units)
    asked = Case("1", "zh", "howto", measure.text, measures=(11,), lead_units=units)
    answer = bm25.ask(measure.text)
    assert strictly_right(asked, answer.as_dict()).right
    assert answer.citations[0].exact == notices[0].source[measure.start : measure.end]
    assert answer.citations[0].deadline == measure.deadline.text


def test_cuts_chunks_of_500_characters_that_overlap_by_50():
    cut = chunks("a" * 960)
    assert [(start, len(text)) for start, text in cut] == [(0, 500), (450, 500), (900, 60)]
    assert chunks("a" * 500) == [(0, "a" * 500)]


def test_gives_a_chunk_to_the_measure_in_which_most_of_it_lies(notices):
    third = notices[0].measure(3)
    found = measure_of(notices[0], third.start - 20, third.end)
    assert found == third
    assert measure_of(notices[0], 0, 20) is None


def test_quickstart_answers_with_the_measure_of_the_nearest_chunk(notices):
    answer = Quickstart(notices, LetterEncoder()).ask("税")
    assert answer.status == "answered"
    assert "税" in answer.text
