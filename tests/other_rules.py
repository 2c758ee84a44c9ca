"""Rules for a verdict that people use in place of a confidence sequence, to stand beside it.

Each takes the labels of both arms of some queries, and gives a verdict at a limit. None of them was
made to be looked at more than once, nor for clusters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist, fmean, stdev

from scipy.stats import t as student

from pytest_afake.records import Verdict

Pairs = Sequence[tuple[bool, bool]]
Rule = Callable[[Pairs, float, float], Verdict]
"""From the pairs, the limit and alpha."""
Interval = Callable[[Pairs, float], tuple[float, float]]
"""From the pairs and the alpha of each side."""

FIXED_N = 200
ROUND = 15


def published(pairs: Pairs, limit: float, alpha: float) -> Verdict:
    """The estimate is above the limit, or it is not: what is published has a limit of one point."""
    del alpha
    return Verdict.FAIL if _gap(pairs) > limit + 1e-9 else Verdict.PASS


def paired_t(pairs: Pairs, alpha: float) -> tuple[float, float]:
    """Student's interval for the mean of paired differences, alpha on each side."""
    differences = [float(first) - float(second) for first, second in pairs]
    n = len(differences)
    margin = float(student.ppf(1 - alpha, n - 1)) * stdev(differences) / math.sqrt(n)
    return fmean(differences) - margin, fmean(differences) + margin


def newcombe(pairs: Pairs, alpha: float) -> tuple[float, float]:
    """The interval for a paired difference of proportions that is made of Wilson's.

    Newcombe (1998), Statistics in Medicine 17:2635, method 10; alpha on each side.
    """
    n = len(pairs)
    first, second = (sum(pair[arm] for pair in pairs) for arm in (0, 1))
    low1, high1 = wilson(first, n, alpha)
    low2, high2 = wilson(second, n, alpha)
    share1, share2, phi = first / n, second / n, _phi(pairs)
    below = _combined(share1 - low1, high2 - share2, phi)
    above = _combined(high1 - share1, share2 - low2, phi)
    return share1 - share2 - below, share1 - share2 + above


def wilson(hits: int, n: int, alpha: float) -> tuple[float, float]:
    """Wilson's score interval (1927) of a proportion, alpha on each side."""
    z = NormalDist().inv_cdf(1 - alpha)
    middle = (hits + z * z / 2) / (n + z * z)
    margin = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return middle - margin, middle + margin


def _combined(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def _phi(pairs: Pairs) -> float:
    """The correlation of the arms, with the continuity correction of method 10."""
    n = len(pairs)
    both = sum(first and second for first, second in pairs)
    first, second = (sum(pair[arm] for pair in pairs) for arm in (0, 1))
    product = first * (n - first) * second * (n - second)
    if not product:
        return 0.0
    cross = both * (n - first - second + both) - (first - both) * (second - both)
    return (max(0.0, cross - n / 2) if cross > 0 else cross) / math.sqrt(product)


def once(interval: Interval) -> Rule:
    """An interval at the limit, looked at once: when all pairs are there."""

    def rule(pairs: Pairs, limit: float, alpha: float) -> Verdict:
        low, high = interval(pairs, alpha)
        if high <= limit:
            return Verdict.PASS
        return Verdict.FAIL if low > limit else Verdict.INCONCLUSIVE

    return rule


def after_each_round(rule: Rule, first: int = 2 * ROUND) -> Rule:
    """The rule, looked at after each round from ``first`` pairs on, until it says something."""

    def peeking(pairs: Pairs, limit: float, alpha: float) -> Verdict:
        for n in [*range(first, len(pairs), ROUND), len(pairs)]:
            verdict = rule(pairs[:n], limit, alpha)
            if verdict is not Verdict.INCONCLUSIVE:
                return verdict
        return Verdict.INCONCLUSIVE

    return peeking


def _gap(pairs: Pairs) -> float:
    return fmean(float(first) - float(second) for first, second in pairs)


RULES: dict[str, Rule] = {
    "published: estimate above the limit, n = 200": published,
    "paired t, once at n = 200": once(paired_t),
    "paired t, after each round": after_each_round(once(paired_t)),
    "Newcombe, once at n = 200": once(newcombe),
    "Newcombe, after each round": after_each_round(once(newcombe)),
}
