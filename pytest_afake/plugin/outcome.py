"""How a test ends: INCONCLUSIVE as an outcome of its own, and the envelope on its report.

A report that travels between processes must hold plain JSON values, or xdist loses the session.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from pytest_afake.errors import AfakeError, Inconclusive
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.run import Run
from pytest_afake.records import Verdict

ENVELOPE = "afake"
UNHELD = "a measure was made, and neither held against a limit nor read"


def finish_phase(
    run: Run, report: pytest.TestReport, call: pytest.CallInfo[None], *, uses_model: bool
) -> None:
    """Give the report of a test its outcome and its envelope, when its call (or setup) ended."""
    if not uses_model or not (call.when == "call" or report.failed):
        return
    comparisons, untouched = run.take(report.nodeid)
    error = call.excinfo.value if call.excinfo else None
    undecided: tuple[str, Sequence[str]] | None = None
    if isinstance(error, Inconclusive):
        undecided = error.headline, error.reasons
    elif untouched and report.passed:
        undecided = UNHELD, [measure.title for measure in untouched]
    elif isinstance(error, AfakeError):
        report.longrepr = f"{type(error).__name__}: {error}"
    if undecided:
        _set_inconclusive(report, *undecided)
    _attach(report, comparisons, inconclusive=undecided is not None)


def is_inconclusive(report: object) -> bool:
    """True for a test that ended without a verdict."""
    return bool(getattr(report, ENVELOPE, {}).get("inconclusive"))


def enter(ledger: Ledger, report: pytest.TestReport) -> None:
    """Enter a finished phase into the ledger; on the controller when there are workers."""
    if report.when not in ("setup", "call", "teardown"):
        ledger.crashed.add(report.nodeid)  # the report that xdist makes of a worker's death
        return
    envelope: dict[str, Any] = getattr(report, ENVELOPE, {})
    if report.when == "call" or not report.passed:
        comparisons = map(Comparison.from_json, envelope.get("comparisons", ()))
        ledger.add(report.nodeid, comparisons, used_model=bool(envelope))
    if envelope.get("unmeasured"):
        ledger.unmeasured.add(report.nodeid)
        if envelope["inconclusive"]:
            ledger.notes[report.nodeid] = str(report.longrepr)
    if report.failed and not envelope.get("explained"):
        ledger.failed.add(report.nodeid)


def _attach(
    report: pytest.TestReport, comparisons: Sequence[Comparison], *, inconclusive: bool
) -> None:
    verdicts = {item.verdict for item in comparisons}
    envelope = {
        "comparisons": [item.to_json() for item in comparisons],
        "inconclusive": inconclusive,
        "unmeasured": report.failed and verdicts <= {None},
        "explained": inconclusive or Verdict.FAIL in verdicts,
    }
    setattr(report, ENVELOPE, json.loads(json.dumps(envelope)))


def _set_inconclusive(report: pytest.TestReport, headline: str, reasons: Sequence[str]) -> None:
    report.outcome = "failed"
    report.longrepr = "\n".join([f"INCONCLUSIVE: {headline}", *(f"  - {why}" for why in reasons)])
