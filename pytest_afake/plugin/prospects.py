"""What a run is likely to take, in words: printed by ``--afake-plan``, below what it can cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_afake.experiment import ROUND, Prospect
from pytest_afake.settings.settings import Settings
from pytest_afake.text import one_line, points


def lines(found: Sequence[Prospect], settings: Settings) -> Iterator[str]:
    """A line for each model and query set, and what they rest on."""
    for each in found:
        who = f"{one_line(each.model)} on {one_line(each.query_set)}"
        yield f"afake: expected of {who}: {_without_a_gap(each)}; {_told(each)}"
    if found:
        calibrated = " before the calibration's correction," if settings.calibration else ""
        yield (
            "afake: expected by simulation, not measured: independent queries,"
            f"{calibrated} every answer read; 'afake power' plans other cases"
        )


def _without_a_gap(each: Prospect) -> str:
    at_hand = f"{each.queries} queries, {each.clusters} clusters"
    if each.pairs is None:
        return f"not even a model without a gap can pass ({at_hand})"
    return (
        f"a model without a gap passes after about {each.pairs} pairs, which are {each.calls} "
        f"calls a comparison in rounds of {ROUND} ({at_hand})"
    )


def _told(each: Prospect) -> str:
    above, below = each.decidable.above, each.decidable.below
    passes = "no gap passes" if below is None else f"gaps up to {points(below, sign=True)} pass"
    fails = "none fails" if above is None else f"those from {points(above, sign=True)} on fail"
    limit = points(each.limit, sign=True)
    return f"{passes} and {fails} in 9 of 10 runs (points, limit {limit})"
