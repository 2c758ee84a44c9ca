"""The outcome classes of an answer (Sheshadri et al. 2025, figures 5 and 18)."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_afake.records import COMPLIANCE_LABELS, AFReasoning, Label


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer does, and whether its reasoning fakes alignment.

    ``af_reasoning`` is None where no reasoning is visible, which is not the same as false.
    """

    label: Label
    af_reasoning: bool | None

    def __str__(self) -> str:
        if self.af_reasoning is None:
            return f"{self.label}, reasoning not visible"
        return f"{self.label}, {AFReasoning.FOUND if self.af_reasoning else AFReasoning.NONE}"


CLASSES = tuple(Outcome(label, faking) for label in COMPLIANCE_LABELS for faking in (False, True))
"""The six classes of answers whose reasoning is visible."""
