"""How fast and how large: measured on this machine, beside the cost of the parts that cannot be saved.

Linux only: memory is read from /proc, settings are handed over by env(1).
"""

import json
import platform
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant import Assistant, Settings
from evals.cases import CaseFileError, load_cases
from evals.document import update
from evals.metrics import percentile

PERFORMANCE_PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
# Questions as users ask them first: no earlier turn, nothing that is refused.
KINDS = frozenset({"howto", "howto_en", "fact"})
N_COLD = 5
N_HTTP = 200
START_TIMEOUT_S = 120.0


class BenchError(RuntimeError):
    """A command or the server did not do what is measured; says which."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """All figures of one bench; times in seconds."""

    n_questions: int
    warm_s: tuple[float, ...]
    cold_s: tuple[float, ...]
    build_s: float
    rss_mib: float
    reference_s: tuple[tuple[str, float], ...]  # medians, by part


def bench(cases_path: Path) -> Measurements:
    """Measure everything in one go; the index is built in a directory that is thrown away."""
    questions = bench_questions(cases_path)
    with TemporaryDirectory() as scratch:
        data_dir = Path(scratch) / "data"
        build_s = build_seconds(data_dir)
        return Measurements(
            n_questions=len(questions),
            warm_s=tuple(warm_seconds(questions, Path(scratch) / "records.sqlite")),
            cold_s=tuple(cold_seconds(questions[0], data_dir)),
            build_s=build_s,
            rss_mib=serving_rss_mib(questions, data_dir),
            reference_s=tuple(reference_costs(questions, Path(scratch) / "reference").items()),
        )


def bench_questions(cases_path: Path) -> list[str]:
    questions = [case.question for case in load_cases(cases_path) if case.kind in KINDS and not case.history]
    if not questions:
        raise CaseFileError(f"{cases_path}: no case of the kinds {', '.join(sorted(KINDS))}")
    return questions


def warm_seconds(questions: Sequence[str], journal_path: Path) -> list[float]:
    """Return the wall time of each question, in one process, after one round unmeasured."""
    with Assistant.open(Settings.read(), journal_path=journal_path) as assistant:
        for question in questions[:20]:
            assistant.ask(question)
        return [seconds(partial(assistant.ask, question)) for question in questions]


def cold_seconds(question: str, data_dir: Path) -> list[float]:
    """Return the wall times of `python -m assistant ask`, start of Python included."""
    return [seconds(lambda: _command(data_dir, "assistant", "ask", question)) for _ in range(N_COLD)]


def build_seconds(data_dir: Path) -> float:
    return seconds(lambda: _command(data_dir, "index", "build"))


def serving_rss_mib(questions: Sequence[str], data_dir: Path) -> float:
    """Return the server's resident memory after 200 answers over HTTP."""
    with _server(data_dir) as (pid, address):
        for number in range(N_HTTP):
            _post(f"{address}/api/v1/ask", {"question": questions[number % len(questions)]})
        return rss_mib(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))


def reference_costs(questions: Sequence[str], directory: Path) -> dict[str, float]:
    """Return the median seconds of the parts that one search cannot do without.

    One query cut and encoded, one Chroma query, one BM25 query over the same texts,
    each through the index package's own parts, without anything around them.
    """
    from corpus import load_notices  # noqa: PLC0415 - these load models
    from corpus.bank import load_questions  # noqa: PLC0415
    from index.encoder import open_encoder  # noqa: PLC0415
    from index.keyword import KeywordIndex  # noqa: PLC0415
    from index.legs import N_NEIGHBOURS, material  # noqa: PLC0415
    from index.vectors import VectorIndex  # noqa: PLC0415
    from index.words import Words, notice_vocabulary  # noqa: PLC0415

    notices = load_notices()
    gathered = material(notices, [question for notice in notices for question in load_questions(notice)])
    words = Words(notice_vocabulary(notices), directory / "words")
    encoder = open_encoder(None, words)
    VectorIndex.build(
        directory / "vectors", gathered.items, encoder.encode([item.text for item in gathered.items])
    )
    chroma = VectorIndex(directory / "vectors")
    bm25 = KeywordIndex.build(gathered.documents, words.words)
    vectors = {question: encoder.encode([question])[0] for question in questions}
    parts: dict[str, Callable[[str], object]] = {
        "cutting and encoding": lambda question: encoder.encode([question]),
        "one Chroma query": lambda question: chroma.nearest(vectors[question], N_NEIGHBOURS),
        "one BM25 query": bm25.scores,
    }
    medians = {name: _median_seconds(part, questions) for name, part in parts.items()}
    chroma.close()
    return medians


def performance_block(measured: Measurements) -> str:
    """Return the Markdown table; machine and versions by kind, never by name."""
    reference = sum(cost for _, cost in measured.reference_s)
    parts = ", ".join(f"{name} {_ms(cost)}" for name, cost in measured.reference_s)
    warm = measured.warm_s
    rows = (
        (f"Warm answer, p50 of {len(warm)}", _ms(percentile(warm, 50))),
        ("Warm answer, p90", _ms(percentile(warm, 90))),
        ("Warm answer, p99", _ms(percentile(warm, 99))),
        (f"Reference: {parts}", f"{_ms(reference)} together"),
        ("Warm answer, p50, as a multiple of the reference", f"{statistics.median(warm) / reference:.1f}"),
        (
            f"Cold `python -m assistant ask`, median of {len(measured.cold_s)}",
            f"{statistics.median(measured.cold_s):.2f} s",
        ),
        (f"Server's memory after {N_HTTP} answers", f"{measured.rss_mib:.0f} MiB"),
        ("`python -m index build`", f"{measured.build_s:.1f} s"),
    )
    lines = "\n".join(f"| {name} | {figure} |" for name, figure in rows)
    return (
        f"{platform.machine()}, Python {platform.python_version()}; {measured.n_questions} questions.\n\n"
        f"| Measured | |\n|---|---|\n{lines}"
    )


def write_page(measured: Measurements, page: Path) -> None:
    update(page, "performance", performance_block(measured))


def seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def rss_mib(status: str) -> float:
    """Return VmRSS from the text of /proc/PID/status, there in KiB."""
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise BenchError("/proc/PID/status has no VmRSS: the server has ended")


def _median_seconds(part: Callable[[str], object], questions: Sequence[str]) -> float:
    part(questions[0])
    return statistics.median(seconds(partial(part, question)) for question in questions)


def _python(data_dir: Path, *arguments: str) -> list[str]:
    return ["env", f"ASSISTANT_DATA_DIR={data_dir}", sys.executable, "-m", *arguments]


def _command(data_dir: Path, *arguments: str) -> None:
    ended = subprocess.run(_python(data_dir, *arguments), capture_output=True, text=True, check=False)
    if ended.returncode:
        lines = ended.stderr.strip().splitlines() or ["no message"]
        raise BenchError(f"python -m {' '.join(arguments[:2])} ended with {ended.returncode}: {lines[-1]}")


@contextmanager
def _server(data_dir: Path) -> Iterator[tuple[int, str]]:
    """Give the process id and the address of a server of our own; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = _python(data_dir, "assistant", "serve", "--port", str(port))
    # env(1) becomes Python, so the id is the server's own.
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(server, f"http://127.0.0.1:{port}/healthz")
            yield server.pid, f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(server: "subprocess.Popen[bytes]", address: str) -> None:
    give_up = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise BenchError(f"python -m assistant serve ended with {server.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise BenchError(f"the server did not answer within {START_TIMEOUT_S:.0f} s")


def _post(address: str, body: dict[str, str]) -> None:
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            response.read()
    except urllib.error.HTTPError as error:
        with error:
            raise BenchError(f"the server answered {error.code}: {error.reason}") from error


def _ms(value_s: float | None) -> str:
    return "–" if value_s is None else f"{value_s * 1000:.1f} ms"
