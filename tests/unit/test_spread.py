"""The spread between wordings: a planted one is found, and sampling alone is not taken for one."""

from __future__ import annotations

import math
import random
from statistics import fmean

import pytest

from pytest_afake.statistics import Spread, spread

Rows = list[tuple[float, ...]]


def rows(between: float, seed: int, wordings: int = 8, queries: int = 150) -> Rows:
    """Differences that a query has in all wordings, plus noise; the wordings' means are drawn."""
    draw = random.Random(seed)  # noqa: S311 - a seeded simulation, no secret
    means = [draw.gauss(0.1, between) for _ in range(wordings)]
    shared = [draw.gauss(0.0, 0.3) for _ in range(queries)]
    return [tuple(mean + query + draw.gauss(0.0, 0.2) for mean in means) for query in shared]


def found(values: Rows, clusters: list[str] | None = None) -> Spread:
    result = spread(values, clusters)
    assert result is not None
    return result


@pytest.mark.parametrize("planted", [0.02, 0.06, 0.2])
def test_a_planted_spread_is_found(planted: float) -> None:
    variances = [found(rows(planted, seed)).between ** 2 for seed in range(60)]
    # 60 draws of 8 means: the variance of a variance is 2/7 of its square, and the floor adds a bit
    error = planted**2 * math.sqrt(2 / 7 / 60)
    assert abs(fmean(variances) - planted**2) <= 4 * error + 0.0001


def test_sampling_alone_is_not_taken_for_a_spread() -> None:
    made = [found(rows(0.0, seed)) for seed in range(60)]
    assert fmean(each.sampling for each in made) == pytest.approx(0.2 / math.sqrt(150), rel=0.05)
    assert fmean(each.between**2 for each in made) <= 0.5 * (0.2**2 / 150)
    assert sum(each.between == 0.0 for each in made) >= 20, "more than half lies at or near zero"


def test_what_a_query_does_in_all_wordings_sets_none_apart() -> None:
    values = rows(0.05, seed=1)
    moved = [tuple(value + 5.0 * (-1) ** n for value in row) for n, row in enumerate(values)]
    assert found(moved).sampling == pytest.approx(found(values).sampling)
    assert found(moved).between == pytest.approx(found(values).between)


def test_copies_of_a_query_are_one_cluster_and_tell_no_more_than_it() -> None:
    values = rows(0.0, seed=2, queries=40)
    copied = [row for row in values for _ in range(5)]
    names = [f"{number // 5}" for number in range(len(copied))]
    assert found(copied, names).sampling == pytest.approx(found(values).sampling)
    assert found(copied).sampling < 0.5 * found(values).sampling, "without clusters it is too small"


@pytest.mark.parametrize("few", [[], [(0.1, 0.2)], [(0.1,), (0.2,)]])
def test_too_little_gives_none(few: Rows) -> None:
    assert spread(few) is None


def test_rows_of_one_cluster_give_none() -> None:
    assert spread(rows(0.1, seed=3), ["one"] * 150) is None
