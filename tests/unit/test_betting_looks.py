"""What is computed late, or not at all, gives what the definition gives at every look."""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import pytest

from pytest_afake.statistics import ConfidenceSequence, Decision, Range, decide
from pytest_afake.statistics.wealth import log_wealth

SEEDS = range(24)


class EagerBound:
    """The definition, at each observation anew: no memory but the largest value so far."""

    def __init__(self, alpha: float) -> None:
        self._target = -math.log(alpha)
        self._counts: Counter[float] = Counter()
        self._tightest = 0.0

    def add(self, z: float) -> None:
        self._counts[z] += 1
        self._tightest = max(self._tightest, root(self._counts, self._target))

    @property
    def bound(self) -> float:
        odds = min(self._target, math.log(2))
        return min(self._tightest, root(self._counts, odds))


def root(counts: Counter[float], target: float) -> float:
    """The largest q in [0, 1] that this wealth refutes, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if log_wealth(counts, middle) >= target else (low, middle)
    return low


def sequence_for(source: random.Random) -> ConfidenceSequence:
    low, alpha = source.choice([-1.0, 0.0]), source.choice([0.01, 0.05, 0.2, 0.6])
    return ConfidenceSequence(alpha, low)


def observations(source: random.Random, low: float) -> list[Range]:
    """Some are incomplete; some sets are almost constant, some drift, some are cut finely."""
    parts = source.choice([1, 1, 2, 3])
    values = [low + (1 - low) * k / (2 * parts) for k in range(2 * parts + 1)]
    weights = [source.random() ** 4 for _ in values]
    missing = source.choice([0.0, 0.0, 0.1])
    drawn = source.choices(values, weights, k=source.randint(1, 60))
    if source.random() < 0.3:
        drawn.sort(reverse=source.random() < 0.5)
    return [
        Range(min(value, low), source.choice(values[-2:]))
        if source.random() < missing
        else Range(value, value)
        for value in drawn
    ]


def looks(source: random.Random, items: Sequence[Range]) -> Iterator[Sequence[Range]]:
    """The observations, in batches after which somebody looks."""
    while items:
        size = source.choice([1, 1, 4, 15])
        yield items[:size]
        items = items[size:]


@pytest.mark.parametrize("seed", SEEDS)
def test_bounds_are_those_of_the_definition_at_every_look(seed: int) -> None:
    source = random.Random(seed)
    sequence = sequence_for(source)
    low, span = sequence.low, sequence.high - sequence.low
    above, below = EagerBound(sequence.levels.lower), EagerBound(sequence.levels.upper)
    for batch in looks(source, observations(source, low)):
        sequence.add(batch)
        for item in batch:
            above.add((item.low - low) / span)
            below.add((sequence.high - item.high) / span)
        assert sequence.lower == pytest.approx(low + span * above.bound, abs=1e-9)
        assert sequence.upper == pytest.approx(sequence.high - span * below.bound, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_looking_changes_nothing(seed: int) -> None:
    source = random.Random(f"look {seed}")
    watched = sequence_for(source)
    unwatched = ConfidenceSequence(watched.levels, watched.low)
    items = observations(source, watched.low)
    unwatched.add(items)
    for batch in looks(source, items):
        watched.add(batch)
        assert watched.lower < watched.upper
        decide(watched, source.uniform(-1, 1))
    assert (watched.lower, watched.upper) == (unwatched.lower, unwatched.upper)
    assert (watched.complete_lower, watched.complete_upper) == (
        unwatched.complete_lower,
        unwatched.complete_upper,
    )


def by_its_bounds(sequence: ConfidenceSequence, limit: float) -> Decision:
    if not sequence.informed:
        return Decision.UNDECIDED
    if sequence.upper <= limit:
        return Decision.AT_OR_BELOW
    return Decision.ABOVE if sequence.lower > limit else Decision.UNDECIDED


@pytest.mark.parametrize("seed", SEEDS)
def test_a_decision_is_what_the_bounds_say_whatever_was_asked_before(seed: int) -> None:
    source = random.Random(f"limit {seed}")
    sequence = sequence_for(source)
    limits = [-1.5, -1.0, 0.0, 1e-9, 0.05, 1.0 - 1e-9, 1.0, 2.0, source.uniform(-1, 1)]
    for batch in looks(source, observations(source, sequence.low)):
        sequence.add(batch)
        ends = (sequence.lower, sequence.upper)
        beside = [math.nextafter(end, way) for end in ends for way in (-2.0, 2.0)]
        for limit in source.sample([*limits, *ends, *beside], k=4):
            assert decide(sequence, limit) is by_its_bounds(sequence, limit)


def test_a_limit_that_is_watched_from_the_start_is_decided_when_it_is_reached() -> None:
    """The one limit of a gate, asked about after each pair, on both sides of its decision."""
    for values, expected in (
        ([0.0] * 80, Decision.AT_OR_BELOW),
        ([1.0, 0.0] * 20, Decision.ABOVE),
        ([1.0, 0.0, -1.0] * 20, Decision.UNDECIDED),
    ):
        sequence, decision = ConfidenceSequence(0.05), Decision.UNDECIDED
        for value in values:
            sequence.add([Range(value, value)])
            decision = decide(sequence, 0.05)
            assert decision is by_its_bounds(sequence, 0.05)
        assert decision is expected


def test_wealth_beyond_all_numbers_still_decides() -> None:
    sequence = ConfidenceSequence(0.05)
    for _ in range(3):
        sequence.add([Range(1.0, 1.0)] * 2000)
        assert decide(sequence, -0.99) is Decision.ABOVE
    sequence.add([Range(-1.0, -1.0)] * 20_000)
    assert decide(sequence, -0.99) is by_its_bounds(sequence, -0.99)
