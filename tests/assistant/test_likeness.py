import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.review.approvals import BOUND
from assistant.review.likeness import likeness

# None of them small talk.
SYLLABLES = "水电气报装图审查款古筑垃清运费"
QUESTIONS = st.text(max_size=30) | st.text(f"{SYLLABLES}请问我吗的怎么能不 ?ab3%", max_size=30)
BASE = "水电气怎么报装"


@pytest.mark.parametrize(
    "other",
    [
        "请问水电气怎么报装",
        "您好，我想问一下水电气怎么报装呢？谢谢",
        "我们公司的水电气怎么报装啊",
        "水电气怎么报装了",
        "水电气 如何 报装",
        "水电气怎样报装!",
        "水電氣怎麼報裝",
    ],
)
def test_small_talk_makes_no_difference(other: str) -> None:
    assert likeness(BASE, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("能不能网上办", "可以网上办吗"),
        ("审查要多久", "请问审查要多长时间"),
        ("谁负责", "哪个部门负责"),
        ("是不是必须招标", "是否一定要招标"),
        ("有没有补贴", "有无补贴"),
        ("Could you tell me how to get the utility hookups, please?", "how to get utility hookups"),
    ],
)
def test_what_stands_for_each_other_makes_no_difference(one: str, other: str) -> None:
    assert likeness(one, other) == 1


@pytest.mark.parametrize(
    "other",
    [
        "水电器怎么报装",
        "shui电气怎么报装",
        "水电气不怎么报装",
        "水电怎么报装",
        "水电网怎么报装",
        "水电气谁报装",
        "水电气多久报装",
        "水电气怎么报装3天",
        "报装怎么水电气",
        "how do I get utility hookups",
        "",
        "请问",
    ],
)
def test_another_word_makes_a_difference(other: str) -> None:
    assert likeness(BASE, other) < BOUND


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("检查100%", "检查10%"),
        ("15个工作日", "5个工作日"),
        ("project 3.5", "project 3"),
        ("don't pay", "do pay"),
        ("как подключить воду", "сколько это стоит"),
        ("как подключить 3", "сколько стоит 3"),
        ("ガスの申し込み", "みずのもうしこみ"),
        ("가스 신청", "수도 신청"),
        ("😀", "😡"),
        ("？", "！"),
        ("你好", "谢谢"),
        ("𠮷", "水"),
        ("", "水"),
    ],
)
def test_numbers_and_words_of_other_scripts_make_a_difference(one: str, other: str) -> None:
    assert likeness(one, other) < BOUND


@given(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=30), st.data())
def test_one_changed_syllable_in_thirty_makes_a_difference(syllables: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(syllables) - 1))
    other = data.draw(st.sampled_from([s for s in SYLLABLES if s != syllables[place]]))
    changed = [*syllables[:place], other, *syllables[place + 1 :]]
    assert likeness("".join(syllables), "".join(changed)) < BOUND


@given(QUESTIONS, QUESTIONS)
@settings(max_examples=300)
def test_lies_between_nothing_and_all_and_does_not_mind_the_order(one: str, other: str) -> None:
    score = likeness(one, other)
    assert 0 <= score <= 1
    assert likeness(other, one) == score


@given(QUESTIONS)
def test_a_question_is_like_itself(question: str) -> None:
    assert likeness(question, question) == 1


@given(st.text(SYLLABLES, min_size=1, max_size=30))
def test_a_question_is_like_itself_with_small_talk(question: str) -> None:
    assert likeness(question, f"您好，请问{question}呢？谢谢") == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("企业买厂房有补贴吗", "企业卖厂房有补贴吗"),
        ("合同中止后怎么办", "合同终止后怎么办"),
        ("定金能退吗", "订金能退吗"),
    ],
)
def test_what_only_sounds_the_same_is_something_else(one: str, other: str) -> None:
    assert likeness(one, other) < BOUND
