"""From the labels of one query to the range of its rate, and of its paired difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pytest_afake.statistics.ranges import Range


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What one arm of one query showed. The unit of all statistics is the query.

    ``labelled`` samples have a label in [0, 1], and these add up to ``positive``; ``missing``
    samples have none. ``assumed`` is the truth that each missing sample is taken to have, in
    [0, 1]; None where nothing is assumed. It is not a label: no judge made it, so there are no
    errors of a judge to undo. Raises ValueError when these do not fit together.
    """

    positive: float
    labelled: int
    missing: int = 0
    assumed: float | None = None

    def __post_init__(self) -> None:
        if not (self.missing >= 0 and 0 <= self.positive <= self.labelled):
            raise ValueError(f"not a count of labels: {self}")
        if self.assumed is not None and not 0 <= self.assumed <= 1:
            raise ValueError(f"not a truth: {self}")

    @classmethod
    def of(cls, labels: Iterable[float | None]) -> ArmResult:
        """From one label per sample, in [0, 1] or true or false; None where it is missing."""
        listed = list(labels)
        known = [label for label in listed if label is not None]
        if not all(0 <= label <= 1 for label in known):
            raise ValueError(f"labels must lie between 0 and 1, not {known}")
        return cls(float(sum(known)), len(known), len(listed) - len(known))

    def __add__(self, other: ArmResult) -> ArmResult:
        """Both together: as many samples as the two have, each counting alike.

        Raises ValueError where something is assumed of the missing samples of one and not of the
        other.
        """
        missing = self.missing + other.missing
        known = [each for each in (self, other) if each.missing and each.assumed is not None]
        if known and sum(each.missing for each in known) < missing:
            raise ValueError(f"what is assumed of one is not of the other: {self}, {other}")
        assumed = (
            sum((each.assumed or 0.0) * each.missing for each in known) / missing if known else None
        )
        return ArmResult(
            self.positive + other.positive, self.labelled + other.labelled, missing, assumed
        )

    @property
    def rate(self) -> float | None:
        """Mean of the labelled samples; None when there are none."""
        return self.positive / self.labelled if self.labelled else None

    @property
    def inverted(self) -> ArmResult:
        """The same answers, asked for the opposite: how many are negative."""
        assumed = None if self.assumed is None else 1 - self.assumed
        return replace(self, positive=self.labelled - self.positive, assumed=assumed)

    @property
    def complete(self) -> bool:
        """Whether all of it was asked and labelled; what is assumed was not."""
        return self.labelled > 0 and not self.missing

    @property
    def range(self) -> Range:
        """All rates that the query can have once the missing samples are known."""
        if self.assumed is not None:
            return Range(self.rate_if(self.assumed), self.rate_if(self.assumed))
        return Range(self.rate_if(0.0), self.rate_if(1.0))

    def rate_if(self, missing: float) -> float:
        """The rate if this is the rate of the missing samples."""
        asked = self.labelled + self.missing
        return (self.positive + self.missing * missing) / asked if asked else missing


@dataclass(frozen=True, slots=True)
class Observation:
    """What one query showed, a result for each term of the measure.

    ``unit`` names what it is independent of the others as: its cluster, or itself.
    """

    unit: str
    results: tuple[ArmResult, ...]


def difference(results: Sequence[ArmResult]) -> Range:
    """What one query says: of one arm its rate, of two the rate of the first minus the second."""
    first, *others = (result.range for result in results)
    return first - others[0] if others else first


def at_best(results: Sequence[ArmResult]) -> tuple[ArmResult, ...]:
    """One query, with everything missing taken to be what makes the measure least."""
    return tuple(replace(result, assumed=float(arm)) for arm, result in enumerate(results))


def at_worst(results: Sequence[ArmResult]) -> tuple[ArmResult, ...]:
    """One query, with everything missing taken to be what makes the measure largest."""
    return tuple(replace(result, assumed=float(1 - arm)) for arm, result in enumerate(results))
