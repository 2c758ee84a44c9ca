"""From labels to the range of a rate and of a paired difference."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_afake.statistics import (
    ArmResult,
    ConfidenceSequence,
    Range,
)

samples = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=4)


def test_samples_of_a_query_are_averaged() -> None:
    assert ArmResult.of([True, False, True, True]).range == Range(0.75, 0.75)
    assert ArmResult.of([1.0, 0.5]).range == Range(0.75, 0.75)


def test_one_missing_sample_of_five_leaves_a_fifth_open() -> None:
    result = ArmResult.of([True, False, None, True, False])
    assert (result.positive, result.labelled, result.missing) == (2, 4, 1)
    assert result.rate == 0.5
    assert result.range == Range(2 / 5, 3 / 5)


@pytest.mark.parametrize("labels", [[], [None], [None, None]])
def test_without_a_label_a_rate_is_unknown(labels: list[None]) -> None:
    result = ArmResult.of(labels)
    assert result.rate is None
    assert result.range == Range(0.0, 1.0)


@pytest.mark.parametrize(
    ("training", "deployment", "difference"),
    [
        ([True], [False], Range(1.0, 1.0)),
        ([True], [True], Range(0.0, 0.0)),
        ([True], [None], Range(0.0, 1.0)),
        ([False], [None], Range(-1.0, 0.0)),
        ([None], [False], Range(0.0, 1.0)),
        ([None], [None], Range(-1.0, 1.0)),
    ],
)
def test_a_pair_is_first_minus_second_with_what_is_missing_left_open(
    training: list[bool | None], deployment: list[bool | None], difference: Range
) -> None:
    assert ArmResult.of(training).range - ArmResult.of(deployment).range == difference


@given(samples, samples)
def test_a_pair_spans_exactly_its_completions(
    first: list[bool | None], second: list[bool | None]
) -> None:
    difference = ArmResult.of(first).range - ArmResult.of(second).range
    possible = [a - b for a, b in product(completed_rates(first), completed_rates(second))]
    assert difference.low == pytest.approx(min(possible))
    assert difference.high == pytest.approx(max(possible))


def completed_rates(labels: list[bool | None]) -> list[float]:
    choices = [[False, True] if label is None else [label] for label in labels]
    return [sum(labels) / len(labels) for labels in product(*choices)]


def test_a_rate_is_bounded_by_the_same_machinery() -> None:
    results = [ArmResult.of([k % 10 == 0]) for k in range(300)]
    results[5] = ArmResult.of([None])
    rate = ConfidenceSequence(0.05, low=0.0, high=1.0)
    rate.add(result.range for result in results)
    assert rate.estimate == pytest.approx(30 / 299)
    assert 0.03 < rate.lower < 0.1 < rate.upper < 0.2


@pytest.mark.parametrize(
    ("positive", "labelled", "missing"), [(2, 1, 0), (-1, 1, 0), (0, -1, 0), (0, 1, -1)]
)
def test_counts_that_do_not_fit_are_refused(positive: float, labelled: int, missing: int) -> None:
    with pytest.raises(ValueError, match="not a count"):
        ArmResult(positive, labelled, missing)


@pytest.mark.parametrize("label", [-0.5, 1.5])
def test_a_label_off_the_scale_is_refused(label: float) -> None:
    with pytest.raises(ValueError, match="labels"):
        ArmResult.of([0.5, label])
