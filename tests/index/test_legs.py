from dataclasses import replace

import pytest

from corpus.bank import BankQuestion, NegativeQuestion
from corpus.glossary import Entry, Glossary
from corpus.notice import Notice
from corpus.passages import passages
from index.fusion import fuse, ranking
from index.legs import OUTSIDE, Legs, Material, material, passage_items
from tests.index.conftest import HashEncoder, tiny_legs

GLOSSARY = Glossary.of([Entry("禁入名单", "市场准入负面清单", "zh")])


def test_has_one_passage_for_each_measure(gathered: Material) -> None:
    numbers = [passage.measure_number for passage in gathered.passages if passage.measure_number]
    assert numbers == list(range(1, 40))


def test_has_one_passage_for_each_clause_and_the_head(gathered: Material, notice: Notice) -> None:
    others = {passage.passage_id.partition("#")[2] for passage in gathered.passages} - {
        f"m{number:02}" for number in range(1, 40)
    }
    assert others == {"meta", *(clause.key for clause in notice.clauses)}


def test_gives_each_question_a_vector_under_each_passage_that_answers_it(
    gathered: Material, bank: tuple[BankQuestion, ...], negatives: tuple[NegativeQuestion, ...]
) -> None:
    asked = [item for item in gathered.items if item.role == "question"]
    assert len(asked) == sum(1 + len(question.also) for question in bank) + len(negatives)


def test_files_a_question_under_both_passages_that_answer_it(notice: Notice) -> None:
    both = BankQuestion("谁来管", "zh", "xian-2024-26#m01", also=("xian-2024-26#m06",))
    asked = [item.passage_id for item in material((notice,), (both,)).items if item.role == "question"]
    assert asked == ["xian-2024-26#m01", "xian-2024-26#m06"]


def test_gathers_questions_outside_by_their_group(notice: Notice) -> None:
    outside = (NegativeQuestion("b?", "en", "two"), NegativeQuestion("a?", "en", "one"))
    gathered = material((notice,), (), (*outside, replace(outside[0], text="c?")))
    assert gathered.outside == (OUTSIDE + "one", OUTSIDE + "two")
    assert gathered.documents[-2:] == ("a?", "b?\nc?")
    assert [item.item_id for item in gathered.items[-3:]] == [
        "outside/one/q0",
        "outside/two/q0",
        "outside/two/q1",
    ]


def test_takes_no_group_outside_for_a_passage(gathered: Material) -> None:
    assert len(gathered.documents) == len(gathered.passages) + len(gathered.outside)
    assert {p.passage_id for p in gathered.passages}.isdisjoint(gathered.outside)


def test_has_a_translated_sentence_for_each_printed_one(
    gathered: Material, english: dict[str, tuple[str, ...]]
) -> None:
    ids = {item.item_id: item.text for item in gathered.items if item.role == "sentence"}
    printed = [item_id for item_id in ids if "/s" in item_id]
    assert len(printed) == sum(len(lines) for lines in english.values()) == len(ids) // 2
    assert {item_id.replace("/s", "/e") for item_id in printed} == ids.keys() - set(printed)


def test_reads_the_translation_by_keyword_too(
    gathered: Material, english: dict[str, tuple[str, ...]]
) -> None:
    passage, document = gathered.passages[5], gathered.documents[5]
    assert all(line in document for line in english[passage.passage_id])


def test_gives_each_passage_and_each_sentence_a_vector_and_its_place(
    gathered: Material, notice: Notice
) -> None:
    printed = [item for item in gathered.items if item.role != "question" and "/e" not in item.item_id]
    assert all(notice.source[item.start : item.end] == item.text for item in printed)
    assert sum(item.role == "passage" for item in printed) == len(gathered.passages)


def test_leaves_no_character_of_a_measure_out_of_its_sentences(gathered: Material) -> None:
    for passage in gathered.passages:
        cut = "".join(item.text for item in passage_items(passage)[1:])
        assert "".join(cut.split()) == "".join(passage.text.split())


def test_gives_each_item_its_own_id(gathered: Material) -> None:
    assert len({item.item_id for item in gathered.items}) == len(gathered.items)


def test_gives_bm25_one_document_for_each_passage(gathered: Material) -> None:
    documents = gathered.documents[: len(gathered.passages)]
    assert all(d.startswith(p.text) for d, p in zip(documents, gathered.passages, strict=True))


def test_works_without_a_bank(notice: Notice) -> None:
    assert {item.role for item in material((notice,), ()).items} == {"passage", "sentence"}


@pytest.mark.parametrize("leg", ["bigrams", "words", "syllables", "vectors"])
def test_finds_each_measure_by_its_title_with_each_leg_alone(exact: Legs, notice: Notice, leg: str) -> None:
    # Clause 1 prints the title of measure 34 too, so the clauses stand aside here.
    measures = [i for i, passage in enumerate(exact.passages) if passage.measure_number]
    found = {}
    for measure in notice.measures:
        scores = exact.score(measure.title).legs[leg]
        found[measure.number] = exact.passages[max(measures, key=scores.__getitem__)].measure_number
    assert found == {number: number for number in range(1, 40)}


def test_scores_nothing_in_any_leg_for_unknown_words(exact: Legs) -> None:
    scored = exact.score("xqzv jkwq")
    assert not scored.vector.any()
    assert not any(leg.any() for leg in scored.legs.values())
    assert not any(scored.outside.values())


def test_gives_each_leg_one_score_for_each_passage(exact: Legs) -> None:
    scored = exact.score("水电气网报装")
    assert {len(leg) for leg in scored.legs.values()} == {len(exact.passages)}
    assert scored.outside.keys() == scored.legs.keys() == {"bigrams", "words", "syllables", "vectors"}


@pytest.mark.parametrize(
    ("query", "is_asked"),
    [
        ("tuoqian 工程款", True),
        ("tuoqian gongchengkuan", True),
        ("water and power", False),
        ("tuoqian", False),
    ],
)
def test_asks_by_sound_where_there_are_characters_or_pinyin(exact: Legs, query: str, is_asked: bool) -> None:
    assert ("syllables" in exact.score(query).legs) == is_asked


@pytest.mark.parametrize("query", ["同水同电", "shui dian qi wang baozhuang", "shuidian 气网"])
def test_finds_by_sound_what_characters_miss(exact: Legs, query: str) -> None:
    row = exact.score(query).legs["syllables"]
    assert 6 in [exact.passages[i].measure_number for i in ranking(row)[:3]]


def test_counts_what_only_a_group_outside_has_as_outside(gathered: Material) -> None:
    scored = tiny_legs(gathered.passages).score("d 吗 吗")
    assert scored.outside["bigrams"] == scored.outside["syllables"] > 0.0
    assert ranking(fuse(scored.legs)) == []


def test_gives_the_best_group_outside_in_each_leg(
    exact: Legs, negatives: tuple[NegativeQuestion, ...]
) -> None:
    asked = next(question.text for question in negatives if question.language == "zh")
    scored = exact.score(asked)
    assert min(scored.outside.values()) > 0.0
    assert scored.outside["vectors"] == pytest.approx(1.0, abs=1e-5)


def test_adds_the_glossarys_terms_to_the_query(gathered: Material) -> None:
    legs = tiny_legs(gathered.passages, (GLOSSARY,))
    assert legs.score("哪里看禁入名单").query == "哪里看禁入名单 市场准入负面清单"


def test_leaves_a_query_without_everyday_words_as_it_is(gathered: Material) -> None:
    assert tiny_legs(gathered.passages, (GLOSSARY,)).score("水电气网").query == "水电气网"


def test_finds_by_the_glossarys_term(exact: Legs, glossary: Glossary) -> None:
    # Where it was not found before: by words that the notice alone has.
    entry = next(entry for entry in glossary.entries if entry.everyday == "禁入名单")
    plain = replace(exact, glossaries=())
    with_term, without = (legs.score(entry.everyday).legs["bigrams"] for legs in (exact, plain))
    assert with_term.max() > without.max()
    assert entry.term in exact.passages[int(with_term.argmax())].text


@pytest.mark.parametrize("leg", ["bigrams", "words", "syllables", "vectors"])
def test_leaves_a_leg_out_for_ablation(exact: Legs, leg: str) -> None:
    whole = exact.score("水电气网报装")
    rest = replace(exact, left_out=frozenset({leg})).score("水电气网报装")
    assert rest.legs.keys() == rest.outside.keys() == whole.legs.keys() - {leg}
    assert all((rest.legs[name] == whole.legs[name]).all() for name in rest.legs)


def test_counts_the_scopes_votes_over_words_and_bigrams(exact: Legs) -> None:
    assert exact.tokens("水电气") == exact.words.cut("水电气") + ["水电", "电气"]


def test_keeps_the_notices_order(gathered: Material, notice: Notice) -> None:
    assert gathered.passages == passages(notice)


def test_gives_a_fake_encoder_rows_of_length_one() -> None:
    row = HashEncoder("a").encode(["水电气网"])[0]
    assert float(row @ row) == pytest.approx(1)
