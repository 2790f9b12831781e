"""Real questions, the real assistant, real Chromium: measure, unit and deadline as a visitor sees them."""

import re
from urllib.parse import urlsplit

import pytest

from assistant import Assistant, Settings
from tests.browser.conftest import served

pytestmark = pytest.mark.browser

EXPECTED = [
    ("水电气怎么报装", 6, ["市行政审批局", "2024年10月底前"]),
    ("施工图审查要多久", 3, ["市住建局", "2024年6月底", "原则上不超过15个工作日"]),
    ("机关单位拖欠工程款", 25, ["市工信局", "2024年9月底前"]),
    ("不动产登记能网上办吗", 8, ["市资源规划局", "2024年9月底前"]),
    ("招不到工人", 19, ["市人社局", "2024年11月底前"]),
    ("工地要考古怎么办", 14, ["市文物局", "2024年6月底前"]),
    ("建筑垃圾清运收费", 27, ["市城管执法局", "2024年9月底前"]),
    ("拿地即开工", 4, ["市资源规划局", "2024年6月底前"]),
    ("how do I get utility hookups", 6, ["市行政审批局", "31 October 2024"]),
]


@pytest.fixture(scope="module")
def real_site(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    with Assistant.open(settings) as assistant, served(assistant) as address:
        yield address


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda expected: expected[0])
def test_shows_the_right_measure_with_unit_and_deadline(open_page, real_site, ask_in_browser, expected):
    question, number, facts = expected
    reply = ask_in_browser(open_page(real_site), question)
    assert (reply.status, len(reply.cards)) == ("answered", 1)
    assert re.search(rf"第{number}项|Measure {number} ", reply.cards[0])
    assert [fact for fact in facts if fact not in reply.text] == []
    assert len(reply.quoted) > 0


def test_lists_all_eight_measures_of_a_lead_unit(open_page, real_site, ask_in_browser):
    reply = ask_in_browser(open_page(real_site), "市发改委牵头哪些措施")
    expected = [f"第{number}项" for number in (1, 21, 23, 26, 28, 34, 35, 36)]
    assert [n for n, card in zip(expected, reply.cards, strict=True) if n not in card] == []
    assert "共 8项" in reply.text


def test_asks_no_foreign_host_for_anything(open_page, real_site, ask_in_browser):
    page = open_page(real_site)
    ask_in_browser(page, "施工图审查要多久")
    assert {urlsplit(url).hostname for url in page.requested if url.startswith("http")} == {"127.0.0.1"}
    assert page.faults == []
