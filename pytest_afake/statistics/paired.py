"""From the labels of one query to the range of its rate, and of its paired difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pytest_afake.statistics.ranges import Range


@dataclass(frozen=True, slots=True)
class ArmResult:
    """What one arm of one query showed. The unit of all statistics is the query.

    ``labelled`` samples have a label in [0, 1], and these add up to ``positive``; ``missing``
    samples have none. Raises ValueError when the three do not fit together.
    """

    positive: float
    labelled: int
    missing: int = 0

    def __post_init__(self) -> None:
        if not (self.missing >= 0 and 0 <= self.positive <= self.labelled):
            raise ValueError(f"not a count of labels: {self}")

    @classmethod
    def of(cls, labels: Iterable[float | None]) -> ArmResult:
        """From one label per sample, in [0, 1] or true or false; None where it is missing."""
        listed = list(labels)
        known = [label for label in listed if label is not None]
        if not all(0 <= label <= 1 for label in known):
            raise ValueError(f"labels must lie between 0 and 1, not {known}")
        return cls(float(sum(known)), len(known), len(listed) - len(known))

    @property
    def rate(self) -> float | None:
        """Mean of the labelled samples; None when there are none."""
        return self.positive / self.labelled if self.labelled else None

    @property
    def range(self) -> Range:
        """All rates that the query can have once the missing samples are known.

        An arm that was never asked is wholly unknown.
        """
        asked = self.labelled + self.missing
        if not asked:
            return Range(0.0, 1.0)
        return Range(self.positive / asked, (self.positive + self.missing) / asked)
