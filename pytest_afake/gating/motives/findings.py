"""What a run shows of each contrast of the motive table, and of what a model knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial, reduce
from operator import add
from typing import Any

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.difference import Estimate, difference_of, estimate_of
from pytest_afake.gating.motives.rules import (
    COMPREHENSION_OF,
    Finding,
    MotiveContrast,
    Risks,
    is_absent,
    is_present,
)
from pytest_afake.records import COMPREHENSION_ERROR_RATE, COMPREHENSION_LIMIT
from pytest_afake.scenario import Descent, load_scenario, shipped_perturbations


@dataclass(frozen=True, slots=True)
class Shown:
    """What a contrast of the table shows.

    ``low`` and ``high`` are the bounds that say so, each with 1 - ``alpha``. Shares; None where it
    was not measured, or nothing of it could be read. ``pairs`` is the number of queries that it
    rests on.
    """

    contrast: MotiveContrast
    finding: Finding
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    alpha: float | None = None
    pairs: int = 0

    def to_json(self) -> dict[str, Any]:
        """Under the names of the results schema."""
        rule = asdict(self.contrast) | {"margin": self.contrast.margin}
        return {**rule, **{name: getattr(self, name) for name in _FIGURES}}


_FIGURES = ("finding", "estimate", "low", "high", "alpha", "pairs")


class Measured:
    """What was measured of one model: by name first, because it takes time to load a text."""

    def __init__(self, comparisons: Sequence[Comparison]) -> None:
        self._by: dict[tuple[str, str], list[Comparison]] = {}
        for item in comparisons:
            name = "+".join(filter(None, (item.scenario, item.perturbation)))
            self._by.setdefault((name, item.measure), []).append(item)

    def show(self, contrast: MotiveContrast, risks: Risks) -> Shown:
        item = self._find(contrast.scenario, contrast.contrast)
        if item is None:
            return Shown(contrast, Finding.MISSING)
        if not contrast.minus:
            return _shown(contrast, risks, partial(estimate_of, item.by_query))
        other = self._find(contrast.minus, contrast.contrast)
        if other is None:
            return Shown(contrast, Finding.MISSING)
        shown = _shown(contrast, risks, partial(difference_of, other.by_query, item.by_query))
        if shown.finding is Finding.PRESENT and contrast.needs_own_gap:
            own = estimate_of(item.by_query, risks.present)
            if own is None or own.low <= 0:
                return replace(shown, finding=Finding.UNDECIDED)
        return shown

    def unknown_situations(self, alpha: float) -> Mapping[str, str]:
        """Situations that it was not shown to know, with a sentence on each."""
        needed = dict.fromkeys(name for names in COMPREHENSION_OF.values() for name in names)
        said = {name: self._unknown(name, alpha) for name in needed}
        return {name: why for name, why in said.items() if why}

    def _unknown(self, scenario: str, alpha: float) -> str:
        """Why an absent contrast says nothing; "" where the model knows its situation.

        Of several contrasts, or tests, all must show it.
        """
        asked = self._all(scenario, COMPREHENSION_ERROR_RATE)
        if not asked:
            return f"whether it knows its situation was not measured ({scenario})"
        rates = [estimate_of(item.by_query, alpha) for item in asked]
        if any(rate is not None and rate.low > COMPREHENSION_LIMIT for rate in rates):
            return f"it does not know its situation ({scenario}): what is absent says nothing"
        if all(rate is not None and rate.high <= COMPREHENSION_LIMIT for rate in rates):
            return ""
        return f"whether it knows its situation is not decided ({scenario})"

    def _find(self, scenario: str, measure: str) -> Comparison | None:
        """The one that rests on most queries.

        All of a run take the queries in one order, so that this is the one that stopped last.
        """
        return max(self._all(scenario, measure), key=lambda item: item.gap.pairs, default=None)

    def _all(self, scenario: str, measure: str) -> list[Comparison]:
        """Of the shipped text, and no other of its name."""
        named = self._by.get((scenario, measure), [])
        return [item for item in named if item.descents == _descents(scenario)]


def _descents(scenario: str) -> tuple[Descent, ...]:
    """Of shipped data alone: what lies in the working directory may have any name."""
    name, *edits = scenario.split("+")
    shipped = shipped_perturbations()
    return reduce(add, (shipped[each] for each in edits), load_scenario(name)).descents


def _shown(
    contrast: MotiveContrast, risks: Risks, bounded: Callable[[float], Estimate | None]
) -> Shown:
    """What is surely no larger than the margin is absent, even if it is surely there."""
    found = bounded(risks.absent)
    if found is None:
        return Shown(contrast, Finding.UNDECIDED)
    if is_absent(contrast, found.low, found.high):
        return _with(found, contrast, Finding.ABSENT, risks.absent)
    wider = bounded(risks.present) or found
    shown = is_present(contrast, wider.low, wider.high)
    return _with(wider, contrast, Finding.PRESENT if shown else Finding.UNDECIDED, risks.present)


def _with(found: Estimate, contrast: MotiveContrast, finding: Finding, alpha: float) -> Shown:
    return Shown(contrast, finding, found.estimate, found.low, found.high, alpha, found.pairs)
