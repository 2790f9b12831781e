import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from xml.etree import ElementTree

import pytest

from assistant.answer import Status
from assistant.review.insight import Accuracy, DayCount, WeekAccuracy
from assistant.review.plots import _COLOURS, accuracy_svg, days_svg
from prompts import words

WEEKS = [WeekAccuracy(f"2026-W{n:02}", Accuracy(n, n + 2, 1)) for n in range(1, 12)]
DAYS = [DayCount(date(2026, 1, n), 3, {"answered": 2, "clarify": 1}) for n in range(1, 20)]


def draw_weeks(language: str) -> str:
    return accuracy_svg(WEEKS, language)


def draw_days(language: str) -> str:
    return days_svg(DAYS, language)


both = pytest.mark.parametrize("draw", [draw_weeks, draw_days])


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@both
@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_draws_an_element_with_text_and_without_references_elsewhere(
    draw: Callable[[str], str], language: str
) -> None:
    drawn = draw(language)
    assert ElementTree.fromstring(drawn).get("role") == "img"
    assert {found for found in re.findall(r'(?:href="|url\()(.)', drawn)} <= {"#"}
    assert "<image" not in drawn
    assert "<metadata" not in drawn


def test_names_what_it_shows_in_the_readers_language() -> None:
    assert "95%置信区间" in draw_weeks("zh")
    assert words("page", "status.clarify", "en") in draw_days("en")
    assert 'aria-label="每日提问数"' in draw_days("zh")


def test_labels_the_last_day_and_no_more_than_can_be_read() -> None:
    assert re.findall(r">(2026-01-\d\d)<", draw_days("zh"))[-1] == "2026-01-19"
    assert len(re.findall(r">2026-01-\d\d<", draw_days("zh"))) <= 6


@pytest.mark.parametrize("drawn", [accuracy_svg((), "zh"), days_svg((), "zh")])
def test_says_that_there_is_nothing_to_draw(drawn: str) -> None:
    assert words("staff", "plots.none", "zh") in drawn


def test_leaves_out_weeks_with_none_checked() -> None:
    assert "2026-W01" not in accuracy_svg([WeekAccuracy("2026-W01", Accuracy(0, 0, 4)), WEEKS[4]], "en")


def test_two_plots_on_a_page_share_no_id() -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', drawn)) for drawn in (draw_weeks("zh"), draw_days("zh"))]
    assert ids[0].isdisjoint(ids[1])


def test_draws_the_same_from_many_threads() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(draw_days, ["zh"] * 8))) == 1


@pytest.mark.parametrize("status", Status)
def test_every_ending_has_a_colour_with_contrast(status: Status) -> None:
    assert 1.05 / (luminance(_COLOURS[status]) + 0.05) >= 3
