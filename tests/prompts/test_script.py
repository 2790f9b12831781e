import subprocess
import sys

import pytest

from corpus.notice import Notice
from prompts.script import in_script_of, is_traditional, to_simplified, to_traditional


@pytest.mark.parametrize(
    "text",
    ["水電氣怎麼報裝？", "施工圖審查要多久", "誰負責", "政府會幫忙嗎", "機關單位拖欠工程款", "第6項措施"],
)
def test_knows_a_traditional_question(text: str) -> None:
    assert is_traditional(text)


@pytest.mark.parametrize(
    "text",
    ["水电气怎么报装？", "拿地即开工", "考古", "how do I get utility hookups", "", "😀"]
    + ["王堃的公司怎么报装", "乾县的项目归谁管", "水道とガスの申し込み方法", "수도 신청"],
)
def test_takes_no_other_question_for_traditional(text: str) -> None:
    assert not is_traditional(text)


def test_takes_nothing_of_the_notice_for_traditional(notice: Notice) -> None:
    assert not any(is_traditional(line) for line in notice.source.splitlines())


def test_leads_back_to_what_the_notice_prints(notice: Notice) -> None:
    assert to_simplified(to_traditional(notice.source)) == notice.source == to_simplified(notice.source)


def test_keeps_the_name_of_a_place() -> None:
    assert to_traditional("西咸新区管委会") == "西咸新區管委會"


@pytest.mark.parametrize(("language", "shown"), [("zh", "报装"), ("en", "报装"), ("zh-Hant", "報裝")])
def test_writes_as_the_reader_does(language: str, shown: str) -> None:
    assert in_script_of(language, "报装") == shown


def test_loads_nothing_for_a_simplified_question() -> None:
    program = (
        "import sys, prompts.script as script; script.is_traditional('水电气怎么报装');"
        "sys.exit('opencc' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
