"""Queries in clusters: what is independent is the cluster, whatever its queries have in common."""

# ruff: noqa: S311 - seeded draws, to be repeatable

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest

from pytest_afake.statistics import (
    FIRST_SHARE_OF_FEW,
    ArmResult,
    Confusion,
    CorrectedSequence,
    Correction,
    Decision,
    Levels,
    Observation,
    PlainSequence,
    StagedSequence,
    UnitBounds,
    decide,
    fewest_to_pass,
    first_share,
)

LEVELS = Levels.of(0.05)
LIMIT = 0.05


def plain(levels: Levels) -> UnitBounds:
    return PlainSequence(levels, 2)


def corrected(levels: Levels) -> UnitBounds:
    table = Confusion(true_positive=200, true_negative=200)
    return CorrectedSequence(levels, Correction((table, table)), 2)


def pair(training: float | None, deployment: float | None) -> tuple[ArmResult, ...]:
    return ArmResult.of([training]), ArmResult.of([deployment])


def drawn(
    clusters: Sequence[Sequence[tuple[ArmResult, ...]]],
) -> Iterator[Observation]:
    """One query of each cluster first, then the others of each."""
    for number, members in enumerate(clusters):
        yield Observation(f"c{number}", members[0])
    for number, members in enumerate(clusters):
        yield from (Observation(f"c{number}", each) for each in members[1:])


def staged(
    clusters: Sequence[Sequence[tuple[ArmResult, ...]]], make: object = plain
) -> StagedSequence:
    sizes = {f"c{number}": len(members) for number, members in enumerate(clusters)}
    sequence = StagedSequence(make, LEVELS, sizes)  # type: ignore[arg-type]  # one of the two above
    sequence.add(drawn(clusters))
    return sequence


NOTHING, GAP, REVERSE = pair(0, 0), pair(1, 0), pair(0, 1)


def test_queries_without_clusters_have_all_of_alpha_in_one_stage() -> None:
    queries = [NOTHING] * 40 + [GAP, REVERSE]
    sequence = StagedSequence(plain, LEVELS)
    sequence.add(Observation(str(number), each) for number, each in enumerate(queries))
    alone = plain(LEVELS)
    alone.add(queries)
    assert (sequence.lower, sequence.upper) == (alone.lower, alone.upper)
    assert (sequence.n, sequence.units, sequence.estimate) == (42, 42, 0.0)
    assert sequence.method == alone.method


@pytest.mark.parametrize(
    ("sizes", "share"),
    [([], 1), ([1] * 300, 1), ([2] * 149, 0.7), ([1] * 149 + [2], 0.9), ([4] * 300, 0.9)],
)
def test_alpha_is_divided_by_what_the_query_set_has(sizes: list[int], share: float) -> None:
    assert first_share({f"c{number}": size for number, size in enumerate(sizes)}) == share


def test_as_long_as_each_cluster_showed_one_query_the_first_stage_is_all_there_is() -> None:
    sequence = StagedSequence(plain, LEVELS, dict.fromkeys("abcdefgh", 3))
    sequence.add(Observation(each, GAP) for each in "abcdefgh")
    first = plain(LEVELS.times(FIRST_SHARE_OF_FEW))
    first.add([GAP] * 8)
    assert (sequence.lower, sequence.upper) == (first.lower, first.upper)


@pytest.mark.parametrize("make", [plain, corrected])
def test_queries_that_repeat_their_cluster_add_nothing_to_its_first_one(make: object) -> None:
    """Otherwise five wordings of one subject would count as five subjects."""
    once = staged([[NOTHING] * 5] * 20, make)
    few = StagedSequence(make, LEVELS, {f"c{number}": 5 for number in range(20)})  # type: ignore[arg-type]
    few.add(Observation(f"c{number}", NOTHING) for number in range(20))
    assert once.n == 100
    assert once.units == 20
    assert (once.lower, once.upper) == pytest.approx((few.lower, few.upper))


def test_a_cluster_counts_with_the_mean_of_its_queries_once_all_were_asked() -> None:
    mixed = [[GAP, NOTHING], [REVERSE, NOTHING]] * 60
    whole = plain(LEVELS.times(1 - FIRST_SHARE_OF_FEW))
    half_gap = (ArmResult(1, 2), ArmResult(0, 2))
    half_reverse = (ArmResult(0, 2), ArmResult(1, 2))
    whole.add([half_gap, half_reverse] * 60)
    assert staged(mixed).upper == whole.upper < 0.2
    assert staged([*mixed[:-1], [REVERSE, NOTHING, NOTHING]]).upper != whole.upper


def test_a_cluster_that_is_not_asked_in_whole_does_not_count_as_one() -> None:
    sizes = dict.fromkeys("abcdefghij", 3)
    sequence = StagedSequence(plain, LEVELS, sizes)
    sequence.add(Observation(each, GAP) for each in "abcdefghij")
    before = (sequence.lower, sequence.upper)
    sequence.add([Observation("a", REVERSE), Observation("b", REVERSE)])
    assert (sequence.lower, sequence.upper) == before
    assert sequence.estimate == pytest.approx((8 + 0 + 0) / 10), "each cluster counts alike"


def test_small_clusters_do_not_go_before_larger_ones() -> None:
    """They are whole sooner. If size had to do with the gap, the first ones would mislead."""
    sizes = {"large": 2} | {f"c{number}": 1 for number in range(60)}
    sequence = StagedSequence(plain, LEVELS, sizes)
    sequence.add([Observation("large", GAP)])
    sequence.add(Observation(f"c{number}", NOTHING) for number in range(60))
    first = plain(LEVELS.times(FIRST_SHARE_OF_FEW))
    first.add([GAP] + [NOTHING] * 60)
    assert (sequence.lower, sequence.upper) == (first.lower, first.upper)
    sequence.add([Observation("large", GAP)])
    whole = plain(LEVELS.times(1 - FIRST_SHARE_OF_FEW))
    whole.add([(ArmResult(2, 2), ArmResult(0, 2))] + [NOTHING] * 60)
    assert sequence.upper == min(first.upper, whole.upper)
    assert sequence.lower == max(first.lower, whole.lower)


def test_missing_data_widens_a_cluster_and_is_no_part_of_the_estimate() -> None:
    unknown = pair(None, 0)
    sequence = staged([[unknown, NOTHING]] * 30)
    assert sequence.upper > staged([[NOTHING, NOTHING]] * 30).upper
    assert sequence.lower == staged([[NOTHING, NOTHING]] * 30).lower
    assert (sequence.complete_n, sequence.n, sequence.estimate) == (30, 60, 0.0)
    late = staged([[GAP, unknown], [NOTHING, NOTHING]] * 30)
    assert late.estimate == 0.5


def test_bounds_of_stages_that_exclude_each_other_are_taken_wide() -> None:
    """The first queries all show a gap, and the clusters as wholes show its opposite."""
    sequence = staged([[GAP, REVERSE, REVERSE, REVERSE, REVERSE, REVERSE]] * 150)
    assert sequence.lower < sequence.upper
    assert sequence.lower <= -2 / 3 <= 1 <= sequence.upper + 0.1
    assert decide(sequence, 0.05) is Decision.UNDECIDED


@pytest.mark.parametrize("limit", [-0.3, 0.05, 0.3, 0.6])
def test_a_decision_is_what_the_bounds_say(limit: float) -> None:
    source = random.Random(3)
    kinds = [NOTHING, GAP, REVERSE, pair(None, 1)]
    for _ in range(30):
        weights = [source.random() ** 3 for _ in kinds]
        clusters = [source.choices(kinds, weights, k=3) for _ in range(60)]
        sequence = staged(clusters)
        assert sequence.at_most(limit) is (sequence.upper <= limit)
        assert sequence.exceeds(limit) is (sequence.lower > limit)
        assert not (sequence.at_most(limit) and sequence.exceeds(limit))


def test_the_p_value_is_small_where_the_lower_bound_lies_above() -> None:
    sequence = staged([[GAP, NOTHING]] * 60)
    assert sequence.exceeds(LIMIT)
    assert sequence.p_above(LIMIT) <= LEVELS.lower
    assert staged([[NOTHING] * 2] * 60).p_above(LIMIT) == 1.0
    source = random.Random(9)
    for _ in range(50):
        clusters = [source.choices([NOTHING, GAP], k=2) for _ in range(source.randint(1, 40))]
        some = staged(clusters)
        for limit in (-1.0, -0.5, 0.0, 0.05, 0.3, 0.5, 0.9, 1.0):
            assert not some.exceeds(limit) or some.p_above(limit) <= LEVELS.lower
            assert 0 <= some.p_above(limit) <= 1


def test_the_fewest_further_queries_are_clusters_first_and_then_none_is_enough() -> None:
    sizes = {f"c{number}": 4 for number in range(120)}
    fresh = StagedSequence(plain, LEVELS, sizes)
    assert fewest_to_pass(fresh, LIMIT) == 75
    few = StagedSequence(plain, LEVELS, {f"c{number}": 4 for number in range(30)})
    assert fewest_to_pass(few, LIMIT) is None, "thirty subjects cannot show five points"
    spoilt = StagedSequence(plain, LEVELS, sizes)
    spoilt.add([Observation("c0", GAP), Observation("c1", GAP), Observation("c2", GAP)])
    spoilt.add(Observation(f"c{number}", NOTHING) for number in range(3, 120))
    needed = fewest_to_pass(spoilt, LIMIT)
    assert needed is not None
    assert needed > 100, "whole clusters, each of three further queries"


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, float("nan")])
def test_a_level_lies_between_0_and_1(alpha: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Levels.of(alpha)


def test_a_family_of_many_takes_a_smaller_risk_to_fail_and_the_same_to_pass() -> None:
    assert Levels.of(0.05, 8) == Levels(upper=0.05, lower=0.05 / 8)
    single, family = (PlainSequence(Levels.of(0.05, n), 2) for n in (1, 8))
    for sequence in (single, family):
        sequence.add([NOTHING, GAP] * 30)
    assert family.upper == single.upper
    assert family.lower < single.lower
    assert family.p_above(0.05) == single.p_above(0.05)
    with pytest.raises(ValueError, match="has members"):
        Levels.of(0.05, 0)
