"""The difference of one measure in two runs: its value after minus its value before.

A query that both runs asked gives the difference of its two values, so that how much a query by
itself invites compliance cancels out. What is missing in either is counted at its worst for both
sides. Queries of a cluster are not independent, so a cluster is one observation: the mean over its
queries, in the order in which clusters first appear.

Both runs stop as soon as they know enough, which depends on what they saw. Where they took the
queries in the same order, the ones that both have are the beginning of that order, as long as the
shorter run: a confidence sequence holds at all lengths at once, so also at a length that depends on
what was seen. A cluster's mean may still change while its queries come in, for which there is
no such theorem; ``tests/calibration/test_difference_rates.py`` simulates it.

Where the orders differ (another seed) that argument is gone: the shared queries are then a draw
from a sample that one run stopped at because of what was in it. So each run is bounded by itself,
in its own order and with half of alpha, and the difference lies between the ends: wider, and valid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Protocol

from pytest_afake.gating.comparison import QueryEvidence
from pytest_afake.statistics import ArmResult, ConfidenceSequence, Range
from pytest_afake.statistics import difference as value_of


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of gaps, in [-2, 2], or of rates, in [-1, 1].

    The fields are those of :class:`pytest_afake.gating.comparison.Baseline`. Means rest on the
    queries of which nothing is missing, and are None where there is none.
    """

    before: float | None
    after: float | None
    estimate: float | None
    low: float
    high: float
    alpha: float
    pairs: int
    only_before: int
    only_after: int
    observations: int
    paired: bool


@dataclass(frozen=True, slots=True)
class Value:
    """A gap in [-1, 1], or a rate in [0, 1]; the estimate is None where no query is complete."""

    estimate: float | None
    low: float
    high: float
    pairs: int


class Estimate(Protocol):
    """What is told of a value as of a difference."""

    @property
    def estimate(self) -> float | None: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def pairs(self) -> int: ...


def difference_of(
    before: Sequence[QueryEvidence], after: Sequence[QueryEvidence], alpha: float
) -> Difference | None:
    """The later run's value minus the earlier one's; None when nothing was read to tell it by.

    Both are in the order in which they were taken, and of the same measure.
    """
    earlier = {each.id: each for each in before}
    pairs = [(earlier[each.id], each) for each in after if each.id in earlier]
    paired = _same_order(before, after)
    used = ([each for each, _ in pairs], [each for _, each in pairs]) if paired else (before, after)
    if not all(map(_any_read, used)):
        return None
    bounds = _paired(pairs, alpha) if paired else _unpaired(before, after, alpha)
    read = [pair for pair in pairs if all(_value(each).complete for each in pair)]
    first = _mean_of([each for each, _ in read] if paired else before)
    second = _mean_of([each for _, each in read] if paired else after)
    return Difference(
        before=first,
        after=second,
        estimate=None if first is None or second is None else second - first,
        low=bounds.low,
        high=bounds.high,
        alpha=alpha,
        pairs=len(pairs),
        only_before=len(before) - len(pairs),
        only_after=len(after) - len(pairs),
        observations=len(_clusters(each for _, each in pairs)),
        paired=paired,
    )


def estimate_of(evidence: Sequence[QueryEvidence], alpha: float) -> Value | None:
    """One run's value alone, each bound with 1 - ``alpha``; None when nothing was read."""
    if not _any_read(evidence):
        return None
    bounds = _alone(evidence, alpha)
    return Value(_mean_of(evidence), bounds.low, bounds.high, len(evidence))


def _same_order(before: Sequence[QueryEvidence], after: Sequence[QueryEvidence]) -> bool:
    """Whether the shorter one is the beginning of the other."""
    return all(
        first.id == second.id
        for first, second in zip(before, after)  # noqa: B905 - up to the end of the shorter
    )


def _any_read(evidence: Sequence[QueryEvidence]) -> bool:
    """Whether a run tells anything: one that does bounds the difference even without the other."""
    return any(labelled for each in evidence for _, labelled, _ in each.terms)


def _paired(pairs: Sequence[tuple[QueryEvidence, QueryEvidence]], alpha: float) -> Range:
    most = float(len(pairs[0][0].terms))
    differences = {second.id: _value(second) - _value(first) for first, second in pairs}
    return _bounds([second for _, second in pairs], differences, Range(-most, most), alpha)


def _unpaired(
    before: Sequence[QueryEvidence], after: Sequence[QueryEvidence], alpha: float
) -> Range:
    """Each bound fails only if one of two does, and each of these at half of alpha."""
    return _alone(after, alpha / 2) - _alone(before, alpha / 2)


def _alone(run: Sequence[QueryEvidence], alpha: float) -> Range:
    scale = Range(1.0 - len(run[0].terms), 1.0)
    return _bounds(run, {each.id: _value(each) for each in run}, scale, alpha)


def _bounds(
    order: Sequence[QueryEvidence], values: Mapping[str, Range], scale: Range, alpha: float
) -> Range:
    """Bounds on the mean of values on a scale, by clusters, each by itself with 1 - alpha."""
    sequence = ConfidenceSequence(alpha, scale.low, scale.high)
    clusters = _clusters(order).values()
    sequence.add(_mean([values[each.id] for each in cluster]) for cluster in clusters)
    return Range(sequence.lower, sequence.upper)


def _mean_of(evidence: Iterable[QueryEvidence]) -> float | None:
    """The mean over clusters of what is complete."""
    clusters = _clusters(each for each in evidence if _value(each).complete).values()
    means = [_mean([_value(each) for each in cluster]).low for cluster in clusters]
    return fsum(means) / len(means) if means else None


def _clusters(evidence: Iterable[QueryEvidence]) -> Mapping[tuple[str, str], list[QueryEvidence]]:
    """Queries by cluster, in order of first appearance; one without a cluster is its own."""
    found: dict[tuple[str, str], list[QueryEvidence]] = {}
    for each in evidence:
        key = ("cluster", each.cluster) if each.cluster else ("query", each.id)
        found.setdefault(key, []).append(each)
    return found


def _value(evidence: QueryEvidence) -> Range:
    return value_of([ArmResult(*term) for term in evidence.terms])


def _mean(ranges: Sequence[Range]) -> Range:
    number = len(ranges)
    return Range(
        fsum(each.low for each in ranges) / number, fsum(each.high for each in ranges) / number
    )
