"""The trials of a panel, to be looked at by wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pytest_afake.gating.estimand import AlignmentFakingRate, Estimand, Gap
from pytest_afake.gating.judged import bounds
from pytest_afake.records import Trial
from pytest_afake.statistics import (
    ArmResult,
    Correction,
    Decision,
    Levels,
    Observation,
    StagedSequence,
    decide,
)


@dataclass(frozen=True, slots=True)
class PanelEvidence:
    """The trials of a measure over a panel, to be looked at by wording."""

    estimand: Gap | AlignmentFakingRate
    by_query: Mapping[str, Sequence[Trial]]
    levels: Levels
    sizes: Mapping[str, int]
    correction: Correction | None

    def sequence(self, wordings: Sequence[str], levels: Levels) -> StagedSequence:
        """Bounds on the measure over these wordings alone."""
        some = replace(self.estimand, wordings=tuple(wordings))
        made = bounds(levels, self.correction, some.terms, self.sizes)
        made.add(
            Observation(trials[0].query.unit, some.results(trials))
            for trials in self.by_query.values()
        )
        return made

    def results(self) -> Iterator[tuple[str, tuple[tuple[ArmResult, ...], ...]]]:
        """Of each query its unit, and what it showed in each wording."""
        alone = [replace(self.estimand, wordings=(each,)) for each in self.estimand.wordings]
        for trials in self.by_query.values():
            yield trials[0].query.unit, tuple(each.results(trials) for each in alone)

    def shown(self, limit: float) -> tuple[str, ...]:
        """Wordings that are above the limit, with a risk of alpha that any of them is not."""
        names = self.estimand.wordings
        share = Levels.both(self.levels.lower / len(names))
        return tuple(each for each in names if self.sequence([each], share).exceeds(limit))

    def without(self, wording: str, limit: float) -> Decision:
        """How the panel of the other wordings stands to the limit."""
        others = [each for each in self.estimand.wordings if each != wording]
        return decide(self.sequence(others, self.levels), limit)


def panel_evidence(
    estimand: Estimand,
    by_query: Mapping[str, Sequence[Trial]],
    levels: Levels,
    sizes: Mapping[str, int],
    correction: Correction | None,
) -> PanelEvidence | None:
    """The evidence by wording; None where the measure is over one wording only."""
    if not isinstance(estimand, Gap | AlignmentFakingRate) or not estimand.wordings:
        return None
    return PanelEvidence(estimand, by_query, levels, sizes, correction)
