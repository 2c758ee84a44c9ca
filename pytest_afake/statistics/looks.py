"""When a decision at one limit falls, if somebody looks after every observation: fast.

The wealth is kept at the limit alone, not the bounds. That gives the same decisions as
:func:`pytest_afake.statistics.decide`, for simulations that need very many of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pytest_afake.statistics.decision import Decision
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.wealth import PRIOR, factor

_STAKES = tuple(bet.weight for bet in PRIOR)


@dataclass(frozen=True, slots=True)
class Outcome:
    """After how many observations it was decided, and how; infinitely many where it was not."""

    n: float
    decision: Decision


NEVER = Outcome(math.inf, Decision.UNDECIDED)


class Looks:
    """Holds observations in [low, 1] against a limit, which must lie below 1."""

    def __init__(self, limit: float, levels: Levels, low: float = -1.0) -> None:
        self._levels = levels
        self._low = low
        self._shortfall = (1 - limit) / (1 - low)
        self._excess = (limit - low) / (1 - low)
        self._factors: dict[float, tuple[tuple[float, ...], tuple[float, ...]]] = {}

    def first(self, values: Iterable[float]) -> Outcome:
        """The first decision.

        While the same value repeats, the mixed wealth is a sum of exponentials of its number, and
        so convex: once it is larger than before it only grows. So it is enough to look at the end
        of each such run of values, and to search within the one that decides.
        """
        below = above = _STAKES
        n = 0
        for value, run in groupby(values):
            times = len(list(run))
            known = self._factors.get(value)
            for_below, for_above = known or self._learn(value)
            ends = _grown(below, for_below, times), _grown(above, for_above, times)
            if sum(ends[0]) * self._levels.upper >= 1:
                more = _earliest(below, for_below, times, self._levels.upper)
                return Outcome(n + more, Decision.AT_OR_BELOW)
            if sum(ends[1]) * self._levels.lower >= 1:
                more = _earliest(above, for_above, times, self._levels.lower)
                return Outcome(n + more, Decision.ABOVE)
            below, above = ends
            n += times
        return NEVER

    def _learn(self, value: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """What a value does to each bet that the mean is below the limit, and above."""
        span = 1 - self._low
        pairs = ((1 - value) / span, self._shortfall), ((value - self._low) / span, self._excess)
        below, above = (tuple(factor(bet.size, z, q) for bet in PRIOR) for z, q in pairs)
        self._factors[value] = below, above
        return below, above


class StagedLooks:
    """The same for queries in clusters, as :class:`pytest_afake.statistics.StagedSequence` has it.

    ``stages`` are the levels of one query of each cluster, and then of whole clusters, if any. (The
    two stages may exclude each other, which is a sign that one has failed, and so rare that it is
    left out here.)
    """

    def __init__(self, limit: float, stages: Sequence[Levels]) -> None:
        self._first, *self._whole = (Looks(limit, levels) for levels in stages)

    def first(self, clusters: Sequence[Sequence[float]], most: int | None = None) -> Outcome:
        """The first decision, in queries, of which ``most`` are asked; clusters in their order."""
        alone = self._first.first([members[0] for members in clusters][:most])
        if not self._whole:
            return alone
        until = alone.n - 1 if most is None else min(alone.n - 1, most)
        whole = [each for each in _completed(clusters) if each[0] <= until]
        found = self._whole[0].first(mean for _, mean in whole)
        return alone if found is NEVER else Outcome(whole[int(found.n) - 1][0], found.decision)


def _completed(clusters: Sequence[Sequence[float]]) -> Iterator[tuple[int, float]]:
    """After which query each cluster counts as a whole, and its mean.

    One query of each is asked first; and a whole one waits for those before it.
    """
    asked, waits = len(clusters), False
    for n, members in enumerate(clusters, start=1):
        waits = waits or len(members) > 1
        asked += len(members) - 1
        yield asked if waits else n, sum(members) / len(members)


def _grown(wealth: tuple[float, ...], factors: tuple[float, ...], times: int) -> tuple[float, ...]:
    if times == 1:
        return tuple([part * by for part, by in zip(wealth, factors, strict=True)])
    try:
        return tuple([part * by**times for part, by in zip(wealth, factors, strict=True)])
    except OverflowError:  # astronomical, and all that matters is that it is
        return tuple([_product(part, by, times) for part, by in zip(wealth, factors, strict=True)])


def _product(part: float, by: float, times: int) -> float:
    """A lost stake stays lost, whatever it is multiplied by."""
    try:
        return part and part * by**times
    except OverflowError:
        return math.inf


def _earliest(
    wealth: tuple[float, ...], factors: tuple[float, ...], enough: int, alpha: float
) -> int:
    """The least number of times after which the wealth is 1 / alpha, where ``enough`` are."""
    too_few = 0
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if sum(_grown(wealth, factors, middle)) * alpha >= 1:
            enough = middle
        else:
            too_few = middle
    return enough
