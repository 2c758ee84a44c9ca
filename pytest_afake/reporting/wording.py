"""Parts of a comparison in words, for every report that shows them."""

from __future__ import annotations

from pytest_afake.gating.comparison import Arm, Comparison
from pytest_afake.text import interval, points


def arm_line(name: str, arm: Arm) -> str:
    """Counts and bounds of one arm: ``training: 9 of 15 (60.0 %, +29.5 to +88.9)``."""
    rate = "" if arm.rate is None else f" ({points(arm.rate)} %, {interval(arm.low, arm.high)})"
    lost = sum(arm.missing.values())  # their causes stand among the reasons
    return f"{name}: {arm.positive} of {arm.n}{rate}{f', {lost} missing' if lost else ''}"


def money(cost_usd: float | None) -> str:
    """A price in US dollars; an unknown one is said to be unknown."""
    return "cost unknown" if cost_usd is None else f"${cost_usd:.4f}"


def answers(found: Comparison) -> str:
    """Where the answers came from, and what the live ones cost."""
    calls = found.calls
    return f"{calls.live} live, {calls.stored} from the store, {money(found.cost_usd)}"
