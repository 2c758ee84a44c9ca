"""Why a decision of the evidence does not become a verdict: what the policy asks beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from pytest_afake.calibration.agreement import Share
from pytest_afake.calibration.differing import fisher
from pytest_afake.gating.comparison import Arm
from pytest_afake.gating.extremes import ceiling, floor
from pytest_afake.records import AtExtreme, Policy, Verdict
from pytest_afake.text import one_line, points

# The chance that arms which lose answers alike are said to differ.
_ALARM = 0.01


class Withheld(NamedTuple):
    """Why a verdict is withheld, in a sentence. ``at`` is "floor" or "ceiling" if that is why."""

    why: str
    at: str | None = None


def withheld(
    verdict: Verdict | None,
    arms: Mapping[str, Arm],
    limit: float | None,
    policy: Policy,
    *,
    is_gap: bool,
) -> Withheld | None:
    """Why a PASS or FAIL is INCONCLUSIVE all the same; None if it stands.

    Only gaps have a floor and a ceiling, and only a PASS is withheld for them.
    """
    if verdict not in (Verdict.PASS, Verdict.FAIL):
        return None
    lost = too_much_missing(arms, policy)
    if lost:
        return Withheld(lost)
    if verdict is Verdict.FAIL or not is_gap:
        return None
    for name, rule, said in (
        ("floor", policy.floor, floor(arms, limit)),
        ("ceiling", policy.ceiling, ceiling(arms, limit)),
    ):
        if said and rule is AtExtreme.INCONCLUSIVE:
            return Withheld(f"{said}; the policy takes it for INCONCLUSIVE", name)
    return None


def too_much_missing(arms: Mapping[str, Arm], policy: Policy) -> str | None:
    """Which arm lacks more of its trials than the policy allows, in a sentence."""
    for name, arm in arms.items():
        if _missing(arm) > policy.missing:
            return (
                f"missing: {points(_missing(arm))} % of the trials in {one_line(name)}, and the "
                f"policy allows {points(policy.missing)} %"
            )
    return None


def missing_differently(arms: Mapping[str, Arm]) -> Iterator[str]:
    """Sentences on arms that do not lose equally many trials, by Fisher's exact test."""
    for (one, first), (other, second) in combinations(arms.items(), 2):
        lost = [Share(sum(arm.missing.values()), _trials(arm)) for arm in (first, second)]
        if all(share.of for share in lost) and fisher(*lost) < _ALARM:
            yield (
                f"missing differs by arm: {one_line(one)} {lost[0].hits} of {lost[0].of}, "
                f"{one_line(other)} {lost[1].hits} of {lost[1].of}: what is lost depends on the "
                "arm, so that the readable answers alone mislead"
            )


def _missing(arm: Arm) -> float:
    return sum(arm.missing.values()) / _trials(arm) if _trials(arm) else 0.0


def _trials(arm: Arm) -> int:
    return arm.n + sum(arm.missing.values())
