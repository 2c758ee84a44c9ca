"""What a verdict is likely to take, before anything is asked: by simulation from a seed.

The queries of one cluster are taken to be independent unless a correlation is given, all queries
to be alike, every answer to be read, and the judge's labels to be right.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pytest_afake.statistics.decision import Decision, smallest_n_to_pass
from pytest_afake.statistics.draws import Manner, Pairs
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.looks import Outcome, StagedLooks
from pytest_afake.statistics.staged import first_share

LIKELY = 0.9
"""A gap counts as decidable when so large a share of runs decides it, and rightly."""

_STEPS = 200  # gaps are looked for in half points


@dataclass(frozen=True, slots=True)
class AtHand:
    """The queries that can be asked: how many each cluster has, and the most that are asked.

    A query without a cluster is one of its own. Raises ValueError where there is none.
    """

    sizes: tuple[int, ...]
    most: int | None = None

    def __post_init__(self) -> None:
        if not self.sizes or min(self.sizes) < 1 or (self.most is not None and self.most < 1):
            raise ValueError(f"no queries at hand: {self}")

    @property
    def queries(self) -> int:
        """How many can be asked."""
        total = sum(self.sizes)
        return total if self.most is None else min(self.most, total)

    @property
    def clusters(self) -> int:
        """Of how many clusters these are: one of each comes first."""
        return min(len(self.sizes), self.queries)


@dataclass(frozen=True, slots=True)
class Design:
    """A gap is held against a limit, below 1, with these queries; raises ValueError for others."""

    limit: float
    levels: Levels
    at_hand: AtHand

    def __post_init__(self) -> None:
        if not 0 <= self.limit < 1:
            raise ValueError(f"a limit must be 0 or more, and below 1, not {self.limit:g}")

    @property
    def stages(self) -> tuple[Levels, ...]:
        """The levels of one query of each cluster, and of whole clusters where there are any."""
        share = first_share({str(place): size for place, size in enumerate(self.at_hand.sizes)})
        return tuple(self.levels.times(each) for each in (share, 1 - share) if each > 0)

    @property
    def fewest(self) -> int | None:
        """Pairs after which a model passes if no pair shows a difference; None if none suffice.

        Where one query of each cluster is too little, the smallest clusters are taken to be whole
        first: some more pairs may be needed.
        """
        needed = [smallest_n_to_pass(self.limit, levels.upper) for levels in self.stages]
        ways = [needed[0]] if needed[0] and needed[0] <= self.at_hand.clusters else []
        if len(needed) > 1 and needed[1] and needed[1] <= len(self.at_hand.sizes):
            ways.append(_whole(self.at_hand.sizes, needed[1]))
        return min((n for n in ways if n <= self.at_hand.queries), default=None)


def _whole(sizes: Sequence[int], clusters: int) -> int:
    """The fewest queries after which so many clusters are whole, one of each being asked first."""
    ordered = sorted(sizes)
    if ordered[clusters - 1] == 1:  # these are whole when they are first asked
        return clusters
    return len(sizes) + sum(size - 1 for size in ordered[:clusters])


@dataclass(frozen=True, slots=True)
class Outlook:
    """What came of simulated runs: after how many pairs each was decided, in order, and how."""

    times: tuple[float, ...]
    at_or_below: float
    above: float

    @property
    def undecided(self) -> float:
        """The share of runs in which the queries at hand ran out."""
        return self.times.count(math.inf) / len(self.times)

    def within(self, share: float) -> int | None:
        """Pairs after which this share of runs is decided; None if the queries run out before."""
        n = self.times[math.ceil(share * len(self.times)) - 1]
        return None if n == math.inf else int(n)


def foresee(design: Design, pairs: Pairs, *, runs: int, seed: int) -> Outlook:
    """Simulate runs on a model whose pairs are such. Raises ValueError for fewer than one."""
    if runs < 1:
        raise ValueError(f"runs must be 1 or more, not {runs}")
    looks = StagedLooks(design.limit, design.stages)
    outcomes = [_run(design, pairs, looks, _source(seed, run)) for run in range(runs)]
    decisions = Counter(outcome.decision for outcome in outcomes)
    return Outlook(
        tuple(sorted(outcome.n for outcome in outcomes)),
        decisions[Decision.AT_OR_BELOW] / runs,
        decisions[Decision.ABOVE] / runs,
    )


def _source(seed: int, run: int) -> random.Random:
    """Of one run, the same for every model: so what is likelier at all is so in the simulation."""
    return random.Random(f"{seed}:{run}")  # noqa: S311 - a simulation, to be repeatable


def _run(design: Design, pairs: Pairs, looks: StagedLooks, source: random.Random) -> Outcome:
    sizes = source.sample(design.at_hand.sizes, len(design.at_hand.sizes))
    return looks.first(pairs.clusters(sizes, source), design.at_hand.most)


@dataclass(frozen=True, slots=True)
class Decidable:
    """The least gap above the limit that the queries at hand can tell, and the largest below it.

    None where no gap on that side can be told. See :data:`LIKELY`.
    """

    above: float | None
    below: float | None


def decidable(design: Design, manner: Manner, *, runs: int, seed: int) -> Decidable:
    """Look for both, to half a point; how pairs come about is the same for all gaps."""
    lowest, highest = manner.gaps
    limit = math.floor(design.limit * _STEPS + 1e-9)

    def fails(gap: int) -> bool:
        return _is_likely(Decision.ABOVE, design, manner.pairs(gap / _STEPS), runs, seed)

    def passes(gap: int) -> bool:
        return _is_likely(Decision.AT_OR_BELOW, design, manner.pairs(-gap / _STEPS), runs, seed)

    above = _least(fails, max(limit + 1, _inwards(lowest)), math.floor(highest * _STEPS + 1e-9))
    below = _least(passes, max(-limit, -math.floor(highest * _STEPS + 1e-9)), -_inwards(lowest))
    return Decidable(
        None if above is None else above / _STEPS, None if below is None else -below / _STEPS
    )


def _is_likely(decision: Decision, design: Design, pairs: Pairs, runs: int, seed: int) -> bool:
    """Whether as many of the runs end so as :data:`LIKELY` asks for."""
    looks = StagedLooks(design.limit, design.stages)
    left = math.floor((1 - LIKELY) * runs + 1e-9)
    for run in range(runs):
        if _run(design, pairs, looks, _source(seed, run)).decision is not decision:
            left -= 1
            if left < 0:
                return False
    return True


def _inwards(lowest: float) -> int:
    return math.ceil(lowest * _STEPS - 1e-9)


def _least(holds: Callable[[int], bool], low: int, high: int) -> int | None:
    """The least whole number from ``low`` to ``high`` that holds; if one does, all above it do.

    The steps double from ``low`` on, because what lies far from the limit is rarely asked for.
    """
    if high < low:
        return None
    failed, step = low - 1, 1
    while not holds(candidate := min(failed + step, high)):
        if candidate == high:
            return None
        failed, step = candidate, step * 2
    while candidate - failed > 1:
        middle = (candidate + failed) // 2
        if holds(middle):
            candidate = middle
        else:
            failed = middle
    return candidate
