from collections.abc import Callable

import pytest

from assistant.answer import AskedFor, Facet
from assistant.facets import asked_for, is_stated
from index.search import Hit


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("水电气报装电话", Facet.TELEPHONE),
        ("市住建局的办公电话和地址是多少", Facet.TELEPHONE),
        ("业主天天打电话骂我,图审最多几天", Facet.DURATION),
        ("what is the phone number for utility hookups", Facet.TELEPHONE),
        ("register property by phone", Facet.CONTENT),
        ("不动产登记中心在几楼", Facet.ADDRESS),
        ("政务大厅门口好停车不", Facet.ADDRESS),
        ("园区停车乱收费谁管", Facet.CONTENT),
        ("Why do I type the same address twice?", Facet.CONTENT),
        ("What is the address of the tax hall?", Facet.ADDRESS),
        ("税务大厅周末开门吗", Facet.HOURS),
        ("What are the opening hours of the service hall?", Facet.HOURS),
        ("市住建局局长是谁", Facet.PERSON),
        ("谁牵头联合验收", Facet.CONTENT),
        ("陕企通的网址", Facet.WEBSITE),
        ("Which website is it?", Facet.WEBSITE),
        ("偷倒渣土罚多少", Facet.PENALTY),
        ("How high is the fine for that?", Facet.PENALTY),
        ("施工图审查多少钱", Facet.AMOUNT),
        ("信易贷 年利率", Facet.PRICE),
        ("天然气每方几块", Facet.PRICE),
        ("What does it cost per cubic metre?", Facet.PRICE),
        ("拉土多少钱一方有没有标准", Facet.CONTENT),  # whether there is a rule
        ("系统性改革有哪几块", Facet.CONTENT),
        ("How much does drawing review cost", Facet.AMOUNT),
        ("How much time does drawing review take", Facet.DURATION),
        ("联合验收要带什么材料", Facet.MATERIALS),
        ("预审批的申请表在哪下载", Facet.FORM),
        ("依据的是哪部法律", Facet.LEGAL_BASIS),
        ("投资额达到几个亿才够格", Facet.ELIGIBILITY),
        ("建筑师负责制现在还有没有效", Facet.IN_FORCE),
        ("保证金不得超过合同价百分之几", Facet.RATIO),
        ("超期了赔我钱吗", Facet.COMPENSATION),
        ("考古的费用由谁承担", Facet.PAYER),
        ("投标保证金拖了好几个月才退", Facet.CONTENT),
        ("园区保租房几月份前落实", Facet.CONTENT),  # the reform's deadline
        ("施工图审查要多久", Facet.DURATION),
    ],
)
def test_sees_what_is_asked_about_a_measure(text: str, facet: Facet) -> None:
    assert asked_for(text).facet is facet


@pytest.mark.parametrize(
    ("facet", "key", "stated"),
    [
        (Facet.CONTENT, "m03", True),
        (Facet.TELEPHONE, "m36", True),
        (Facet.TELEPHONE, "m03", False),
        (Facet.TELEPHONE, "m06", False),
        (Facet.ADDRESS, "m06", False),
        (Facet.HOURS, "m31", True),
        (Facet.PERSON, "m28", False),
        (Facet.WEBSITE, "m36", False),
        (Facet.PENALTY, "m27", False),
        (Facet.AMOUNT, "m23", True),
        (Facet.PRICE, "m23", False),
        (Facet.AMOUNT, "m29", True),
        (Facet.AMOUNT, "m26", True),
        (Facet.DURATION, "m03", True),
        (Facet.DURATION, "m07", False),
        (Facet.RATIO, "m16", True),
        (Facet.RATIO, "m21", False),
        (Facet.IN_FORCE, "m30", False),
        (Facet.AMOUNT, "m03", False),
        (Facet.AMOUNT, "m27", False),
    ],
)
def test_knows_whether_a_passage_bears_on_what_was_asked(
    hit: Callable[..., Hit], facet: Facet, key: str, stated: bool
) -> None:
    assert is_stated(AskedFor(facet), hit(key).passage) is stated


def test_every_facet_has_its_signs(hit: Callable[..., Hit]) -> None:
    for facet in set(Facet) - {Facet.OTHER}:  # what the document is silent on has none
        assert is_stated(AskedFor(facet), hit("m03").passage) in {True, False}


def test_takes_no_long_time_over_a_flood_of_its_own_words() -> None:
    assert asked_for("what is the " * 80).facet is Facet.CONTENT
