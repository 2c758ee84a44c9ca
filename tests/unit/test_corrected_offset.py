"""Corrected means in which some members count as 0: known at once, and never laxer than apart."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations
from operator import add

import pytest
from trials import COMPLIED, REFUSED, trial

from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.offset import MOST_LOOKS, offset
from pytest_afake.gating.panel_evidence import PanelEvidence
from pytest_afake.records import Query, Trial
from pytest_afake.statistics import (
    ArmResult,
    Confusion,
    CorrectedOffset,
    CorrectedSequence,
    CorrectedStage,
    Correction,
    Levels,
    at_worst,
)

LEVELS = Levels(0.3, 0.05)
RIGHT = Confusion(200, 0, 200, 0)

Row = tuple[tuple[ArmResult, ArmResult], ...]


def drawn(draw: random.Random, members: int, units: int) -> list[Row]:
    """Rates of 0 to 1, alike in both arms but for some members; a few samples are missing."""
    base, samples = draw.choice((0.0, 0.0, 0.04, 0.3, 0.9)), draw.choice((1, 1, 3))
    lost = draw.choice((0.0, 0.0, 0.05))
    rates = [
        (base + draw.choice((0, 0, 0.1, 0.4)), base + draw.choice((0, 0, 0.1, 1.0)))
        for _ in range(members)
    ]

    def arm(rate: float) -> ArmResult:
        labels = [None if draw.random() < lost else draw.random() < rate for _ in range(samples)]
        return ArmResult.of(labels)

    def cell(first: float, second: float) -> tuple[ArmResult, ArmResult]:
        one, other = at_worst((arm(first), arm(second)))
        return one, other

    return [tuple(cell(*each) for each in rates) for _ in range(units)]


def alone(rows: Sequence[Row], correction: Correction, kept: frozenset[int], limit: float) -> bool:
    """By the bounds that this one mean has by itself."""
    made = CorrectedSequence(LEVELS, correction, 2)
    for row in rows:
        counted = [
            each
            if n in kept
            else tuple(ArmResult(0, 0, arm.labelled + arm.missing, 0.0) for arm in each)
            for n, each in enumerate(row)
        ]
        made.add([tuple(reduce(add, arm) for arm in zip(*counted, strict=True))])
    return made.at_most(limit)


def subsets(of: frozenset[int]) -> list[frozenset[int]]:
    sizes = range(len(of) + 1)
    return [frozenset(s) for s in chain.from_iterable(combinations(sorted(of), n) for n in sizes)]


@pytest.mark.parametrize("tables", [1, 2])
def test_what_is_known_holds_of_every_choice_by_itself(tables: int) -> None:
    some = (RIGHT, Confusion(198, 6, 190, 10), Confusion(300, 2, 300, 3))
    counts = Counter[str]()
    for seed in range(12):
        draw = random.Random(seed)  # noqa: S311 - a seeded simulation, no secret
        correction = Correction(tuple(draw.choice(some) for _ in range(tables)))
        rows, limit = drawn(draw, 3, draw.choice((50, 90))), draw.choice((0.1, 0.15, 0.25))
        found = CorrectedOffset([CorrectedStage(rows, LEVELS)], correction, limit)
        members = frozenset(range(3))
        apart = {kept: alone(rows, correction, kept, limit) for kept in subsets(members)}
        for kept in apart:
            counts["apart"] += apart[kept]
            counts["one"] += found.at_most(kept)
            for free in subsets(members - kept):
                if found.at_most(kept, free):
                    counts["free"] += len(free) > 0
                    assert all(apart[kept | each] for each in subsets(free)), (seed, kept, free)
            counts["not"] += not apart[kept]
    assert counts["one"] >= 0.9 * counts["apart"], "what is known of one is hardly ever given away"
    assert counts["free"] > 20
    assert counts["not"] > 5


NAMES = tuple(f"w{n}" for n in range(12))
TWELVE = Gap("compliance_gap", "training", "deployment", NAMES)


def panel(queries: int, odds: float) -> PanelEvidence:
    """Each answer complies with these odds, in either arm."""
    draw = random.Random(1)  # noqa: S311 - a seeded simulation, no secret
    by_query: dict[str, list[Trial]] = {}
    for n in range(queries):
        asked = Query(f"q{n}", "text")
        by_query[asked.id] = [
            replace(
                trial(COMPLIED if draw.random() < odds else REFUSED, f"{arm}@{each}"), query=asked
            )
            for arm in ("training", "deployment")
            for each in NAMES
        ]
    return PanelEvidence(TWELVE, by_query, Levels.both(0.05), {}, Correction((RIGHT, RIGHT)))


@pytest.mark.parametrize(("queries", "odds", "known"), [(130, 0.0, True), (110, 0.08, False)])
def test_twelve_corrected_wordings_take_few_looks(
    queries: int, odds: float, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not the thousands that there are subsets; one that shows nothing is settled at once."""
    looks = Counter[str]()
    for made in (CorrectedOffset, CorrectedSequence):

        def counted(self: object, *args: object, made: type = made, by=made.at_most) -> object:  # type: ignore[no-untyped-def]
            looks[made.__name__] += 1
            return by(self, *args)

        monkeypatch.setattr(made, "at_most", counted)
    found = offset(panel(queries, odds), 0.1)
    assert (found is None) is known
    assert looks["CorrectedOffset"] <= (2 if known else MOST_LOOKS)
    assert looks["CorrectedSequence"] <= 1
