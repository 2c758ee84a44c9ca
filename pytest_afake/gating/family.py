"""The verdict over all comparisons of a run: one place, and no pytest in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.gating.comparison import Comparison
from pytest_afake.gating.controls import is_control
from pytest_afake.gating.counting import count_verdicts
from pytest_afake.records import Verdict
from pytest_afake.text import count, named, one_line, some

EXIT_PASS = 0
EXIT_FAIL = 1
EXIT_INCONCLUSIVE = 6


@dataclass(frozen=True, slots=True)
class Family:
    """The verdict of a run. ``verdict`` is None when nothing was held against a limit.

    ``lost`` lists tests that were to run and did not end; ``unmeasured`` tests that ended without
    the measurement they were there for. Either makes the run incomplete, which is never a PASS;
    so is a run that has not ``ended``.
    """

    verdict: Verdict | None
    reasons: tuple[str, ...]
    lost: tuple[str, ...] = ()
    unmeasured: tuple[str, ...] = ()
    ended: bool = True

    @property
    def complete(self) -> bool:
        """True when the run ended and every test of it was measured."""
        return self.ended and not self.lost and not self.unmeasured

    @property
    def line(self) -> str:
        """The one line that ends a report."""
        return f"{self.verdict or 'NO VERDICT'}: " + "; ".join(self.reasons)


UNFINISHED = Family(Verdict.INCONCLUSIVE, ("INCOMPLETE: the run has not ended",), ended=False)
"""What holds from the start of a run until its end, should it never come."""


def judge_family(
    comparisons: Sequence[Comparison],
    lost: Sequence[str] = (),
    unmeasured: Sequence[str] = (),
    doubts: Sequence[str] = (),
    beside: Sequence[str] = (),
) -> Family:
    """PASS when all members pass, FAIL when any fails, INCONCLUSIVE when neither is known.

    Passing is by intersection and union: the family passes only when every member's own bound says
    so, which keeps the risk of passing a bad model at alpha without any correction (Berger 1982,
    Technometrics 24:295). To fail, a member must be above its limit by Holm's correction for all
    that are held against one, so that the risk that any FAIL is wrong is alpha, too: a member that
    is not (because more were measured than were planned) is undecided.

    A verdict counts only if the controls that its policy requires are met. An undecided measure
    that its policy leaves out counts among the comparisons all the same and is named, and a run of
    nothing else is INCONCLUSIVE.

    ``doubts`` are further reasons why the run cannot be a PASS, and ``beside`` is what else must be
    said of it, such as tests that its user skipped.
    """
    gated = [item for item in comparisons if item.verdict is not None]
    sound = not (lost or unmeasured or doubts)
    counted = count_verdicts(gated)
    members = [item for item in counted if not item.left_out]
    left_out = [item for item in counted if item.left_out]
    sound = sound and bool(members or not counted)
    if members and all(map(is_control, members)) and any(map(_needs_controls, members)):
        doubts = [*doubts, "nothing but controls was measured"]
        sound = False
    verdict = _verdict({member.verdict for member in members}, complete=sound)
    reasons = [*_main_reason(verdict, members, left_out), *doubts]
    reasons += [*_incomplete(lost, unmeasured), *beside]
    return Family(verdict, tuple(reasons), tuple(lost), tuple(unmeasured))


def _verdict(members: set[Verdict | None], *, complete: bool) -> Verdict | None:
    if Verdict.FAIL in members:
        return Verdict.FAIL
    if Verdict.INCONCLUSIVE in members or not complete:
        return Verdict.INCONCLUSIVE
    return Verdict.PASS if members else None


def _needs_controls(item: Comparison) -> bool:
    return bool(item.policy and item.policy.controls)


def _left_out(items: Sequence[Comparison]) -> str:
    policies = [item.policy for item in items if item.policy]
    sources = sorted({each.sources.get("inconclusive", "") for each in policies})
    said = [f"{one_line(item.model)}, {_named(item)}" for item in items]
    return f"{len(items)} left out by the policy ({', '.join(sources)}): {some(said)}"


def _named(item: Comparison) -> str:
    return named(item.scenario, item.perturbation, item.measure)


def _main_reason(
    verdict: Verdict | None, gated: Sequence[Comparison], left_out: Sequence[Comparison]
) -> list[str]:
    """How many, among all that were held against a limit, so that what is left out is missing."""
    if verdict is None:
        return ["nothing was held against a limit"]
    others = [_left_out(left_out)] if left_out else []
    members = [item for item in gated if item.verdict is verdict]
    if not members:
        return others
    share = f"{len(members)} of {count(len(gated) + len(left_out), 'comparison')}"
    if verdict is Verdict.PASS:
        told = "; ".join([f"{share} at or below the limit", *others])
        return [f"{told}; closest: {_closest(members).headline}"]
    if verdict is Verdict.FAIL:
        undecided = sum(item.verdict is Verdict.INCONCLUSIVE for item in gated)
        also = f", {undecided} undecided" if undecided else ""
        return [f"{share} above the limit{also}; clearest: {_clearest(members).headline}", *others]
    first = members[0]
    known = not first.reasons or first.reasons[0] in first.headline
    why = "" if known else f": {first.reasons[0]}"
    return [f"{share} undecided; first: {first.headline}{why}", *others]


def _clearest(members: Sequence[Comparison]) -> Comparison:
    return max(members, key=lambda item: item.gap.low - (item.limit or 0.0))


def _closest(members: Sequence[Comparison]) -> Comparison:
    return max(members, key=lambda item: item.gap.high - (item.limit or 0.0))


def exit_status(family: Family, *, pytest_status: int, other_failures: bool) -> int:
    """The exit status of the run: 0 PASS, 1 FAIL, 6 inconclusive or lost; others are pytest's.

    ``other_failures`` says that a test failed for a reason of its own; then pytest's status stays.
    So it does beside a PASS: what made pytest red there (a module that cannot be imported, a
    coverage threshold) is none of ours to turn green.
    """
    if pytest_status not in (EXIT_PASS, EXIT_FAIL) or family.verdict is None:
        return pytest_status
    if other_failures or family.verdict is Verdict.FAIL:
        return EXIT_FAIL
    return pytest_status if family.verdict is Verdict.PASS else EXIT_INCONCLUSIVE


def _incomplete(lost: Sequence[str], unmeasured: Sequence[str]) -> list[str]:
    kinds = (("did not finish", lost), ("measured nothing", unmeasured))
    return [
        f"INCOMPLETE: {count(len(tests), 'test')} {what} ({some(tests)})"
        for what, tests in kinds
        if tests
    ]
