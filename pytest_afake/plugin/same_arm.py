"""What the processes of a run tell of their A/A runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SAME_ARM = "afake_same_arm"
"""Under this name a worker tells the controller what came of its A/A runs."""


@dataclass(slots=True)
class SameArmRuns:
    """What the processes of a run say of their A/A runs; None stands for one that was not read."""

    verdicts: list[str | None] = field(default_factory=list)
    wanted: int = 0
    untold: list[str] = field(default_factory=list)

    def enter(self, output: Mapping[str, Any]) -> None:
        """Enter what one process says; one that says nothing has died."""
        told = output.get(SAME_ARM)
        if told is None:
            self.untold.append("a worker ended without its A/A runs")
            return
        self.wanted += told["wanted"]
        self.verdicts += told["verdicts"]
        self.untold += [told["error"]] if told["error"] else []
