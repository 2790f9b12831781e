import pytest

from assistant.web.language import preferred


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW", "zh"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.3,zh;q=0.7", "zh"),
        ("ja,zh;q=0.5", "zh"),
        ("fr-FR", "en"),
        ("zh;q=0, en", "en"),
        ("en;q=x, zh", "zh"),
    ],
)
def test_reads_what_the_browser_prefers(header, language):
    assert preferred(header) == language


def get(client, path, accept_language):
    return client.get(path, headers={"accept-language": accept_language}, follow_redirects=False)


@pytest.mark.parametrize(("path", "target"), [("/", "/en/"), ("/measures?n=6", "/en/measures?n=6")])
def test_an_english_browser_is_led_to_the_english_page(client, path, target):
    assert get(client, path, "en").headers["location"] == target


@pytest.mark.parametrize("path", ["/?lang=zh", "/measures?lang=zh&n=6", "/healthz"])
def test_a_language_chosen_by_hand_stays(client, path):
    assert get(client, path, "en").status_code == 200


def test_a_chinese_browser_stays_at_the_root(client):
    assert get(client, "/", "zh-CN").status_code == 200


def test_the_english_address_may_lack_its_stroke(client):
    assert get(client, "/en", "zh-CN").headers["location"] == "/en/"
