"""Wealth of a gambler who bets against "the mean is at most q", and the bound it implies.

Observations z are never negative. A bet of size c in (0, 1] multiplies the wealth by

    1 - c + c * z / q

which is never negative, and has mean at most 1 as long as the mean of z, given the past, is at
most q. So has every fixed mixture of bets: the mixed wealth is a nonnegative supermartingale that
starts at 1, and by Ville's inequality it ever reaches 1 / alpha with probability at most alpha.
Whichever q it has reached 1 / alpha against is refuted, at all sample sizes at once.

Source: Waudby-Smith & Ramdas (2024), "Estimating means of bounded random variables by betting",
JRSS B 86(1): capital processes, with the bets mixed rather than adapted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from operator import mul
from typing import NamedTuple


class Bet(NamedTuple):
    """``size`` is the fraction of the largest admissible bet, ``weight`` its share of the stake."""

    size: float
    weight: float


_SIZES = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1)

PRIOR = tuple(Bet(size, size**2 / sum(each**2 for each in _SIZES)) for size in _SIZES)
"""The mixture of bets. It decides only how soon bounds shrink, never whether they hold.

The full bet is the fastest against a model that never shows a gap (59 pairs at limit and alpha
0.05), and is ruined by one opposite pair; the smaller ones pay off the noisier the pairs are.
Weights proportional to the square of the size spend 8 pairs of the easiest case on that insurance:
gaps of most models are rare events, for which large bets are right. A search over grids of 3 to 10
sizes, with weights size^p for p from -0.5 to 2 and free ones, found the times to a decision flat
around this mixture. What it costs is printed by ``python -m pytest_afake.statistics.simulate``.
"""

_MOST_STEPS = 60
_LAST_STEP = 1e-6  # convergence is quadratic: what is left after it is of the order of its square
_VANISHING = 1e-300


def factor(size: float, z: float, q: float) -> float:
    """What a bet of this size against "mean <= q" multiplies the wealth by when z is seen.

    At q = 0 the claim admits nothing but z = 0, on which the bet loses its stake.
    """
    return 1 - size + size * z / q if z > 0 else 1 - size


class Stake:
    """The mixed wealth against "mean <= q", kept up to date; ``most`` is the largest so far.

    In floating point that is right but for rounding, and infinite when it is astronomical.
    """

    def __init__(self, q: float, seen: Iterable[float] = ()) -> None:
        self.q = q
        self.most = 1.0
        self._parts = [bet.weight for bet in PRIOR]
        self._factors: dict[float, list[float]] = {}
        for z in seen:
            self.add(z)

    def add(self, z: float) -> None:
        if z not in self._factors:
            self._factors[z] = [factor(bet.size, z, self.q) for bet in PRIOR]
        self._parts = [*map(mul, self._parts, self._factors[z])]
        self.most = max(self.most, sum(self._parts))


def log_wealth(counts: Mapping[float, int], q: float) -> float:
    """Log of the mixed wealth after values z >= 0, each seen ``counts[z]`` times; q > 0."""
    return _wealth_and_slope(counts, q)[0]


def refuted_up_to(counts: Mapping[float, int], target: float, known: float = 0.0) -> float:
    """The largest q against which these values have brought a log wealth of ``target`` > 0.

    ``known`` is a q against which they have, or 0. As a function of s = log q the log wealth is
    convex and falling, for each log factor is the log of a sum of exponentials of s. Newton's
    steps that start above the target therefore never pass the crossing: wherever the iteration
    ends, the result is on the safe side.
    """
    q = known or _surely_refuted(counts, target)
    for _ in range(_MOST_STEPS):
        if q < _VANISHING:
            return 0.0
        value, slope = _wealth_and_slope(counts, q)
        if value <= target:
            break
        step = (target - value) / slope
        q *= math.exp(step)
        if step < _LAST_STEP:
            break
    return q


def _wealth_and_slope(counts: Mapping[float, int], q: float) -> tuple[float, float]:
    """Log of the mixed wealth at q, and its derivative with respect to log q."""
    parts = [_one_bet(bet, counts, q) for bet in PRIOR]
    top = max(log for log, _ in parts)
    shares = [math.exp(log - top) for log, _ in parts]
    slope = sum(share * part[1] for share, part in zip(shares, parts, strict=True))
    return top + math.log(sum(shares)), slope / sum(shares)


def _one_bet(bet: Bet, counts: Mapping[float, int], q: float) -> tuple[float, float]:
    """Log of one bet's part of the wealth, and its derivative with respect to log q."""
    log, slope = math.log(bet.weight), 0.0
    kept = 1 - bet.size
    for z, count in counts.items():
        gain = bet.size * z / q
        if kept + gain <= 0:
            return -math.inf, 0.0
        log += count * math.log(kept + gain)
        slope -= count * gain / (kept + gain)
    return log, slope


def _surely_refuted(counts: Mapping[float, int], target: float) -> float:
    """A q at which the log wealth is at least ``target``, or 0 if there is none worth naming.

    Since factor >= size * z / q, one bet's wealth is above a power law in q, which crosses the
    target where the closed form says.
    """
    hits = {z: count for z, count in counts.items() if z > 0}
    if not hits:
        return 0.0
    n_hits = sum(hits.values())
    misses = sum(counts.values()) - n_hits
    gained = sum(count * math.log(z) for z, count in hits.items()) - target
    return max(
        math.exp((gained + math.log(weight) + n_hits * math.log(size) + lost) / n_hits)
        for size, weight in PRIOR
        if (lost := _log_after_misses(size, misses)) > -math.inf
    )


def _log_after_misses(size: float, misses: int) -> float:
    if not misses:
        return 0.0
    return misses * math.log1p(-size) if size < 1 else -math.inf
