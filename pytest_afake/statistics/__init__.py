"""Statistics: bounds that stay valid however often one looks, and decisions that rest on them.

Pure functions and one growing object, standard library only.
"""

from __future__ import annotations

from pytest_afake.statistics.betting import METHOD, ConfidenceSequence
from pytest_afake.statistics.decision import Decision, decide, fewest_to_pass, smallest_n_to_pass
from pytest_afake.statistics.paired import ArmResult
from pytest_afake.statistics.ranges import Range

__all__ = [
    # observations
    "Range",
    "ArmResult",
    # bounds
    "ConfidenceSequence",
    "METHOD",
    # decisions
    "Decision",
    "decide",
    "fewest_to_pass",
    "smallest_n_to_pass",
]
