from hashlib import sha256

from corpus.notice import Notice
from corpus.passages import passages


def test_gives_head_clauses_and_measures_in_the_notices_order(notice: Notice) -> None:
    keys = [passage.passage_id.partition("#")[2] for passage in passages(notice)]
    measures = [f"m{number:02}" for number in range(1, 40)]
    assert keys == ["meta", "c1", *measures, "c3.1", "c3.2", "c3.3", "c3.4"]


def test_every_passage_is_the_source_word_for_word(notice: Notice) -> None:
    assert all(p.text == notice.source[p.start : p.end] for p in passages(notice))


def test_every_passage_has_the_digest_of_its_text(notice: Notice) -> None:
    assert all(p.sha256 == sha256(p.text.encode()).hexdigest() for p in passages(notice))


def test_only_measures_have_a_measure_number(notice: Notice) -> None:
    numbers = [p.measure_number for p in passages(notice) if p.measure_number]
    assert numbers == list(range(1, 40))


def test_the_head_bears_the_notices_title(notice: Notice) -> None:
    assert passages(notice)[0].title == notice.title


def test_a_measure_bears_its_own_title(notice: Notice) -> None:
    passage = next(p for p in passages(notice) if p.passage_id == "xian-2024-26#m06")
    assert passage.title == "推行市政公用服务集成报装"
