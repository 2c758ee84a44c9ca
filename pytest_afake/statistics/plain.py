"""Bounds on a rate or a gap of the labels, as a judge gave them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_afake.statistics.betting import METHOD, ConfidenceSequence
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.paired import ArmResult, difference


class PlainSequence:
    """The confidence sequence of one arm's rate, or of the first arm's rate minus the second's.

    A judge's errors are not undone: the bounds hold for the mean of its labels. Raises ValueError
    for an alpha outside (0, 1).
    """

    method = METHOD
    usable = True
    high = 1.0

    def __init__(self, alpha: float | Levels, arms: int) -> None:
        self.levels = Levels.both(alpha)
        self.low = 1.0 - arms
        self._sequence = ConfidenceSequence(self.levels, self.low, self.high)

    def add(self, observations: Iterable[Sequence[ArmResult]]) -> None:
        self._sequence.add(map(difference, observations))

    @property
    def n(self) -> int:
        return self._sequence.n

    @property
    def informed(self) -> bool:
        return self._sequence.informed

    @property
    def lower(self) -> float:
        return self._sequence.lower

    @property
    def upper(self) -> float:
        return self._sequence.upper

    @property
    def estimate(self) -> float | None:
        return self._sequence.estimate

    @property
    def complete_n(self) -> int:
        return self._sequence.complete_n

    @property
    def complete_lower(self) -> float:
        return self._sequence.complete_lower

    @property
    def complete_upper(self) -> float:
        return self._sequence.complete_upper

    def at_most(self, limit: float) -> bool:
        return self._sequence.at_most(limit)

    def exceeds(self, limit: float) -> bool:
        return self._sequence.exceeds(limit)

    def p_above(self, limit: float) -> float:
        return self._sequence.p_above(limit)

    def value(self, rates: Sequence[float]) -> float:
        first, *others = rates
        return first - sum(others)

    def at_most_after(self, zeros: int, limit: float) -> bool:
        return self._sequence.at_most_after(zeros, limit)
