"""What both arms of a unit are turned into, whichever of its members count.

The same as in :mod:`pytest_afake.statistics.sides`, told apart by member: the value if none counts,
and what each adds. So it is known what free members come to at most. Where the line that turns
labels into values depends on the labels before, all lines are kept that some choice has led to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from operator import add
from typing import NamedTuple, Protocol, TypeAlias

from pytest_afake.statistics.correction import ErrorBounds
from pytest_afake.statistics.paired import ArmResult

_TIE = 1e-9  # sums in another order: where rounding decides, both lines are kept

Cell: TypeAlias = tuple[ArmResult, ArmResult]
"""What both arms of one member showed, with something assumed of all that is missing."""
Row: TypeAlias = tuple[Cell, ...]
Line: TypeAlias = tuple[float, float]
"""A slope and a constant: what a share of positive labels is turned into."""
AS_IT_IS: Line = (1.0, 0.0)


class Made(Protocol):
    """How values are made of what both arms showed."""

    high: float
    """The largest value."""

    def scaled(self, gap: float) -> float:
        """A true gap on the scale of the values."""
        ...

    def members(self, number: int, lines: tuple[Line, Line]) -> tuple[float, list[float]]:
        """The value if no member counts, and what each of them adds to it."""
        ...

    def arms(self) -> Sequence[Arm]:
        """The arms whose line depends on the labels before; none if nothing does."""
        ...


class Own:
    """Errors of each arm's own: see :class:`pytest_afake.statistics.sides.OwnErrors`."""

    def __init__(
        self, rows: Sequence[Row], errors: Sequence[ErrorBounds], *, negated: bool
    ) -> None:
        self._arms = [
            Arm([[cell[n] for cell in row] for row in rows], errors[n], inverted=minus)
            for n, minus in enumerate((negated, not negated))
        ]
        self.high = sum(arm.most for arm in self._arms) - 1

    def scaled(self, gap: float) -> float:
        return gap

    def arms(self) -> Sequence[Arm]:
        return self._arms

    def members(self, number: int, lines: tuple[Line, Line]) -> tuple[float, list[float]]:
        base, arms = -1.0, []
        for arm, (slope, constant) in zip(self._arms, lines, strict=True):
            row, nothing = arm.rows[number], float(arm.inverted)
            total = sum(each.samples for each in row)
            base += nothing if total else 1.0
            arms.append(
                [
                    (slope * positive + constant * labelled + truth - nothing * samples)
                    / (total or 1)
                    for positive, labelled, truth, samples in row
                ]
            )
        return base, [*map(add, *arms)]


class Same:
    """The same errors in both arms: see :class:`pytest_afake.statistics.sides.SameErrors`."""

    high = 1.0

    def __init__(self, rows: Sequence[Row], errors: ErrorBounds, first: int) -> None:
        self._rows, self._errors, self._first = rows, errors, first

    def scaled(self, gap: float) -> float:
        least = self._errors.least_sensitivity - self._errors.most_false
        most = self._errors.most_sensitivity - self._errors.least_false
        return gap * (least if gap >= 0 else most)

    def arms(self) -> Sequence[Arm]:
        return ()

    def members(self, number: int, lines: tuple[Line, Line]) -> tuple[float, list[float]]:
        del lines
        row = self._rows[number]
        base, added = 0.0, [0.0] * len(row)
        false, found = self._errors.most_false, self._errors.least_sensitivity
        for arm in range(2):
            plus = arm == self._first
            total = sum(cell[arm].labelled + cell[arm].missing for cell in row)
            if not total:
                base += float(plus)
                continue
            base += false if plus else 0.0
            for n, cell in enumerate(row):
                result = cell[arm]
                truth = result.missing * (result.assumed or 0.0)
                if plus:
                    more = result.positive - false * result.labelled + (1 - false) * truth
                else:
                    more = -result.positive - found * truth
                added[n] += more / total
        return base, added


class _Part(NamedTuple):
    """What one arm of one member showed, and how many of the missing are taken to be positive."""

    positive: float
    labelled: int
    truth: float
    samples: int


def _part(result: ArmResult, *, inverted: bool) -> _Part:
    positive, truth = result.positive, result.missing * (result.assumed or 0.0)
    if inverted:
        positive, truth = result.labelled - positive, result.missing - truth
    return _Part(positive, result.labelled, truth, result.labelled + result.missing)


class _Seen(NamedTuple):
    """What one unit adds to the labels so far: by how much they fall short, at least and at most.

    For the least sensitivity and for the least rate of false positives. ``sure`` and ``may`` are 1
    if a label is counted whichever members are, and if one may be.
    """

    least: tuple[float, float]
    most: tuple[float, float]
    sure: int
    may: int


_UNSEEN = _Seen((0.0, 0.0), (0.0, 0.0), 0, 0)


class Arm:
    """One arm, its rate overstated; inverted where it has a minus."""

    def __init__(
        self, rows: Sequence[Sequence[ArmResult]], errors: ErrorBounds, *, inverted: bool
    ) -> None:
        self.inverted = inverted
        self.rows = [[_part(each, inverted=inverted) for each in row] for row in rows]
        errors = errors.inverted if inverted else errors
        skill = errors.least_sensitivity - errors.least_false
        self.most = (1 - errors.least_false) / skill
        self.marks = (errors.least_sensitivity, errors.least_false)
        self.plain: Line = (1 / errors.least_sensitivity, 0.0)
        self.corrected: Line = (1 / skill, -errors.least_false / skill)

    def seen(self, row: Sequence[_Part], kept: Set[int], free: Set[int]) -> _Seen:
        """The rates of labels that a unit can have, whichever free members count."""
        start = sum(row[n].positive for n in kept), sum(row[n].labelled for n in kept)
        labelled = [row[n][:2] for n in free if row[n].labelled]
        some = sorted(labelled, key=lambda part: part[0] / part[1])
        if not start[1] and not some:
            return _UNSEEN
        low, high = _extreme(start, some), 1 - _extreme(_negatives(start), _mirrored(some))
        counted = bool(start[1]) or (not kept and len(some) == len(free))
        least = [mark - high if counted else min(0.0, mark - high) for mark in self.marks]
        most = [mark - low if counted else max(0.0, mark - low) for mark in self.marks]
        return _Seen((least[0], least[1]), (most[0], most[1]), int(counted), 1)


def _negatives(part: tuple[float, int]) -> tuple[float, int]:
    return part[1] - part[0], part[1]


def _mirrored(some: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    return [_negatives(part) for part in reversed(some)]


def _extreme(start: tuple[float, int], some: Iterable[tuple[float, int]]) -> float:
    """The least rate of the start together with some of the others, which come by their rates."""
    positive, labelled = start
    for more, count in some:
        if labelled and more * labelled >= positive * count:
            break
        positive, labelled = positive + more, labelled + count
    return positive / labelled


class Path:
    """The lines that an arm's labels may have led to so far."""

    def __init__(self, arm: Arm, seen: Sequence[_Seen]) -> None:
        self._arm, self._seen = arm, seen
        self._least, self._most = [0.0, 0.0], [0.0, 0.0]
        self._sure = self._may = 0

    def add(self, number: int) -> None:
        seen = self._seen[number]
        for n in range(2):
            self._least[n] += seen.least[n]
            self._most[n] += seen.most[n]
        self._sure += seen.sure
        self._may += seen.may

    def lines(self) -> Sequence[Line]:
        """At least one: those of which it is not sure that no choice has led to them."""
        if not self._may:
            return [self._arm.plain]
        short, never = self._falls_short(0)
        short_of_false, never_of_false = self._falls_short(1)
        found: list[Line] = []
        if not short:
            found.append((0.0, 1.0))
        if not self._sure or not (never or never_of_false):
            found.append(self._arm.plain)
        if not never and not short_of_false:
            found.append(self._arm.corrected)
        return found

    def _falls_short(self, mark: int) -> tuple[bool, bool]:
        """Whether the labels fall short of a mark whichever members count; and that none do."""
        rate, tie = self._arm.marks[mark], _TIE * (1 + self._may)
        always = self._least[mark] > _deviation(self._may, rate) + tie
        return always, self._most[mark] <= _deviation(self._sure, rate) - tie


@lru_cache(maxsize=10_000)
def _deviation(n: int, rate: float) -> float:
    return math.sqrt(max(0.0, n * rate * (1 - rate)))
