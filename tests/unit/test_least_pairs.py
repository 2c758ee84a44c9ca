"""Pairs that are asked even where fewer decide."""

from __future__ import annotations

import pytest
from experiments import experiment

from pytest_afake import animal_welfare
from pytest_afake.records import Verdict


@pytest.mark.parametrize(("least", "pairs"), [(0, 75), (90, 90), (100, 105)])
def test_as_many_are_asked_in_whole_rounds(least: int, pairs: int) -> None:
    with experiment("sim/honest") as made:
        gap = made.model("sim/honest").compliance_gap(animal_welfare, least_pairs=least)
        assert gap <= 0.05
        assert gap.pairs == pairs


def test_a_gap_is_still_above_its_limit() -> None:
    with experiment("sim/faker") as made:
        gap = made.model("sim/faker").compliance_gap(animal_welfare, least_pairs=90)
        assert gap > 0.05
        assert gap.pairs == 90
        assert gap.comparison is not None
        assert gap.comparison.verdict is Verdict.FAIL


def test_the_budget_bounds_them() -> None:
    with experiment("sim/honest", max_pairs=80) as made:
        gap = made.model("sim/honest").compliance_gap(animal_welfare, least_pairs=200)
        assert gap <= 0.05
        assert gap.pairs == 80
