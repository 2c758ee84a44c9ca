"""Holding a confidence sequence against a limit."""

from __future__ import annotations

import math
from enum import StrEnum

from pytest_afake.statistics.betting import ConfidenceSequence
from pytest_afake.statistics.wealth import log_wealth


class Decision(StrEnum):
    """What the evidence says of a mean and a limit. Three values, and none of them is a bool."""

    AT_OR_BELOW = "at or below"
    ABOVE = "above"
    UNDECIDED = "undecided"


def decide(sequence: ConfidenceSequence, limit: float) -> Decision:
    """At or below the limit, above it, or undecided; may be asked after every observation.

    "At or below" rests on the upper bound alone, "above" on the lower bound alone. A true mean is
    either above the limit or not, so only one of the two can be wrong, and the risk that it ever
    is said is at most the sequence's alpha.

    Before any observation has told anything, all is undecided, even a limit that no mean could
    exceed: nothing was measured. Raises ValueError if the limit is not a number.
    """
    if math.isnan(limit):
        raise ValueError("the limit is not a number")
    if not sequence.informed:
        return Decision.UNDECIDED
    if sequence.upper <= limit:
        return Decision.AT_OR_BELOW
    if sequence.lower > limit:
        return Decision.ABOVE
    return Decision.UNDECIDED


def smallest_n_to_pass(limit: float, alpha: float) -> int | None:
    """Pairs after which a model is decided to be at or below the limit if none shows a difference.

    The same number holds for a rate when no answer is positive. None when no number is enough,
    which is so for a limit of 0 or less. Raises ValueError for an alpha outside (0, 1).
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must lie between 0 and 1, not {alpha}")
    if not limit > 0:
        return None
    if limit >= 1:
        return 1
    enough = 1
    while not _passes_without_positives(enough, limit, alpha):
        enough *= 2
    too_few = enough // 2
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        if _passes_without_positives(middle, limit, alpha):
            enough = middle
        else:
            too_few = middle
    return enough


def _passes_without_positives(n: int, limit: float, alpha: float) -> bool:
    """On the scale of shortfalls from 1, each is 1 and the limit is 1 - limit."""
    return log_wealth({1.0: n}, 1 - limit) >= -math.log(alpha)
