import pytest

from corpus.places import normalised, shipped_places


def named(text: str) -> list[tuple[str, str]]:
    return [(place.name, place.where) for place in shipped_places().find(normalised(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("上海浦东新区怎么办", "上海浦东"),
        ("湖北襄阳", "湖北襄阳"),
        ("河北保定的厂", "河北保定"),
        ("保定市的厂", "保定"),
        ("陕西安康", "安康"),
        ("宝鸡高新区", "宝鸡高新区"),
        ("成都市高新区", "成都高新区"),
        ("Ｂｅｉｊｉｎｇ's rules", "Beijing"),
        ("hong kong", "Hong Kong"),
        ("Yan\u2019an", "Yan'an"),
        ("越南", "越南"),
    ],
)
def test_finds_other_places(text: str, name: str) -> None:
    assert named(text) == [(name, "elsewhere")]


@pytest.mark.parametrize(
    "text",
    [
        "西安",
        "雁塔区",
        "新城区",
        "西安高新区",
        "西咸新区",
        "沣东新城",
        "航天基地",
        "Xi\u2019an",
        "xian",
        "Chang'an",
    ],
)
def test_knows_what_is_xian(text: str) -> None:
    assert [where for _, where in named(text)] == ["home"]


@pytest.mark.parametrize(
    "text",
    [
        "上海路",
        "南京路步行街",
        "北京时间",
        "宁波银行",
        "中国银行",
        "长安汽车",
        "完成都要多久",
        "每天水电费",
        "扩大连接",
    ]
    + [
        "推广应用",
        "四平方米",
        "担保定金",
        "公安阳光执法",
        "渭河南岸",
        "全国",
        "陕西省",
        "国家",
        "turkey",
        "China",
    ]
    + ["Shanghaied", "洛阳铲", "造福建设"],
)
def test_finds_no_place_in_other_words(text: str) -> None:
    assert named(text) == []


def test_finds_xian_behind_words_that_hold_another_name_with_it() -> None:
    assert named("推广西安的做法，制定西安的办法") == [("西安", "home"), ("西安", "home")]


def test_says_where_a_place_stands() -> None:
    (place,) = shipped_places().find("我们从湖北省襄阳来")
    assert (place.start, place.end) == (3, 8)
