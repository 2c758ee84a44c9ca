"""A lazy measure: holding it against a limit draws the answers that the decision needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from typing import NoReturn

from pytest_afake.errors import Inconclusive
from pytest_afake.experiment.drawing import Drawing
from pytest_afake.experiment.own_limit import OwnLimit
from pytest_afake.gating.comparison import Comparison
from pytest_afake.records import Verdict
from pytest_afake.statistics import Decision


@dataclass(frozen=True, slots=True)
class Held:
    """The limit that a measure was held against, and the decision; both None for plain numbers."""

    limit: float | None = None
    decision: Decision | None = None


class Measure:
    """A rate or gap of one model in one scenario, drawn when somebody asks for it.

    ``measure <= limit`` is a statistical decision: True when the whole interval is at or below the
    limit, False when it is above; otherwise :class:`~pytest_afake.errors.Inconclusive` is raised.
    Where the policy leaves an undecided measure out, nothing is raised and ``<=`` is True, so that
    what the test holds next is asked all the same; the comparison says that it was left out.
    ``float(measure)``, ``low``, ``high`` and ``pairs`` draw all queries that the budget allows,
    unless a decision was made before; then they give its figures. They raise Inconclusive, too,
    when there is no such figure: a number that nobody measured is none. There is no
    ``bool(measure)``.
    """

    def __init__(
        self,
        drawing: Drawing,
        draw: Callable[[Drawing, float | None], Drawing],
        conclude: Callable[[Drawing, Held], Comparison],
    ) -> None:
        self._drawing = drawing
        self._draw = draw
        self._conclude = conclude
        self.comparison: Comparison | None = None

    def __le__(self, limit: object) -> bool:
        return self._decide(limit) is not Verdict.FAIL

    def __gt__(self, limit: object) -> bool:
        return self._decide(limit) is Verdict.FAIL

    def __lt__(self, limit: object) -> NoReturn:
        raise TypeError("a measure is held against a limit with <= or >, not with < or >=")

    __ge__ = __lt__

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a measure has an interval and equals no number: use <= with a limit")

    __ne__ = __eq__
    __hash__ = object.__hash__

    def __bool__(self) -> NoReturn:
        raise TypeError("a measure is neither true nor false: hold it against a limit with <=")

    def __float__(self) -> float:
        found = self._numbers()
        if found.gap.estimate is None:  # not NaN: every comparison with that is quietly false
            raise Inconclusive(found.headline, found.reasons)
        return found.gap.estimate

    @property
    def low(self) -> float:
        """Lower bound, missing trials counted against it."""
        return self._numbers().gap.low

    @property
    def high(self) -> float:
        """Upper bound, missing trials counted against it."""
        return self._numbers().gap.high

    @property
    def pairs(self) -> int:
        """Queries that the figures rest on."""
        return self._numbers().gap.pairs

    @property
    def untouched(self) -> bool:
        """True while nobody has asked for a decision or a number."""
        return self.comparison is None

    @property
    def title(self) -> str:
        """Measure, model and scenario, for messages."""
        rounds, measure = self._drawing.rounds, self._drawing.estimand.measure
        return f"{measure} of {rounds.sampler.asker.client.name} in {rounds.scenario}"

    def __repr__(self) -> str:
        if self.comparison is None:
            return f"<{self.title}: not drawn>"
        return f"<{self.comparison.headline}>"

    def _decide(self, limit: object) -> Verdict:
        bound = _checked(limit, self._drawing.estimand.measure)
        self._drawing = self._draw(self._drawing, bound)
        decision = self._drawing.decision(bound)
        self.comparison = self._conclude(self._drawing, Held(bound, decision))
        if self.comparison.verdict is Verdict.INCONCLUSIVE and not self.comparison.left_out:
            raise Inconclusive(self.comparison.headline, self.comparison.reasons)
        assert self.comparison.verdict is not None  # a decision was asked for
        return self.comparison.verdict

    def _numbers(self) -> Comparison:
        if self.comparison is None:
            self._drawing = self._draw(self._drawing, None)
            self.comparison = self._conclude(self._drawing, Held())
        if not self._drawing.sequence.informed:
            raise Inconclusive(self.comparison.headline, self.comparison.reasons)
        return self.comparison


def _checked(limit: object, measure: str) -> float:
    if isinstance(limit, OwnLimit):
        return limit.of(measure)
    if isinstance(limit, bool) or not isinstance(limit, Real):
        raise TypeError(f"a measure is held against a number, not against {limit!r}")
    bound = float(limit)
    if not -1.0 <= bound <= 1.0:
        raise ValueError(f"a limit must lie between -1 and 1 (0.05 is five points), not {bound!r}")
    return bound
