"""How many requests were in flight for how long: the integral over time, not a sample of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any


class Occupancy:
    """Counts requests in flight from the first to enter until the last to leave.

    ``clock`` gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._now_in_flight = 0
        self._peak = 0
        self._seconds: defaultdict[int, float] = defaultdict(float)
        self._by_second: defaultdict[int, float] = defaultdict(float)
        self._started: float | None = None
        self._changed = 0.0

    def enter(self) -> None:
        self._change(1)

    def leave(self) -> None:
        self._change(-1)

    def summary(self) -> dict[str, Any]:
        """Plain JSON.

        ``seconds_at`` says for how long exactly so many were in flight, ``by_second`` how many
        were on average in the first second, the second one, and so on.
        """
        span = sum(self._seconds.values())
        total = sum(count * seconds for count, seconds in self._seconds.items())
        return {
            "span_s": span,
            "mean_in_flight": total / span if span else 0.0,
            "peak_in_flight": self._peak,
            "seconds_at": {str(count): self._seconds[count] for count in sorted(self._seconds)},
            "by_second": [self._by_second[second] for second in range(int(span) + 1)],
        }

    def _change(self, by: int) -> None:
        now = self._clock()
        if self._started is None:
            self._started = self._changed = now
        else:
            self._add(self._changed - self._started, now - self._started)
        self._changed = now
        self._now_in_flight += by
        self._peak = max(self._peak, self._now_in_flight)

    def _add(self, since: float, until: float) -> None:
        self._seconds[self._now_in_flight] += until - since
        while since < until:
            second = int(since)
            end = min(until, second + 1.0)
            self._by_second[second] += self._now_in_flight * (end - since)
            since = end
