import pytest

from assistant.spelling import as_meant
from corpus.units import UnitNames

UNITS = UnitNames.load()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("住健局牵头", "住建局牵头"),
        ("fagaiwei牵投几项", "发改委牵头几项"),
        ("市资原规划局9月到其", "市资源规划局9月到期"),
        ("renshe qiantou", "人社 牵头"),
        ("税务局要写总结", "税务局要写总结"),  # sounds like 水务局
        ("怎么实现不见面开标", "怎么实现不见面开标"),  # sounds like 时限
        ("规定了以工作日计算", "规定了以工作日计算"),  # 以工 sounds like 一共
        ("截至今天", "截至今天"),
        ("Which tasks?", "Which tasks?"),
        ("measurs of the devlopment comission", "measures of the development commission"),
        ("how policies are measured", "how policies are measured"),  # not police, not measure
        ("", ""),
    ],
)
def test_reads_names_and_list_words_by_their_sound(typed: str, meant: str) -> None:
    assert as_meant(typed, UNITS) == meant
