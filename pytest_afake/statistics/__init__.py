"""Statistics: bounds that stay valid however often one looks, and decisions that rest on them.

Pure functions and one growing object, standard library only.
"""

from __future__ import annotations

from pytest_afake.statistics.betting import METHOD, ConfidenceSequence
from pytest_afake.statistics.bounds import BoundedMean, Bounds, UnitBounds
from pytest_afake.statistics.clusters import one_of_each_cluster
from pytest_afake.statistics.corrected import CALIBRATION_SHARE, CorrectedSequence
from pytest_afake.statistics.corrected_offset import CorrectedOffset, CorrectedStage
from pytest_afake.statistics.correction import Confusion, Correction
from pytest_afake.statistics.decision import Decision, decide, fewest_to_pass, smallest_n_to_pass
from pytest_afake.statistics.exact import greatest_probability, least_probability
from pytest_afake.statistics.families import holm
from pytest_afake.statistics.levels import Levels
from pytest_afake.statistics.offset import Offset, Stage
from pytest_afake.statistics.paired import ArmResult, Observation, at_best, at_worst, difference
from pytest_afake.statistics.plain import PlainSequence
from pytest_afake.statistics.ranges import Range
from pytest_afake.statistics.spread import Spread, spread
from pytest_afake.statistics.staged import (
    ENOUGH_CLUSTERS,
    FIRST_SHARE,
    FIRST_SHARE_OF_FEW,
    StagedSequence,
    first_share,
)

__all__ = [
    # observations
    "Range",
    "ArmResult",
    "Observation",
    "at_best",
    "at_worst",
    "difference",
    # a judge's errors
    "Confusion",
    "Correction",
    "CALIBRATION_SHARE",
    "one_of_each_cluster",
    # between wordings
    "Spread",
    "spread",
    "Offset",
    "Stage",
    "CorrectedOffset",
    "CorrectedStage",
    # bounds
    "Levels",
    "BoundedMean",
    "Bounds",
    "UnitBounds",
    "StagedSequence",
    "ENOUGH_CLUSTERS",
    "FIRST_SHARE",
    "FIRST_SHARE_OF_FEW",
    "first_share",
    "PlainSequence",
    "CorrectedSequence",
    "ConfidenceSequence",
    "METHOD",
    "least_probability",
    "greatest_probability",
    # decisions
    "Decision",
    "decide",
    "fewest_to_pass",
    "smallest_n_to_pass",
    "holm",
]
