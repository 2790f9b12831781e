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


# Made up; their check digits are right.
CHECKED = [
    *(
        "91610131MA6U8K7J3T",
        "91610131ma6u8k7j3t",
        "９１６１０１３１ＭＡ６Ｕ８Ｋ７Ｊ３Ｔ",
        "1261010043720299K4",
    ),
    *("91610131 MA6U8K7J3T", "9161 0131 MA6U 8K7J 3T", "91-610131-MA6U8K7J3-T"),
    *("610102199003071238", "61010219851120002X", "610102.19900307.1238", "6101.0219.9003.0712.38"),
    *("610102/1990/03/07/1238", "610102  19851120  002x", "６１０１０２·１９９００３０７·１２３８"),
    *("6222021234567894", "6222.0212.3456.7894", "6222／0212／3456／7894", "6228480123456789015"),
    *("6228_4801_2345_6789_015", "4111.1111.1111.1111"),
]


@pytest.mark.parametrize("number", CHECKED)
def test_masks_what_a_check_digit_confirms(number: str) -> None:
    assert mask_personal_data(number) == "[***]"


@pytest.mark.parametrize("number", CHECKED)
@pytest.mark.parametrize(
    ("before", "after"), [("代码", "的公司"), ("No", "ab"), ("(", ")"), ("_", "。2024年")]
)
def test_masks_what_a_check_digit_confirms_wherever_it_stands(number: str, before: str, after: str) -> None:
    assert mask_personal_data(before + number + after) == f"{before}[***]{after}"


def test_masks_two_credit_codes_run_together() -> None:
    assert mask_personal_data("91610131MA6U8K7J3T91610131MA6U8K7J3T") == "[***][***]"


def test_masks_a_credit_code_after_something_like_its_beginning() -> None:
    assert mask_personal_data("12345678AB91610131MA6U8K7J3T") == "12345678AB[***]"


@pytest.mark.parametrize(
    "run", ["13800138000610102199003071238", "1380013800061010219851120002X", "138001380006222021234567894"]
)
def test_masks_numbers_run_together(run: str) -> None:
    assert mask_personal_data(f"{run}，谢谢") == "[***]，谢谢"


@pytest.mark.parametrize(
    "number", ["610102199003071230", "610102199013071238", "6222021234567890", "6101 0219 9003 0712 30"]
)
def test_masks_a_mistyped_number_by_its_shape(number: str) -> None:
    assert mask_personal_data(number) == "[***]"


@pytest.mark.parametrize(
    "text",
    ["91610131MA6U8K7J3A", "9161 0131 MA6U 8K7J 3A"]
    + ["610102.19900307.1230", "610102.19901307.1231", "6222.0212.3456.7890", "6222.0212/3456.7894"]
    + ["202404122024041220240412", "20240412permittedthing", "2024.04.12-2024.06.30"],
)
def test_leaves_what_no_check_digit_confirms(text: str) -> None:
    assert mask_personal_data(text) == text


@pytest.mark.parametrize("address", ["a6222021234567894@qq.com", "610102199003071238.li@qq.com"])
def test_masks_an_address_whole_that_holds_a_number(address: str) -> None:
    assert mask_personal_data(address) == "[***]"
