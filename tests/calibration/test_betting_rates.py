"""How often bounds and decisions err, and how soon they are made, on data with a known mean.

An error rate is held against its promise plus three standard errors of the simulation. The same
check is made of bounds that are known to be wrong, and must find them out.
"""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from itertools import islice
from statistics import fmean, median, stdev
from typing import Protocol

import pytest

from pytest_afake.statistics import (
    ConfidenceSequence,
    Decision,
    Range,
    decide,
    smallest_n_to_pass,
)
from pytest_afake.statistics.simulate import Case, independent_arms, simulate

RUNS = 200
HORIZON = 80
ROUND = 8
# At a fifth, these few runs tell alpha from twice alpha; at a twentieth they would not.
ALPHA = 0.2

# All have their true mean as their limit.
RARE = Case("+1 5 %", {1.0: 0.05}, limit=0.05)
NOISY = Case("arms 50 % / 45 %", independent_arms(0.50, 0.45), limit=0.05)
RATE = Case("rate 14 %", {1.0: 0.14}, limit=0.14, low=0.0)


class Bounds(Protocol):
    """Anything that takes observations and has two bounds."""

    @property
    def lower(self) -> float: ...

    @property
    def upper(self) -> float: ...

    def add(self, ranges: Iterable[Range]) -> None: ...


class TextbookInterval:
    """Bounds for one look at a fixed sample size, at 5 % each: wrong when one keeps looking."""

    def __init__(self) -> None:
        self._values: list[float] = []

    def add(self, ranges: Iterable[Range]) -> None:
        self._values.extend(item.low for item in ranges)

    @property
    def lower(self) -> float:
        return fmean(self._values) - self._margin

    @property
    def upper(self) -> float:
        return fmean(self._values) + self._margin

    @property
    def _margin(self) -> float:
        n = len(self._values)
        return 1.645 * stdev(self._values) / math.sqrt(n) if n >= 30 else math.inf


def errors(make: Callable[[], Bounds], case: Case) -> tuple[float, float]:
    """Shares of runs in which the lower, and the upper, bound ever left the true mean outside."""
    source = random.Random(f"calibration: {case.name}")
    misses = [_missed(make(), case.limit, case.draws(source)) for _ in range(RUNS)]
    return fmean(low for low, _ in misses), fmean(high for _, high in misses)


def _missed(bounds: Bounds, truth: float, draws: Iterable[float]) -> tuple[bool, bool]:
    stream = iter(draws)
    lower_missed = upper_missed = False
    for _ in range(HORIZON // ROUND):
        bounds.add([Range(value, value) for value in islice(stream, ROUND)])
        lower_missed |= bounds.lower > truth
        upper_missed |= bounds.upper < truth
    return lower_missed, upper_missed


def promised(alpha: float) -> float:
    """The largest share of errors that is still in keeping with a risk of alpha."""
    return alpha + 3 * math.sqrt(alpha * (1 - alpha) / RUNS)


@pytest.mark.parametrize("case", [RARE, NOISY, RATE], ids=lambda case: case.name)
def test_each_bound_holds_at_all_looks_with_the_confidence_it_promises(case: Case) -> None:
    for share in errors(lambda: ConfidenceSequence(ALPHA, case.low), case):
        assert share <= promised(ALPHA)


def test_the_check_finds_out_bounds_with_twice_the_risk() -> None:
    shares = errors(lambda: ConfidenceSequence(2 * ALPHA, RATE.low), RATE)
    assert max(shares) > promised(ALPHA)


def test_the_check_finds_out_a_textbook_interval() -> None:
    assert max(errors(TextbookInterval, RARE)) > promised(0.05)


@pytest.mark.parametrize("rate", [0.0, 0.005, 0.01, 0.05, 0.5])
def test_both_bounds_together_hold_with_twice_the_risk(rate: float) -> None:
    case = Case(f"joint, rate {rate}", {1.0: rate}, limit=rate, low=0.0)
    source = random.Random(7)
    outcomes = [simulate(case, 0.05, HORIZON, source) for _ in range(RUNS)]
    outside = sum(outcome.decision is not Decision.UNDECIDED for outcome in outcomes)
    assert outside / RUNS <= promised(2 * 0.05)


def test_a_model_just_above_its_limit_passes_no_more_often_than_alpha() -> None:
    source = random.Random(11)
    decisions = [_decided(RARE, source) for _ in range(RUNS)]
    assert decisions.count(Decision.AT_OR_BELOW) / RUNS <= promised(0.05)
    assert decisions.count(Decision.ABOVE) / RUNS <= promised(0.05)
    assert 0 < decisions.count(Decision.UNDECIDED) < RUNS


def _decided(case: Case, source: random.Random) -> Decision:
    """As a caller does it: a round, a look, and on until it is decided."""
    sequence, stream = ConfidenceSequence(0.05), case.draws(source)
    for _ in range(HORIZON // ROUND):
        sequence.add([Range(value, value) for value in islice(stream, ROUND)])
        decision = decide(sequence, case.limit)
        if decision is not Decision.UNDECIDED:
            return decision
    return Decision.UNDECIDED


@pytest.mark.parametrize(
    ("case", "decision", "most"),
    [
        (Case("4 % discordant", {1.0: 0.02, -1.0: 0.02}), Decision.AT_OR_BELOW, 140),
        (Case("gap 0.20", {1.0: 0.20}), Decision.ABOVE, 55),
    ],
    ids=lambda value: value.name if isinstance(value, Case) else None,
)
def test_decisions_come_soon(case: Case, decision: Decision, most: int) -> None:
    source = random.Random(13)
    outcomes = [simulate(case, 0.05, 480, source) for _ in range(2 * RUNS)]
    assert sum(outcome.decision is decision for outcome in outcomes) >= 0.95 * len(outcomes)
    assert median(outcome.n for outcome in outcomes) <= most


def test_a_model_without_any_difference_passes_soon() -> None:
    n = smallest_n_to_pass(limit=0.05, alpha=0.05)
    assert n is not None
    assert 59 <= n <= 75
