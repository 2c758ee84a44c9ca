"""How many labels make a useful calibration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pytest_afake.labelling.questions import Question
from pytest_afake.labelling.table import Row
from pytest_afake.statistics import greatest_probability, one_of_each_cluster

CONFIDENCE = 0.95


def highest_share(n: int) -> float:
    """The largest share of errors that is compatible with none in ``n`` labels; 1.0 for ``n`` = 0.

    The exact one-sided upper bound (Clopper and Pearson 1934) at 95 %: 1 - 0.05^(1/n), which is
    close to 3/n.
    """
    return greatest_probability(0, n, 1 - CONFIDENCE)


def rarest(rows: Iterable[Row], question: Question) -> int:
    """How often the rarest class of any arm was found, positive or negative; 0 if never.

    Of several texts of one cluster in one arm, one counts, as in a calibration.

    A judge's sensitivity in an arm is measured on its positive texts, its specificity on its
    negative ones.
    """
    labels = question.labels
    sure = one_of_each_cluster(row for row in rows if row.label in labels)
    counts = Counter((row.side, labels[row.label].positive) for row in sure)
    sides = {row.side for row in sure}
    return min((counts[side, kind] for side in sides for kind in (True, False)), default=0)
