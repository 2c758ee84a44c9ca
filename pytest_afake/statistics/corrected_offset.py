"""Whether a corrected mean stays at or below a limit whichever of its members count as 0.

What a judge's labels are turned into depends on the labels before them, and on which members count.
So for all choices of members at once each unit has the largest value that any of them could give
it, by any line that any of them could have led to (``corrected_values.py``). That is no less than
each choice gives by itself, so it errs towards "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

from pytest_afake.statistics.corrected import CALIBRATION_SHARE
from pytest_afake.statistics.corrected_values import AS_IT_IS, Line, Made, Own, Path, Row, Same
from pytest_afake.statistics.correction import Correction
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.wealth import PRIOR, factor

# A bound by itself is solved for, and this one is not: where rounding decides, it is not known.
_MARGIN = 1e-6
_EVEN_ODDS = 2.0


@dataclass(frozen=True, slots=True)
class CorrectedStage:
    """Units in the order in which they were drawn, and the levels of their bounds."""

    rows: Sequence[Row]
    levels: Levels


class CorrectedOffset:
    """As :class:`pytest_afake.statistics.Offset`, of bounds like a :class:`CorrectedSequence`'s."""

    def __init__(
        self, stages: Iterable[CorrectedStage], correction: Correction, limit: float
    ) -> None:
        self._limit = limit
        self._above: list[_Side] = []
        self._below: list[_Side] = []
        for stage in stages:
            units = _Units(stage.rows)
            self._above += _sides(units, correction, stage.levels.upper, negated=False)
            self._below += _sides(units, correction, stage.levels.lower, negated=True)

    def at_most(self, kept: Set[int], free: Set[int] = frozenset()) -> bool:
        """Whether the mean in which only the ``kept`` members count is at or below the limit.

        With ``free`` members: so whichever of these count as well. True is always right; False
        also says that it is not known.
        """
        if self._limit >= 1:
            return True
        if not any(side.refutes(side.values(kept, free, max), self._limit) for side in self._above):
            return False
        return self._consistent(kept, free)

    def _consistent(self, kept: Set[int], free: Set[int]) -> bool:
        """Whether there is a value that no bound excludes: bounds that cross say nothing."""
        above = [(side, side.values(kept, free, min)) for side in self._above]
        below = [(side, side.values(kept, free, min)) for side in self._below]
        middles = [
            (fmean(high) - fmean(low)) / 2
            for (_, high), (_, low) in zip(above, below, strict=False)
            if high
        ]
        between = max(-0.99, min(0.99, middles[0])) if middles else 0.0
        return not any(
            side.refutes(values, to, ever=True)
            for sides, to in ((above, between), (below, -between))
            for side, values in sides
        )


class _Units:
    """The rows of a stage: the different ones, and which of them came in what order."""

    def __init__(self, rows: Sequence[Row]) -> None:
        numbers: dict[Row, int] = {}
        self.order = [numbers.setdefault(row, len(numbers)) for row in rows]
        self.patterns = list(numbers)


def _sides(
    units: _Units, correction: Correction, alpha: float, *, negated: bool
) -> Iterator[_Side]:
    """An upper bound on the gap, or on minus the gap; none where nothing can be excluded."""
    level = CALIBRATION_SHARE * alpha / (2 * len(correction.tables))
    if correction.reason_at(level):
        return
    errors = [table.error_bounds(level) for table in correction.tables]
    betting = alpha * (1 - CALIBRATION_SHARE)
    if correction.shared:
        yield _Side(units, betting, Same(units.patterns, errors[0], first=int(negated)))
    else:
        yield _Side(units, betting, Own(units.patterns, errors, negated=negated))


Pick: TypeAlias = Callable[[float, float], float]


class _Side:
    """One bound of one stage."""

    def __init__(self, units: _Units, alpha: float, made: Made) -> None:
        self._units, self._alpha, self._made = units, alpha, made
        self._added: dict[tuple[int, tuple[Line, Line]], tuple[float, list[float]]] = {}

    def values(self, kept: Set[int], free: Set[int], pick: Pick) -> list[float]:
        """The largest or the least value that each unit can have, as ``pick`` is max or min."""
        known: dict[tuple[int, tuple[Line, Line]], float] = {}

        def value(number: int, lines: tuple[Line, Line]) -> float:
            key = number, lines
            if key not in known:
                base, added = self._members(*key)
                sure = sum(added[n] for n in kept)
                known[key] = base + sure + sum(pick(0.0, added[n]) for n in free)
            return known[key]

        paths = [
            Path(arm, [arm.seen(row, kept, free) for row in arm.rows]) for arm in self._made.arms()
        ]
        found = []
        for number in self._units.order:
            first, second = [path.lines() for path in paths] or [[AS_IT_IS]] * 2
            best = value(number, (first[0], second[0]))
            for one in first:
                for other in second:
                    best = pick(best, value(number, (one, other)))
            found.append(min(best, self._made.high))
            for path in paths:
                path.add(number)
        return found

    def _members(self, number: int, lines: tuple[Line, Line]) -> tuple[float, list[float]]:
        key = number, lines
        if key not in self._added:
            self._added[key] = self._made.members(*key)
        return self._added[key]

    def refutes(self, values: Sequence[float], gap: float, *, ever: bool = False) -> bool:
        """Whether "above the gap" was refuted at some look, and stands at even odds at least.

        With ``ever``: whether it was, or nearly.
        """
        q = self._made.high - self._made.scaled(gap)
        if q <= 0:
            return True
        q *= 1 - _MARGIN if ever else 1 + _MARGIN
        factors: dict[float, list[float]] = {}
        wealth, most = [bet.weight for bet in PRIOR], 1.0
        for each in values:
            by = factors.get(each)
            if by is None:
                z = max(0.0, self._made.high - each)
                by = factors[each] = [factor(bet.size, z, q) for bet in PRIOR]
            wealth = [part * times for part, times in zip(wealth, by, strict=True)]
            most = max(most, sum(wealth))
        enough = most >= 1 / self._alpha
        return enough and (ever or sum(wealth) >= min(1 / self._alpha, _EVEN_ODDS))
