"""The bounds of a confidence sequence: against their definition, and their symmetries."""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_afake.statistics import ConfidenceSequence, Range
from pytest_afake.statistics.wealth import PRIOR

ALPHA = 0.05

differences = st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.25, 1.0]), max_size=40)
alphas = st.floats(0.001, 0.5)


def exact(values: Sequence[float]) -> list[Range]:
    return [Range(value, value) for value in values]


def sequence_of(
    values: Sequence[float], alpha: float = ALPHA, low: float = -1.0, high: float = 1.0
) -> ConfidenceSequence:
    sequence = ConfidenceSequence(alpha, low, high)
    sequence.add(exact(values))
    return sequence


def wealth_against_mean_at_least(m: float, values: Sequence[float]) -> float:
    """The definition, for observations in [-1, 1], without logarithms or counting."""
    return sum(
        weight * math.prod(1 - size * (x - m) / (1 - m) for x in values) for size, weight in PRIOR
    )


def least_refuted(prefixes: Sequence[Sequence[float]], alpha: float, step: float) -> float:
    """The least m on a grid against which the wealth of some prefix has reached 1 / alpha."""
    grid = (-1 + step * k for k in range(round(2 / step)))
    for m in grid:
        if any(wealth_against_mean_at_least(m, seen) >= 1 / alpha for seen in prefixes):
            return m
    return 1.0


def upper_by_scanning(values: Sequence[float], step: float) -> float:
    prefixes = [values[:n] for n in range(1, len(values) + 1)]
    return max(least_refuted(prefixes, ALPHA, step), least_refuted([values], 0.5, step))


@pytest.mark.parametrize("seed", range(12))
def test_the_upper_bound_is_the_least_mean_that_the_definition_refutes(seed: int) -> None:
    source = random.Random(seed)
    weights = [source.random() for _ in range(4)]
    values = source.choices([-1.0, -1 / 3, 0.0, 1.0], weights, k=25)
    scanned = upper_by_scanning(values, step=0.002)
    assert scanned - 0.002 <= sequence_of(values).upper <= scanned + 1e-9


@settings(deadline=None)
@given(differences, alphas)
def test_bounds_stay_on_the_scale_and_leave_the_mean_between_them(
    values: list[float], alpha: float
) -> None:
    sequence = sequence_of(values, alpha)
    assert -1 <= sequence.lower < sequence.upper <= 1
    if values:
        assert sequence.lower <= sum(values) / len(values) <= sequence.upper


@settings(deadline=None)
@given(differences, alphas)
def test_negated_observations_mirror_the_bounds(values: list[float], alpha: float) -> None:
    plain, mirrored = sequence_of(values, alpha), sequence_of([-x for x in values], alpha)
    assert mirrored.upper == pytest.approx(-plain.lower)
    assert mirrored.lower == pytest.approx(-plain.upper)


@settings(deadline=None)
@given(differences, st.floats(-5, 5), st.floats(0.1, 10))
def test_another_unit_changes_the_bounds_as_it_changes_the_observations(
    values: list[float], shift: float, scale: float
) -> None:
    plain = sequence_of(values)
    low, high = shift - scale, shift + scale
    moved = sequence_of([min(high, max(low, shift + scale * x)) for x in values], ALPHA, low, high)
    assert moved.lower == pytest.approx(shift + scale * plain.lower, abs=1e-6)
    assert moved.upper == pytest.approx(shift + scale * plain.upper, abs=1e-6)


def test_a_smaller_alpha_gives_a_wider_interval() -> None:
    values = [1.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0] * 20
    widths = [
        (sequence := sequence_of(values, alpha)).upper - sequence.lower
        for alpha in (0.001, 0.01, 0.05, 0.2, 0.5)
    ]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == len(widths)


@settings(deadline=None)
@given(differences, st.integers(1, 7))
def test_how_observations_are_cut_into_batches_does_not_matter(
    values: list[float], size: int
) -> None:
    whole, batched = sequence_of(values), ConfidenceSequence(ALPHA)
    for start in range(0, len(values), size):
        batched.add(exact(values[start : start + size]))
    assert (batched.lower, batched.upper) == (whole.lower, whole.upper)


def test_zero_of_n_shows_its_upper_bound() -> None:
    uppers = [sequence_of([0.0] * n, low=0.0).upper for n in (10, 60, 200, 2000)]
    assert uppers == sorted(uppers, reverse=True)
    # No bound that holds with 95 % confidence is below the exact one for a fixed n (Clopper and
    # Pearson 1934), and looking all the time costs less than half as much again.
    floors = [1 - ALPHA ** (1 / n) for n in (10, 60, 200, 2000)]
    assert all(floor < upper < 1.5 * floor for floor, upper in zip(floors, uppers, strict=True))


@pytest.mark.parametrize("end", [-1.0, 1.0])
def test_observations_that_all_lie_at_one_end_leave_a_width(end: float) -> None:
    sequence = sequence_of([end] * 1000)
    assert end in (sequence.lower, sequence.upper)
    assert 0 < sequence.upper - sequence.lower < 0.01


def test_without_observations_everything_is_possible() -> None:
    sequence = ConfidenceSequence(ALPHA, 0.0, 1.0)
    assert (sequence.lower, sequence.upper) == (0.0, 1.0)
    assert (sequence.n, sequence.estimate) == (0, None)


def test_one_opposite_pair_in_many_does_not_ruin_the_bound() -> None:
    assert sequence_of([1.0] + [0.0] * 2000).upper < 0.005


def test_more_data_of_the_same_kind_never_loosens_a_bound() -> None:
    sequence, bounds = ConfidenceSequence(ALPHA), []
    for _ in range(40):
        sequence.add(exact([0.0, 0.0, 1.0, 0.0, -1.0]))
        bounds.append((sequence.lower, sequence.upper))
    assert [low for low, _ in bounds] == sorted(low for low, _ in bounds)
    assert [high for _, high in bounds] == sorted((high for _, high in bounds), reverse=True)


def test_when_the_mean_drifts_an_early_tight_bound_gives_way_to_all_data() -> None:
    values = [0.0] * 100 + [1.0] * 100
    before, after = sequence_of(values[:100]), sequence_of(values)
    assert before.upper < 0.05
    assert after.lower < 0.5 < after.upper
    assert after.upper == pytest.approx(least_refuted([values], 0.5, 0.005), abs=0.006)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, math.nan])
def test_an_alpha_that_is_no_risk_is_refused(alpha: float) -> None:
    with pytest.raises(ValueError, match="alpha"):
        ConfidenceSequence(alpha)


@pytest.mark.parametrize("value", [-1.01, 1.5, math.inf])
def test_an_observation_off_the_scale_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        ConfidenceSequence(ALPHA).add(exact([value]))


def test_an_empty_scale_is_refused() -> None:
    with pytest.raises(ValueError, match="between"):
        ConfidenceSequence(ALPHA, low=1.0, high=1.0)
