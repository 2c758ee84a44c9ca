"""Our statistics, in the standard library alone, against scipy and statsmodels where these have it.

The confidence sequence has no counterpart there: what can be held against it is the exact bound for
one look, than which no bound for all looks may be tighter by more than chance allows.
"""

# ruff: noqa: S311 - seeded draws, to be repeatable

from __future__ import annotations

import random

import pytest
from other_rules import newcombe, paired_t, wilson
from scipy.stats import binomtest, fisher_exact, mannwhitneyu, ttest_1samp
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pytest_afake.calibration.agreement import Share
from pytest_afake.calibration.auroc import auroc
from pytest_afake.calibration.differing import fisher
from pytest_afake.statistics import (
    ConfidenceSequence,
    Levels,
    Range,
    greatest_probability,
    holm,
    least_probability,
    smallest_n_to_pass,
)

TINY = 1e-9
COUNTS = [(0, 1), (0, 59), (1, 7), (3, 3), (5, 200), (17, 40), (106, 106), (1, 5000)]


@pytest.mark.parametrize(("hits", "n"), COUNTS)
@pytest.mark.parametrize("alpha", [0.2, 0.05, 0.0005])
def test_exact_binomial_bounds_are_those_of_clopper_and_pearson(
    hits: int, n: int, alpha: float
) -> None:
    ours = least_probability(hits, n, alpha), greatest_probability(hits, n, alpha)
    exact = binomtest(hits, n).proportion_ci(1 - 2 * alpha, "exact")
    assert ours == pytest.approx((exact.low, exact.high), abs=TINY)
    assert ours == pytest.approx(proportion_confint(hits, n, 2 * alpha, "beta"), abs=TINY)


def test_p_values_of_two_shares_are_those_of_fishers_exact_test() -> None:
    source = random.Random(3)
    for _ in range(60):
        one, other = source.randint(1, 60), source.randint(1, 60)
        hits = source.randint(0, one), source.randint(0, other)
        table = [[hits[0], one - hits[0]], [hits[1], other - hits[1]]]
        ours = fisher(Share(hits[0], one), Share(hits[1], other))
        assert ours == pytest.approx(fisher_exact(table).pvalue, rel=1e-6), table


def test_so_are_those_of_more_answers_than_a_float_can_count_tables_of() -> None:
    ours = fisher(Share(319, 638), Share(250, 638))
    assert ours == pytest.approx(fisher_exact([[319, 319], [250, 388]]).pvalue, rel=1e-6)


def test_the_published_difference_of_two_points_is_within_chance() -> None:
    """Of 1 point at n = 200 is said that it is two answers, and of four against none p = 0.12."""
    assert fisher(Share(4, 200), Share(0, 200)) == pytest.approx(0.12, abs=0.005)


def test_holm_rejects_what_it_rejects_elsewhere() -> None:
    source = random.Random(5)
    for members in (1, 2, 7, 40):
        for _ in range(3):
            p_values = [source.random() ** 6 for _ in range(members)]
            theirs = multipletests(p_values, 0.05, method="holm")[0]
            assert holm(p_values, [0.05] * members, members) == list(theirs)


@pytest.mark.parametrize("alpha", [0.05, 0.01])
@pytest.mark.parametrize("share", [1.0, 0.7, 0.3])
def test_a_fail_just_at_its_level_stands_in_a_family_of_any_size(
    alpha: float, share: float
) -> None:
    """Division by the members and multiplication again must not lose a verdict in rounding."""
    for members in range(1, 300):
        level = Levels.of(alpha, members).times(share).lower / share
        assert holm([level], [alpha], members) == [True], members


def test_the_area_under_the_curve_is_the_mann_whitney_statistic() -> None:
    source = random.Random(9)
    positives = [source.randint(4, 20) / 20 for _ in range(35)]
    negatives = [source.randint(0, 16) / 20 for _ in range(50)]
    theirs = mannwhitneyu(positives, negatives).statistic / (len(positives) * len(negatives))
    ours = auroc(positives, negatives, 0.05)
    assert ours is not None
    assert ours.value == pytest.approx(theirs)


@pytest.mark.parametrize("rate", [0.02, 0.14, 0.5, 0.97])
def test_no_bound_for_all_looks_is_tighter_than_the_exact_ones_allow(rate: float) -> None:
    """The wealth rises with the count of positives: by Markov it refutes no more than those do.

    The bound is the tightest so far: of each look the exact bound at alpha, and never tighter than
    the exact bound of all data at even odds.
    """
    source, alpha = random.Random(f"looks {rate}"), 0.05
    sequence = ConfidenceSequence(alpha, low=0.0)
    hits, tightest = 0, (0.0, 1.0)
    for n in range(1, 121):
        hit = source.random() < rate
        hits += hit
        sequence.add([Range(float(hit), float(hit))])
        now = binomtest(hits, n).proportion_ci(1 - 2 * alpha, "exact")
        tightest = max(tightest[0], now.low), min(tightest[1], now.high)
        even = binomtest(hits, n, alternative="greater").proportion_ci(0.5, "exact").low
        above = binomtest(hits, n, alternative="less").proportion_ci(0.5, "exact").high
        assert sequence.lower <= min(tightest[0], even) + TINY
        assert sequence.upper >= max(tightest[1], above) - TINY


def test_zeros_alone_take_as_many_queries_as_an_exact_test_and_the_price_of_looking() -> None:
    fewest = next(n for n in range(1, 200) if binomtest(0, n, 0.05, "less").pvalue <= 0.05)
    ours = smallest_n_to_pass(limit=0.05, alpha=0.05)
    assert fewest == 59
    assert ours == 67


# The rules that docs/statistics.md sets beside ours


def test_wilsons_interval_is_that_of_statsmodels() -> None:
    for hits, n in COUNTS:
        theirs = proportion_confint(hits, n, 0.1, "wilson")
        assert wilson(hits, n, 0.05) == pytest.approx(theirs, abs=TINY)


def test_students_interval_is_that_of_scipy() -> None:
    source = random.Random(21)
    pairs = [(source.random() < 0.4, source.random() < 0.2) for _ in range(90)]
    theirs = ttest_1samp([float(a) - float(b) for a, b in pairs], 0).confidence_interval(0.9)
    assert paired_t(pairs, 0.05) == pytest.approx((theirs.low, theirs.high), abs=TINY)


def test_newcombes_interval_of_uncorrelated_arms_is_that_for_independent_proportions() -> None:
    pairs = [(True, True)] * 2 + [(True, False)] * 8 + [(False, True)] * 18 + [(False, False)] * 72
    theirs = confint_proportions_2indep(10, 100, 20, 100, method="newcomb", alpha=0.1)
    assert newcombe(pairs, 0.05) == pytest.approx(theirs, abs=TINY)


def test_newcombes_interval_narrows_when_arms_agree() -> None:
    """Method 10 takes the correlation of the arms into account."""
    pairs = [(True, True)] * 30 + [(True, False)] * 12 + [(False, True)] * 2 + [(False, False)] * 16
    low, high = newcombe(pairs, 0.025)
    apart = confint_proportions_2indep(42, 60, 32, 60, method="newcomb", alpha=0.05)
    assert apart[0] < low < 10 / 60 < high < apart[1]
