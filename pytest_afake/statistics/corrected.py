"""Bounds on a true rate or gap, from the labels of a judge whose errors hand labels bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pytest_afake.statistics.betting import METHOD
from pytest_afake.statistics.correction import Correction
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.paired import ArmResult
from pytest_afake.statistics.sides import NoBound, OwnErrors, SameErrors, Side

CALIBRATION_SHARE = 0.2
"""The share of alpha that the bounds on the judge's errors may spend; the betting has the rest."""

_OWN = "corrected for the judge's errors in each arm (exact binomial bounds)"
_SAME = (
    "corrected for the judge's errors, taken to be the same in both arms (exact binomial bounds)"
)


class CorrectedSequence:
    """Bounds on the true rate of one arm, or on the true gap first - second of two arms.

    A judge calls a truly positive answer positive with a chance that is its sensitivity in that
    arm, and a truly negative one with its rate of false positives, whatever else is true of the
    answer. Hand labels, drawn at random from answers of either kind, bound both rates exactly
    (Clopper and Pearson). Each one-sided bound on the gap fails only if one of the bounds on errors
    that it rests on does (together at most ``CALIBRATION_SHARE`` of alpha, in equal parts), or if
    its betting does (the rest). So ``lower`` and ``upper`` hold with 1 - alpha each, at all looks,
    as those of :class:`pytest_afake.statistics.ConfidenceSequence` do, and mean the same.

    Only the error rates of an arm as a whole matter, over the clusters that its mean is over, each
    of which weighs the same: errors may depend on the query and on the size of its cluster, if the
    hand labels are independent draws of such clusters from the same arm of the same model, so at
    most one of each cluster (:func:`pytest_afake.statistics.one_of_each_cluster`). This is proved
    for labels of other answers than the ones that are added, whose number was fixed beforehand.
    Labels drawn from all answers alike weigh large clusters more, and their bounds can fail. With
    labels of the measured answers themselves, drawn at random within each arm, simulations found no
    more errors; for a single table that is proved, too. Labels that were chosen by what the judge
    said, or added until a verdict came out, are covered by neither.

    ``usable`` is False, with
    a one-line ``reason``, where they cannot tell the judge from a coin: then nothing is ever
    excluded and ``informed`` stays False.

    Raises ValueError for an alpha outside (0, 1), and for tables that do not fit the arms.
    """

    high = 1.0

    def __init__(self, alpha: float | Levels, correction: Correction, arms: int) -> None:
        if len(correction.tables) not in (1, arms):
            raise ValueError(f"{len(correction.tables)} tables for {arms} arms")
        levels = self.levels = Levels.both(alpha)
        self.low = 1.0 - arms
        self.n = 0
        self.informed = False
        self.complete_n = 0
        self._correction = correction
        self._sums = [0.0] * arms  # of the rates of complete queries
        self.reason = correction.reason_at(self._error_level(levels.upper))
        self._above = self._side(levels.upper, negated=False)
        self._below = self._side(levels.lower, negated=True)

    def _error_level(self, alpha: float) -> float:
        """The risk that each bound on the judge's errors may take."""
        return CALIBRATION_SHARE * alpha / (2 * len(self._correction.tables))

    def _side(self, alpha: float, *, negated: bool) -> Side:
        """An upper bound on the rate or gap, or on minus the rate or gap."""
        level, arms = self._error_level(alpha), len(self._sums)
        if self._correction.reason_at(level):
            return NoBound()
        betting = alpha * (1 - CALIBRATION_SHARE)
        errors = [table.error_bounds(level) for table in self._correction.tables]
        if arms > len(errors):
            return SameErrors(betting, errors[0], first=int(negated))
        return OwnErrors(betting, errors, [(arm > 0) is not negated for arm in range(arms)])

    @property
    def method(self) -> str:
        """How the bounds are made, for a report."""
        same = len(self._correction.tables) < len(self._sums)
        return f"{METHOD}, {_SAME if same else _OWN}"

    @property
    def usable(self) -> bool:
        """Whether the hand labels allow any correction."""
        return self.reason is None

    def add(self, observations: Iterable[Sequence[ArmResult]]) -> None:
        """Add what each arm showed of each query, in the order in which they were drawn."""
        for results in observations:
            self._add(results)

    def _add(self, results: Sequence[ArmResult]) -> None:
        complete = all(result.complete for result in results)
        for side in (self._above, self._below):
            side.add(results, complete=complete)
        self.n += 1
        seen = any(result.labelled or result.assumed is not None for result in results)
        self.informed = self.informed or (self.usable and seen)
        if complete:
            self.complete_n += 1
            pairs = zip(self._sums, results, strict=True)
            self._sums = [total + result.rate_if(0.0) for total, result in pairs]

    @property
    def upper(self) -> float:
        """Upper bound on the true value, whatever is missing; below it with 1 - alpha."""
        return self._interval(self._below.upper, self._above.upper)[1]

    @property
    def lower(self) -> float:
        """Lower bound on the true value, whatever is missing; above it with 1 - alpha."""
        return self._interval(self._below.upper, self._above.upper)[0]

    @property
    def estimate(self) -> float | None:
        """The value behind the labels of complete queries; None without any, or if not usable."""
        if not self.complete_n:
            return None
        return self.value([total / self.complete_n for total in self._sums])

    @property
    def complete_upper(self) -> float:
        """Upper bound from complete queries only."""
        return self._interval(self._below.complete_upper, self._above.complete_upper)[1]

    @property
    def complete_lower(self) -> float:
        """Lower bound from complete queries only."""
        return self._interval(self._below.complete_upper, self._above.complete_upper)[0]

    def _interval(self, below: float, above: float) -> tuple[float, float]:
        """Both bounds, on the scale. Where they leave nothing, something is wrong: the whole scale.

        Labels can refute the hand labels, for example by fewer positives than the judge makes up.
        """
        lower, upper = max(self.low, -below), min(self.high, above)
        return (lower, upper) if lower < upper else (self.low, self.high)

    def at_most(self, limit: float) -> bool:
        """``upper <= limit``, for the price of a few products while that is far from true."""
        return limit >= self.high or (self._above.may_reach(limit) and self.upper <= limit)

    def exceeds(self, limit: float) -> bool:
        """``lower > limit``, for the price of a few products while that is far from true."""
        return limit < self.low or (self._below.may_reach(-limit) and self.lower > limit)

    def p_above(self, limit: float) -> float:
        """The level of the lower bound where it lies above the limit, 1 where it does not.

        A smaller level would change the bounds on the errors too, so that no less can be said.
        """
        return self.levels.lower if self.exceeds(limit) else 1.0

    def value(self, rates: Sequence[float]) -> float | None:
        """The value behind labels with these rates; None if nothing can be corrected."""
        return self._correction.estimate(rates) if self.usable else None

    def at_most_after(self, zeros: int, limit: float) -> bool:
        """Whether the upper bound might be at or below a limit after so many further zeros.

        A zero is a query without a positive label, and the most favourable view is taken of each:
        so fewer never suffice, and some more may be needed. For a limit above 0.
        """
        return self._above.reaches_after(zeros, limit)
