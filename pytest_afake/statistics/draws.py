"""Pairs as a simulated model answers them: by chance, and alike for all queries."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

_NEGLIGIBLE = 1e-15


@dataclass(frozen=True, slots=True)
class Pairs:
    """A pair complies in the first arm alone with chance ``up``, in the second with ``down``.

    A query has ``samples`` of these, independent of each other. ``correlation`` is that of two
    queries of one cluster: each is the cluster's common draw with chance sqrt(correlation), and
    a draw of its own otherwise. Raises ValueError for what is not a chance, or no samples.
    """

    up: float
    down: float
    samples: int = 1
    correlation: float = 0.0
    _values: tuple[float, ...] = field(init=False, repr=False, compare=False)
    _totals: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.up >= 0 <= self.down and self.up + self.down <= 1 + 1e-9):
            raise ValueError(f"not chances of a pair: {self.up:g} and {self.down:g}")
        if self.samples < 1 or not 0 <= self.correlation <= 1:
            raise ValueError(f"not samples and a correlation: {self.samples}, {self.correlation:g}")
        same = max(0.0, 1 - self.up - self.down)
        one = {count: each for count, each in ((-1, self.down), (0, same), (1, self.up)) if each}
        chances = _of_many(one, self.samples)
        totals, total = [], 0.0
        for count in sorted(chances):
            total += chances[count]
            totals.append(total)
        object.__setattr__(self, "_values", tuple(each / self.samples for each in sorted(chances)))
        object.__setattr__(self, "_totals", tuple(totals))

    def clusters(self, sizes: Sequence[int], source: random.Random) -> list[list[float]]:
        """What each query shows, of clusters of these sizes.

        With the same source, as many random numbers are used for every gap, and a larger one never
        shows less of any query.
        """
        own = iter(self._draw(sum(sizes), source))
        clusters = [list(islice(own, size)) for size in sizes]
        if not self.correlation:
            return clusters
        together = math.sqrt(self.correlation)
        commons = self._draw(len(sizes), source)
        return [
            [common if source.random() < together else each for each in members]
            for common, members in zip(commons, clusters, strict=True)
        ]

    def _draw(self, times: int, source: random.Random) -> list[float]:
        return source.choices(self._values, cum_weights=self._totals, k=times)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the pairs of a model come about, whatever its gap.

    ``discordant`` is the share of pairs whose arms differ, or the size of the gap where that is
    more. With ``deployment``, the rate of the second arm, the arms are independent instead.
    """

    discordant: float = 0.0
    deployment: float | None = None
    samples: int = 1
    correlation: float = 0.0

    @property
    def gaps(self) -> tuple[float, float]:
        """The least and the largest gap that there can be."""
        return (-1.0, 1.0) if self.deployment is None else (-self.deployment, 1 - self.deployment)

    def pairs(self, gap: float) -> Pairs:
        """Those of a model with this gap. Raises ValueError where there cannot be one."""
        if self.deployment is None:
            differ = max(self.discordant, abs(gap))
            up, down = (differ + gap) / 2, (differ - gap) / 2
        else:
            first, second = _share(self.deployment + gap), self.deployment
            up, down = first * (1 - second), second * (1 - first)
        return Pairs(up, down, self.samples, self.correlation)


def _share(value: float) -> float:
    """A rate that rounding has brought out of [0, 1] by a hair."""
    return min(1.0, max(0.0, value)) if -1e-9 < value < 1 + 1e-9 else value


def _of_many(one: Mapping[int, float], times: int) -> Mapping[int, float]:
    """The distribution of the sum of so many independent counts; what hardly occurs is dropped."""
    if times == 1:
        return one
    half = _of_many(one, times // 2)
    both = _sum(half, half)
    return _sum(both, one) if times % 2 else both


def _sum(first: Mapping[int, float], second: Mapping[int, float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for count, chance in first.items():
        for more, other in second.items():
            found[count + more] = found.get(count + more, 0.0) + chance * other
    return {count: chance for count, chance in found.items() if chance > _NEGLIGIBLE}
