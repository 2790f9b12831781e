"""Who may import whom, and which door is the only one."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]
PACKAGES = ("assistant", "corpus", "evals", "index", "prompts")
MAY_IMPORT = {
    "corpus": {"corpus"},
    "prompts": {"prompts"},
    "index": {"index", "corpus"},
    "assistant": {"assistant", "index", "corpus", "prompts"},
    "evals": {"evals", "assistant", "index", "corpus"},
}
# A library, and the only files that may import it.
DOORS = {
    "chromadb": ("index/vectors.py", "evals/bench.py"),
    "jieba": ("index/words.py", "evals/baselines.py"),
    "bm25s": ("index/keyword.py", "evals/baselines.py"),
    "model2vec": ("index/encoder.py",),
    "sentence_transformers": ("index/encoder.py", "index/encoder_training.py"),
    "torch": ("index/encoder_training.py",),
    "opencc": ("prompts/script.py",),
    "gradio": ("assistant/web/",),
    "fastapi": ("assistant/web/",),
    "jinja2": ("assistant/web/staff/render.py",),
    "starlette": ("assistant/web/",),
    "uvicorn": ("assistant/web/",),
    "pydantic_settings": ("assistant/settings.py",),
    "sqlalchemy": ("assistant/database/", "assistant/record.py", "assistant/review/"),
    "alembic": ("assistant/database/",),
    "psycopg": (),  # SQLAlchemy's; tests make databases with it
    "argon2": ("assistant/review/accounts.py",),
    "stdnum": ("assistant/personal.py",),
    "docx": ("assistant/review/memo.py",),
    "openpyxl": ("assistant/review/export.py",),
    "markdown_it": ("assistant/web/markdown.py",),
}
# The recorded moment of an answer, of a change, of an index and of a run; nothing is decided by it.
STAMPS = (
    "assistant/record.py",
    "assistant/review/commands.py",
    "assistant/review/desk.py",
    "index/build.py",
    "evals/",
)
# Everything else of the environment belongs to the settings.
ENVIRONMENT = {
    "index/private.py": {"os.environ.update"},  # switches for libraries, written before they load
    "assistant/web/__init__.py": {"os.environ.update"},
    "index/encoder.py": {"os.environ.get('SENTENCE_TRANSFORMERS_HOME')"},  # where a library keeps its models
}
CAUGHT_BROADLY = {
    "assistant/ask.py": ["Exception"],  # the outer door of the line
    "assistant/web/door.py": ["Exception"],  # the outer door of the pages
    "index/encoder.py": ["Exception"],  # tokenizers raises it as such
    "index/vectors.py": [
        "BaseException"
    ],  # a panic of Chroma's Rust code has no other class; the rest goes on
}

FILES = sorted(path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py"))
EVERY_FILE = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def imports(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Give (module, names taken from it) of every import, wherever it stands."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or ".", tuple(alias.name for alias in node.names)))
    return found


def uses(path: Path, dotted: str) -> list[int]:
    """Give the lines with this dotted name."""
    return [n.lineno for n in nodes(path) if isinstance(n, ast.Attribute) and ast.unparse(n) == dotted]


@EVERY_FILE
def test_imports_follow_the_arrows(path: Path) -> None:
    package = name_of(path).partition("/")[0]
    ours = {module for module, _ in imports(path) if module.partition(".")[0] in PACKAGES}
    if path.name == "__main__.py":  # entry points read the settings
        ours.discard("assistant.settings")
    assert {module for module in ours if module.partition(".")[0] not in MAY_IMPORT[package]} == set()


@EVERY_FILE
def test_imports_are_absolute(path: Path) -> None:
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in nodes(path))


@pytest.mark.parametrize("package", ["corpus", "prompts"])
def test_imports_the_standard_library_only(package: str) -> None:
    modules = {
        module.partition(".")[0] for path in (CHECKOUT / package).rglob("*.py") for module, _ in imports(path)
    }
    allowed = {"opencc"} if package == "prompts" else set()
    assert modules - sys.stdlib_module_names - allowed == {package} & modules


def test_evaluation_uses_public_names_only() -> None:
    taken = [found for path in (CHECKOUT / "evals").rglob("*.py") for found in imports(path)]
    ours = [(module, names) for module, names in taken if module.partition(".")[0] == "assistant"]
    public = ast.literal_eval(_all_of(CHECKOUT / "assistant" / "__init__.py"))
    assert {module for module, _ in ours} == {"assistant"}
    assert {name for _, names in ours for name in names} <= set(public)


def test_every_public_name_is_there() -> None:
    path = CHECKOUT / "assistant" / "__init__.py"
    public = ast.literal_eval(_all_of(path))
    assert sorted(public) == public == sorted(name for _, names in imports(path) for name in names)


@EVERY_FILE
def test_a_library_has_one_door(path: Path) -> None:
    used = {module.partition(".")[0] for module, _ in imports(path)} & DOORS.keys()
    assert {library for library in used if not name_of(path).startswith(DOORS[library])} == set()


@EVERY_FILE
def test_the_environment_is_read_by_the_settings_only(path: Path) -> None:
    lines = uses(path, "os.environ") + uses(path, "os.getenv") + uses(path, "os.environb")
    allowed = ENVIRONMENT.get(name_of(path), set())
    called = [
        n for n in nodes(path) if isinstance(n, ast.Call) and {ast.unparse(n), ast.unparse(n.func)} & allowed
    ]
    assert lines == [node.lineno for node in called]
    assert not any(module == "os" and {"environ", "getenv"} & {*names} for module, names in imports(path))


@EVERY_FILE
def test_the_day_comes_from_the_clock(path: Path) -> None:
    called = [ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)]
    clocks = {
        "date.today",
        "datetime.today",
        "datetime.utcnow",
        "datetime.now",
        "time.time",
        "time.localtime",
    }
    stamps = {"datetime.now"} if name_of(path).startswith(STAMPS) else set()
    assert clocks & {*called} <= stamps


@EVERY_FILE
def test_today_is_a_default_only(path: Path) -> None:
    defaults = [
        default.lineno
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef)
        for default in (*node.args.defaults, *node.args.kw_defaults)
        if default is not None and ast.unparse(default) == "date.today"
    ]
    assert sorted(uses(path, "date.today")) == sorted(defaults)


@EVERY_FILE
def test_nothing_is_caught_broadly_but_at_the_outer_door(path: Path) -> None:
    caught = [ast.unparse(n.type) if n.type else "" for n in nodes(path) if isinstance(n, ast.ExceptHandler)]
    broad = [kind for kind in caught if kind in ("", "Exception", "BaseException")]
    assert broad == CAUGHT_BROADLY.get(name_of(path), [])


@EVERY_FILE
def test_prints_on_the_command_line_only(path: Path) -> None:
    calls = [node for node in nodes(path) if isinstance(node, ast.Call)]
    prints = [call.lineno for call in calls if ast.unparse(call.func) == "print"]
    assert path.name == "__main__.py" or prints == []


@pytest.mark.parametrize(
    "stage", ["normalise", "understand", "retrieve", "compose", "verify", "cite", "record"]
)
def test_a_stage_does_not_know_the_line_nor_the_pages(stage: str) -> None:
    modules = {module for module, _ in imports(CHECKOUT / "assistant" / f"{stage}.py")}
    assert not {m for m in modules if m.startswith(("assistant.ask", "assistant.web", "assistant.settings"))}


def _all_of(path: Path) -> str:
    for node in nodes(path):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.unparse(node.value)
    raise AssertionError(f"{path.name} has no __all__")
