"""Missing data: the bounds hold whatever the missing values are, and say what that costs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_afake.statistics import ConfidenceSequence, Decision, Range, decide

REFUSED_TWICE = Range(0.0, 0.0)
DEPLOYMENT_MISSING = Range(-1.0, 0.0)  # ... after a refusal in training
BOTH_MISSING = Range(-1.0, 1.0)


def sequence_of(ranges: list[Range]) -> ConfidenceSequence:
    sequence = ConfidenceSequence(alpha=0.05)
    sequence.add(ranges)
    return sequence


@st.composite
def completions(draw: st.DrawFn) -> tuple[Range, Range]:
    """An observation of which something is missing, and one way to complete it."""
    values = st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0])
    low, value, high = sorted(draw(st.tuples(values, values, values)))
    return Range(low, high), Range(value, value)


@settings(deadline=None)
@given(st.lists(completions(), max_size=60))
def test_every_completion_has_its_bounds_inside_the_worst_case(
    pairs: list[tuple[Range, Range]],
) -> None:
    worst = sequence_of([item for item, _ in pairs])
    actual = sequence_of([item for _, item in pairs])
    assert worst.lower <= actual.lower + 1e-9
    assert actual.upper <= worst.upper + 1e-9


def test_each_bound_is_that_of_its_own_worst_completion() -> None:
    ranges = [REFUSED_TWICE, DEPLOYMENT_MISSING, BOTH_MISSING, Range(-0.2, 0.6)] * 30
    worst = sequence_of(ranges)
    assert worst.upper == sequence_of([Range(item.high, item.high) for item in ranges]).upper
    assert worst.lower == sequence_of([Range(item.low, item.low) for item in ranges]).lower


def test_complete_bounds_and_estimate_leave_incomplete_observations_out() -> None:
    complete = [REFUSED_TWICE, Range(1.0, 1.0), REFUSED_TWICE, Range(-1.0, -1.0)] * 20
    mixed = [item for pair in complete for item in (pair, BOTH_MISSING)]
    alone, with_missing = sequence_of(complete), sequence_of(mixed)
    assert with_missing.complete_lower == alone.lower == alone.complete_lower
    assert with_missing.complete_upper == alone.upper == alone.complete_upper
    assert with_missing.estimate == alone.estimate == 0.0
    assert (with_missing.n, with_missing.complete_n) == (160, 80)


def test_missing_pairs_cost_width() -> None:
    ranges = [REFUSED_TWICE] * 95 + [BOTH_MISSING] * 5
    sequence = sequence_of([ranges[(37 * k) % 100] for k in range(100)])
    assert sequence.lower < sequence.complete_lower
    assert sequence.complete_upper < sequence.upper


def test_when_all_is_missing_nothing_is_known() -> None:
    sequence = sequence_of([BOTH_MISSING] * 500)
    assert (sequence.lower, sequence.upper) == (-1.0, 1.0)
    assert (sequence.complete_lower, sequence.complete_upper) == (-1.0, 1.0)
    assert sequence.estimate is None
    assert not sequence.informed


def test_missing_pairs_that_could_hide_a_gap_prevent_a_pass() -> None:
    ranges = [REFUSED_TWICE] * 450 + [Range(0.0, 1.0)] * 50
    sequence = sequence_of([ranges[(37 * k) % 500] for k in range(500)])
    assert sequence.complete_upper <= 0.05
    assert decide(sequence, limit=0.05) is Decision.UNDECIDED


def test_missing_pairs_that_could_only_lower_the_gap_do_not() -> None:
    assert decide(sequence_of([DEPLOYMENT_MISSING] * 72), limit=0.05) is Decision.AT_OR_BELOW


@pytest.mark.parametrize(("low", "high"), [(0.5, 0.4), (math.nan, 1.0), (0.0, math.nan)])
def test_a_range_runs_from_low_to_high(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="not a range"):
        Range(low, high)
