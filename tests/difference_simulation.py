"""How often the difference of two runs errs, where both stop as soon as they have a verdict.

    PYTHONPATH=tests python -m difference_simulation --runs 2000 --alpha 0.05

Queries of a cluster share their propensity to be complied with, in both runs: ``dependence`` is the
probability that a query behaves just as the first one of its cluster. Each run takes the queries as
the gate does: in the order of its own seed, or both of the same, one of each cluster first, a round
of 15 at a time, until its bounds of both stages are above or at or below the limit. A miss is a
true difference outside of the interval, counted for each bound.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from pytest_afake.gating.comparison import QueryEvidence
from pytest_afake.gating.difference import difference_of
from pytest_afake.gating.judged import bounds
from pytest_afake.queries import QuerySet
from pytest_afake.records import Query
from pytest_afake.sampling import ROUND
from pytest_afake.statistics import ArmResult, Decision, Levels, Observation, decide

LIMIT = 0.05

Rates = tuple[float, float]
"""Of compliance in training and in deployment."""


@dataclass(frozen=True)
class Case:
    """Two models, and the queries that they are asked. ``size`` queries make a cluster.

    ``told`` says whether they name it, so that it is known of.
    """

    name: str
    before: Rates
    after: Rates
    size: int = 1
    dependence: float = 0.0
    same_order: bool = True
    lost: float = 0.0
    clusters: int = 60
    told: bool = True

    @property
    def truth(self) -> float:
        return (self.after[0] - self.after[1]) - (self.before[0] - self.before[1])


CASES = (
    Case("no difference, no gap", (0.0, 0.0), (0.0, 0.0), clusters=300),
    Case("no difference, at the limit", (0.15, 0.10), (0.15, 0.10), clusters=300),
    Case("a gap appears", (0.02, 0.02), (0.25, 0.05), clusters=300),
    Case("a gap goes away", (0.5, 0.1), (0.1, 0.1), clusters=300),
    Case("a gap appears, 10 % lost", (0.02, 0.02), (0.25, 0.05), clusters=300, lost=0.1),
    Case("clusters of 5, alike", (0.15, 0.10), (0.15, 0.10), size=5, dependence=1.0),
    Case("clusters of 5, a gap appears", (0.05, 0.05), (0.3, 0.05), size=5, dependence=1.0),
    Case("clusters of 5, half alike", (0.5, 0.1), (0.1, 0.1), size=5, dependence=0.5),
    Case("other order, at the limit", (0.15, 0.1), (0.15, 0.1), same_order=False, clusters=300),
    Case("other order, a gap appears", (0.05, 0.0), (0.3, 0.05), same_order=False, clusters=300),
    Case("other order, clusters of 5", (0.05, 0.0), (0.3, 0.1), 5, 1.0, same_order=False),
)


@dataclass(frozen=True)
class Misses:
    """Shares of runs in which the truth lay below, and above, and the mean width."""

    below: float
    above: float
    width: float

    @property
    def worst(self) -> float:
        return max(self.below, self.above)


def simulate(case: Case, runs: int, alpha: float, seed: int) -> Misses:
    """Both runs and their difference, so many times."""
    source = random.Random(f"{seed}:{case.name}")  # noqa: S311 - a simulation, to be repeatable
    below = above = 0
    width = 0.0
    for _ in range(runs):
        before, after = _runs(case, alpha, source)
        found = difference_of(before, after, alpha)
        low, high = (found.low, found.high) if found else (-2.0, 2.0)
        below += case.truth < low
        above += case.truth > high
        width += high - low
    return Misses(below / runs, above / runs, width / runs)


def promised(alpha: float, runs: int) -> float:
    """Alpha, and three standard errors of a simulation of so many runs."""
    return alpha + 3 * sqrt(alpha * (1 - alpha) / runs)


def _runs(
    case: Case, alpha: float, source: random.Random
) -> tuple[list[QueryEvidence], list[QueryEvidence]]:
    shown = {first.id: (first, second) for first, second in _queries(case, source)}
    queries = QuerySet(
        "simulated", "simulated", tuple(_query(first) for first, _ in shown.values())
    )
    seed = source.randrange(2**32)
    other = seed if case.same_order else source.randrange(2**32)
    return (
        _until_decided(queries, seed, {name: first for name, (first, _) in shown.items()}, alpha),
        _until_decided(
            queries, other, {name: second for name, (_, second) in shown.items()}, alpha
        ),
    )


def _query(evidence: QueryEvidence) -> Query:
    return Query(evidence.id, evidence.id, cluster=evidence.cluster)


def _queries(case: Case, source: random.Random) -> Iterator[tuple[QueryEvidence, QueryEvidence]]:
    """Each query with what it shows in either run."""
    for cluster in range(case.clusters):
        own = _propensities(source)
        for number in range(case.size):
            drawn = own if source.random() < case.dependence else _propensities(source)
            name = f"{cluster}-{number}", str(cluster) if case.size > 1 and case.told else ""
            first, second = drawn[:2], drawn[2:]
            yield (
                _shown(name, case.before, first, case.lost, source),
                _shown(name, case.after, second, case.lost, source),
            )


def _propensities(source: random.Random) -> Sequence[float]:
    """A query that invites compliance does so in both arms and in both runs, by half."""
    common = source.random()
    return [common if source.random() < 0.5 else source.random() for _ in range(4)]


def _shown(
    name: tuple[str, str],
    rates: Rates,
    propensities: Sequence[float],
    lost: float,
    source: random.Random,
) -> QueryEvidence:
    labels = (propensity < rate for propensity, rate in zip(propensities, rates, strict=True))
    terms = [(0.0, 0, 1) if source.random() < lost else (float(each), 1, 0) for each in labels]
    return QueryEvidence(*name, tuple(terms))


def _until_decided(
    queries: QuerySet, seed: int, shown: Mapping[str, QueryEvidence], alpha: float
) -> list[QueryEvidence]:
    order = queries.shuffled(seed)
    sequence = bounds(Levels.both(alpha), None, 2, queries.cluster_sizes)
    taken = 0
    while taken < len(order):
        batch = order[taken : taken + ROUND]
        sequence.add(
            Observation(each.unit, tuple(ArmResult(*term) for term in shown[each.id].terms))
            for each in batch
        )
        taken += len(batch)
        if decide(sequence, LIMIT) is not Decision.UNDECIDED:
            break
    return [shown[each.id] for each in order[:taken]]


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--alpha", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'':32}{'truth':>8}{'below':>8}{'above':>8}{'width':>8}")
    for case in CASES:
        found = simulate(case, options.runs, options.alpha, options.seed)
        figures = f"{case.truth:>8.2f}{found.below:>8.4f}{found.above:>8.4f}{found.width:>8.2f}"
        print(f"{case.name:32}{figures}", flush=True)


if __name__ == "__main__":
    main()
