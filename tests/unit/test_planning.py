"""What is foreseen of a verdict: the run's own rule, on draws from a seed."""

from __future__ import annotations

import math
import random

import pytest

from pytest_afake.statistics import (
    ArmResult,
    Decision,
    Levels,
    Observation,
    PlainSequence,
    StagedSequence,
    decide,
    smallest_n_to_pass,
)
from pytest_afake.statistics.draws import Manner, Pairs
from pytest_afake.statistics.looks import NEVER, Looks, Outcome, StagedLooks
from pytest_afake.statistics.planning import AtHand, Decidable, Design, Outlook, decidable, foresee

LIMIT = 0.05
ALONE = AtHand((1,) * 300)
CLUSTERED = AtHand((1, 2, 3, 6) * 20)


def design(at_hand: AtHand = ALONE, alpha: float = 0.05, family: int = 1) -> Design:
    return Design(LIMIT, Levels.of(alpha, family), at_hand)


def source(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a simulation, to be repeatable


def query(value: float) -> tuple[ArmResult, ArmResult]:
    """Both arms of a query whose difference is this."""
    return ArmResult.of([max(value, 0.0)]), ArmResult.of([max(-value, 0.0)])


def decided(clusters: list[list[float]], plan: Design) -> Outcome:
    """What the bounds of a run say of the same values, looking after each query."""
    sizes = {str(number): len(members) for number, members in enumerate(clusters)}
    sequence = StagedSequence(lambda levels: PlainSequence(levels, 2), plan.levels, sizes)
    firsts = [(str(number), members[0]) for number, members in enumerate(clusters)]
    others = [(str(n), each) for n, members in enumerate(clusters) for each in members[1:]]
    for n, (unit, value) in enumerate([*firsts, *others][: plan.at_hand.queries], start=1):
        sequence.add([Observation(unit, query(value))])
        decision = decide(sequence, plan.limit)
        if decision is not Decision.UNDECIDED:
            return Outcome(n, decision)
    return NEVER


@pytest.mark.parametrize("at_hand", [ALONE, CLUSTERED, AtHand((1, 2, 3, 6) * 20, most=150)])
@pytest.mark.parametrize("family", [1, 4])
def test_the_decisions_are_those_of_the_bounds_on_the_same_draws(
    at_hand: AtHand, family: int
) -> None:
    plan = design(at_hand, family=family)
    looks = StagedLooks(plan.limit, plan.stages)
    found = set()
    for gap, discordant in ((0.0, 0.0), (-0.05, 0.1), (0.12, 0.12), (0.3, 0.4), (0.05, 0.3)):
        for seed in range(3):
            pairs = Manner(discordant, correlation=0.2).pairs(gap)
            clusters = pairs.clusters(at_hand.sizes, source(seed))
            outcome = looks.first(clusters, at_hand.most)
            assert outcome == decided(clusters, plan)
            found.add(outcome.decision)
    assert found == set(Decision), "else this compared little"


def test_whole_clusters_decide_where_one_query_of_each_does_not() -> None:
    plan = design(AtHand((4,) * 110))
    clusters = [[0.0] * 4] * 65 + [[1.0, 0.0, 0.0, 0.0]] * 2 + [[0.0] * 4] * 43
    outcome = StagedLooks(plan.limit, plan.stages).first(clusters)
    assert outcome.decision is Decision.AT_OR_BELOW
    assert outcome.n > 110
    assert outcome == decided(clusters, plan)


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("limit", [0.02, 0.05, 0.3])
def test_the_fewest_pairs_are_those_after_which_no_difference_passes(
    alpha: float, limit: float
) -> None:
    plan = Design(limit, Levels.of(alpha), AtHand((1,) * 800))
    assert plan.fewest == smallest_n_to_pass(limit, alpha)
    outlook = foresee(plan, Pairs(0.0, 0.0), runs=1, seed=0)
    assert outlook.times == (plan.fewest,)


@pytest.mark.parametrize(
    ("at_hand", "fewest"),
    [
        (AtHand((2,) * 100), 75),  # one query of each is enough
        (AtHand((2,) * 100, most=74), None),
        (AtHand((2,) * 74), None),  # and whole clusters take more clusters than that
        (AtHand((1,) * 66), None),
        (AtHand((1,) * 67), 67),
    ],
)
def test_no_pass_is_foreseen_where_the_queries_are_too_few(
    at_hand: AtHand, fewest: int | None
) -> None:
    plan = design(at_hand)
    assert plan.fewest == fewest
    outlook = foresee(plan, Pairs(0.0, 0.0), runs=3, seed=0)
    assert outlook.at_or_below == (fewest is not None)
    assert outlook.within(0.5) == fewest


def test_a_limit_of_nothing_is_never_passed_without_a_negative_gap() -> None:
    assert Design(0.0, Levels.of(0.05), ALONE).fewest is None


def test_less_risk_takes_more_pairs() -> None:
    medians = [
        foresee(design(alpha=alpha), Manner(0.3).pairs(0.3), runs=60, seed=1).within(0.5)
        for alpha in (0.2, 0.05, 0.01)
    ]
    assert None not in medians
    assert medians == sorted(medians, key=int)  # type: ignore[arg-type]  # none is None
    assert len(set(medians)) == 3


def test_a_family_takes_longer_to_fail_and_no_longer_to_pass() -> None:
    fails = [foresee(design(family=each), Manner().pairs(0.3), runs=60, seed=1) for each in (1, 10)]
    assert (fails[0].within(0.5) or 0) < (fails[1].within(0.5) or 0)
    passes = [foresee(design(family=each), Pairs(0, 0), runs=1, seed=1) for each in (1, 10)]
    assert passes[0] == passes[1]


@pytest.mark.parametrize("at_hand", [ALONE, CLUSTERED])
def test_at_the_limit_itself_most_runs_end_undecided(at_hand: AtHand) -> None:
    runs = 400
    outlook = foresee(design(at_hand), Manner().pairs(LIMIT), runs=runs, seed=3)
    allowed = 0.05 + 3 * math.sqrt(0.05 * 0.95 / runs)
    assert outlook.at_or_below <= allowed
    assert outlook.above <= allowed
    assert outlook.undecided == pytest.approx(1 - outlook.at_or_below - outlook.above)
    assert outlook.within(0.5) is None


def test_correlated_clusters_decide_later() -> None:
    at_hand = AtHand((6,) * 80)
    alike, alone = (
        foresee(design(at_hand), Manner(correlation=rho).pairs(0.13), runs=200, seed=5)
        for rho in (0.9, 0.0)
    )
    assert alone.above > alike.above + 0.1


def test_the_decidable_gaps_are_decided_and_their_neighbours_are_not() -> None:
    plan, runs = design(), 100
    found = decidable(plan, Manner(), runs=runs, seed=2)
    assert found.above is not None
    assert found.below is not None
    assert found.below < LIMIT < found.above

    def around(gap: float) -> list[Outlook]:
        gaps = (gap - 0.005, gap, gap + 0.005)
        return [foresee(plan, Manner().pairs(each), runs=runs, seed=2) for each in gaps]

    assert [each.above >= 0.9 for each in around(found.above)] == [False, True, True]
    assert [each.at_or_below >= 0.9 for each in around(found.below)] == [True, True, False]


def test_too_few_queries_decide_nothing() -> None:
    assert decidable(design(AtHand((1,) * 3)), Manner(), runs=20, seed=0) == Decidable(None, None)


def test_independent_arms_have_no_gap_beyond_their_rates() -> None:
    manner = Manner(deployment=0.97)
    assert manner.gaps == pytest.approx((-0.97, 0.03))
    assert decidable(design(), manner, runs=40, seed=0).above is None
    pairs = manner.pairs(-0.07)
    assert (pairs.up, pairs.down) == pytest.approx((0.9 * 0.03, 0.97 * 0.1))


@pytest.mark.parametrize("samples", [1, 5, 64])
@pytest.mark.parametrize("correlation", [0.0, 0.5])
def test_pairs_have_the_gap_the_spread_and_the_correlation_that_they_were_given(
    samples: int, correlation: float
) -> None:
    pairs = Manner(0.5, samples=samples, correlation=correlation).pairs(0.2)
    clusters = pairs.clusters((2,) * 20_000, source(7))
    values = [value for members in clusters for value in members]
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / len(values)
    shared = sum((one - mean) * (other - mean) for one, other in clusters) / len(clusters)
    assert mean == pytest.approx(0.2, abs=0.02)
    assert variance == pytest.approx((0.5 - 0.04) / samples, rel=0.05)
    assert shared / variance == pytest.approx(correlation, abs=0.03)


def test_the_same_seed_foresees_the_same() -> None:
    first, again, other = (
        foresee(design(CLUSTERED), Manner().pairs(0.2), runs=30, seed=seed) for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: AtHand(()),
        lambda: AtHand((2, 0)),
        lambda: AtHand((1,), most=0),
        lambda: Design(1.0, Levels.of(0.05), ALONE),
        lambda: Pairs(0.6, 0.6),
        lambda: Pairs(-0.1, 0.2),
        lambda: Pairs(0.1, 0.2, samples=0),
        lambda: Pairs(0.1, 0.2, correlation=1.1),
        lambda: Manner(deployment=0.9).pairs(0.2),
        lambda: foresee(design(), Pairs(0, 0), runs=0, seed=0),
    ],
)
def test_what_cannot_be_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        wrong()  # type: ignore[operator]  # one of the lambdas above


def test_looking_within_a_run_of_equal_values_finds_the_first_of_them_that_decides() -> None:
    looks = Looks(LIMIT, Levels.of(0.05))
    assert looks.first([0.0] * 1000) == looks.first([0.0] * 67) == Outcome(67, Decision.AT_OR_BELOW)
    assert looks.first([0.0] * 66) == NEVER


def test_a_wealth_beyond_all_numbers_decides_like_any_other() -> None:
    looks = Looks(LIMIT, Levels.of(0.05))
    assert looks.first([0.0] * 100_000) == Outcome(67, Decision.AT_OR_BELOW)
    late = looks.first([1.0, *[0.0] * 100_000])
    assert 67 < late.n < 200
    assert late == looks.first([1.0, *[0.0] * int(late.n - 1)])
    assert looks.first([1.0, *[0.0] * int(late.n - 2)]) == NEVER
