"""Counting trials: labels, causes of missing ones, where answers came from, what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pytest_afake.gating.comparison import Arm, Calls
from pytest_afake.gating.estimand import Estimand, arm_result, sides
from pytest_afake.gating.judged import bounds
from pytest_afake.records import Cause, Trial
from pytest_afake.statistics import Levels, Observation, StagedSequence


def tally_arms(
    estimand: Estimand,
    by_query: Mapping[str, Sequence[Trial]],
    levels: Levels,
    sizes: Mapping[str, int],
) -> dict[str, Arm]:
    """Counts and a bounded rate for each arm of the measure."""
    same = Levels.both(levels.upper)
    return {
        arm: _tally(estimand, arm, by_query, bounds(same, None, 1, sizes)) for arm in estimand.arms
    }


def _tally(
    estimand: Estimand,
    arm: str,
    by_query: Mapping[str, Sequence[Trial]],
    rates: StagedSequence,
) -> Arm:
    trials = [trial for group in by_query.values() for trial in group if trial.arm == arm]
    overall = arm_result(estimand, arm, trials)
    rates.add(
        Observation(group[0].query.unit, (arm_result(estimand, arm, group),))
        for group in by_query.values()
        if group
    )
    return Arm(
        n=overall.labelled,
        positive=round(overall.positive),
        rate=overall.rate if estimand.ignorable or not overall.missing else None,
        low=rates.lower,
        high=rates.upper,
        outcomes=_count(_outcome(trial) for trial in trials),
        missing=_count(_cause(trial) for trial in trials if estimand.positive(trial) is None),
    )


def _outcome(trial: Trial) -> str | None:
    """The class of an answer: its label and, where it was read, its reasoning.

    The six classes of Sheshadri et al. 2025 (figures 5 and 18) are three labels with AF reasoning
    and without; a label alone is one whose reasoning nobody read.
    """
    judged = trial.judgement
    if judged is None or judged.label is None:
        return None
    return str(judged.label) + (f", {judged.af_reasoning}" if judged.af_reasoning else "")


def _cause(trial: Trial) -> Cause:
    """Why it is not known whether a trial shows what is measured."""
    if trial.missing:
        return trial.missing.cause
    unread = trial.judgement.af_missing if trial.judgement else None
    return unread.cause if unread else Cause.JUDGE_UNDECIDED


def by_side(estimand: Estimand, arms: Mapping[str, Arm]) -> dict[str, Arm]:
    """The arms as one for each side of the measure: those of all wordings of a panel together.

    The bounds of a side that has several arms are the widest of theirs.
    """
    return {name: _together([arms[arm] for arm in some]) for name, some in sides(estimand).items()}


def _together(arms: Sequence[Arm]) -> Arm:
    if len(arms) == 1:
        return arms[0]
    n, positive = sum(arm.n for arm in arms), sum(arm.positive for arm in arms)
    return Arm(
        n=n,
        positive=positive,
        rate=positive / n if n and all(arm.rate is not None for arm in arms) else None,
        low=min(arm.low for arm in arms),
        high=max(arm.high for arm in arms),
        outcomes=sum((Counter(arm.outcomes) for arm in arms), Counter[str]()),
        missing=sum((Counter(arm.missing) for arm in arms), Counter[str]()),
    )


def tally_calls(trials: Sequence[Trial]) -> Calls:
    """How many answers came from the wire, and how many from the store; the judge's, too."""
    answered = [trial for trial in trials if trial.answer]
    stored = sum(trial.stored for trial in answered)
    return Calls(
        live=len(answered) - stored,
        stored=stored,
        judge_live=sum(trial.judge_calls.live for trial in trials),
        judge_stored=sum(trial.judge_calls.stored for trial in trials),
    )


def total_cost(trials: Sequence[Trial]) -> float | None:
    """Price of all live answers in US dollars; None when one of them has no known price."""
    prices = [trial.answer.cost_usd for trial in trials if trial.answer and not trial.stored]
    prices += [trial.judge_calls.cost_usd for trial in trials]
    known = [price for price in prices if price is not None]
    return sum(known) if len(known) == len(prices) else None


def _count(values: Iterable[str | None]) -> dict[str, int]:
    counted = Counter(str(value) for value in values if value is not None)
    return dict(counted.most_common())
