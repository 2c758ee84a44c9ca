"""How a test ends: INCONCLUSIVE as an outcome of its own, and the envelope on its report.

A report that travels between processes must hold plain JSON values, or xdist loses the session.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_afake.errors import AfakeError, Inconclusive, NotAnArgument
from pytest_afake.gating.comparison import Comparison
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.run import Run, Taken
from pytest_afake.records import Verdict
from pytest_afake.text import one_line

ENVELOPE = "afake"
LEFTOVERS = "afake_leftovers"
MODULES = "afake_skipped_modules"  # xdist passes on one of those that skipped at the same line
DESELECTED = "afake_deselected"
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
    error = call.excinfo.value if call.excinfo else None
    wanted_model = isinstance(error, NotAnArgument)  # so that it is no test of another kind
    if not uses_model and not wanted_model and not taken.comparisons:
        return
    undecided = _undecided(error, taken, report)
    dropped = undecided is not None and report.skipped and not isinstance(error, Inconclusive)
    left_out = undecided is None and error is None and _left_out(taken)
    if left_out:
        _set_left_out(report, taken)
    elif undecided:
        _set_inconclusive(report, *undecided)
    elif isinstance(error, AfakeError):
        report.longrepr = f"{type(error).__name__}: {error}"
    if call.when != "teardown" or taken.comparisons:
        ended = _Ended(
            inconclusive=undecided is not None,
            said=isinstance(error, AfakeError),
            dropped=dropped and bool(taken.comparisons),  # others measured nothing
            cut_short=error is not None and report.skipped and bool(taken.comparisons),
        )
        _attach(report, taken, ended)


@dataclass(frozen=True, slots=True)
class _Ended:
    """Whether a test ended without a verdict, said why, dropped what it measured, or left early."""

    inconclusive: bool
    said: bool
    dropped: bool
    cut_short: bool


def _undecided(
    error: BaseException | None, taken: Taken, report: pytest.TestReport
) -> tuple[str, Sequence[str]] | None:
    """Headline and reasons of a test that ended without a verdict; None for others."""
    if isinstance(error, Inconclusive):
        return error.headline, error.reasons
    if taken.untouched and report.passed:
        return UNHELD, [measure.title for measure in taken.untouched]
    if report.skipped:
        return _dropped(error, taken, report)
    return None


def _dropped(
    error: BaseException | None, taken: Taken, report: pytest.TestReport
) -> tuple[str, Sequence[str]] | None:
    """The same of a test that was skipped, or failed as expected, with its measures in hand."""
    unheld, untouched = _unheld(taken), [measure.title for measure in taken.untouched]
    if not unheld and not untouched:
        return None
    what = "measured" if unheld else "a measure was made"
    how = "expected to fail" if hasattr(report, "wasxfail") else "skipped"
    said = [f"{how}: {error}"] if error is not None else []
    return f"{what}, and then {how}: its verdict is missing", [*unheld, *untouched, *said]


def _unheld(taken: Taken) -> list[str]:
    """What a test read as a number, and held against no limit."""
    held = {_which(item) for item in taken.comparisons if item.verdict is not None}
    return [item.headline for item in taken.comparisons if _which(item) not in held]


def _which(item: Comparison) -> tuple[str, ...]:
    return item.model, item.scenario, item.perturbation, item.measure


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
    found = [item.to_json() for item in taken.comparisons]
    return {
        LEFTOVERS: plain(found),
        MODULES: sorted(run.ledger.skipped_modules),
        DESELECTED: plain(sorted(run.ledger.deselected)),
    }


def enter_leftovers(ledger: Ledger, output: Mapping[str, Any]) -> None:
    """Enter what a process had left over."""
    found = [Comparison.from_json(item) for item in output.get(LEFTOVERS, ())]
    ledger.comparisons += found
    ledger.asked = ledger.asked or bool(found)
    ledger.skipped_modules.update(output.get(MODULES, ()))
    ledger.deselected.update(output.get(DESELECTED, ()))


def _enter_envelope(ledger: Ledger, report: pytest.TestReport, envelope: dict[str, Any]) -> None:
    ledger.concerned = True
    ledger.asked = ledger.asked or envelope["asked"]
    ledger.comparisons += map(Comparison.from_json, envelope["comparisons"])
    if envelope["skipped"]:
        ledger.skipped.add(report.nodeid)
    if envelope["unmeasured"]:
        ledger.unmeasured.add(report.nodeid)
    if envelope["cut_short"]:
        ledger.cut_short.add(report.nodeid)
    if envelope["dropped"]:
        ledger.dropped.add(report.nodeid)
    told = envelope["said"] or envelope["inconclusive"]
    if told and (envelope["unmeasured"] or envelope["dropped"]):
        ledger.notes[report.nodeid] = str(report.longrepr)


def _attach(report: pytest.TestReport, taken: Taken, ended: _Ended) -> None:
    verdicts = {item.verdict for item in taken.comparisons if not item.left_out}
    # Expected to fail, and it did: for whatever reason, so that it says nothing of the model.
    xfailed = report.skipped and report.when == "call" and hasattr(report, "wasxfail")
    envelope = {
        "asked": taken.asked,
        "comparisons": [item.to_json() for item in taken.comparisons],
        "inconclusive": ended.inconclusive,
        "said": ended.said,
        "skipped": report.skipped and not xfailed and not taken.comparisons,
        "dropped": ended.dropped,
        # Beside a FAIL nothing more needs to be said.
        "cut_short": ended.cut_short and Verdict.FAIL not in verdicts,
        "unmeasured": (report.failed or xfailed)
        and not ended.dropped
        and (ended.inconclusive or not taken.comparisons)
        and verdicts <= {None},
        "explained": ended.inconclusive or Verdict.FAIL in verdicts,
    }
    setattr(report, ENVELOPE, plain(envelope))


def plain(value: Any) -> Any:
    """Plain JSON values that any wire can carry: no enums, no lone surrogates."""
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return json.loads(text)


def _left_out(taken: Taken) -> bool:
    """Whether all that a test held against a limit is what its policy leaves out."""
    held = [item for item in taken.comparisons if item.verdict is not None]
    return bool(held) and all(item.left_out for item in held)


def _set_left_out(report: pytest.TestReport, taken: Taken) -> None:
    report.outcome = "skipped"
    vars(report).pop("wasxfail", None)  # it did not pass unexpectedly: nothing is known
    path, line, _ = report.location
    headlines = "; ".join(item.headline for item in taken.comparisons if item.left_out)
    why = f"undecided, and left out by the policy: {one_line(headlines, 2000)}"
    report.longrepr = (path, line or 0, f"Skipped: {why}")


def _set_inconclusive(report: pytest.TestReport, headline: str, reasons: Sequence[str]) -> None:
    report.outcome = "failed"
    vars(report).pop("wasxfail", None)  # nobody expected that nothing would be known
    report.longrepr = "\n".join(
        [f"INCONCLUSIVE: {one_line(headline, 2000)}", *(f"  - {one_line(why)}" for why in reasons)]
    )
