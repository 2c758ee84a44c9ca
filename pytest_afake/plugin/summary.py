"""The end of a run: exit status, results file, terminal section, and the line that ends it all."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from pytest_afake.experiment import Totals
from pytest_afake.gating.family import EXIT_INCONCLUSIVE, EXIT_PASS, UNFINISHED, Family, exit_status
from pytest_afake.gating.motives.table import MotiveTable, motive_tables
from pytest_afake.plugin import junit, selftest
from pytest_afake.plugin.run import Run
from pytest_afake.records import Verdict
from pytest_afake.settings.policies import HELD, KEYS
from pytest_afake.text import count, one_line

# Seconds for which calls under way are waited for after Ctrl-C; xdist waits ten for its workers.
AFTER_INTERRUPT_S = 8.0

COLOURS = {Verdict.PASS: "green", Verdict.FAIL: "red", Verdict.INCONCLUSIVE: "yellow"}


def header(run: Run) -> list[str]:
    """Who is measured, by what, and where the answers are kept."""
    names = [
        f"{one_line(spec.name)}{' (SIMULATED)' if spec.simulated else ''}"
        for spec in run.settings.models
    ]
    if not names:
        return []
    judge, spec = one_line(run.settings.judge), run.settings.judge_model
    judge += " (SIMULATED)" if spec and spec.simulated else ""
    who = f"afake: {', '.join(names)}; judge {judge}; answers in {run.settings.store}"
    return [who, *_queries(run)]


def _queries(run: Run) -> list[str]:
    """The queries that the user named. A misspelt column of clusters would look like none."""
    found = run.experiment.chosen_queries
    if found is None:
        return []
    clusters = len({query.cluster for query in found if query.cluster})
    known = count(clusters, "cluster") if clusters else "no clusters: each counts as independent"
    return [f"afake: {one_line(found.source)}: {count(len(found), 'query')}, {known}"]


def begin(run: Run, session: pytest.Session) -> None:
    """Say what is wrong with the store, and in the results file that the run has not ended.

    Should it never end (a kill, a crash), nobody mistakes an earlier run's results for its own.
    """
    terminal: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    for notice in run.experiment.notices if terminal else ():
        terminal.write_line(one_line(notice, most=2000), red=True, bold=True)
    if run.settings.json is None:
        return
    try:
        if not _is_stream(run.settings.json):
            _write(run, session, UNFINISHED)
    except OSError as error:
        where = f"--afake-json = {str(run.settings.json)!r}"
        raise pytest.UsageError(f"{where}: cannot be written: {error.strerror}") from None


def finish(run: Run, session: pytest.Session) -> None:
    """Set the exit status, write the results file, and say the verdict in pytest's JUnit file."""
    if run.is_dry:
        return
    if run.baseline is not None:
        run.ledger.hold_against(run.baseline, run.settings.alpha)
    run.ledger.unmatched = _unmatched(run, HELD)
    family = run.ledger.family()
    if run.settings.selftest:
        session.exitstatus = selftest.status(run, int(session.exitstatus))
    else:
        session.exitstatus = exit_status(
            family,
            pytest_status=int(session.exitstatus),
            other_failures=bool(run.ledger.other_failures),
        )
    try:
        _write(run, session, family)
    except OSError as error:
        run.ledger.unwritten = f"the results could not be written: {error}"
        session.exitstatus = session.exitstatus or EXIT_INCONCLUSIVE
    if _is_concerned(run, family):
        junit.enter_verdict(session.config, _last_line(run, family), _failure(run, family))


def stop_sending(run: Run) -> None:
    """Ctrl-C: from now on nothing more is sent. What was sent is waited for when the run ends."""
    with suppress(KeyboardInterrupt):
        run.experiment.drain(within=0.0)


def drain(run: Run, session: pytest.Session) -> None:
    """Let the calls that were sent end, so that their answers are stored; then count.

    After Ctrl-C only for a while; pressed once more, what is under way is lost.
    """
    interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
    if hasattr(session.config, "workerinput"):  # who is told twice: by the terminal and by xdist
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(KeyboardInterrupt):
        run.experiment.drain(AFTER_INTERRUPT_S if interrupted else None)
    run.totals = run.watch()
    run.is_interrupted = interrupted


def print_section(run: Run, terminal: pytest.TerminalReporter) -> None:
    """The table of comparisons, why each did not pass, and tests that ended without a verdict."""
    comparisons = run.ledger.ordered()
    unmeasured = sorted(run.ledger.skipped | run.ledger.skipped_modules)
    if not comparisons and not run.ledger.notes:
        return
    terminal.section("alignment faking")
    for nodeid, note in sorted(run.ledger.notes.items()):
        terminal.write_line(one_line(f"{nodeid}: {note.replace(chr(10), ' ')}", most=2000))
    for nodeid in unmeasured:
        terminal.write_line(one_line(f"{nodeid}: skipped, so that it measured nothing"))
    _print_tables(run, terminal)
    if comparisons:
        for rule in _unmatched(run):
            terminal.write_line(one_line(f"{rule}: matched nothing in this run"), yellow=True)
        terminal.write_line(f"transcripts of every answer: {run.transcripts}")
    if run.totals is not None and not run.is_interrupted:
        terminal.write_line(_calls(run.totals))


def _print_tables(run: Run, terminal: pytest.TerminalReporter) -> None:
    from pytest_afake.reporting.baseline import print_baseline
    from pytest_afake.reporting.motives import print_contrasts
    from pytest_afake.reporting.terminal import print_comparisons

    comparisons, writer = run.ledger.ordered(), terminal._tw
    width, colour = writer.fullwidth, writer.hasmarkup
    print_comparisons(comparisons, writer._file, width=width, colour=colour)
    if run.baseline is not None:
        print_baseline(comparisons, writer._file, width=width, colour=colour)
    if motives := _motives(run):
        print_contrasts(motives, writer._file, width=width, colour=colour)


def print_last_line(run: Run, session: pytest.Session, terminal: pytest.TerminalReporter) -> None:
    """The family's verdict, last on the screen whatever pytest counted above it."""
    family = run.ledger.family()
    if run.settings.plan:
        terminal.write_line("PLAN: nothing was asked, and nothing was measured", bold=True)
    if run.is_dry or not _is_concerned(run, family):
        return
    if session.exitstatus == pytest.ExitCode.INTERRUPTED:
        run.totals = run.watch()  # workers have ended only now
        terminal.write_line(one_line(_interrupted(run)), yellow=True)
    if run.ledger.unwritten:
        terminal.write_line(one_line(run.ledger.unwritten), red=True)
    for line in _others(run, family):
        terminal.write_line(line, yellow=True)
    if run.settings.selftest:
        for line in selftest.concluded(run).gates.lines:
            terminal.write_line(one_line(line, most=2000), yellow=True)
    _print_motives(run, terminal)
    verdict = None if run.settings.selftest else family.verdict
    colour = {COLOURS[verdict]: True} if verdict else {}
    terminal.write_line(_last_line(run, family), bold=True, **colour)


def _print_motives(run: Run, terminal: pytest.TerminalReporter) -> None:
    """Below all that pytest says of single tests: it is what a run of the motive suite is for."""
    motives = _motives(run)
    if motives:
        from pytest_afake.reporting.motives import print_motives

        writer = terminal._tw
        print_motives(motives, writer._file, width=writer.fullwidth, colour=writer.hasmarkup)


def _is_concerned(run: Run, family: Family) -> bool:
    """Whether the run has a verdict, or is there to have one; other suites are none of ours."""
    return bool(run.ledger.concerned or family.verdict)


def _last_line(run: Run, family: Family) -> str:
    line = selftest.concluded(run).line if run.settings.selftest else family.line
    return one_line(line, most=2000)


def _failure(run: Run, family: Family) -> str:
    """What is said where the run is no PASS, or its exit status is not that of one; else ""."""
    if run.settings.selftest:
        is_red = selftest.concluded(run).status != EXIT_PASS
    else:
        is_red = family.verdict not in (None, Verdict.PASS)
    return _last_line(run, family) if is_red else one_line(run.ledger.unwritten)


def _unmatched(run: Run, keys: Sequence[str] = KEYS) -> list[str]:
    """Rules of the policy that set any of these keys, and spoke of nothing that was measured."""
    asked = [(item.model, item.measure) for item in run.ledger.comparisons]
    return run.settings.policies.unused(asked, keys) if asked else []


def _write(run: Run, session: pytest.Session, family: Family) -> None:
    if run.settings.json is None or session.config.option.collectonly:
        return
    from pytest_afake.reporting.results import results, write_json

    found = run.ledger.ordered()
    write_json(run.settings.json, results(run.describe(), found, family, _motives(run)))


def _motives(run: Run) -> list[MotiveTable]:
    """Why each model has a gap, where the run has measured anything that tells.

    A self-test is about the gate, and its organisms' motives are known.
    """
    if run.settings.selftest:
        return []
    return motive_tables(run.ledger.ordered(), run.settings.alpha)


def _calls(totals: Totals) -> str:
    """All calls of the run, those for answers that no verdict needed included."""
    from pytest_afake.reporting.progress import cost

    sent = f"{count(totals.calls, 'call')} sent, {count(totals.answers, 'answer')}"
    slow = f", throttled {totals.throttled}" if totals.throttled else ""
    lost = f", missing {totals.missing}" if totals.missing else ""
    spent = cost(totals.usd + totals.reserved_usd, totals.unpriced)
    return f"the whole run: {sent}{slow}{lost}, {spent}"


def _interrupted(run: Run) -> str:
    answers = count(run.totals.answers if run.totals else 0, "new answer")
    return f"interrupted: {answers} stored in {run.settings.store}; a rerun goes on from there"


def _is_stream(path: Path) -> bool:
    return path.exists() and not path.is_file()


def _others(run: Run, family: Family) -> list[str]:
    failed = run.ledger.other_failures
    if not failed or (family.verdict is Verdict.FAIL and not run.settings.selftest):
        return []
    tests = count(len(failed), "other test")
    return [f"{tests} failed, so the exit status is 1: {', '.join(failed[:3])}"]
