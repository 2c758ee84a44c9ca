"""How many calls one model lets through at a time: found out by asking, never assumed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from pytest_afake.errors import CallFailed
from pytest_afake.records import Cause
from pytest_afake.sampling.retrying import RetryPolicy

# Failures in a row, without an answer between them, after which the server itself is in trouble.
_TROUBLE = 10
# Requests in a row that a model which did answer earlier may lose before it is stopped.
_GIVE_UPS = 3


class Lane:
    """The calls of one model, and how many of them may be under way.

    It begins with one: should no call succeed (a wrong key, a dead server), one call is enough to
    find out. The first reply opens it. From then on it behaves as TCP does on a line of unknown
    width: a reply that asks to slow down halves the calls under way and pauses the lane, each
    answer widens it a little (additive increase, multiplicative decrease; Chiu & Jain 1989).
    A server in trouble, ten failures without an answer between them, is probed by one call at a
    time, with growing pauses, so that requests outlast it instead of being used up by it.

    ``under_way`` is kept by the pool; a call that reports how it ended is still part of it.
    ``asleep`` counts
    requests that wait by themselves to be repeated. ``proven`` says that the model has answered.
    """

    def __init__(
        self, policy: RetryPolicy | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.policy = policy or RetryPolicy()
        self.under_way = 0
        self.asleep = 0
        self.stopped: CallFailed | None = None
        self.opens_at = -math.inf
        self._clock = clock
        self.proven = False
        self._answered_at = -math.inf
        self._allowed = 1.0
        self._threshold = math.inf  # up to here the lane widens fast
        self._slowed_at = -math.inf
        self._pauses = 0  # in a row, as are all counts here
        self._failures = self._throttled = 0
        self._failing_since = math.inf
        self._given_up = 0

    @property
    def width(self) -> float:
        """Calls that may be under way now; 0 while the lane is paused, infinite before limits."""
        return self._allowed if self._clock() >= self.opens_at else 0.0

    @property
    def free(self) -> bool:
        """Whether one more call may be sent now."""
        return self.under_way + 1 <= self.width

    @property
    def pause(self) -> float:
        """Seconds until the lane opens; 0 when it is open."""
        return max(0.0, self.opens_at - self._clock())

    @property
    def overlong_pause(self) -> bool:
        """Whether the lane is closed for longer than anybody waits."""
        return self.pause > self.policy.longest_wait

    def closed(self) -> CallFailed:
        """What becomes of a request in an overlong pause."""
        return CallFailed(
            Cause.RATE_LIMITED, f"the provider asks to wait {self.pause:.0f} s", throttled=True
        )

    def stop(self, failed: CallFailed) -> None:
        """No call to this model can succeed. All are let through, to be told so."""
        self.stopped = self.stopped or failed
        self.opens_at, self._allowed = -math.inf, math.inf

    def answered(self) -> None:
        """A reply came that shows that the model works: an answer, or a no to this one request."""
        if not self.proven:
            self.proven, self._allowed = True, math.inf
        elif self._allowed - 1 < self.under_way <= self._allowed:  # others show nothing
            fast = self._allowed < self._threshold
            self._allowed += 1.0 if fast else 1.0 / self._allowed
        self._answered_at = self._clock()
        self._pauses = self._failures = self._throttled = self._given_up = 0

    def failed(self, failed: CallFailed, sent_at: float, attempt: int) -> float:
        """A passing fault. Returns the seconds that this request should wait by itself."""
        if not self._failures:
            self._failing_since = sent_at
        self._failures += 1
        self._throttled += failed.throttled
        troubled = not self.proven or self._failures >= _TROUBLE
        if failed.throttled:
            self._slow_down(failed.retry_after, sent_at, to=max(1.0, self.under_way / 2))
            return 0.0
        if troubled:
            self._slow_down(failed.retry_after, sent_at, to=1.0)
            return 0.0
        return max(failed.retry_after or 0.0, self.policy.backoff(attempt))

    @property
    def is_hopeless(self) -> bool:
        """True when a model that has never answered has failed as often as one request may."""
        return not self.proven and self._failures - self._throttled >= self.policy.attempts

    @property
    def calls_failed(self) -> int:
        """Calls that failed since the last answer."""
        return self._failures

    @property
    def failing_for(self) -> float:
        """Seconds since the first of them was sent."""
        return self._clock() - self._failing_since if self._failures else 0.0

    def gave_up(self, failed: CallFailed, first_sent_at: float) -> bool:
        """One request got no answer. True when no other has one, either: that stops the model."""
        self._given_up += 1
        if self._answered_at >= first_sent_at:
            return False
        return failed.throttled or not self.proven or self._given_up >= _GIVE_UPS

    def _slow_down(self, retry_after: float | None, sent_at: float, to: float) -> None:
        """Calls that were sent before the lane slowed down say nothing new about its width."""
        pause = retry_after or 0.0
        if sent_at > self._slowed_at:
            if retry_after is None or self._pauses:
                pause = max(pause, self.policy.backoff(self._pauses))
            self._threshold = max(1.0, min(self._allowed, self.under_way) / 2)
            self._allowed = min(self._allowed, to)
            self._slowed_at = self._clock()
            self._pauses += 1
        self.opens_at = max(self.opens_at, self._clock() + pause)
