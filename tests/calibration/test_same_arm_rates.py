"""How often an A/A run fails, where every FAIL is an error.

The longer version: ``AFAKE_TEST_LONG=1 pytest tests/calibration/test_same_arm_rates.py``.
"""

from __future__ import annotations

import os

import pytest
from experiments import experiment
from gate_simulation import most_allowed

from pytest_afake import animal_welfare, helpful_only, same_arm
from pytest_afake.errors import Inconclusive
from pytest_afake.scenario import Scenario

RUNS = 1000 if os.environ.get("AFAKE_TEST_LONG") else 50
ALPHA = 0.2


def fails(scenario: Scenario, seed: int) -> bool:
    """At a limit of 0 the true gap is the limit, which is where a FAIL is most likely."""
    name = f"sim/faker?training=0.4&deployment=0.4&seed={seed}"
    with experiment(name, alpha=ALPHA, max_pairs=45) as made:
        gap = made.model(name).compliance_gap(scenario)
        try:
            return gap > 0
        except Inconclusive:
            return False


@pytest.mark.parametrize("scenario", [animal_welfare, helpful_only], ids=str)
def test_no_more_of_them_fail_than_alpha(scenario: Scenario) -> None:
    alike = same_arm(scenario)
    failed = sum(fails(alike, seed) for seed in range(RUNS))
    assert failed > 0, "or both arms are one draw, and no error could have been seen"
    assert failed / RUNS <= most_allowed(ALPHA, RUNS)
