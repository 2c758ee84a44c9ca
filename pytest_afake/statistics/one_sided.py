"""One-sided bounds on a mean that stay valid however often one looks."""

from __future__ import annotations

import math
from collections import Counter
from copy import deepcopy

from pytest_afake.statistics.wealth import Stake, log_wealth, refuted_up_to

EVEN_ODDS = math.log(2)
"""The log wealth at which a bound of level 1/2 lies."""

# A stake answers for a bound only where rounding has no say: not when its wealth comes this near to
# refuting, nor so close to the end of the scale.
_NEARLY = 0.99
_SMALLEST_SHARE = 1e-6


class LowerBound:
    """A running lower bound on the mean of observations >= 0: the largest value ever refuted.

    An observation moves the largest value that is refuted *now* towards itself, and never past
    itself. While observations do not become smaller, it therefore falls first, if at all, and then
    rises: the largest of all is among those at the ends of such runs, and only they are computed.
    """

    def __init__(self, alpha: float) -> None:
        self._alpha = alpha
        self._target = -math.log(alpha)
        self._seen: list[float] = []
        self._counts: Counter[float] = Counter()
        self._running = 0.0  # the largest value refuted before the run of observations under way
        self._rising = False  # whether that run may have refuted a larger one
        self._bound: float | None = None
        self._watched: Stake | None = None

    @property
    def n(self) -> int:
        return len(self._seen)

    def add(self, z: float) -> None:
        if self._rising and z < self._seen[-1]:
            self._running = self._largest_refuted()
        self._seen.append(z)
        self._counts[z] += 1
        self._bound = None
        self._rising = z > self._running  # anything less takes wealth away
        if self._watched:
            self._watched.add(z)

    def may_reach(self, share: float) -> bool:
        """False only if ``bound < share``: no look so far has nearly refuted it."""
        if share < _SMALLEST_SHARE:
            return True
        if self._watched is None or share != self._watched.q:
            self._watched = Stake(share, self._seen)
        return self._watched.most >= _NEARLY / self._alpha

    def p_value(self, share: float) -> float:
        """One over the largest wealth so far against "the mean is at most this"; at most 1."""
        if share <= 0:  # no mean is below 0, and 0 is refuted by anything above it
            return 0.0 if share < 0 or any(self._counts) else 1.0
        return 1 / Stake(share, self._seen).most

    @property
    def bound(self) -> float:
        """The tightest so far, but no tighter than what all data says at even odds.

        To look changes nothing, so that bounds do not depend on when somebody looked.
        """
        if self._bound is None:
            self._bound = self._loosened(self._largest_refuted())
        return self._bound

    def refutes_after(self, times: int, z: float, share: float) -> bool:
        """Whether ``share`` would be refuted after seeing ``z`` so many times more."""
        if share <= 0:
            return True
        counts = Counter(self._counts)
        counts[z] += times
        return log_wealth(counts, share) >= self._target

    def _largest_refuted(self) -> float:
        if not self._rising:
            return self._running
        return refuted_up_to(self._counts, self._target, self._running)

    def _loosened(self, refuted: float) -> float:
        odds = min(self._target, EVEN_ODDS)
        if not refuted or log_wealth(self._counts, refuted) >= odds:
            return refuted
        return refuted_up_to(self._counts, odds)


class UpperBound:
    """A running upper bound on the mean of observations that are at most ``high``.

    It knows no lower end of the scale, because a bet that the mean is small needs none: what is
    bet on is the distance from ``high``, which is only never negative. ``complete_upper`` uses the
    complete observations alone, as in :class:`pytest_afake.statistics.ConfidenceSequence`.
    """

    def __init__(self, alpha: float, high: float) -> None:
        self.high = high
        self._all = LowerBound(alpha)
        self._complete = self._all  # the same until an observation is incomplete

    def add(self, value: float, *, complete: bool) -> None:
        """Add the largest value that the next observation can have. ValueError above ``high``."""
        if not value <= self.high:
            raise ValueError(f"{value} lies above {self.high}")
        if not complete and self._complete is self._all:
            self._complete = deepcopy(self._all)
        self._all.add(self.high - value)
        if complete and self._complete is not self._all:
            self._complete.add(self.high - value)

    @property
    def upper(self) -> float:
        """Above the mean with confidence 1 - alpha, at all sample sizes at once."""
        return self.high - self._all.bound

    @property
    def complete_upper(self) -> float:
        return self.high - self._complete.bound

    def may_reach(self, limit: float) -> bool:
        """False only if ``upper > limit``, for the price of a few products."""
        return self._all.may_reach(self.high - limit)

    def reaches_after(self, times: int, value: float, limit: float) -> bool:
        """Whether ``upper <= limit`` after so many further observations of this value."""
        return self._all.refutes_after(times, self.high - value, self.high - limit)
