import pytest

from corpus.bank import MarkedQuestion, load_marked_questions
from index.fit_types import fit_mention_tags
from index.mentions import NO_WORD, TAGS, Mention, contexts, in_order, may_leave_out, tags_of
from index.wording import Wording, stems

WORDING = Wording.of(
    {"m1": "鼓励使用投标保函,推行不见面开标", "m2": "知识产权质押融资"},
    {"m1": ["Encourage bid bonds"], "m2": ["Loans against intellectual property rights"]},
)


def marked(text: str) -> tuple[str, list[Mention]]:
    """Read 市住建局{U}牵头 by its places: every letter of UDSW is one mention, one character long."""
    kinds = {"U": "unit", "D": "due", "S": "section", "W": "word"}
    return text, [Mention(n, n + 1, kinds[c]) for n, c in enumerate(text) if c in kinds]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("U牵头的措施有哪些", ["lead+"]),
        ("U牵头、责任单位没有U的", ["lead+", "resp-"]),
        ("点名U但不是U牵头的", ["resp+", "lead-"]),
        ("既不是U也不是U牵头的有哪些", ["lead-", "lead-"]),
        ("U和U都没有参与的", ["any-", "any-"]),
        ("U牵头的,D的不算", ["lead+", "due-"]),
        ("measures led by U other than those D", ["lead+", "due-"]),
        ("led by neither U nor U", ["lead-", "lead-"]),
        ("not in S, led by U", ["sec-", "lead+"]),
    ],
)
def test_tells_what_each_mention_is_to_be(text: str, tags: list[str]) -> None:
    assert [tag for tag, _ in tags_of(*marked(text))] == tags


def test_gives_a_probability_among_what_a_mention_may_be() -> None:
    for tag, share in tags_of(*marked("U牵头、S的措施里D到期的")):
        assert 0.0 < share <= 1.0
        assert tag in {one for tags in TAGS.values() for one in tags}


def test_does_not_give_the_tag_that_is_ruled_out() -> None:
    text, mentions = marked("我是U的,几项")
    assert tags_of(text, mentions, but="none")[0][0] != "none"


def test_units_that_are_joined_are_the_same() -> None:
    for text in ("U、U都没牵头的", "without U or U"):
        first, second = tags_of(*marked(text))
        assert first == second


def test_knows_words_that_may_leave_something_out() -> None:
    assert may_leave_out(*marked("U不牵头的"))
    assert may_leave_out(*marked("except U"))
    assert not may_leave_out(*marked("U分别牵头哪些不动产措施"))


def test_features_name_no_unit() -> None:
    one = contexts("市住建局牵头", [Mention(0, 4, "unit")])
    assert one == contexts("发改委牵头", [Mention(0, 3, "unit")])


def test_keeps_the_longer_of_two_that_overlap() -> None:
    assert in_order([Mention(0, 2, "due"), Mention(1, 6, "section"), Mention(7, 8, "unit")]) == [
        Mention(1, 6, "section"),
        Mention(7, 8, "unit"),
    ]


def test_finds_words_of_the_notices_in_both_languages() -> None:
    text = "哪几条讲到知识产权的, or intellectual property?"
    assert [text[start:end] for start, end in WORDING.spans(text)] == ["知识产权", "intellectual property"]
    assert WORDING.says("m2", "Intellectual property right")
    assert not WORDING.says("m1", "intellectual property")
    assert stems("Bid bonds, bonded") == "bid bond bond"


def test_learns_words_that_nothing_is_asked_of() -> None:
    fitted = fit_mention_tags(load_marked_questions()[::10], WORDING)
    assert {"lead+", "lead-", "word+"} <= set(fitted.types)
    assert set(fitted.types) <= {tag for tags in TAGS.values() for tag in tags}
    assert NO_WORD in TAGS["word"]


def test_marks_stand_where_they_were() -> None:
    for question in load_marked_questions():
        assert isinstance(question, MarkedQuestion)
        assert all(question.text[start:end].strip() for start, end, _ in question.marks)
        assert "[" not in question.text
