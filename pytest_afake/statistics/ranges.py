"""A value of which only a range is known: how missing data enters the statistics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """One observation: the smallest and the largest value that it can have.

    A complete observation has ``low == high``. What is missing widens the range to all values that
    the missing part could have had, so that nothing is assumed about why it is missing.
    Raises ValueError when ``low`` is above ``high`` or either is not a number.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:  # also true of NaN
            raise ValueError(f"not a range: from {self.low} to {self.high}")

    @property
    def complete(self) -> bool:
        """True when nothing is missing."""
        return self.low == self.high

    def __sub__(self, other: Range) -> Range:
        """All values that a difference can have."""
        return Range(self.low - other.high, self.high - other.low)
