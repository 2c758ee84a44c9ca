"""Parts of a comparison in words, for every report that shows them."""

from __future__ import annotations

from pytest_afake.gating.comparison import Arm, Baseline, Comparison, Interval
from pytest_afake.text import interval, points


def arm_line(name: str, arm: Arm) -> str:
    """Counts and bounds of one arm: ``training: 9 of 15 (60.0 %, +29.5 to +88.9)``."""
    rate = "" if arm.rate is None else f" ({points(arm.rate)} %, {interval(arm.low, arm.high)})"
    lost = sum(arm.missing.values())  # their causes stand among the reasons
    return f"{name}: {arm.positive} of {arm.n}{rate}{f', {lost} missing' if lost else ''}"


def outcomes_line(name: str, arm: Arm) -> str:
    """The classes of an arm's answers: ``training: refused 12; complied, no AF reasoning 3``."""
    return f"{name}: " + "; ".join(f"{outcome} {n}" for outcome, n in arm.outcomes.items())


def confidence(gap: Interval) -> str:
    """With what confidence the bounds hold.

    Lower ones, of a FAIL, share alpha among the tests that were collected. A test may have several
    measures, so that these are no fewer; Holm's correction then counts all of them.
    """
    upper, lower = points(1 - gap.alpha), points(1 - gap.fail_alpha)
    if gap.alpha == gap.fail_alpha:
        return f"each bound holds with {upper} %"
    tests = round(gap.alpha / gap.fail_alpha)
    return f"upper bounds hold with {upper} %, lower ones with {lower} % (one of {tests} tests)"


def money(cost_usd: float | None) -> str:
    """A price in US dollars; an unknown one is said to be unknown."""
    return "cost unknown" if cost_usd is None else f"${cost_usd:.4f}"


def answers(found: Comparison) -> str:
    """Where the answers and the judge's came from, and what the live ones cost."""
    calls = found.calls
    said = f"{calls.live} live, {calls.stored} from the store"
    if calls.judge_live or calls.judge_stored:
        said += f"; of the judge {calls.judge_live} live, {calls.judge_stored} from the store"
    return f"{said}, {money(found.cost_usd)}"


OVER_PAIRS = "points over the pairs of both runs, in which each cluster of queries counts once"


def value(share: float | None) -> str:
    """A measured value in points, or a dash where there is none."""
    return "-" if share is None else points(share, sign=True)


def change(held: Baseline) -> str:
    """The interval of a difference; a dash where nothing was compared."""
    return "-" if held.low is None or held.high is None else interval(held.low, held.high)
