from datetime import date

import pytest

from corpus.deadlines import parse_deadline


@pytest.mark.parametrize(
    ("printed", "due_on"),
    [
        ("2024年6月底前", date(2024, 6, 30)),
        ("2024年6月底", date(2024, 6, 30)),
        ("2024年2月底前", date(2024, 2, 29)),
        ("2024年6月15日前", date(2024, 6, 15)),
        ("2024年6月30日", date(2024, 6, 30)),
        ("2024年底前", date(2024, 12, 31)),
        ("\uff12\uff10\uff12\uff14年\uff16月底前", date(2024, 6, 30)),
    ],
)
def test_reads_the_last_day_of_the_printed_period(printed: str, due_on: date) -> None:
    assert parse_deadline("完成时限", printed).due_on == due_on


def test_keeps_text_and_label_as_printed() -> None:
    deadline = parse_deadline("完成时间", "2024年9月底前")
    assert (deadline.label, deadline.text) == ("完成时间", "2024年9月底前")


@pytest.mark.parametrize(
    "printed",
    ["", "长期", "2024年6月", "2024年6月前", "6月底前", "2024年13月底前", "2024年0月底", "0000年6月底"]
    + ["2023年2月29日前", "2024年6月0日前", "2024年6月底前。", "2024年6月底前,9月底前"],
)
def test_refuses_what_is_no_deadline_of_a_known_shape(printed: str) -> None:
    with pytest.raises(ValueError, match=f"^'{printed}' "):
        parse_deadline("完成时限", printed)


def test_a_deadline_does_not_precede_its_own_day() -> None:
    deadline = parse_deadline("完成时限", "2024年6月底前")
    assert (deadline.precedes(date(2024, 6, 30)), deadline.precedes(date(2024, 7, 1))) == (False, True)
