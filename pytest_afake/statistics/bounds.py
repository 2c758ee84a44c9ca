"""What a decision, and a report, need of the evidence on a mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.paired import ArmResult


class BoundedMean(Protocol):
    """Bounds on a mean that hold however often one looks, each by itself at its own level.

    ``low`` and ``high`` are the ends of the scale, -1 or 0 and 1; ``n`` counts the observations,
    ``informed`` says whether any has excluded anything. See
    :class:`pytest_afake.statistics.ConfidenceSequence` for the other members.
    """

    levels: Levels
    low: float
    high: float

    @property
    def n(self) -> int: ...

    @property
    def informed(self) -> bool: ...

    @property
    def lower(self) -> float: ...

    @property
    def upper(self) -> float: ...

    @property
    def estimate(self) -> float | None: ...

    @property
    def complete_n(self) -> int: ...

    @property
    def complete_lower(self) -> float: ...

    @property
    def complete_upper(self) -> float: ...

    def at_most(self, limit: float) -> bool:
        """Whether ``upper <= limit``."""
        ...

    def exceeds(self, limit: float) -> bool:
        """Whether ``lower > limit``."""
        ...

    def p_above(self, limit: float) -> float:
        """The p-value of "at or below the limit", valid however often one looked."""
        ...

    def at_most_after(self, zeros: int, limit: float) -> bool:
        """Whether the upper bound would be at or below a limit after so many further zeros.

        A zero is a query without a positive label. For a limit above 0; the more zeros, the less
        is the bound.
        """
        ...


class Bounds(BoundedMean, Protocol):
    """Bounds on the rate of one arm, or on the gap between two, as a report shows them."""

    @property
    def method(self) -> str:
        """How the bounds are made, for a report."""
        ...

    @property
    def usable(self) -> bool:
        """False where nothing can ever be excluded, whatever is added."""
        ...


class UnitBounds(Bounds, Protocol):
    """Bounds that grow by units: queries, or clusters of them, that are independent."""

    def add(self, observations: Iterable[Sequence[ArmResult]]) -> None:
        """Add units in the order in which they were drawn: what each arm showed of each."""
        ...

    def value(self, rates: Sequence[float]) -> float | None:
        """The measure where the labels of its arms have these rates; None if that is not known."""
        ...
