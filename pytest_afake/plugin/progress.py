"""What is shown while the run samples: a live line on a terminal, plain lines in a log."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TextIO

import pytest

from pytest_afake.experiment import Totals
from pytest_afake.plugin.run import Run

_LIVE_S, _PLAIN_S = 0.2, 1.0


class _Cleared:
    """pytest's own terminal file; the live line is taken away before anything is written to it."""

    def __init__(self, file: Any, write: Callable[[str], object]) -> None:
        self._file = file
        self.write = write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Progress:
    """Shows the totals of the run until it is stopped. Never the reason why a run breaks."""

    def __init__(self, run: Run, terminal: pytest.TerminalReporter) -> None:
        from pytest_afake.reporting.progress import PeriodicLines, Rate
        from pytest_afake.reporting.ticker import Ticker

        self._run, self._terminal = run, terminal
        self._began = time.monotonic()
        self._rate = Rate()
        self._plain = PeriodicLines(self._write_line)
        self._file = _own(terminal._tw._file)
        live = _can_draw(terminal)
        self._ticker = Ticker(self._draw if live else self._offer, _LIVE_S if live else _PLAIN_S)
        self._restore: Callable[[], None] = lambda: None
        if live:
            self._take_over(terminal._tw)
        self._ticker.start()

    def stop(self) -> None:
        """End it, and leave the terminal as it was."""
        self._ticker.stop()
        self._restore()
        self._file.close()

    def _take_over(self, writer: Any) -> None:
        """Put ourselves before the file of pytest's writer, which has no public way to do so."""
        from pytest_afake.reporting.live_line import LiveLine

        file = writer._file
        self._live = LiveLine(self._file, lambda: int(writer.fullwidth), colour=writer.hasmarkup)

        def write(text: str) -> object:
            with self._ticker.paused():
                self._live.clear()
                written = file.write(text)
                file.flush()  # what is drawn next goes to a file of its own
                return written

        def restore() -> None:
            self._live.clear()
            writer._file = file

        writer._file = _Cleared(file, write)
        self._restore = restore

    def _draw(self) -> None:
        totals = self._run.watch()
        if totals is not None and totals.calls:
            from pytest_afake.reporting.progress import line

            self._live.draw(line(*self._now(totals)), self._terminal._tw.width_of_current_line)

    def _offer(self) -> None:
        totals = self._run.watch()
        if totals is not None and totals.calls:
            from pytest_afake.reporting.progress import line

            self._plain.offer(line(*self._now(totals)).plain, time.monotonic() - self._began)

    def _now(self, totals: Totals) -> Any:
        from pytest_afake.reporting.progress import Snapshot

        now = Snapshot(elapsed_s=time.monotonic() - self._began, **asdict(totals))
        return now, self._rate.update(now)

    def _write_line(self, text: str) -> None:
        begin = "\n" if self._terminal._tw.width_of_current_line else ""
        self._file.write(f"{begin}afake: {text}\n")
        self._file.flush()


def start(run: Run, session: pytest.Session) -> Progress | None:
    """Begin to show progress, unless the user wants quiet or nothing can be asked."""
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or session.config.option.verbose < 0:
        return None
    if run.is_dry or run.settings.replay or not run.names:
        return None
    try:
        return Progress(run, terminal)
    except OSError:  # pytest writes into something that is no file: there is nobody to show it to
        return None


def _own(file: TextIO) -> TextIO:
    """Another way to where pytest writes: during a test, its own leads into the captured output."""
    return os.fdopen(os.dup(file.fileno()), "w", encoding=file.encoding, errors="backslashreplace")


def _can_draw(terminal: pytest.TerminalReporter) -> bool:
    """Whether this is a terminal on which only pytest writes."""
    shown = terminal._tw._file.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    return bool(shown) and terminal.config.option.capture != "no"
