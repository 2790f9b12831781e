from collections.abc import Callable
from typing import Any

import pytest

from assistant import Assistant
from assistant.answer import Status
from assistant.found import Found
from assistant.premises import PremiseReader
from assistant.shelf import Shelf
from index.search import Hit

LEAD = (
    "这项措施是{u}牵头的吧？",
    "牵头单位是{u}，对吗？",
    "Is {u} the lead unit, right?",
    "So {u} leads this, correct?",
)
DUE = (
    "这项是{y}年{m}月底前完成，对吧？",
    "完成时限是{y}年{m}月底，没错吧？",
    "The deadline is {n} {y}, right?",
)
MONTHS = "x January February March April May June July August September October November December".split()  # noqa: SIM905


def verdicts(reader: PremiseReader, asked: str, *hits: Hit) -> list[tuple[str, str]]:
    found = Found(Status.ANSWERED, hits)
    return [(premise.about, premise.verdict) for premise in reader.check(asked, found)]


@pytest.fixture(scope="session")
def reader(shelf: Shelf) -> PremiseReader:
    return PremiseReader(shelf)


@pytest.mark.parametrize("template", LEAD)
def test_confirms_each_lead_and_corrects_every_other(
    reader: PremiseReader,
    shelf: Shelf,
    golden: tuple[dict[str, Any], ...],
    hit: Callable[..., Hit],
    template: str,
) -> None:
    leads = sorted({unit for row in golden for unit in row["lead_units"]})
    for row in golden:
        found = hit(f"m{row['number']:02}")
        for unit in leads:
            name = shelf.english.unit(unit) if template.startswith(("Is", "So")) else unit
            told = verdicts(reader, template.format(u=name), found)
            assert told, (row["number"], unit)
            assert all(verdict == "right" for _, verdict in told) is (unit in row["lead_units"])


@pytest.mark.parametrize("template", DUE)
def test_confirms_each_deadline_and_corrects_every_other(
    reader: PremiseReader, golden: tuple[dict[str, Any], ...], hit: Callable[..., Hit], template: str
) -> None:
    for row in golden:
        year, month = int(row["deadline"][:4]), int(row["deadline"][5:].split("月")[0])
        found = hit(f"m{row['number']:02}")
        for y, m in {(year, month), (year + 1, month), (year, month % 12 + 1)}:
            told = verdicts(reader, template.format(y=y, m=m, n=MONTHS[m]), found)
            assert ("deadline", "right" if (y, m) == (year, month) else "wrong") in told, (
                row["number"],
                y,
                m,
            )


@pytest.mark.parametrize(
    ("key", "true", "wrong"),
    [
        ("m02", "60个工作日", ("30个工作日", "60天", "六个月")),
        ("m02", "3类工程", ("5类工程", "两类工程")),
        ("m03", "15个工作日", ("5个工作日", "20个工作日", "15天", "三个月")),
        ("m10", "100%", ("50%", "八成", "一半")),
        ("m16", "100%", ("80%", "百分之九十")),
        ("m23", "10千伏", ("35千伏", "1千伏")),
        ("m24", "一年", ("两年", "六个月")),
        ("m28", "每月", ("每季度", "每半年", "每周")),
        ("m31", "5分钟", ("10分钟", "15分钟")),
        ("m39", "每半年", ("每年", "每季度", "每月")),
    ],
)
def test_confirms_a_number_and_corrects_another(
    reader: PremiseReader, hit: Callable[..., Hit], key: str, true: str, wrong: tuple[str, ...]
) -> None:
    for asked in ("是{}对吧？", "听说是{}，是不是？", "{}，没错吧"):
        assert verdicts(reader, asked.format(true), hit(key)) == [("fact", "right")]
        for value in wrong:
            assert verdicts(reader, asked.format(value), hit(key)) == [("fact", "wrong")], value


@pytest.mark.parametrize(
    ("asked", "key", "told"),
    [
        ("联合验收是不是10个工作日办完？", "m07", [("fact", "absent")]),
        ("代办要收费的吧？", "m29", [("charge", "stated")]),
        ("只由市数据局牵头，对吗？", "m09", [("lead_alone", "wrong")]),
        ("是市行政审批局牵头吗？", "m08", [("lead_responsible", "wrong")]),
        ("市法院也是责任单位，对吧？", "m25", [("responsible", "right")]),
        # Told, not put forward:
        ("我们图纸送审快一个月了还没回音，该几天审完？", "m03", []),
        ("审图要几天？", "m03", []),
        ("是市住建局还是市资源规划局牵头？", "m03", []),
        ("谁牵头？市住建局配合什么？", "m03", []),
    ],
)
def test_reads_what_is_put_forward(
    reader: PremiseReader, hit: Callable[..., Hit], asked: str, key: str, told: list[tuple[str, str]]
) -> None:
    assert verdicts(reader, asked, hit(key)) == told


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ("施工图审查是不是5个工作日？", "**不是5个工作日**。原文写的是：“审查时限原则上不超过15个工作日”。"),
        ("审图15个工作日对吧", "**是的**，原文写有：“审查时限原则上不超过15个工作日”。"),
        (
            "Drawing review takes 20 working days, right?",
            "**Not 20 working days**. The notice says: “审查时限",
        ),
        ("市住建局牵头9项措施，对吧", "**不是9项**，是11项。"),
        ("必须用电子保函吗？", "**您说的“必须”，原文的用语是**“鼓励”："),
        (
            "Must we use electronic guarantees for bids?",
            "**You say “Must”; the notice's own word is** “",
        ),
        ("这个方案一共40条措施吧？", "**不是40条**，是39项。"),
        ("工作要求是五条，对吧？", "**不是五条**，是4项。"),
        (
            "標準地是不是80%？",
            "**不是80%**。原文寫的是：「实现省级以上开发区新增工业用地100%“标准地”供应」。",
        ),
    ],
)
def test_says_it_first(assistant: Assistant, asked: str, line: str) -> None:
    answer = assistant.ask(asked)
    assert answer.status is Status.ANSWERED
    assert answer.text.startswith(line)
