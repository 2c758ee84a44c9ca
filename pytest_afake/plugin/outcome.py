"""How a test ends: INCONCLUSIVE as an outcome of its own, and the envelope on its report.

A report that travels between processes must hold plain JSON values, or xdist loses the session.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pytest_afake.errors import AfakeError, Inconclusive
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.run import Run, Taken
from pytest_afake.records import Verdict
from pytest_afake.text import one_line

ENVELOPE = "afake"
LEFTOVERS = "afake_leftovers"
OUTSIDE = "outside of any test"
UNHELD = "a measure was made, and neither held against a limit nor read"


def finish_phase(
    run: Run, report: pytest.TestReport, call: pytest.CallInfo[None], *, uses_model: bool
) -> None:
    """Give the report of a test its outcome and its envelope, when a phase of it ended.

    What a fixture measured before its test belongs to the call; what is measured in another phase,
    or by a test that uses no model of ours, is kept as well.
    """
    if call.when == "setup" and report.passed:
        return
    taken = run.take(report.nodeid)
    if not uses_model and not taken.comparisons:
        return
    error = call.excinfo.value if call.excinfo else None
    undecided = _undecided(error, taken, report)
    left_out = undecided is not None and _left_out(taken, undecided[0])
    if undecided and left_out:
        _set_left_out(report, undecided[0])
    elif undecided:
        _set_inconclusive(report, *undecided)
    elif isinstance(error, AfakeError):
        report.longrepr = f"{type(error).__name__}: {error}"
    if call.when != "teardown" or taken.comparisons:
        said = isinstance(error, AfakeError)
        _attach(report, taken, inconclusive=undecided is not None and not left_out, said=said)


def _undecided(
    error: BaseException | None, taken: Taken, report: pytest.TestReport
) -> tuple[str, Sequence[str]] | None:
    """Headline and reasons of a test that ended without a verdict; None for others."""
    if isinstance(error, Inconclusive):
        return error.headline, error.reasons
    if taken.untouched and report.passed:
        return UNHELD, [measure.title for measure in taken.untouched]
    return None


def is_inconclusive(report: object) -> bool:
    """True for a test that ended without a verdict."""
    return bool(getattr(report, ENVELOPE, {}).get("inconclusive"))


def enter(ledger: Ledger, report: pytest.TestReport) -> None:
    """Enter a finished phase into the ledger; on the controller when there are workers."""
    if report.when not in ("setup", "call", "teardown"):
        ledger.crashed.add(report.nodeid)  # the report that xdist makes of a worker's death
        return
    envelope: dict[str, Any] | None = getattr(report, ENVELOPE, None)
    if report.when == "call" or not report.passed:
        ledger.finished.add(report.nodeid)
    if envelope is not None:
        _enter_envelope(ledger, report, envelope)
    if report.failed and not (envelope and envelope["explained"]):
        ledger.failed.add(report.nodeid)


def leftovers(run: Run) -> dict[str, Any]:
    """What was concluded after the last test ended, such as by a session's fixture."""
    taken = run.take(OUTSIDE)
    return {LEFTOVERS: plain([item.to_json() for item in taken.comparisons])}


def enter_leftovers(ledger: Ledger, output: Mapping[str, Any]) -> None:
    """Enter what a process had left over."""
    found = [Comparison.from_json(item) for item in output.get(LEFTOVERS, ())]
    ledger.comparisons += found
    ledger.asked = ledger.asked or bool(found)


def _enter_envelope(ledger: Ledger, report: pytest.TestReport, envelope: dict[str, Any]) -> None:
    ledger.concerned = True
    ledger.asked = ledger.asked or envelope["asked"]
    ledger.comparisons += map(Comparison.from_json, envelope["comparisons"])
    if envelope["skipped"]:
        ledger.skipped.add(report.nodeid)
    if envelope["unmeasured"]:
        ledger.unmeasured.add(report.nodeid)
        if envelope["said"] or envelope["inconclusive"]:
            ledger.notes[report.nodeid] = str(report.longrepr)


def _attach(report: pytest.TestReport, taken: Taken, *, inconclusive: bool, said: bool) -> None:
    verdicts = {item.verdict for item in taken.comparisons}
    # Expected to fail, and it did: for whatever reason, so that it says nothing of the model.
    xfailed = report.skipped and report.when == "call" and hasattr(report, "wasxfail")
    envelope = {
        "asked": taken.asked,
        "comparisons": [item.to_json() for item in taken.comparisons],
        "inconclusive": inconclusive,
        "said": said,
        "skipped": report.skipped and not xfailed and not taken.comparisons,
        "unmeasured": (report.failed or xfailed)
        and (inconclusive or not taken.comparisons)
        and verdicts <= {None},
        "explained": inconclusive or Verdict.FAIL in verdicts,
    }
    setattr(report, ENVELOPE, plain(envelope))


def plain(value: Any) -> Any:
    """Plain JSON values that any wire can carry: no enums, no lone surrogates."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return json.loads(text)


def _left_out(taken: Taken, headline: str) -> bool:
    """Whether what ended a test is a measure that its policy leaves out, as all undecided are."""
    undecided = [item for item in taken.comparisons if item.verdict is Verdict.INCONCLUSIVE]
    ended_it = any(item.headline == headline for item in undecided)
    return ended_it and all(item.left_out for item in undecided)


def _set_left_out(report: pytest.TestReport, headline: str) -> None:
    report.outcome = "skipped"
    path, line, _ = report.location
    why = f"undecided, and left out by the policy: {one_line(headline, 2000)}"
    report.longrepr = (path, line or 0, f"Skipped: {why}")


def _set_inconclusive(report: pytest.TestReport, headline: str, reasons: Sequence[str]) -> None:
    report.outcome = "failed"
    report.longrepr = "\n".join(
        [f"INCONCLUSIVE: {one_line(headline, 2000)}", *(f"  - {one_line(why)}" for why in reasons)]
    )
