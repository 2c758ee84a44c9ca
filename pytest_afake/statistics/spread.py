"""How far the gaps of several wordings lie apart, beside what sampling alone would make of them.

The variance between wordings by the method of moments (DerSimonian & Laird 1986, Controlled
Clinical Trials 7:177, random-effects variance), adapted to paired data. There the studies are
independent, and their sampling variances are subtracted one by one. Here every wording is asked the
same queries: a query that differs in all wordings moves all gaps alike and sets none apart. So the
variance that is subtracted is that of each wording's distance from the mean of its query.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviations between the means of columns, on the scale of the values.

    ``between`` is what is left when that of ``sampling`` is taken away from the observed one, in
    variances, and never below 0.
    """

    between: float
    sampling: float


def spread(rows: Sequence[_Row], clusters: Sequence[str] | None = None) -> Spread | None:
    """The spread of the columns' means; a row is one query, a column one wording.

    ``clusters`` names each row's cluster: rows of one cluster are not independent of each other.
    None where there are fewer than two columns, or two clusters.
    """
    width = len(rows[0]) if rows else 0
    groups = _grouped(rows, clusters)
    if width < 2 or len(groups) < 2:
        return None
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    middle = sum(means) / width
    observed = sum((mean - middle) ** 2 for mean in means) / (width - 1)
    expected = _sampling(groups, [mean - middle for mean in means], len(rows)) / (width - 1)
    return Spread(math.sqrt(max(0.0, observed - expected)), math.sqrt(expected))


def _grouped(rows: Sequence[_Row], clusters: Sequence[str] | None) -> list[list[_Row]]:
    names = clusters or [str(number) for number in range(len(rows))]
    groups: dict[str, list[_Row]] = defaultdict(list)
    for name, row in zip(names, rows, strict=True):
        groups[name].append(row)
    return list(groups.values())


def _sampling(groups: Sequence[Sequence[_Row]], offsets: Sequence[float], rows: int) -> float:
    """The sum over columns of the variance of their mean distance from the rows' means."""
    total = 0.0
    for group in groups:
        for column, offset in enumerate(offsets):
            total += sum(row[column] - sum(row) / len(row) - offset for row in group) ** 2
    many = len(groups)
    return total * many / (many - 1) / rows**2
