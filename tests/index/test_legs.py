import pytest

from corpus.notice import Notice
from corpus.passages import passages
from index.legs import Legs, Material, material, passage_items
from tests.index.conftest import HashEncoder


def test_has_one_passage_for_each_measure(gathered: Material) -> None:
    numbers = [passage.measure_number for passage in gathered.passages if passage.measure_number]
    assert numbers == list(range(1, 40))


def test_has_one_passage_for_each_clause_and_the_head(gathered: Material, notice: Notice) -> None:
    others = {passage.passage_id.partition("#")[2] for passage in gathered.passages} - {
        f"m{number:02}" for number in range(1, 40)
    }
    assert others == {"meta", *(clause.key for clause in notice.clauses)}


def test_gives_each_question_of_the_bank_a_vector(gathered: Material, bank: tuple[object, ...]) -> None:
    assert sum(item.role == "question" for item in gathered.items) == len(bank)


def test_gives_each_passage_and_each_sentence_a_vector_and_its_place(
    gathered: Material, notice: Notice
) -> None:
    printed = [item for item in gathered.items if item.role != "question"]
    assert all(notice.source[item.start : item.end] == item.text for item in printed)
    assert sum(item.role == "passage" for item in printed) == len(gathered.passages)


def test_leaves_no_character_of_a_measure_out_of_its_sentences(gathered: Material) -> None:
    for passage in gathered.passages:
        cut = "".join(item.text for item in passage_items(passage)[1:])
        assert "".join(cut.split()) == "".join(passage.text.split())


def test_gives_each_item_its_own_id(gathered: Material) -> None:
    assert len({item.item_id for item in gathered.items}) == len(gathered.items)


def test_gives_bm25_one_document_for_each_passage(gathered: Material) -> None:
    assert len(gathered.documents) == len(gathered.passages)
    assert all(d.startswith(p.text) for d, p in zip(gathered.documents, gathered.passages, strict=True))


def test_works_without_a_bank(notice: Notice) -> None:
    assert {item.role for item in material((notice,), ()).items} == {"passage", "sentence"}


@pytest.mark.parametrize("leg", ["bigrams", "words", "vectors"])
def test_finds_each_measure_by_its_title_with_each_leg_alone(exact: Legs, notice: Notice, leg: str) -> None:
    # Clause 1 prints the title of measure 34 too, so the clauses stand aside here.
    measures = [i for i, passage in enumerate(exact.passages) if passage.measure_number]
    found = {}
    for measure in notice.measures:
        scores = exact.scores(measure.title)[0][leg]
        found[measure.number] = exact.passages[max(measures, key=scores.__getitem__)].measure_number
    assert found == {number: number for number in range(1, 40)}


def test_scores_nothing_in_any_leg_for_unknown_words(exact: Legs) -> None:
    scores, vector = exact.scores("xqzv jkwq")
    assert not vector.any()
    assert not any(leg.any() for leg in scores.values())


def test_gives_each_leg_one_score_for_each_passage(exact: Legs) -> None:
    scores, _ = exact.scores("水电气网报装")
    assert {len(leg) for leg in scores.values()} == {len(exact.passages)}


def test_keeps_the_notices_order(gathered: Material, notice: Notice) -> None:
    assert gathered.passages == passages(notice)


def test_gives_a_fake_encoder_rows_of_length_one() -> None:
    row = HashEncoder("a").encode(["水电气网"])[0]
    assert float(row @ row) == pytest.approx(1)
