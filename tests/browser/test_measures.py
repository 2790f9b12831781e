"""The list of all measures as a visitor has it."""

import pytest

from tests.browser.conftest import PHONE, is_in_view, overflow

pytestmark = pytest.mark.browser


def test_measures_are_filtered_while_one_types(open_page, site):
    page = open_page(f"{site}/measures")
    assert page.locator("#count [role=status]").inner_text() == "显示 39 项，共 39 项"
    page.fill("#filter input[type=search]", "文物勘探")
    page.wait_for_selector("text=显示 1 项，共 39 项")
    assert page.locator(".card").count() == 1


def test_measures_are_filtered_by_unit(open_page, site):
    page = open_page(f"{site}/measures")
    page.select_option("select[name=lead_unit]", "市住建局")
    page.wait_for_selector("text=显示 11 项，共 39 项")
    assert page.locator(".card").count() == 11


def test_a_deep_link_opens_its_measure(open_page, site):
    page = open_page(f"{site}/measures#m34")
    page.wait_for_selector("#m34[open]")
    assert is_in_view(page, "#m34")
    assert "早于通知的成文日期" in page.locator("#m34").inner_text()


def test_a_measure_leads_to_a_question_about_it(open_page, site):
    page = open_page(f"{site}/measures?n=6")
    page.click("#m06 .document a")
    page.wait_for_selector("#question textarea")
    page.wait_for_timeout(1000)
    assert page.input_value("#question textarea").startswith("第6项")
    assert page.locator("#messages").count() == 0


def test_measures_fit_a_phone(open_page, site):
    assert overflow(open_page(f"{site}/measures?n=6", **PHONE)) <= 0


def test_measures_need_no_script(open_page, site):
    page = open_page(f"{site}/measures?section=5", java_script_enabled=False)
    assert page.locator(".card").count() == 5


def test_english_measures_show_the_translation_beside_the_text(open_page, site):
    page = open_page(f"{site}/en/measures?n=3")
    boxes = [page.locator(f"#m03 .both > {part}").bounding_box() for part in (".source-text", ".in-english")]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]


def test_a_phone_shows_the_translation_under_the_text(open_page, site):
    page = open_page(f"{site}/en/measures?n=3", **PHONE)
    boxes = [page.locator(f"#m03 .both > {part}").bounding_box() for part in (".source-text", ".in-english")]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    assert overflow(page) <= 0
