"""When to send a request again: only for passing faults, for a bounded time."""

from __future__ import annotations

import random
from dataclasses import dataclass

# Never the global generator: Hypothesis resets that one for every example.
_jitter = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Bounds on sending a request again. Waits are in seconds.

    A request is given up after ``attempts`` failures that say nothing of a limit, and in any case
    ``patience`` after it was first sent. A server that asks for a longer wait than
    ``longest_wait`` is not waited for.
    """

    attempts: int = 6
    first_wait: float = 0.5
    longest_wait: float = 60.0
    patience: float = 300.0

    def backoff(self, failures: int) -> float:
        """The wait after so many failures in a row (counted from 0).

        It doubles up to the longest one and is drawn from its upper half: spread, so that
        processes do not come back together, and never so short that it is no wait.
        """
        full = min(self.longest_wait, self.first_wait * 2.0 ** min(failures, 60))
        return full * _jitter.uniform(0.5, 1.0)
