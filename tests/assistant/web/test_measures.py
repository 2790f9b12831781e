import re
from html import unescape

import pytest

from corpus.translations import load_translation


def shown(client, query="", path="/measures"):
    html = client.get(f"{path}{query}", headers={"accept-language": "zh"}).text
    return [int(number) for number in re.findall(r'<details class="card" id="m(\d\d)"', html)]


def test_lists_all_measures_in_order(client):
    assert shown(client) == list(range(1, 40))


def test_filters_by_lead_unit(client):
    assert shown(client, "?lead_unit=市住建局") == [2, 3, 7, 9, 10, 17, 22, 30, 32, 38, 39]


def test_filters_by_section(client):
    assert shown(client, "?section=5") == [35, 36, 37, 38, 39]


def test_filters_by_the_month_of_the_deadline(client):
    assert shown(client, "?month=2024-11") == [19, 21, 26, 28, 39]


def test_filters_by_words_of_text_units_and_english_title(client):
    assert shown(client, "?q=国网西咸") == [6, 23]
    assert shown(client, "?q=ARCHAEOLOGICAL exploration") == [14]


def test_filters_by_words_of_the_translation_and_english_names_of_units(client):
    assert shown(client, "?q=multi-copy manifest", "/en/measures") == [27]
    assert 25 in shown(client, "?q=Intermediate People's Court", "/en/measures")


def test_filters_add_up(client):
    assert shown(client, "?lead_unit=市住建局&month=2024-09&section=1") == [7]


def test_says_how_many_of_all_are_shown(client):
    assert "显示 5 项，共 39 项" in client.get("/measures?section=5&lang=zh").text


def test_says_when_nothing_is_left(client):
    assert "没有符合条件的措施" in client.get("/measures?q=火星&lang=zh").text


@pytest.mark.parametrize("query", ["?section=x", "?month=2024-13", "?n=-1", "?month=foo&section=99999999"])
def test_a_senseless_filter_does_not_filter(client, query):
    assert shown(client, query) == list(range(1, 40))


def test_unfolds_the_measure_that_the_address_names(client):
    html = client.get("/measures?n=6&lang=zh").text
    assert re.findall(r'id="(m\d\d)" open', html) == ["m06"]


def test_english_page_has_english_titles_and_the_chinese_text(client, notice):
    html = client.get("/en/measures").text
    assert "Introduce integrated applications for municipal utility connections" in html
    assert notice.measure(6).text in html


def test_english_page_has_the_translation_under_each_measures_text(client, notice):
    html = unescape(client.get("/en/measures").text)
    for sentence in load_translation(notice).of("xian-2024-26#m25"):
        assert sentence.text in html[html.index(notice.measure(25).text) :]


def test_chinese_page_has_no_translation(client):
    assert "in-english" not in client.get("/measures?lang=zh").text


def test_what_is_searched_for_is_escaped(client):
    html = client.get("/measures", params={"q": '"><script>alert(1)</script>', "lang": "zh"}).text
    assert "<script>alert" not in html


def test_half_a_surrogate_pair_in_the_address_does_no_harm(client):
    assert client.get("/measures?q=%ED%A0%80&lang=zh").status_code == 200


def test_style_and_script_are_served_and_nothing_else(client):
    assert client.get("/page/style.css").headers["content-type"].startswith("text/css")
    assert client.get("/page/script.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/page/page.py").status_code == 404
