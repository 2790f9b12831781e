from corpus.bank import BankQuestion
from corpus.notice import Passage
from index.sources import Sources
from index.topics import Topics, pieces_of


def test_cuts_words_and_pairs() -> None:
    assert pieces_of("联合验收 joint a") == {"联合", "合验", "验收", "joint"}


def test_knows_what_is_asked_of_one_passage(sources: Sources) -> None:
    passages: tuple[Passage, ...] = sources.material.passages
    topics = Topics.of(passages, sources.english, sources.questions)
    waste, loans = "xian-2024-26#m27", "xian-2024-26#m18"
    assert "渣土" in topics.of_text("渣土怎么收费")
    assert topics.strange_to(waste, "渣土怎么收费") < topics.strange_to(loans, "渣土怎么收费")
    assert waste in topics.measures
    assert "xian-2024-26#meta" not in topics.measures


def test_takes_a_piece_seen_once_for_no_topic() -> None:
    topics = Topics.of((), {}, [BankQuestion("罕见词语", "zh", "a#m01")])
    assert topics.pieces == frozenset()
