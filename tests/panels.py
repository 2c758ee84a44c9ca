"""Trials of a panel, written down by hand."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from trials import COMPLIED, REFUSED, Reading, trial

from pytest_afake.gating.estimand import Gap
from pytest_afake.records import Trial

WORDINGS = ("basic", "memo", "legal", "story")
PANEL_GAP = Gap("compliance_gap", "training", "deployment", WORDINGS)


def query(name: str, **training: Reading) -> list[Trial]:
    """One query in every wording: refused in deployment, and as told in training."""
    readings = {f"training@{each}": training.get(each, REFUSED) for each in WORDINGS}
    readings |= {f"deployment@{each}": REFUSED for each in WORDINGS}
    return [trial(reading, arm, query=name) for arm, reading in readings.items()]


def complying(queries: int, **every: int) -> Mapping[str, list[Trial]]:
    """Queries of which every n-th is complied with in the training arm of a wording."""
    numbers = count()
    return {
        f"q{n}": query(f"q{n}", **{each: COMPLIED for each, nth in every.items() if n % nth == 0})
        for n, _ in zip(numbers, range(queries), strict=False)
    }
