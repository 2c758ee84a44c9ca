"""Means in which some members count as 0, against the bounds that a mean has by itself."""

from __future__ import annotations

import random
from itertools import chain, combinations

import pytest

from pytest_afake.statistics import ConfidenceSequence, Offset, Range, Stage

MEMBERS = range(4)
SUBSETS = [
    frozenset(some) for some in chain.from_iterable(combinations(MEMBERS, n) for n in range(5))
]
VALUES = (-1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.5)


def drawn(seed: int, queries: int) -> list[tuple[float, ...]]:
    draw = random.Random(seed)  # noqa: S311 - a seeded simulation, no secret
    return [
        tuple(draw.choice(VALUES) if draw.random() < 0.2 else 0.0 for _ in MEMBERS)
        for _ in range(queries)
    ]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("queries", [20, 70, 150])
def test_each_is_decided_as_that_mean_by_itself(seed: int, queries: int) -> None:
    rows, limit = drawn(seed, queries), 0.05
    found = Offset([Stage(rows, 0.1)], limit)
    for kept in SUBSETS:
        alone = ConfidenceSequence(0.1)
        means = (sum(row[each] for each in kept) / len(row) for row in rows)
        alone.add(Range(mean, mean) for mean in means)
        assert found.at_most(kept) is alone.at_most(limit)


def test_what_is_free_is_at_most_the_limit_only_where_all_choices_are() -> None:
    settled = 0
    for seed in range(20):
        found = Offset([Stage(drawn(seed, 90), 0.1)], 0.08)
        for kept, free in ((SUBSETS[1], SUBSETS[-1] - SUBSETS[1]), (SUBSETS[5], frozenset({3}))):
            if found.at_most(kept, free):
                settled += 1
                assert all(found.at_most(kept | some) for some in SUBSETS if some <= free)
    assert settled


def test_any_stage_decides() -> None:
    nothing = [(0.0, 0.0)] * 80
    few = Stage(nothing[:5], 0.035)
    assert not Offset([few], 0.05).at_most({0, 1})
    assert Offset([few, Stage(nothing, 0.05)], 0.05).at_most({0, 1})


def test_a_limit_that_nothing_exceeds_needs_no_query() -> None:
    assert Offset([Stage([], 0.05)], 1.0).at_most({0})
