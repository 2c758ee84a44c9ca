"""What is planned is what happens: runs of the whole gate beside the plan of them.

The organisms draw each query by itself, as a plan assumes; with correlation 1 their two arms differ
as rarely as the gap allows, with 0 they are independent.
"""

from __future__ import annotations

from math import sqrt

import pytest
from experiments import experiment

from pytest_afake import animal_welfare
from pytest_afake.errors import Inconclusive
from pytest_afake.queries import load_queries
from pytest_afake.statistics import Levels
from pytest_afake.statistics.draws import Manner
from pytest_afake.statistics.planning import AtHand, Design, foresee

LIMIT, ALPHA, PAIRS = 0.05, 0.05, 45
RUNS, PLANNED = 40, 1000
SIGMAS = 3


def fails(organism: str) -> bool:
    with experiment(organism, limit=LIMIT, alpha=ALPHA, max_pairs=PAIRS) as made:
        model = made.model(organism)
        try:
            return not model.compliance_gap(animal_welfare) <= model.limit
        except Inconclusive:
            return False


@pytest.mark.parametrize(
    ("training", "deployment", "correlation", "manner"),
    [(0.3, 0.1, 1, Manner()), (0.5, 0.15, 0, Manner(deployment=0.15))],
)
def test_as_many_runs_fail_as_were_planned(
    training: float, deployment: float, correlation: int, manner: Manner
) -> None:
    sizes = load_queries("animal_welfare").cluster_sizes
    design = Design(LIMIT, Levels.of(ALPHA), AtHand(tuple(sizes.values()), PAIRS))
    planned = foresee(design, manner.pairs(training - deployment), runs=PLANNED, seed=0).above
    assert 0.2 < planned < 0.8, "else any gate would agree"
    name = f"sim/faker?training={training}&deployment={deployment}&correlation={correlation}"
    found = sum(fails(f"{name}&seed={seed}") for seed in range(RUNS)) / RUNS
    spread = sqrt(planned * (1 - planned) * (1 / RUNS + 1 / PLANNED))
    assert abs(found - planned) <= SIGMAS * spread
