"""How much risk each of the two bounds on a mean may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Levels:
    """The risk that the upper bound is wrong, which a PASS takes, and the lower one, of a FAIL.

    Each in (0, 1). Raises ValueError for others.
    """

    upper: float
    lower: float

    def __post_init__(self) -> None:
        for alpha in (self.upper, self.lower):
            if not 0 < alpha < 1:
                raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")

    @classmethod
    def of(cls, alpha: float, family: int = 1) -> Levels:
        """Those of one measure among ``family`` that are held against limits together.

        A family passes when all of its members do, so that to pass takes no correction; of so many
        chances to fail wrongly each may have its part alone. Raises ValueError for a family of
        none.
        """
        if family < 1:
            raise ValueError(f"a family has members, not {family}")
        return cls(alpha, alpha / family)

    @classmethod
    def both(cls, alpha: float | Levels) -> Levels:
        """The same risk for either bound, unless they have levels already."""
        return alpha if isinstance(alpha, Levels) else cls(alpha, alpha)

    def times(self, share: float) -> Levels:
        """A part of both risks."""
        return Levels(self.upper * share, self.lower * share)
