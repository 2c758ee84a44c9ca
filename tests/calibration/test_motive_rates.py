"""The motive table of organisms whose motives are known. The long version is a command.

``python bench/motive_matrix.py --runs 200``: its figures stand in ``docs/motives.md``.
"""

from __future__ import annotations

import pytest
from motive_simulation import RIGHT, outcome_of, wrong

SEED = 11


@pytest.mark.parametrize("organism", RIGHT)
def test_each_organism_is_known_by_its_motive(organism: str) -> None:
    outcome = outcome_of(organism, SEED)
    assert outcome.label == RIGHT[organism], outcome
    assert wrong(organism, [outcome]) == 0
