"""`python -m evals`: run, answer, compare, gate, approvals, ablation …; `--help` names them all."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals import gate
from evals.ablation import ablation, ablation_text, shipped_sources
from evals.approvals import approvals, approvals_text
from evals.bench import PERFORMANCE_PAGE, BenchError, bench, performance_block, write_page
from evals.cases import CaseFileError, load_cases
from evals.compare import compare, comparison_text
from evals.document import EVALUATION_PAGE, approvals_blocks, document, update
from evals.everything import measure_everything
from evals.general import general, general_text, load_statutes
from evals.learning import learning_curve, learning_curve_text
from evals.run import answer_cases, new_directory, run, table, write_json, write_json_lines
from evals.systems import SYSTEMS, open_system


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0, 1 if the gate or a measurement fails, 2 for input that cannot be used."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except CaseFileError as error:
        print(error, file=sys.stderr)
        return 2
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


def _run(options: argparse.Namespace) -> int:
    directory, summary = run(options.cases, system_name=options.system, out=options.out, limit=options.limit)
    print(table(summary))
    print(f"report: {directory / 'report.html'}")
    return 0


def _answer(options: argparse.Namespace) -> int:
    cases = load_cases(options.cases)
    if not options.out.parent.is_dir():
        raise CaseFileError(f"{options.out.parent}: no such directory")
    with (
        TemporaryDirectory() as scratch,
        open_system("assistant", Path(scratch) / "records.sqlite") as system,
    ):
        write_json_lines(options.out, answer_cases(system, cases))
    print(f"{len(cases)} answers: {options.out}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    print(comparison_text(compare(options.run_a, options.run_b)))
    return 0


def _gate(options: argparse.Namespace) -> int:
    with (
        TemporaryDirectory() as scratch,
        open_system("assistant", Path(scratch) / "records.sqlite") as system,
    ):
        scores = gate.score_own(system, gate.OWN_CASES)
    right = f"{sum(row.right for row in scores)} of {len(scores)} strictly right"
    if options.record:
        gate.record(scores, gate.OWN_CASES, gate.BASELINE)
        print(f"{right}; recorded")
        return 0
    if gate.case_file_changed(gate.OWN_CASES, gate.BASELINE):
        print("the cases have changed since the baseline was recorded", file=sys.stderr)
    below = gate.fallen(scores, gate.BASELINE)
    print("\n".join([f"{right}; {len(below)} groups below the baseline", *below]))
    return 1 if below else 0


def _ablation(options: argparse.Namespace) -> int:
    load_cases(options.cases)  # a bad file is refused before a directory is made
    keep = _keeper(options.out, "ablation.json")
    measured = ablation(options.cases, shipped_sources())
    keep(measured)
    print(ablation_text(measured))
    return 0


def _learning_curve(options: argparse.Namespace) -> int:
    load_cases(options.cases)
    keep = _keeper(options.out, "learning_curve.json")
    measured = learning_curve(options.cases, shipped_sources())
    keep(measured)
    print(learning_curve_text(measured))
    return 0


def _general(options: argparse.Namespace) -> int:
    load_statutes(options.data / "statutes.jsonl")
    keep = _keeper(options.out, "general.json")
    checked = general(options.data, shipped_sources())
    keep(checked)
    print(general_text(checked))
    return 0 if checked["passes"] else 1


def _approvals(options: argparse.Namespace) -> int:
    measured = approvals()
    print(approvals_text(measured))
    for name, body in approvals_blocks(measured).items():
        update(options.page, name, body)
    return 0 if measured["passes"] else 1


def _keeper(out: Path | None, name: str) -> Callable[[Mapping[str, Any]], None]:
    """Make the directory, if one is named, before minutes are spent; return what writes into it."""
    if out is None:
        return lambda measured: None
    path = new_directory(out) / name
    return lambda measured: write_json(path, measured)


def _document(options: argparse.Namespace) -> int:
    if bool(options.run) == options.all or options.all != bool(options.cases):
        raise CaseFileError("document takes either --run DIR … or --all --cases FILE … [--general DIR]")
    document(measure_everything(options.cases, options.general) if options.all else options.run, options.page)
    return 0


def _bench(options: argparse.Namespace) -> int:
    measured = bench(options.cases)
    print(performance_block(measured))
    write_page(measured, options.page)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Measure the assistant.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    part = commands.add_parser("run", help="ask and score a case file, write a report")
    part.add_argument("--cases", type=Path, required=True)
    part.add_argument("--out", type=Path, help="a directory of its own; default results/<UTC time>")
    part.add_argument("--system", choices=SYSTEMS, default="assistant")
    part.add_argument("--limit", type=_positive, help="only the first N cases")
    part.set_defaults(command=_run)
    part = commands.add_parser("answer", help="one answer object a line, in order, scoring nothing")
    part.add_argument("--cases", type=Path, required=True)
    part.add_argument("--out", type=Path, required=True)
    part.set_defaults(command=_answer)
    part = commands.add_parser("compare", help="two runs side by side, and what flipped")
    part.add_argument("run_a", type=Path, metavar="RUN")
    part.add_argument("run_b", type=Path, metavar="RUN")
    part.set_defaults(command=_compare)
    part = commands.add_parser("gate", help="fail if a group of our own cases is below what was recorded")
    part.add_argument("--record", action="store_true", help="record the present counts instead")
    part.set_defaults(command=_gate)
    part = commands.add_parser("ablation", help="right measure first without each part of the search")
    part.add_argument("--cases", type=Path, required=True)
    part.add_argument("--out", type=Path, help="a directory of its own for ablation.json")
    part.set_defaults(command=_ablation)
    part = commands.add_parser("learning-curve", help="right measure first by questions in the bank")
    part.add_argument("--cases", type=Path, required=True)
    part.add_argument("--out", type=Path, help="a directory of its own for learning_curve.json")
    part.set_defaults(command=_learning_curve)
    part = commands.add_parser("general", help="fail if fusing is worse than BM25 on texts unknown to us")
    part.add_argument("--data", type=Path, required=True, help="with statutes.jsonl and questions.jsonl")
    part.add_argument("--out", type=Path, help="a directory of its own for general.json")
    part.set_defaults(command=_general)
    part = commands.add_parser("approvals", help="fail if approved answers are used for near-misses")
    part.add_argument("--page", type=Path, default=EVALUATION_PAGE)
    part.set_defaults(command=_approvals)
    part = commands.add_parser("document", help="put figures into docs/evaluation.md")
    part.add_argument("--run", type=Path, nargs="+", metavar="DIR", help="what --out of any command has left")
    part.add_argument("--all", action="store_true", help="measure everything anew first")
    part.add_argument("--cases", type=Path, nargs="+", metavar="FILE", help="with --all")
    part.add_argument("--general", type=Path, metavar="DIR", help="with --all: the general check's data")
    part.add_argument("--page", type=Path, default=EVALUATION_PAGE)
    part.set_defaults(command=_document)
    part = commands.add_parser("bench", help="latency, memory, build time, into docs/performance.md")
    part.add_argument("--cases", type=Path, default=gate.OWN_CASES)
    part.add_argument("--page", type=Path, default=PERFORMANCE_PAGE)
    part.set_defaults(command=_bench)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


if __name__ == "__main__":
    sys.exit(main())
