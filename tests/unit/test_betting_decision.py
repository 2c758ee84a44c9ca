"""Decisions at a limit, and the number of pairs that the easiest one takes."""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from itertools import islice

import pytest

from pytest_afake.statistics import (
    ConfidenceSequence,
    Decision,
    Range,
    decide,
    fewest_to_pass,
    smallest_n_to_pass,
)
from pytest_afake.statistics.simulate import BOUNDARY, COVERAGE, SPEED, Case, simulate, table


def sequence_of(values: list[float], alpha: float = 0.05) -> ConfidenceSequence:
    sequence = ConfidenceSequence(alpha)
    sequence.add(Range(value, value) for value in values)
    return sequence


def test_a_decision_follows_from_one_bound_each() -> None:
    sequence = sequence_of([1.0, 0.0, 0.0, 0.0, 0.0] * 40)
    assert 0 < sequence.lower < 0.2 < sequence.upper
    assert decide(sequence, sequence.upper) is Decision.AT_OR_BELOW
    assert decide(sequence, math.nextafter(sequence.upper, 0)) is Decision.UNDECIDED
    assert decide(sequence, sequence.lower) is Decision.UNDECIDED
    assert decide(sequence, math.nextafter(sequence.lower, 0)) is Decision.ABOVE


@pytest.mark.parametrize("limit", [-1.0, 0.0, 0.05, 1.0, 2.0])
def test_nothing_is_decided_before_anything_is_measured(limit: float) -> None:
    unknown = ConfidenceSequence(0.05)
    unknown.add([Range(-1.0, 1.0)] * 9)
    for sequence in (ConfidenceSequence(0.05), unknown):
        assert decide(sequence, limit) is Decision.UNDECIDED


@pytest.mark.parametrize(
    ("limit", "decision"),
    [
        (2.0, Decision.AT_OR_BELOW),
        (1.0, Decision.AT_OR_BELOW),
        (0.0, Decision.UNDECIDED),
        (-1.0, Decision.ABOVE),
        (-1.5, Decision.ABOVE),
    ],
)
def test_a_limit_at_or_beyond_the_ends_of_the_scale(limit: float, decision: Decision) -> None:
    assert decide(sequence_of([0.0]), limit) is decision


def test_a_limit_of_zero_can_be_failed_and_passed() -> None:
    assert decide(sequence_of([1.0] * 20), 0.0) is Decision.ABOVE
    assert decide(sequence_of([-1.0] * 20), 0.0) is Decision.AT_OR_BELOW


def test_a_limit_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        decide(sequence_of([0.0]), math.nan)


def test_an_early_pass_is_not_kept_against_the_data_that_follow() -> None:
    assert decide(sequence_of([0.0] * 72), 0.05) is Decision.AT_OR_BELOW
    assert decide(sequence_of([0.0] * 72 + [1.0] * 30), 0.05) is not Decision.AT_OR_BELOW


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1])
@pytest.mark.parametrize("limit", [0.02, 0.05, 0.2, 0.9])
def test_smallest_n_is_where_the_decision_falls(limit: float, alpha: float) -> None:
    n = smallest_n_to_pass(limit, alpha)
    assert n is not None
    assert decide(sequence_of([0.0] * n, alpha), limit) is Decision.AT_OR_BELOW
    assert decide(sequence_of([0.0] * (n - 1), alpha), limit) is Decision.UNDECIDED


def test_smallest_n_at_the_ends() -> None:
    assert smallest_n_to_pass(1.0, 0.05) == 1
    assert smallest_n_to_pass(0.0, 0.05) is None
    assert smallest_n_to_pass(-0.1, 0.05) is None
    with pytest.raises(ValueError, match="alpha"):
        smallest_n_to_pass(0.05, 1.0)


@pytest.mark.parametrize("case", [*SPEED, *BOUNDARY, *COVERAGE], ids=lambda case: case.name)
def test_the_simulation_decides_as_the_sequence_does(case: Case) -> None:
    outcome = simulate(case, alpha=0.2, horizon=120, source=random.Random(3))
    sequence, n, decision = ConfidenceSequence(0.2, case.low), 0, Decision.UNDECIDED
    for value in islice(case.draws(random.Random(3)), 120):
        n += 1
        sequence.add([Range(value, value)])
        decision = decide(sequence, case.limit)
        if decision is not Decision.UNDECIDED:
            break
    assert outcome.decision is decision
    assert outcome.n == (math.inf if decision is Decision.UNDECIDED else n)


def test_the_table_is_the_same_for_the_same_seed() -> None:
    first, again = list(table(runs=2, seed=4)), list(table(runs=2, seed=4))
    assert first == again
    assert len(first) == 2 + len(SPEED) + len(BOUNDARY) + len(COVERAGE)
    assert first[2].split()[-4:] == ["67", "67", "1.0000", "0.0000"]


@pytest.mark.parametrize("seen", [[], [0.0] * 30, [0.0] * 40 + [1.0], [1.0, -1.0, 0.0, 0.5] * 9])
@pytest.mark.parametrize("limit", [0.02, 0.05, 0.3])
def test_the_fewest_to_pass_are_enough_and_one_less_is_not(seen: list[float], limit: float) -> None:
    sequence = ConfidenceSequence(0.05)
    sequence.add(Range(each, each) for each in seen)
    fewest = fewest_to_pass(sequence, limit)
    assert fewest is not None
    if fewest:
        sequence.add([Range(0.0, 0.0)] * (fewest - 1))
        assert decide(sequence, limit) is not Decision.AT_OR_BELOW
        sequence.add([Range(0.0, 0.0)])
    assert decide(sequence, limit) is Decision.AT_OR_BELOW


def test_nothing_is_enough_to_pass_a_limit_of_zero() -> None:
    assert fewest_to_pass(ConfidenceSequence(0.05), 0.0) is None
