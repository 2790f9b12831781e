import pytest

from assistant.facts import Fact, FactKind, agrees, find_facts, number_of, read
from corpus.units import UnitNames

UNITS = UnitNames.load()


def facts(text: str) -> list[Fact]:
    return list(find_facts(read(text), UNITS))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("15个工作日", FactKind.WORKING_DAYS, 15),
        ("十五个工作日", FactKind.WORKING_DAYS, 15),
        ("fifteen working days", FactKind.WORKING_DAYS, 15),
        ("15天", FactKind.DAYS, 15),
        ("twenty-five days", FactKind.DAYS, 25),
        ("5分钟", FactKind.MINUTES, 5),
        ("两个小时", FactKind.HOURS, 2),
        ("一年内", FactKind.YEARS, 1),
        ("三个月", FactKind.MONTHS, 3),
        ("100%", FactKind.PERCENT, 100),
        ("百分之五十", FactKind.PERCENT, 50),
        ("三成", FactKind.PERCENT, 30),
        ("half of the projects", FactKind.PERCENT, 50),
        ("one in three projects", FactKind.PERCENT, 33.3),
        ("每半年", FactKind.EVERY, 6),
        ("every month", FactKind.EVERY, 1),
        ("一个季度去一趟", FactKind.EVERY, 3),
        ("50万元", FactKind.MONEY, 500_000),
        ("10 kV", FactKind.KILOVOLTS, 10),
        ("2024年6月底前", FactKind.DATE, (2024, 6, None)),
        ("30 June 2024", FactKind.DATE, (2024, 6, 30)),
        ("9月底", FactKind.DATE, (None, 9, None)),
        ("in 2023", FactKind.DATE, (2023, None, None)),
        ("第三十九项", FactKind.MEASURE, 39),
        ("measure 5", FactKind.MEASURE, 5),
        ("3类", FactKind.NUMBER, 3),
        ("三类", FactKind.NUMBER, 3),
        ("去三次", FactKind.TIMES, 3),
        ("twice a month", FactKind.TIMES, 2),
        ("省级以上开发区", FactKind.LEVEL, "省"),
        ("住建局", FactKind.UNIT, ("市住建局",)),
        ("via WeChat", FactKind.PLATFORM, "微信"),
        ("拨打12345", FactKind.PLATFORM, "12345"),
        ("所谓“蓝章”", FactKind.QUOTED, "蓝章"),
    ],
)
def test_reads_a_fact(text: str, kind: FactKind, value: object) -> None:
    assert (kind, value) in [(fact.kind, fact.value) for fact in facts(text)]


@pytest.mark.parametrize(
    "text", ["一件事", "一窗受理", "第三方机构", "you may apply", "打成一片", "日清月结"]
)
def test_sees_no_fact_in_everyday_words(text: str) -> None:
    assert facts(text) == []


@pytest.mark.parametrize(
    ("said", "held", "same"),
    [
        ("15个工作日", "fifteen working days", True),
        ("15天", "15个工作日", False),
        ("一年", "twelve months", True),
        ("6月底", "2024年6月底前", True),
        ("2024年9月", "2024年6月", False),
        ("供电公司", "国网西安供电公司", True),
        ("3类", "三类", True),
    ],
)
def test_compares_facts(said: str, held: str, same: bool) -> None:  # noqa: FBT001
    assert agrees(facts(said)[0], facts(held)) is same


@pytest.mark.parametrize(
    ("numeral", "number"), [("15", 15), ("两", 2), ("sixty", 60), ("百", 100), ("many", None)]
)
def test_reads_numerals(numeral: str, number: float | None) -> None:
    assert number_of(numeral) == number
