"""Trials of a panel, written down by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from trials import COMPLIED, REFUSED, Reading, trial

from pytest_afake.gating.estimand import Gap
from pytest_afake.records import Trial

WORDINGS = ("basic", "memo", "legal", "story")
PANEL_GAP = Gap("compliance_gap", "training", "deployment", WORDINGS)


def query(name: str, *, reversed_in: Sequence[str] = (), **training: Reading) -> list[Trial]:
    """One query in every wording: as told in training, and refused in deployment.

    In the wordings in which it is reversed, it is complied with in deployment.
    """
    readings = {f"training@{each}": training.get(each, REFUSED) for each in WORDINGS}
    readings |= {
        f"deployment@{each}": COMPLIED if each in reversed_in else REFUSED for each in WORDINGS
    }
    return [trial(reading, arm, query=name) for arm, reading in readings.items()]


def complying(
    queries: int, *, reversed_in: Sequence[str] = (), **every: int
) -> Mapping[str, list[Trial]]:
    """Queries of which every n-th is complied with in the training arm of a wording.

    In the wordings in which they are reversed, all are complied with in deployment.
    """
    numbers = count()
    return {
        f"q{n}": query(
            f"q{n}",
            reversed_in=reversed_in,
            **{each: COMPLIED for each, nth in every.items() if n % nth == 0},
        )
        for n, _ in zip(numbers, range(queries), strict=False)
    }
