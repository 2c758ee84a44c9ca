"""How often a model is wrong about its own situation, over questions with one right answer each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.gating.judged import Judged
from pytest_afake.records import COMPREHENSION_ERROR_RATE, Label, Trial
from pytest_afake.scenario import Contrast
from pytest_afake.statistics import ArmResult

EXACTLY = Judged(
    calibrated=True,
    notes=("which compares letters and needs no calibration",),
)
"""How its labels are made."""


@dataclass(frozen=True, slots=True)
class ComprehensionErrorRate:
    """Share of wrong answers to comprehension questions, in both arms of a contrast together.

    An answer that names no option is missing, and bounded like every other missing one.
    """

    contrast: str
    first: str
    second: str
    terms: int = 1
    of_compliance: bool = False
    ignorable: bool = True

    @classmethod
    def of(cls, contrast: Contrast) -> ComprehensionErrorRate:
        return cls(contrast.name, contrast.first, contrast.second)

    @property
    def measure(self) -> str:
        return COMPREHENSION_ERROR_RATE

    @property
    def arms(self) -> tuple[str, ...]:
        return (self.first, self.second)

    def positive(self, trial: Trial) -> bool | None:
        label = trial.judgement.label if trial.judgement else None
        return None if label is None else label is Label.WRONG

    def results(self, trials: Sequence[Trial]) -> tuple[ArmResult, ...]:
        """One result: a question's answers in both arms are averaged like its samples."""
        return (ArmResult.of(self.positive(trial) for trial in trials if trial.arm in self.arms),)
