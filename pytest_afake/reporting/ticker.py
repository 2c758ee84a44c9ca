"""Calls a function again and again while somebody else works, and never at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Ticker:
    """Calls ``tick`` every ``every_s`` seconds on a daemon thread; first after one period.

    ``tick`` never runs within :meth:`paused` and never after :meth:`stop` has returned. Showing
    progress must not break a run: the first exception out of ``tick`` ends the ticking, silently,
    and is kept in ``error`` for whoever wants to mention it.
    """

    def __init__(self, tick: Callable[[], object], every_s: float) -> None:
        self.error: Exception | None = None
        self._tick = tick
        self._every_s = every_s
        self._turn = threading.RLock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to tick. Does nothing after the first time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="afake-progress", daemon=True)
            self._thread.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Waits for a tick that is under way, and holds off the next. May be nested."""
        with self._turn:
            yield

    def stop(self) -> None:
        """End for good. May be called more than once, within ``paused`` and from a tick, too."""
        with self._turn:
            self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            with self._turn:
                if not self._stopped.is_set():
                    self._try_tick()

    def _try_tick(self) -> None:
        try:
            self._tick()
        except Exception as error:  # noqa: BLE001 - whatever it is, the run goes on
            self.error = error
            self._stopped.set()
