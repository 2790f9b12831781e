"""Audit the installed packages against the public advisories (`make lint`).

Fails on an advisory without an exception, on an exception past its date, and,
with --require, when packages could not be audited. Needs the network; without
it the audit says plainly that nothing was audited.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

EXCEPTIONS = Path(__file__).with_name("audit-exceptions.toml")


def problems(report: Mapping[str, Any], exceptions: Sequence[Mapping[str, Any]], today: date) -> list[str]:
    """Return what is wrong: advisories without a valid exception, and exceptions past their date."""
    valid = {e["id"] for e in exceptions if e["review_by"] >= today}
    found = [
        f"exception {e['id']} ({e['package']}) was to be reviewed by {e['review_by']}"
        for e in exceptions
        if e["review_by"] < today
    ]
    for package in report["dependencies"]:
        for advisory in package.get("vulns", ()):
            if valid.isdisjoint({advisory["id"], *advisory.get("aliases", ())}):
                fixed = ", ".join(advisory.get("fix_versions", ())) or "no release"
                found.append(f"{package['name']} {package['version']}: {advisory['id']} (fixed in {fixed})")
    return found


def unaudited(report: Mapping[str, Any]) -> list[str]:
    return [package["name"] for package in report["dependencies"] if "skip_reason" in package]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--require", action="store_true", help="fail where packages could not be audited")
    arguments = parser.parse_args(argv)
    command = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(run.stdout)
    except json.JSONDecodeError:
        report = {"dependencies": []}
    exceptions = tomllib.loads(EXCEPTIONS.read_text("utf-8"))["exception"]
    found = problems(report, exceptions, date.today())
    for problem in found:
        print(problem, file=sys.stderr)
    n, skipped = len(report["dependencies"]), unaudited(report)
    if n == 0 or skipped:
        print(f"NOT AUDITED: {len(skipped) or 'all'} of {n or 'the'} packages: no advisories reached")
    else:
        print(f"{n} packages audited")
    return 1 if found or (arguments.require and (n == 0 or skipped)) else 0


if __name__ == "__main__":
    sys.exit(main())
