"""When to send a request again: only for passing faults, a bounded number of times."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pytest_afake.errors import CallFailed
from pytest_afake.records import Answer

# Never the global generator: Hypothesis resets that one for every example.
_jitter = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Bounds on sending a request again. Waits are in seconds.

    The wait before attempt k + 1 is drawn from [0, first_wait * 2**k] ("full jitter"), or is what
    the server asked for; a server that asks for more than ``longest_wait`` is not waited for.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait(self, failed: CallFailed, attempt: int) -> float | None:
        """Seconds to wait after a failed attempt (counted from 0), or None to give up."""
        if not failed.transient or attempt + 1 >= self.attempts:
            return None
        if failed.retry_after is not None:
            return failed.retry_after if failed.retry_after <= self.longest_wait else None
        return _jitter.uniform(0, min(self.longest_wait, self.first_wait * 2.0**attempt))


async def with_retries(ask: Callable[[], Awaitable[Answer]], policy: RetryPolicy) -> Answer:
    """The answer, or the last CallFailed."""
    attempt = 0
    while True:
        try:
            return await ask()
        except CallFailed as failed:
            wait = policy.wait(failed, attempt)
            if wait is None:
                raise
            await asyncio.sleep(wait)
        attempt += 1
