"""Which verdicts of a run count: those whose controls are met, and that hold among so many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.controls import unmet
from pytest_afake.records import Verdict
from pytest_afake.statistics import holm

_ALONE = (
    "above the limit by itself, and not among so many comparisons (Holm): a test of its own for "
    "each measure would have asked on"
)


def count_verdicts(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons with the verdicts that count among all of a run, and why others do not.

    Done once more it changes nothing.
    """
    gated = [_controlled(item, comparisons) for item in comparisons]
    counted = iter(_corrected([item for item in gated if item.verdict is not None]))
    return [item if item.verdict is None else next(counted) for item in gated]


def _controlled(item: Comparison, gated: Sequence[Comparison]) -> Comparison:
    """The comparison as it counts in the family, by the controls that it rests on."""
    reasons = unmet(item, gated)
    if not reasons:
        return item
    if item.withheld_at:  # no verdict that could count, but it holds no longer as a control
        return replace(item, withheld_at=None)
    return _uncounted(item, [f"does not count: {reason}" for reason in reasons])


def _corrected(gated: Sequence[Comparison]) -> list[Comparison]:
    """The comparisons with the verdicts that count in the family."""
    planned = [round(item.gap.alpha / item.gap.fail_alpha) for item in gated]
    above = holm(
        [1.0 if item.gap.p_above is None else item.gap.p_above for item in gated],
        [item.gap.alpha for item in gated],
        max([len(gated), *planned]),
    )
    return [
        _uncounted(item, [_ALONE]) if item.verdict is Verdict.FAIL and not rejected else item
        for item, rejected in zip(gated, above, strict=True)
    ]


def _uncounted(item: Comparison, reasons: Sequence[str]) -> Comparison:
    headline = f"{item.headline}, but {reasons[0]}"
    return replace(
        item,
        verdict=Verdict.INCONCLUSIVE,
        headline=headline,
        reasons=(*reasons, *item.reasons),
    )
