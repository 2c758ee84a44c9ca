"""Holm's correction: which of several claims hold together."""

from __future__ import annotations

from itertools import permutations

import pytest

from pytest_afake.statistics import holm


@pytest.mark.parametrize(
    ("p_values", "members", "rejected"),
    [
        ([], 0, []),
        ([0.05], 1, [True]),
        ([0.051], 1, [False]),
        ([0.03, 0.9], 2, [False, False]),
        ([0.025, 0.9], 2, [True, False]),
        ([0.025, 0.05], 2, [True, True]),
        ([0.05, 0.025], 2, [True, True]),
        ([0.01, 0.03, 0.04], 3, [True, False, False]),
        ([0.01, 0.02, 0.04], 3, [True, True, True]),
        ([0.01], 8, [False]),
        ([0.006], 8, [True]),
    ],
)
def test_step_by_step_from_the_smallest(
    p_values: list[float], members: int, rejected: list[bool]
) -> None:
    assert holm(p_values, [0.05] * len(p_values), members) == rejected


def test_the_order_is_nothing() -> None:
    values = {0.001: True, 0.016: True, 0.03: False, 0.04: False}
    for order in permutations(values):
        assert holm(order, [0.05] * 4, 4) == [values[p] for p in order]


def test_each_may_be_measured_by_an_alpha_of_its_own() -> None:
    assert holm([0.02, 0.02], [0.01, 0.05], 2) == [False, True]


def test_more_than_there_are_is_an_error() -> None:
    with pytest.raises(ValueError, match="family of 1"):
        holm([0.1, 0.2], [0.05, 0.05], 1)
