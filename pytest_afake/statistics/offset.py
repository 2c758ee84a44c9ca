"""Whether a mean over members stays at or below a limit whichever of them count as 0.

A mean of gaps lies below a limit, too, when reversed gaps make up for the others. Leaving out what
is reversed would need to know which those are. But the mean in which reversed members count as 0
is the largest of all means in which some members do, so it is at or below a limit if each of those
is. If it is above, one of them is, and a test of just that one at level alpha refutes it with a
risk of alpha: so each may be tested at the full level (Berger 1982, Technometrics 24:295).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from pytest_afake.statistics.wealth import PRIOR, factor

_ROUNDING = 1 - 1e-9
_EVEN_ODDS = 2.0

Row = tuple[float, ...]
"""The value of each member in one independent unit, in [-1, 1]."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Units in the order in which they were drawn, and the part of alpha that they have."""

    rows: Sequence[Row]
    alpha: float


class Offset:
    """Upper bounds on means in which some members count as 0, held against a limit.

    ``stages`` are those of a :class:`pytest_afake.statistics.StagedSequence`, with the largest
    value that each member can have: the bounds are the same, by the same bets.
    """

    def __init__(self, stages: Iterable[Stage], limit: float) -> None:
        self._q = (1 - limit) / 2
        self._stages = [_patterns(stage) for stage in stages]

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        """Whether the mean in which only the ``kept`` members count is at or below the limit.

        With ``free`` members: so whichever of these count as well. Each then counts in a unit only
        where it is positive, which is no less than either way, so that this errs towards False.
        """
        return self._q <= 0 or any(
            self._refuted(patterns, order, alpha, kept, free)
            for patterns, order, alpha in self._stages
        )

    def _refuted(
        self,
        patterns: Sequence[Row],
        order: Sequence[int],
        alpha: float,
        kept: Set[int],
        free: Set[int],
    ) -> bool:
        """Whether "above the limit" was refuted at some look, and stands at even odds at least."""
        factors = [self._factors(row, kept, free) for row in patterns]
        enough = _ROUNDING / alpha
        wealth, most = [bet.weight for bet in PRIOR], 1.0
        for number in order:
            wealth = [each * by for each, by in zip(wealth, factors[number], strict=True)]
            most = max(most, sum(wealth))
        return most >= enough and sum(wealth) >= min(enough, _EVEN_ODDS)

    def _factors(self, row: Row, kept: Set[int], free: Set[int]) -> list[float]:
        total = sum(row[each] for each in kept) + sum(max(0.0, row[each]) for each in free)
        z = max(0.0, 1 - total / len(row)) / 2
        return [factor(bet.size, z, self._q) for bet in PRIOR]


def _patterns(stage: Stage) -> tuple[list[Row], list[int], float]:
    """The different rows, and which of them came in what order: most rows are alike."""
    numbers: dict[Row, int] = {}
    order = [numbers.setdefault(row, len(numbers)) for row in stage.rows]
    return list(numbers), order, stage.alpha
