"""The hooks of a run. Registered when a run is started, so they never ask whether there is one."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

from pytest_afake.plugin import foresight, outcome, progress, selftest, summary
from pytest_afake.plugin.explanation import explain
from pytest_afake.plugin.parametrize import asks_for_model
from pytest_afake.plugin.progress import Progress
from pytest_afake.plugin.run import ACCOUNTS, Run


class RunHooks:
    """Passes what pytest says to the run, and what the run says to pytest."""

    def __init__(self, run: Run, config: pytest.Config) -> None:
        self.run = run
        self.is_worker = hasattr(config, "workerinput")
        self.progress: Progress | None = None

    def pytest_report_header(self) -> list[str]:
        return summary.header(self.run)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[ACCOUNTS] = str(self.run.folder)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        if not self.is_worker:
            summary.begin(self.run, session)
            foresight.check_store(self.run, session.config)

    @pytest.hookimpl(tryfirst=True)  # before a worker tells the controller that it is ready
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.run.ledger.expect(item.nodeid for item in session.items)
        self.run.experiment.family = max(1, sum(map(asks_for_model, session.items)))
        foresight.foresee(self.run, session)

    def pytest_report_collectionfinish(self) -> list[str]:
        return foresight.said(self.run)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Iterable[str]) -> None:
        self.run.ledger.expect(ids)
        foresight.say_once(self.run, node.config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if self.run.settings.plan:
            return True
        if not self.is_worker:
            self.progress = progress.start(self.run, session)
        foresight.draw_ahead(self.run, session)
        return None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.run.experiment.begin_test(item.nodeid)
        try:
            return (yield)
        finally:
            self.run.experiment.end_test(item.nodeid)

    def pytest_deselected(self, items: Iterable[pytest.Item]) -> None:
        self.run.ledger.deselected.update(item.nodeid for item in items if asks_for_model(item))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.run.ledger.uncollected.add(report.nodeid)
        if report.skipped:
            self.run.ledger.skipped_modules.add(report.nodeid)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        output = getattr(node, "workeroutput", {})
        outcome.enter_leftovers(self.run.ledger, output)
        if self.run.settings.selftest:
            self.run.same_arm.enter(output)

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

    @pytest.hookimpl(tryfirst=True)  # before pytest represents the traceback, which takes a while
    def pytest_keyboard_interrupt(self) -> None:
        summary.stop_sending(self.run)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.is_worker:
            summary.print_section(self.run, terminalreporter)

    @pytest.hookimpl(wrapper=True, tryfirst=True)  # after pytest's own last line
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None]:
        summary.drain(self.run, session)
        if self.progress is not None:
            self.progress.stop()
        leftovers = outcome.leftovers(self.run) | selftest.run_same_arms(self.run, session)
        if self.is_worker:
            session.config.workeroutput.update(leftovers)  # type: ignore[attr-defined]  # xdist's
        else:
            outcome.enter_leftovers(self.run.ledger, leftovers)
            selftest.enter(self.run, session, leftovers)
            summary.finish(self.run, session)
        yield
        terminal: Any = session.config.pluginmanager.get_plugin("terminalreporter")
        if not self.is_worker and terminal:
            summary.print_last_line(self.run, session, terminal)

    def pytest_unconfigure(self) -> None:
        self.run.close()
