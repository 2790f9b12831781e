import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.__main__ import main
from tests.assistant.test_answer import KEYS

WATCHED = Path(__file__).with_name("watched.py")
Asking = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(
    assistant: Assistant, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Asking:
    """Run `ask` with these arguments; give exit code, output and errors."""
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(data_dir))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(["ask", *arguments])
        return (code, *capsys.readouterr())

    return run


def test_answers_on_the_terminal(ask: Asking) -> None:
    code, out, err = ask("水电气怎么报装")
    assert (code, err) == (0, "")
    assert "第6项措施" in out
    assert "市行政审批局" in out


def test_prints_the_answer_object_alone(ask: Asking) -> None:
    code, out, err = ask("水电气怎么报装", "--json")
    assert (code, err) == (0, "")
    assert list(json.loads(out)) == KEYS


def test_takes_several_turns_of_history(ask: Asking) -> None:
    _, out, _ = ask("那谁负责？", "--json", "--history", "招不到工人", "--history", "水电气怎么报装")
    assert json.loads(out)["citations"][0]["measure_number"] == 6


@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_answers_in_the_language_that_was_chosen(ask: Asking, language: str) -> None:
    _, out, _ = ask("水电气怎么报装", "--json", "--lang", language)
    assert json.loads(out)["lang"] == language


@pytest.mark.parametrize("question", ["明天天气怎么样", "😀", "谁负责", "第40项措施", "施工图审查电话"])
def test_succeeds_with_every_ending_but_failed(ask: Asking, question: str) -> None:
    assert ask(question)[0] == 0


@pytest.mark.parametrize(
    ("question", "said"), [("", "问题是空的"), ("\u200b", "问题是空的"), ("水" * 1001, "问题太长")]
)
def test_exits_2_for_what_cannot_be_used(ask: Asking, question: str, said: str) -> None:
    code, out, err = ask(question, "--json")
    assert (code, out) == (2, "")
    assert err.startswith(said)


@pytest.mark.parametrize("arguments", [[], ["a", "--lang", "fr"], ["a", "b"], ["a", "--unknown"]])
def test_exits_2_for_arguments_it_does_not_know(ask: Asking, arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        ask(*arguments)


def test_names_a_setting_that_is_wrong(ask: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PORT", "abc")
    code, out, err = ask("水电气")
    assert (code, out) == (1, "")
    assert err.startswith("ASSISTANT_PORT='abc'")


def test_names_records_that_cannot_be_opened(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    (tmp_path / "records.sqlite").write_text("no database\n" * 100)
    code, out, err = ask("水电气")
    assert (code, out) == (1, "")
    assert err == f"the records at {tmp_path / 'records.sqlite'} cannot be opened: file is not a database\n"


def test_names_a_data_folder_that_cannot_be_used(
    ask: Asking, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path / "file"))
    code, _, err = ask("水电气")
    assert code == 1
    assert str(tmp_path / "file") in err


def test_contacts_no_outside_host_and_loads_no_torch(
    assistant: Assistant, data_dir: Path, tmp_path: Path
) -> None:
    command: list[str | Path] = [
        sys.executable,
        WATCHED,
        tmp_path / "report",
        "assistant",
        "ask",
        "水电气怎么报装",
        "--json",
    ]
    environment = {"ASSISTANT_DATA_DIR": str(data_dir), "LC_ALL": "C"}
    ran = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["citations"][0]["measure_number"] == 6
    assert json.loads((tmp_path / "report").read_text()) == {"contacted": [], "heavy": []}


def test_would_see_a_contact(tmp_path: Path) -> None:
    (tmp_path / "call.py").write_text("import socket\nsocket.create_connection(('192.0.2.1', 80))")
    command: list[str | Path] = [sys.executable, WATCHED, tmp_path / "report", tmp_path / "call.py"]
    subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert "socket.getaddrinfo 192.0.2.1" in json.loads((tmp_path / "report").read_text())["contacted"]
