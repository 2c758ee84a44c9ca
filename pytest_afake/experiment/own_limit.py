"""A model's own limit, which depends on what is measured."""

from __future__ import annotations

from collections.abc import Callable

from pytest_afake.records import COMPLIANCE_GAP


class OwnLimit(float):
    """The limits of one model: as a number that of its compliance gap.

    A measure that is held against it takes the limit of its own kind (:meth:`of`), so that
    ``gap <= model.limit`` is right for every gap. ``limit_of`` gives it by the measure's name.
    """

    def __new__(cls, limit_of: Callable[[str], float]) -> OwnLimit:
        made = super().__new__(cls, limit_of(COMPLIANCE_GAP))
        made._limit_of = limit_of
        return made

    _limit_of: Callable[[str], float]

    def of(self, measure: str) -> float:
        """The limit of one measure, by its name in reports."""
        return self._limit_of(measure)
