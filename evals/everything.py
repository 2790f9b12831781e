"""Everything that docs/evaluation.md shows, measured anew by one command."""

from collections.abc import Sequence
from pathlib import Path

from evals.ablation import ablation, shipped_sources
from evals.approvals import approvals
from evals.general import general
from evals.learning import learning_curve
from evals.run import new_directory, run, write_json
from evals.systems import SYSTEMS


def measure_everything(case_files: Sequence[Path], general_data: Path | None) -> list[Path]:
    """Run every system, the ablation and the learning curve over each file; return the directories.

    All lie under one new directory in results/. The general check only where its data is given.
    """
    out = new_directory(None)
    directories: list[Path] = []
    for cases_path in case_files:
        directories += [
            run(cases_path, system_name=name, out=out / f"{cases_path.stem}-{name}")[0] for name in SYSTEMS
        ]
    sources = shipped_sources()
    for cases_path in case_files:
        searched = new_directory(out / f"{cases_path.stem}-search")
        write_json(searched / "ablation.json", ablation(cases_path, sources))
        write_json(searched / "learning_curve.json", learning_curve(cases_path, sources))
        directories.append(searched)
    directories.append(new_directory(out / "approvals"))
    write_json(directories[-1] / "approvals.json", approvals())
    if general_data is not None:
        directories.append(new_directory(out / "general"))
        write_json(directories[-1] / "general.json", general(general_data, sources))
    return directories
