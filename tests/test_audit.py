"""The dependency audit of `make lint`, on reports as pip-audit writes them."""

import importlib.util
from datetime import date
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("audit", Path(__file__).parents[1] / ".ci" / "audit.py")
assert _SPEC is not None and _SPEC.loader is not None
audit = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit)

ADVISORY = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.0"]}
REPORT = {"dependencies": [{"name": "thing", "version": "1.0", "vulns": [ADVISORY]}]}
EXCEPTION = {"id": "CVE-1", "package": "thing", "review_by": date(2027, 1, 1)}


def test_audit_reports_an_advisory_without_exception():
    assert audit.problems(REPORT, [], date(2026, 6, 1)) == ["thing 1.0: PYSEC-1 (fixed in 2.0)"]


def test_audit_accepts_an_advisory_with_a_valid_exception():
    assert audit.problems(REPORT, [EXCEPTION], date(2026, 6, 1)) == []


def test_audit_reports_an_exception_past_its_date_and_its_advisory():
    assert len(audit.problems(REPORT, [EXCEPTION], date(2027, 1, 2))) == 2


def test_audit_names_packages_that_could_not_be_audited():
    report = {"dependencies": [{"name": "thing", "skip_reason": "not found"}]}
    assert audit.unaudited(report) == ["thing"]
