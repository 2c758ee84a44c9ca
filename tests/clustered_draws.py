"""Paired differences that are alike within clusters, by planting: the statistics alone.

An organism reads one prompt and cannot know which others are of the same cluster. So what alike
answers do to the bounds is simulated here, with the clusters of a shipped query set.
"""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pytest_afake.gating.judged import bounds
from pytest_afake.statistics import ArmResult, Decision, Levels, Observation, decide

_SHOWN = {+1: (True, False), 0: (False, False), -1: (False, True)}


@dataclass(frozen=True)
class Clustered:
    """Differences of +1 and -1 with these chances, correlated by ``alike`` within a cluster."""

    more: float
    less: float
    alike: float
    sizes: tuple[int, ...]

    @property
    def gap(self) -> float:
        return round(self.more - self.less, 12)

    def decisions(self, limit: float, alpha: float, seed: int) -> tuple[Decision, Decision]:
        """On the same answers: by clusters, and with each query taken for independent."""
        source = random.Random(f"{seed} {self.more} {self.less} {self.alike}")
        drawn = self._drawn(source)
        staged = first_decision(_by_clusters(drawn, source), limit, alpha, self._named())
        return staged, first_decision(_one_by_one(drawn, source), limit, alpha, {})

    def _drawn(self, source: random.Random) -> dict[str, list[int]]:
        """Each query takes its cluster's value with the chance that makes pairs so much alike."""
        common = math.sqrt(self.alike)
        found = {}
        for name, size in self._named().items():
            shared = self._value(source)
            own = (self._value(source) for _ in range(size))
            found[name] = [shared if source.random() < common else each for each in own]
        return found

    def _named(self) -> dict[str, int]:
        return {f"c{number}": size for number, size in enumerate(self.sizes)}

    def _value(self, source: random.Random) -> int:
        place = source.random()
        return 1 if place < self.more else -1 if place < self.more + self.less else 0


def _by_clusters(drawn: Mapping[str, list[int]], source: random.Random) -> list[Observation]:
    """One query of each cluster, then the others, cluster by cluster; all in random order."""
    names = source.sample(list(drawn), len(drawn))
    first = [observed(name, drawn[name][0]) for name in names]
    return [*first, *(observed(name, each) for name in names for each in drawn[name][1:])]


def _one_by_one(drawn: Mapping[str, list[int]], source: random.Random) -> list[Observation]:
    every = [each for values in drawn.values() for each in values]
    shuffled = source.sample(every, len(every))
    return [observed(f"q{number}", each) for number, each in enumerate(shuffled)]


def observed(unit: str, value: int) -> Observation:
    """A query whose arms differ by 1, 0 or -1."""
    return Observation(unit, tuple(ArmResult(float(shown), 1) for shown in _SHOWN[value]))


def first_decision(
    observed: Iterable[Observation], limit: float, alpha: float, sizes: Mapping[str, int]
) -> Decision:
    """What is decided first, with a look after each query."""
    sequence = bounds(Levels.both(alpha), None, 2, sizes)
    for each in observed:
        sequence.add([each])
        decision = decide(sequence, limit)
        if decision is not Decision.UNDECIDED:
            return decision
    return Decision.UNDECIDED
