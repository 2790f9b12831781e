import pytest

from assistant.personal import mask_personal_data
from corpus.notice import Notice

PERSONAL = [
    *("13800138000", "138 0013 8000", "138-0013-8000", "138.0013.8000", "1 3 8 0 0 1 3 8 0 0 0"),
    *("+8613800138000", "+86 138 0013 8000", "86-13800138000", "008613800138000"),
    *("１３８００１３８０００", "１３８－００１３－８０００", "＋８６１３８００１３８０００"),
    *("029-86781234", "(029)86781234", "（029）8678 1234", "02986781234", "+86 29 8678 1234", "0917-3261234"),
    *("610102199001011234", "61010219900101123X", "61010219900101123x", "610102 19900101 1234"),
    *("6101 0219 9001 0112 3X", "６１０１０２１９９００１０１１２３Ｘ", "610102900101123"),
    *("zhang.san@example.com", "zhang @ example.com", "ｚｈａｎｇ＠ｑｑ．ｃｏｍ", "张三@qq.com"),
    *("6222021234567890123", "6222 0212 3456 7890", "6222-0212-3456-7890-123"),
    *("一三八零零一三八零零零", "幺三八〇〇幺三八〇〇〇"),
    *("+1 415 555 2671", "+44 20 7946 0958"),
]


@pytest.mark.parametrize("number", PERSONAL)
def test_masks(number: str) -> None:
    assert mask_personal_data(number) == "[***]"


@pytest.mark.parametrize("number", PERSONAL)
def test_masks_inside_a_sentence(number: str) -> None:
    masked = mask_personal_data(f"我是老王，{number}，想办水电气报装")
    assert masked == "我是老王，[***]，想办水电气报装"


@pytest.mark.parametrize(
    "text", ["tel13800138000", "wx13800138000a", "ID610102199001011234", "证件610102199001011234号"]
)
def test_masks_next_to_letters(text: str) -> None:
    assert not any(character.isdigit() for character in mask_personal_data(text))


@pytest.mark.parametrize(
    "text",
    ["15个工作日", "2024年10月", "12345", "12345热线", "市政办函〔2024〕26号", "10千伏", "20240412"]
    + [
        "2024-04-12",
        "第6项措施",
        "3类60个工作日",
        "100%",
        "1,000,000元",
        "1500000元",
        "一二三四五",
        "陕A12345",
    ]
    + ["1名市区领导+1名部门领导", "5分钟", "2024年6月30日至2024年9月30日", "10 15 20 30 40 50", "@市发改委"],
)
def test_leaves_ordinary_numbers(text: str) -> None:
    assert mask_personal_data(text) == text


def test_leaves_every_number_of_the_notice(notice: Notice) -> None:

    assert mask_personal_data(notice.source) == notice.source


def test_masks_several() -> None:
    masked = mask_personal_data("13800138000或a@b.cn，卡6222021234567890123")
    assert masked == "[***]或[***]，卡[***]"
