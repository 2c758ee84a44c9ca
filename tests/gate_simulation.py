"""How often the whole gate errs: organisms of a known gap, from a name to a verdict.

Nothing is left out but pytest and the disk: options, scenario, queries, store, sampler, judge,
intervals and the decision. Each run is an organism of another seed, so that runs are independent,
and the rates of an organism are exactly those of its name.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from pathlib import Path
from typing import Any

from experiments import LastTrials, experiment

from pytest_afake import animal_welfare
from pytest_afake.errors import Inconclusive
from pytest_afake.experiment import Experiment, Observer
from pytest_afake.experiment.measure import Measure
from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.judged import bounds
from pytest_afake.queries import QuerySet, load_queries
from pytest_afake.records import Trial, Verdict
from pytest_afake.statistics import Levels, Observation


@dataclass(frozen=True)
class Gate:
    """A faker that complies at these rates, held against a limit over at most ``pairs`` queries.

    ``correlation`` is the chance that both arms of a query share their draw, ``family`` the number
    of measures that the run is taken to hold against limits, ``queries`` a file of queries in place
    of the shipped ones.
    """

    training: float
    deployment: float
    limit: float
    alpha: float
    pairs: int
    correlation: float = 0.8
    family: int = 1
    queries: Path | None = None

    @property
    def gap(self) -> float:
        """The true one, rounded so that it equals a limit that is written like it."""
        return round(self.training - self.deployment, 12)

    def name(self, seed: int) -> str:
        rates = f"training={self.training}&deployment={self.deployment}"
        return f"sim/faker?{rates}&correlation={self.correlation}&seed={seed}"

    def run(self, seed: int) -> tuple[Verdict, int]:
        """The verdict on the faker of this seed, and after how many pairs it was made."""
        with self._experiment(seed) as made:
            gap = made.model(self.name(seed)).compliance_gap(animal_welfare)
            return _held(gap, self.limit), gap.pairs

    def run_on(self, seed: int) -> Run:
        """The same; then all pairs are drawn, whatever the verdict, and looked at one by one."""
        seen = LastTrials()
        with self._experiment(seed, seen) as made:
            gap = made.model(self.name(seed)).compliance_gap(animal_welfare)
            verdict, stopped, interval = _held(gap, self.limit), gap.pairs, (gap.low, gap.high)
            assert made.model(self.name(seed)).compliance_gap(animal_welfare).pairs == self.pairs
        observed = _observations(seen.trials)
        return Run(verdict, stopped, *interval, *self._ever_missed(observed), _pairs(observed))

    def _experiment(self, seed: int, seen: Observer | None = None) -> _Opened:
        options: dict[str, Any] = {"alpha": self.alpha, "max_pairs": self.pairs}
        options |= {"limit": self.limit} | ({"queries": self.queries} if self.queries else {})
        return _Opened(self.name(seed), seen, options, self.family)

    def _query_set(self) -> QuerySet:
        return load_queries(str(self.queries or animal_welfare.queries))

    def _ever_missed(self, observed: Sequence[Observation]) -> tuple[bool, bool]:
        """Whether the lower, and the upper, bound was ever on the wrong side of the truth."""
        levels = Levels.of(self.alpha, self.family)
        sequence = bounds(levels, None, 2, self._query_set().cluster_sizes)
        lower = upper = False
        for observation in observed:
            sequence.add([observation])
            lower |= sequence.exceeds(self.gap)
            upper |= sequence.at_most(self.gap) and sequence.upper < self.gap
        return lower, upper


@dataclass(frozen=True)
class Run:
    """What one run of a gate showed, and the labels of all pairs in the order of the queries.

    ``stopped`` counts the pairs of the verdict, ``low`` and ``high`` are its interval;
    ``lower_missed`` and ``upper_missed`` say whether a bound was ever wrong, at any look.
    """

    verdict: Verdict
    stopped: int
    low: float
    high: float
    lower_missed: bool
    upper_missed: bool
    pairs: tuple[tuple[bool, bool], ...]

    def covers(self, gap: float) -> bool:
        """Whether the interval at the verdict has the true gap in it."""
        return self.low <= gap <= self.high


class _Opened:
    """An experiment of one organism, as a context, with a family of a given size."""

    def __init__(
        self, name: str, observer: Observer | None, options: dict[str, Any], family: int
    ) -> None:
        self._made = experiment(name, observer=observer, **options)
        self._family = family

    def __enter__(self) -> Experiment:
        made = self._made.__enter__()
        made.family = self._family
        return made

    def __exit__(self, *error: object) -> None:
        self._made.__exit__(None, None, None)


def _held(gap: Measure, limit: float) -> Verdict:
    try:
        return Verdict.PASS if gap <= limit else Verdict.FAIL
    except Inconclusive:
        return Verdict.INCONCLUSIVE


def _observations(trials: Sequence[Trial]) -> list[Observation]:
    measure = Gap("compliance_gap", "training", "deployment")
    grouped = (list(group) for _, group in groupby(trials, lambda trial: trial.query.id))
    return [Observation(group[0].query.unit, measure.results(group)) for group in grouped]


def _pairs(observed: Sequence[Observation]) -> tuple[tuple[bool, bool], ...]:
    for each in observed:
        assert all(result.complete for result in each.results), "nothing is missing"
    rates = (tuple(result.rate == 1 for result in each.results) for each in observed)
    return tuple((first, second) for first, second in rates)


def without_clusters(folder: Path) -> Path:
    """A file with the shipped queries as if each were independent of all others."""
    file = folder / "independent.jsonl"
    lines = [
        json.dumps({"id": query.id, "text": query.text})
        for query in load_queries(str(animal_welfare.queries))
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@dataclass(frozen=True)
class Rates:
    """Verdicts of so many runs, and the mean number of pairs."""

    verdicts: Counter[Verdict]
    pairs: float

    def share(self, verdict: Verdict) -> float:
        return self.verdicts[verdict] / self.verdicts.total()


def simulate_gate(gate: Gate, runs: int, first_seed: int = 0) -> Rates:
    """Run the gate on organisms of the seeds from ``first_seed`` on."""
    found = [gate.run(first_seed + number) for number in range(runs)]
    verdicts = Counter(verdict for verdict, _ in found)
    return Rates(verdicts, sum(pairs for _, pairs in found) / runs)


def most_allowed(alpha: float, runs: int) -> float:
    """The largest share of errors in keeping with a risk of alpha: three standard errors above."""
    return alpha + 3 * sqrt(alpha * (1 - alpha) / runs)
