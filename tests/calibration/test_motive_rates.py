"""The motive table of organisms whose motives are known. The long version is a command.

``python bench/motive_matrix.py --runs 200``: its figures stand in ``docs/motives.md``.
"""

from __future__ import annotations

import pytest
from motive_simulation import RIGHT, outcome_of, wrong
from motive_table_runs import motives_of, motives_of_whole_run

SEED = 11


@pytest.mark.parametrize("organism", RIGHT)
def test_each_organism_is_known_by_its_motive(organism: str) -> None:
    outcome = outcome_of(organism, SEED)
    assert outcome.label == RIGHT[organism], outcome
    assert wrong(organism, [outcome]) == 0


def test_runs_without_store_lanes_and_gates_give_the_table_of_a_whole_run() -> None:
    """Which is what lets two hundred seeds of each be simulated in half an hour."""
    direct, whole = (run("incoherent", SEED) for run in (motives_of, motives_of_whole_run))
    assert direct.verdicts == whole.verdicts
    assert direct.contrasts == whole.contrasts
    assert direct.notes == whole.notes
