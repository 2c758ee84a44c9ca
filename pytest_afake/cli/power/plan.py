"""What ``afake power`` is asked, and what it found: plain values."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_afake.statistics.draws import Manner
from pytest_afake.statistics.planning import Decidable, Design, Outlook


@dataclass(frozen=True, slots=True)
class Rule:
    """What gives a verdict: ``family`` measures of the run have limits, ``most`` queries each."""

    limit: float
    alpha: float
    family: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the model is taken to do."""

    gap: float
    manner: Manner


@dataclass(frozen=True, slots=True)
class Simulated:
    """How many runs, from which seed."""

    runs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be expected of one query set."""

    name: str
    design: Design
    outlook: Outlook
    decidable: Decidable
