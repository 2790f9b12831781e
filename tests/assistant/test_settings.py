from pathlib import Path

import pytest
from pydantic import ValidationError

from assistant import Settings, SettingsError

NAMES = ("BLOCKLIST", "DATA_DIR", "ENCODER", "HOST", "PORT")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"ASSISTANT_{name}", raising=False)


def test_serves_on_this_machine_only_unless_told_otherwise() -> None:
    settings = Settings.read()
    assert (settings.host, settings.port, settings.encoder) == ("127.0.0.1", 7860, None)


def test_writes_into_the_checkout_unless_told_otherwise() -> None:
    assert Settings.read().data_dir == Path(__file__).parents[2] / "var"


def test_reads_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_PORT", "8080")
    assert (Settings.read().data_dir, Settings.read().port) == (tmp_path, 8080)


@pytest.mark.parametrize("name", NAMES)
def test_takes_an_empty_variable_as_unset(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    unset = Settings.read()
    monkeypatch.setenv(f"ASSISTANT_{name}", "")
    assert Settings.read() == unset


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "80.5"])
def test_names_the_variable_and_its_value(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", value)
    with pytest.raises(SettingsError, match=f"ASSISTANT_PORT='{value}': Input should be"):
        Settings.read()


def test_ignores_variables_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_TEST_REQUIRE", "browser")
    assert Settings.read()


def test_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings.read().port = 1  # type: ignore[misc]
