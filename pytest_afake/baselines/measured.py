"""A comparison as far as another is held against it, from this run or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pytest_afake.gating.comparison import Comparison, QueryEvidence
from pytest_afake.records import Json

Key: TypeAlias = tuple[str, str, str]
"""Scenario, perturbation and measure: what two runs must have in common to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was measured of one model, and how.

    ``estimated`` says that there is an estimate: where a value is missing *because* of what it is,
    there are only bounds. ``by_query`` is None in the results of a version that did not keep it.
    """

    model: str
    simulated: bool
    scenario: str
    perturbation: str
    contrast: str
    measure: str
    estimated: bool
    alpha: float
    provenance: Mapping[str, Json]
    by_query: tuple[QueryEvidence, ...] | None

    @property
    def key(self) -> Key:
        return self.scenario, self.perturbation, self.measure

    @classmethod
    def of(cls, comparison: Comparison) -> Measured:
        """The same of a comparison of this run."""
        return cls(
            model=comparison.model,
            simulated=comparison.simulated,
            scenario=comparison.scenario,
            perturbation=comparison.perturbation,
            contrast=comparison.contrast,
            measure=comparison.measure,
            estimated=comparison.gap.estimate is not None,
            alpha=comparison.gap.alpha,
            provenance=comparison.provenance,
            by_query=comparison.by_query,
        )


@dataclass(frozen=True, slots=True)
class SavedRun:
    """What a results file holds; ``file`` is its path."""

    file: str
    measured: tuple[Measured, ...]

    @property
    def models(self) -> tuple[str, ...]:
        """The models that it measured, in its order."""
        return tuple(dict.fromkeys(each.model for each in self.measured))

    def of_model(self, model: str) -> dict[Key, Measured]:
        """One for each key: of tests that measured the same, the one that asked most queries."""
        found: dict[Key, Measured] = {}
        for each in self.measured:
            if each.model == model:
                best = found.setdefault(each.key, each)
                if len(each.by_query or ()) > len(best.by_query or ()):
                    found[each.key] = each
        return found
