"""A confidence sequence for the mean of bounded observations: valid however often one looks.

Source: Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting",
JRSS B 86(1). The bets are a fixed mixture, see :mod:`pytest_afake.statistics.wealth`.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.one_sided import LowerBound
from pytest_afake.statistics.ranges import Range

METHOD = "betting confidence sequence (Waudby-Smith & Ramdas 2024), looked at after each query"


class ConfidenceSequence:
    """Bounds on a mean that may be looked at after every observation.

    Observations lie in [low, high] and are added in the order in which they were drawn; each is
    the :class:`Range` of values that it can have. Given the past, each must have the mean that is
    estimated: draw queries at random from their population, or shuffle them before the first look.

    ``lower`` holds with confidence 1 - alpha and so does ``upper``, each by itself, simultaneously
    at all sample sizes; both together hold with at least 1 - 2 * alpha. (:class:`Levels` give each
    an alpha of its own.) ``lower`` is computed from
    the least values and ``upper`` from the largest, so they hold for every completion of what is
    missing. ``complete_lower`` and ``complete_upper`` use the complete observations only: against
    the former they show what the missing data costs, but they hold only if data is missing at
    random.

    The sequence is looked at after each observation, so the bounds are the tightest so far and do
    not depend on how the observations were cut into batches. "Tightest so far" alone could, after
    a rare event or a drift of the mean (queries in a meaningful order), print an interval beside
    its own data, or an empty one. So no bound is tighter than what all data together says at even
    odds (alpha 1/2). That only ever loosens a bound, so it still holds, and it leaves the mean of
    all data inside: lower < upper always.

    Raises ValueError for an alpha outside (0, 1) or an empty scale.
    """

    def __init__(self, alpha: float | Levels, low: float = -1.0, high: float = 1.0) -> None:
        if not low < high:
            raise ValueError(f"observations cannot lie between {low} and {high}")
        self.levels = Levels.both(alpha)
        self.low = low
        self.high = high
        self.n = 0
        self.informed = False
        """True once an observation has excluded any value at all."""
        self._all = _Bounds(self.levels)
        self._complete = self._all  # the same until an observation is incomplete
        self._complete_sum = 0.0

    def add(self, ranges: Iterable[Range]) -> None:
        """Add observations in the order in which they were drawn, and look after each.

        Raises ValueError for one outside [low, high]; those before it have been added.
        """
        for item in ranges:
            if not self.low <= item.low <= item.high <= self.high:
                raise ValueError(f"{item} lies outside [{self.low}, {self.high}]")
            self._add(item)

    def _add(self, item: Range) -> None:
        above, below = self._share(item.low - self.low), self._share(self.high - item.high)
        self.n += 1
        self.informed = self.informed or above > 0 or below > 0
        if not item.complete and self._complete is self._all:
            self._complete = deepcopy(self._all)
        self._all.add(above, below)
        if item.complete:
            self._complete_sum += item.low
            if self._complete is not self._all:
                self._complete.add(above, below)

    @property
    def lower(self) -> float:
        """Lower bound, whatever the missing values are; above it with confidence 1 - alpha."""
        return self._up(self._all.above.bound)

    @property
    def upper(self) -> float:
        """Upper bound, whatever the missing values are; below it with confidence 1 - alpha."""
        return self._down(self._all.below.bound)

    def at_most(self, limit: float) -> bool:
        """``upper <= limit``, for the price of a few products while that is far from true."""
        return self._all.below.may_reach(self._share(self.high - limit)) and self.upper <= limit

    def exceeds(self, limit: float) -> bool:
        """``lower > limit``, for the price of a few products while that is far from true."""
        return self._all.above.may_reach(self._share(limit - self.low)) and self.lower > limit

    def p_above(self, limit: float) -> float:
        """How unlikely so much evidence of "above the limit" is if the mean is not; in (0, 1].

        One over the largest wealth that ever was bet against "at or below the limit": a p-value
        that is valid however often one looked and whenever one stopped.
        """
        return self._all.above.p_value(self._share(limit - self.low))

    def at_most_after(self, zeros: int, limit: float) -> bool:
        """Whether the upper bound would be at or below a limit after so many further zeros.

        For a limit above 0, which is the less, the more zeros there are.
        """
        zero, share = self._share(self.high), self._share(self.high - limit)
        return self._all.below.refutes_after(zeros, zero, share)

    @property
    def complete_n(self) -> int:
        """Observations of which nothing is missing."""
        return self._complete.above.n

    @property
    def complete_lower(self) -> float:
        """Lower bound from complete observations only."""
        return self._up(self._complete.above.bound)

    @property
    def complete_upper(self) -> float:
        """Upper bound from complete observations only."""
        return self._down(self._complete.below.bound)

    @property
    def estimate(self) -> float | None:
        """Mean of the complete observations; None when there are none.

        With much missing data, of a kind that depends on the value, it may lie outside the bounds.
        """
        return self._complete_sum / self.complete_n if self.complete_n else None

    def _share(self, distance: float) -> float:
        return distance / (self.high - self.low)

    def _up(self, share: float) -> float:
        return min(self.high, self.low + share * (self.high - self.low))

    def _down(self, share: float) -> float:
        return max(self.low, self.high - share * (self.high - self.low))


class _Bounds:
    """The two one-sided bounds, as distances from either end in units of the scale."""

    def __init__(self, levels: Levels) -> None:
        self.above = LowerBound(levels.lower)
        self.below = LowerBound(levels.upper)

    def add(self, above: float, below: float) -> None:
        self.above.add(above)
        self.below.add(below)
