"""What a run says of itself while it samples: one line, from plain numbers."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.text import Text

from pytest_afake.text import count, one_line

_WINDOW_S = 10.0
_LONGEST_WINDOW_S = 60.0
_ENOUGH_ANSWERS = 10
_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A run's counts at one moment, ``elapsed_s`` seconds after it began.

    ``answers`` came live, ``stored`` ones from the store. ``usd`` was spent on answers with a known
    price, ``unpriced`` live answers have none. ``ahead`` is how many requests may still be made.
    """

    elapsed_s: float
    calls: int = 0
    answers: int = 0
    stored: int = 0
    throttled: int = 0
    missing: int = 0
    usd: float = 0.0
    reserved_usd: float = 0.0
    unpriced: int = 0
    ahead: int = 0
    processes: int = 1


class Rate:
    """Live answers per second, lately: in the last ten seconds.

    Where ten seconds bring fewer than ten answers it looks back further, up to a minute, so that
    the rate of a slow model does not jump between nothing and twice its value.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def update(self, now: Snapshot) -> float | None:
        """The rate with this snapshot, the newest; None before there is one to tell."""
        self._seen.append((now.elapsed_s, now.answers))
        while len(self._seen) > 1 and self._can_start_at(*self._seen[1]):
            self._seen.popleft()
        began_s, before = self._seen[0]
        if now.elapsed_s - began_s < _SHORTEST_S or now.answers == 0:
            return None
        return (now.answers - before) / (now.elapsed_s - began_s)

    def _can_start_at(self, began_s: float, before: int) -> bool:
        now_s, answers = self._seen[-1]
        if now_s - began_s < _WINDOW_S:
            return False
        return answers - before >= _ENOUGH_ANSWERS or now_s - began_s >= _LONGEST_WINDOW_S


class PeriodicLines:
    """Plain lines for a log that is no terminal: at most one per period, none in the first one.

    ``write`` gets a line without its end, and begins a new line where others are writing dots.
    """

    def __init__(self, write: Callable[[str], object], every_s: float = 30.0) -> None:
        self._write = write
        self._every_s = every_s
        self._last_s = 0.0

    def offer(self, text: str, elapsed_s: float) -> None:
        """Write ``text`` if it is time, ``elapsed_s`` seconds after the run began."""
        if elapsed_s - self._last_s >= self._every_s:
            self._last_s = elapsed_s
            self._write(one_line(text))


def line(now: Snapshot, rate: float | None) -> Text:
    """Like ``412 answers (160 stored), 41/s, $1.23, throttled 3, at most 2 min left``."""
    return Text(", ").join(_parts(now, rate))


def _parts(now: Snapshot, rate: float | None) -> Iterator[Text]:
    stored = f" ({now.stored} stored)" if now.stored else ""
    yield Text(count(now.answers + now.stored, "answer") + stored, "bold")
    if rate is not None:
        yield Text(per_time(rate))
    yield Text(cost(now.usd, now.unpriced))
    if now.throttled:
        yield Text(f"throttled {now.throttled}", "yellow")
    if now.missing:
        yield Text(f"missing {now.missing}", "red")
    if rate and now.ahead:
        yield Text(f"at most {duration(now.ahead / rate)} left", "dim")


def per_time(rate: float) -> str:
    """A rate in answers per second as people say it: ``41/s``, ``4.1/s``, ``25/min``."""
    if rate >= 9.95:
        return f"{rate:.0f}/s"
    if rate >= 1 or rate == 0:
        return f"{rate:.1f}/s" if rate else "0/s"
    return f"{rate * 60:.0f}/min" if rate * 60 >= 9.5 else f"{rate * 60:.1f}/min"


def cost(usd: float, unpriced: int) -> str:
    """What was spent; a price that is not known is never shown as nothing."""
    if unpriced and not usd:
        return "cost unknown"
    known = "under $0.01" if 0 < usd < 0.01 else f"${usd:.2f}"
    return f"{known} + unknown" if unpriced else known


def duration(seconds: float) -> str:
    """A bound on a time, rounded up: ``40 s``, ``2 min``, ``1 h 10 min``, ``12 h``."""
    if seconds <= 60:
        return f"{math.ceil(seconds)} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 600:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{math.ceil(minutes / 60)} h"
