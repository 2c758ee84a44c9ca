"""Whether two shares differ by more than chance."""

from __future__ import annotations

from math import comb

from pytest_afake.calibration.agreement import Share


def fisher(one: Share, other: Share) -> float:
    """The two-sided p value of Fisher's exact test (1934): the tables no likelier than this one."""
    hits, total = one.hits + other.hits, one.of + other.of
    least, most = max(0, hits - other.of), min(hits, one.of)
    ways = [comb(one.of, each) * comb(other.of, hits - each) for each in range(least, most + 1)]
    seen = ways[one.hits - least]
    # Exact: the products are too large for a float where a thousand answers are counted.
    return sum(each for each in ways if each <= seen) / comb(total, hits)
