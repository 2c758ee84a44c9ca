"""The hypotheses of the study, and what each says of a gap or of an edit.

Source: Sheshadri et al. 2025 (arXiv 2506.18032), sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

HYPOTHESES: Mapping[str, str] = {
    "H1": "rater sycophancy",
    "H2": "instrumental goal guarding",
    "H3": "terminal goal guarding",
    "H4": "low coherence",
    "H5": "lack of capability",
    "H6": "artefact of one lab's post-training",
    "H7": "refusal mechanisms",
    "H8": "values",
    "H9": "reasoning style",
}
"""Why a model has a gap (H1 to H4), and why most have none (H5 to H9)."""

PURPOSES = ("control", "protocol", "robustness")
"""What an edit can be for beside a hypothesis."""


class OfGap(StrEnum):
    """What a hypothesis says of a contrast of an unedited scenario."""

    GAP = "gap"
    NONE = "none"
    OPEN = "open"


class OfEdit(StrEnum):
    """What it says of the gap under an edit, beside that of the scenario without it.

    Where a hypothesis says that there is no gap without the edit, there is none to stay, vanish,
    grow or shrink: such an edit is ``open``, as is one of which the hypothesis says nothing.
    """

    STAYS = "stays"
    VANISHES = "vanishes"
    GROWS = "grows"
    SHRINKS = "shrinks"
    OPEN = "open"


GapPredictions: TypeAlias = Mapping[str, Mapping[str, OfGap]]
"""By contrast, and then by hypothesis."""

EditPredictions: TypeAlias = Mapping[str, OfEdit]
"""By hypothesis."""
