"""How often the difference of two runs errs when both stop as soon as they have a verdict.

Shares of misses are held against alpha plus three standard errors of the simulation; a difference
that forgets clusters must be found out by the same check. ``tests/difference_simulation.py`` prints
the long form.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from difference_simulation import CASES, Case, promised, simulate

RUNS = 60
# At a fifth, these few runs tell alpha from twice alpha; at a twentieth they would not.
ALPHA = 0.2
SEED = 5


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_bound_holds_although_both_runs_stop_when_decided(case: Case) -> None:
    found = simulate(short(case), RUNS, ALPHA, SEED)
    assert found.worst <= promised(ALPHA, RUNS)
    assert found.width < 1.6, "bounds that say nothing never err"


def test_a_difference_that_forgets_clusters_errs() -> None:
    rates = 0.55, 0.5
    case = Case("clusters of 100", rates, rates, size=100, dependence=1.0, clusters=3)
    # It errs in about 19 % of runs, and more than 13.4 % must be seen.
    assert simulate(replace(case, told=False), RUNS, 0.05, SEED).worst > promised(0.05, RUNS)
    few = RUNS // 3
    assert simulate(case, few, 0.05, SEED).worst <= promised(0.05, few)


def short(case: Case) -> Case:
    """The same with at most 75 queries."""
    return replace(case, clusters=75 // case.size)
