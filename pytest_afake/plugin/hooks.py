"""The hooks of a run. Registered when a run is started, so they never ask whether there is one."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

from pytest_afake.plugin import outcome, summary
from pytest_afake.plugin.explanation import explain
from pytest_afake.plugin.parametrize import asks_for_model
from pytest_afake.plugin.run import Run


class RunHooks:
    """Passes what pytest says to the run, and what the run says to pytest."""

    def __init__(self, run: Run, config: pytest.Config) -> None:
        self.run = run
        self.is_worker = hasattr(config, "workerinput")

    def pytest_report_header(self) -> list[str]:
        return summary.header(self.run)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if not self.is_worker:
            summary.begin(self.run, session)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.run.ledger.expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Iterable[str]) -> None:
        self.run.ledger.expect(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.run.ledger.uncollected.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        outcome.enter_leftovers(self.run.ledger, getattr(node, "workeroutput", {}))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        outcome.finish_phase(self.run, report, call, uses_model=asks_for_model(item))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        outcome.enter(self.run.ledger, report)

    def pytest_report_teststatus(
        self, report: pytest.TestReport | pytest.CollectReport
    ) -> tuple[str, str, tuple[str, dict[str, bool]]] | None:
        if outcome.is_inconclusive(report):
            return "inconclusive", "I", ("INCONCLUSIVE", {"yellow": True})
        return None

    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> list[str] | None:
        return explain(op, left, right)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.is_worker:
            summary.print_section(self.run, terminalreporter)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # after pytest's own last line
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        leftovers = outcome.leftovers(self.run)
        if self.is_worker:
            session.config.workeroutput.update(leftovers)  # type: ignore[attr-defined]  # xdist's
        else:
            outcome.enter_leftovers(self.run.ledger, leftovers)
            summary.finish(self.run, session)
        yield
        terminal: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        if not self.is_worker and terminal:
            summary.print_last_line(self.run, session, terminal)

    def pytest_unconfigure(self) -> None:
        self.run.close()
