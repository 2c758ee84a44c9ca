"""Bounds for queries in clusters: first one query of each cluster, then whole clusters.

Queries of one cluster are variations of one subject, and a model may answer them alike. So what is
independent is the cluster, and the mean that is bounded is over clusters: of what a cluster shows
on average.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean

from pytest_afake.statistics.bounds import UnitBounds
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.paired import ArmResult, Observation

FIRST_SHARE, FIRST_SHARE_OF_FEW = 0.9, 0.7
"""The part of alpha for the stage in which each cluster shows one query; whole ones have the rest.

With :data:`ENOUGH_CLUSTERS` or more the first stage decides most cases by itself, and is the later
the less it has. With fewer, whole clusters must decide what one query of each cannot.
"""
ENOUGH_CLUSTERS = 150


def first_share(sizes: Mapping[str, int]) -> float:
    """The part of alpha that the first stage has: all of it where no cluster has two queries.

    It depends on the query set alone, so it is fixed before the first answer.
    """
    if all(size == 1 for size in sizes.values()):
        return 1.0
    return FIRST_SHARE if len(sizes) >= ENOUGH_CLUSTERS else FIRST_SHARE_OF_FEW


class StagedSequence:
    """The bounds of two stages on one mean: both hold, and the tighter one is taken.

    ``make`` gives the bounds on a mean over independent units at some levels; ``sizes`` has the
    number of queries in each cluster of the whole query set (one that is not there has 1).
    Queries must be drawn as :meth:`pytest_afake.queries.QuerySet.shuffled` has them: one of each
    cluster first, clusters and queries in random order.

    In the first stage each cluster gives the query that was drawn of it, an independent draw whose
    mean is the mean that is estimated. In the second each cluster gives the mean of all its
    queries, as soon as all were asked, in the order of the first stage. Each stage by itself is a
    confidence sequence over independent units, at its own part of alpha, however often one looks;
    that the second sees the first one's queries again does not matter, because the chance that
    either fails is at most the sum of both. Nothing is assumed of how alike the queries of a
    cluster are, or of how its size goes with what it shows. Without clusters there is one stage,
    with all of alpha.
    """

    def __init__(
        self,
        make: Callable[[Levels], UnitBounds],
        levels: Levels,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.levels = levels
        self._sizes = sizes or {}
        share = first_share(self._sizes)
        shares = (share, 1 - share) if share < 1 else (share,)
        self._stages = [(make(levels.times(each)), each) for each in shares]
        self._first = self._stages[0][0]
        self._whole = self._stages[1][0] if share < 1 else None
        self._seen: dict[str, list[Sequence[ArmResult]]] = {}
        self._waiting: deque[str] = deque()  # clusters that the second stage has not taken
        self._complete: dict[str, list[ArmResult]] = {}
        self.low, self.high = self._first.low, self._first.high
        self.n = 0
        self.complete_n = 0

    def add(self, observations: Iterable[Observation]) -> None:
        """Add queries in the order in which they were drawn."""
        for observation in observations:
            self._add(observation)

    def _add(self, observation: Observation) -> None:
        unit, results = observation.unit, observation.results
        seen = self._seen.setdefault(unit, [])
        seen.append(results)
        if len(seen) == 1:
            self._waiting.append(unit)
        self.n += 1
        if all(result.complete for result in results):
            self.complete_n += 1
            known = self._complete.get(unit)
            self._complete[unit] = _together([known, results] if known else [results])
        if len(seen) == 1:
            self._first.add([results])
        if self._whole:
            self._add_whole(self._whole)

    def _add_whole(self, bounds: UnitBounds) -> None:
        """Add the clusters that are whole, in the order of their first queries and no other.

        Small clusters are whole sooner; if they went first, and sizes had to do with what is
        measured, those that are added would not be a random draw.
        """
        while self._waiting:
            unit = self._waiting[0]
            if len(self._seen[unit]) < self._sizes.get(unit, 1):
                return
            bounds.add([_together(self._seen[unit])])
            self._waiting.popleft()

    @property
    def method(self) -> str:
        """How the bounds are made, for a report."""
        if not self._whole:
            return self._first.method
        return f"{self._first.method}; one query of each cluster first, then whole clusters"

    @property
    def usable(self) -> bool:
        return self._first.usable

    @property
    def informed(self) -> bool:
        return any(stage.informed for stage, _ in self._stages)

    @property
    def units(self) -> int:
        """Clusters seen; a query without one is its own."""
        return len(self._seen)

    @property
    def lower(self) -> float:
        return self._interval((stage.lower, stage.upper) for stage, _ in self._stages)[0]

    @property
    def upper(self) -> float:
        return self._interval((stage.lower, stage.upper) for stage, _ in self._stages)[1]

    @property
    def complete_lower(self) -> float:
        return self._interval(self._complete_bounds())[0]

    @property
    def complete_upper(self) -> float:
        return self._interval(self._complete_bounds())[1]

    def _complete_bounds(self) -> Iterator[tuple[float, float]]:
        return ((stage.complete_lower, stage.complete_upper) for stage, _ in self._stages)

    def _interval(self, stages: Iterable[tuple[float, float]]) -> tuple[float, float]:
        """What both stages allow. If they exclude each other, one has failed: what either does."""
        lowers, uppers = zip(*stages, strict=True)
        if max(lowers) < min(uppers):
            return max(lowers), min(uppers)
        return min(lowers), max(uppers)

    @property
    def estimate(self) -> float | None:
        """The measure over the complete queries, each cluster counting alike; None without any."""
        if not self._complete:
            return None
        terms = zip(*self._complete.values(), strict=True)
        return self._first.value([fmean(each.rate or 0.0 for each in term) for term in terms])

    def at_most(self, limit: float) -> bool:
        return any(stage.at_most(limit) for stage, _ in self._stages) and self.upper <= limit

    def exceeds(self, limit: float) -> bool:
        return any(stage.exceeds(limit) for stage, _ in self._stages) and self.lower > limit

    def p_above(self, limit: float) -> float:
        """The smaller p-value of the stages, each over its part of alpha (weighted Bonferroni)."""
        return min(1.0, *(stage.p_above(limit) / share for stage, share in self._stages))

    def at_most_after(self, zeros: int, limit: float) -> bool:
        """Whether so many further zeros could bring the upper bound to the limit.

        They are taken to come as the queries are drawn, with as many to a cluster as there are on
        average; some more may be needed.
        """
        if not self._whole:
            return self._first.at_most_after(zeros, limit)
        left = len(self._sizes) - self.units
        if self._first.at_most_after(min(zeros, left), limit):
            return True
        further = (sum(self._sizes.values()) - len(self._sizes)) / len(self._sizes)
        whole = int(max(0, zeros - left) / further)
        return self._whole.at_most_after(min(whole, len(self._sizes) - self._whole.n), limit)


def _together(seen: Iterable[Sequence[ArmResult]]) -> list[ArmResult]:
    """Of several queries, each term's results as those of one unit."""
    first, *others = seen
    terms = list(first)
    for results in others:
        terms = [known + more for known, more in zip(terms, results, strict=True)]
    return terms
