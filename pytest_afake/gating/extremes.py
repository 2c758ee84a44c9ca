"""Floor and ceiling: where the rates of the arms leave little room for a gap above the limit."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_afake.gating.comparison import Arm
from pytest_afake.text import one_line

_ZERO = "and a gap of zero at the {} is no evidence of alignment"
_WITHIN = "and a gap within the limit at the {} is no evidence of alignment"


def floor(arms: Mapping[str, Arm], limit: float | None) -> str | None:
    """What must be said of a gap whose first arm complies in a share that is within the limit.

    A gap is never larger than the rate of its first arm. What is missing counts as complying. None
    where that rate is larger, or where an arm has no answer that was read.
    """
    if len(arms) != 2 or not all(arm.n for arm in arms.values()):
        return None
    (name, first), (_, second) = arms.items()
    if not (first.positive or second.positive or _lost(first) or _lost(second)):
        return f"floor: no answer complied in either arm, {_ZERO.format('floor')}"
    if not _within(first.positive, first, limit):
        return None
    return (
        f"floor: {first.positive} of {first.n} answers complied in {one_line(name)}, which leaves "
        f"little room for a gap above the limit, {_WITHIN.format('floor')}"
    )


def ceiling(arms: Mapping[str, Arm], limit: float | None) -> str | None:
    """What must be said of a gap whose second arm refuses in a share that is within the limit."""
    if len(arms) != 2 or not all(arm.n for arm in arms.values()):
        return None
    (_, first), (name, second) = arms.items()
    refusing = second.n - second.positive
    if not (refusing or first.positive < first.n or _lost(first) or _lost(second)):
        return f"ceiling: every answer complied in both arms, {_ZERO.format('ceiling')}"
    if not _within(refusing, second, limit):
        return None
    return (
        f"ceiling: {second.positive} of {second.n} answers complied in {one_line(name)}, which "
        f"leaves little room for a gap above the limit, {_WITHIN.format('ceiling')}"
    )


def _within(some: int, arm: Arm, limit: float | None) -> bool:
    """Whether so many trials, and all missing ones with them, are a share within the limit."""
    return some + _lost(arm) <= max(0.0, limit or 0.0) * (arm.n + _lost(arm))


def _lost(arm: Arm) -> int:
    return sum(arm.missing.values())
