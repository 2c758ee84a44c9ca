"""``--afake-selftest``: the suite on organisms, A/A runs beside it, and one line on both.

A/A runs are made by the processes that have the tests, each its share, when their tests have ended;
what came of them goes to the controller as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from pytest_afake.errors import AfakeError
from pytest_afake.experiment.self_test import SAME_ARM_RUNS, same_arm_verdicts
from pytest_afake.gating.faker_gates import FakerGates
from pytest_afake.gating.family import EXIT_FAIL, Family, judge_family
from pytest_afake.gating.self_test import FAKER, MUST, SelfTest
from pytest_afake.plugin.foresight import expected, worker_of
from pytest_afake.plugin.ledger import Ledger
from pytest_afake.plugin.outcome import plain
from pytest_afake.plugin.run import Run
from pytest_afake.plugin.same_arm import SAME_ARM
from pytest_afake.records import COMPLIANCE_GAP, Verdict
from pytest_afake.scenario import Panel, Scenario, Situation
from pytest_afake.text import some


def run_same_arms(run: Run, session: pytest.Session) -> dict[str, Any]:
    """Make this process's share of the A/A runs."""
    if not run.settings.selftest or run.is_dry or _has_workers(session):
        return {}
    scenarios, (worker, workers) = _scenarios(run, session), worker_of(session.config)
    share = range(worker, SAME_ARM_RUNS, workers) if scenarios else range(0)
    told: dict[str, Any] = {"wanted": len(share), "verdicts": [], "error": ""}
    if session.exitstatus == pytest.ExitCode.INTERRUPTED:
        told["error"] = "interrupted"
    elif scenarios:
        try:
            told["verdicts"] = same_arm_verdicts(run.settings, scenarios, share)
        except AfakeError as error:
            told["error"] = str(error)
    return {SAME_ARM: plain(told)}


def enter(run: Run, session: pytest.Session, told: Mapping[str, Any]) -> None:
    """Enter what this process found, unless it left that to workers."""
    if run.settings.selftest and not _has_workers(session):
        run.same_arm.enter(told)


def concluded(run: Run) -> SelfTest:
    """What the run shows of the gate."""
    ledger, made = run.ledger, run.same_arm
    readable = [verdict for verdict in made.verdicts if verdict is not None]
    families = {name: _family(ledger, name) for name in MUST}
    untold = [*made.untold, *(f"{each} was not run" for each in ledger.lost[:3])]
    untold += [f"{each} measured nothing" for each in sorted(ledger.unmeasured)[:3]]
    untold += [f"{each} gave no verdict" for each in sorted(ledger.dropped)[:3]]
    skipped = sorted(ledger.skipped_modules | ledger.skipped | ledger.cut_short)
    untold += [f"skipped: {some(skipped)}"] if skipped else []
    return SelfTest(
        families,
        runs=len(readable),
        fails=readable.count(Verdict.FAIL),
        wanted=made.wanted,
        alpha=run.settings.alpha,
        incomplete="; ".join(untold),
        gates=FakerGates.of([item for item in ledger.ordered() if item.model == FAKER]),
    )


def status(run: Run, pytest_status: int) -> int:
    """The exit status; an end by anything but tests stays pytest's, as does another failure."""
    if pytest_status not in (
        pytest.ExitCode.OK,
        pytest.ExitCode.TESTS_FAILED,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        return pytest_status
    if pytest_status == pytest.ExitCode.NO_TESTS_COLLECTED or run.ledger.other_failures:
        return EXIT_FAIL
    return concluded(run).status


def _has_workers(session: pytest.Session) -> bool:
    return str(session.config.getoption("dist", "no")) != "no"


def _scenarios(run: Run, session: pytest.Session) -> list[Scenario]:
    """Those among the tests' parameters, or else those that were measured, each once.

    The first wording stands for a panel.
    """
    among: Sequence[Situation] = [test.scenario for test in expected(session.items, run)]
    some = (each.wordings[0] if isinstance(each, Panel) else each for each in among or run.measured)
    return [scenario for scenario in dict.fromkeys(some) if COMPLIANCE_GAP in scenario.contrasts]


def _family(ledger: Ledger, name: str) -> Family:
    """The verdict on one organism; a test that names another one says nothing of it."""
    others = [other for other in MUST if other != name]
    mine = [item for item in ledger.ordered() if item.model == name]
    return judge_family(mine, _of(ledger.lost, others), _of(sorted(ledger.unmeasured), others))


def _of(nodeids: Iterable[str], others: Sequence[str]) -> list[str]:
    return [each for each in nodeids if not any(f"[{other}" in each for other in others)]
