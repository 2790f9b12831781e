from pathlib import Path

import pytest

from corpus.bank import BankError, BankQuestion, NegativeQuestion
from index.__main__ import main
from index.sources import Sources, accepted_path, open_sources

ODD = "老王家那口子的章子往哪儿磕"
ACCEPTED = f'{{"passage": "xian-2024-26#m27", "lang": "zh", "question": "{ODD}"}}\n'
OUTSIDE = '{"passage": "none", "lang": "en", "question": "Who waters the office plants?"}\n'


@pytest.fixture
def accepted(tmp_path: Path) -> Path:
    path = accepted_path(tmp_path)
    path.parent.mkdir()
    return path


def test_reads_what_staff_added_after_the_shipped_bank(
    tmp_path: Path, accepted: Path, sources: Sources
) -> None:
    accepted.write_text(ACCEPTED + "\n" + OUTSIDE, "utf-8")
    opened = open_sources(tmp_path, None)
    assert opened.questions == (*sources.questions, BankQuestion(ODD, "zh", "xian-2024-26#m27"))
    assert opened.negatives[-1] == NegativeQuestion("Who waters the office plants?", "en", "staff")


def test_is_another_version_with_the_same_encoder(tmp_path: Path, accepted: Path, sources: Sources) -> None:
    accepted.write_text(ACCEPTED, "utf-8")
    parts = open_sources(tmp_path, None).parts
    assert {name for name, value in parts.items() if value != sources.parts[name]} == {"questions"}


def test_skips_what_is_shipped_already(tmp_path: Path, accepted: Path, sources: Sources) -> None:
    shipped = sources.questions[0].text.upper().replace("?", "\uff1f")
    outside = sources.negatives[0].text
    row = '{{"passage": "{}", "lang": "zh", "question": "{}"}}\n'
    accepted.write_text(row.format("none", shipped) + row.format("xian-2024-26#m01", outside), "utf-8")
    assert open_sources(tmp_path, None).version == sources.version


def test_an_empty_file_adds_nothing(tmp_path: Path, accepted: Path, sources: Sources) -> None:
    accepted.touch()
    assert open_sources(tmp_path, None).version == sources.version


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "no JSON"),
        (ACCEPTED, "the same question as in line 1"),
        (OUTSIDE.replace("none", "xian-2024-26#m99"), "unknown passage 'xian-2024-26#m99'"),
        (OUTSIDE.replace("none", "m27"), "unknown passage 'm27'"),
        (ACCEPTED.replace('"zh"', '"zh-Hant"'), "unknown language"),
        (ACCEPTED.replace('"lang"', '"language"'), "not an object with the keys"),
    ],
)
def test_refuses_a_broken_line_naming_file_and_line(
    tmp_path: Path, accepted: Path, line: str, problem: str
) -> None:
    accepted.write_text(ACCEPTED + line, "utf-8")
    with pytest.raises(BankError, match=f"accepted/questions.jsonl: line 2: .*{problem}"):
        open_sources(tmp_path, None)


def test_a_build_names_the_broken_line(
    tmp_path: Path, accepted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_DATA_DIR", str(tmp_path))
    accepted.write_text(ACCEPTED + "{", "utf-8")
    assert main(["build"]) == 1
    assert f"{accepted}: line 2" in capsys.readouterr().err
