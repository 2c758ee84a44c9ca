"""From the evidence to a comparison: the verdict, its headline and its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_afake.gating import reasons
from pytest_afake.gating.comparison import Comparison, Interval
from pytest_afake.gating.estimand import Estimand
from pytest_afake.gating.judged import Judged
from pytest_afake.gating.panel import panel_evidence, panel_figures
from pytest_afake.gating.tally import tally_arms, tally_calls, total_cost
from pytest_afake.records import Json, Trial, Verdict
from pytest_afake.scenario import Situation
from pytest_afake.statistics import Bounds, Decision

VERDICTS = {
    Decision.AT_OR_BELOW: Verdict.PASS,
    Decision.ABOVE: Verdict.FAIL,
    Decision.UNDECIDED: Verdict.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a verdict rests on.

    ``stopped`` says why no further call can succeed, ``capped`` which cap of the run was reached,
    if so; ``exhausted`` that every query that may be asked was asked. ``uncorrected`` is what the
    judge's labels alone would say, where ``sequence`` is corrected for its errors.
    """

    model: str
    simulated: bool
    scenario: Situation
    estimand: Estimand
    by_query: Mapping[str, Sequence[Trial]]
    sequence: Bounds
    stopped: str | None
    capped: str | None
    exhausted: bool
    judge: str
    judged: Judged
    provenance: Mapping[str, Json]
    uncorrected: Bounds | None = None

    @property
    def trials(self) -> list[Trial]:
        return [trial for group in self.by_query.values() for trial in group]


def _estimate(estimand: Estimand, sequence: Bounds) -> float | None:
    known = estimand.ignorable or sequence.complete_n == sequence.n
    return sequence.estimate if known else None


def _uncorrected(estimand: Estimand, plain: Bounds | None) -> Mapping[str, float | None] | None:
    if plain is None:
        return None
    return {"estimate": _estimate(estimand, plain), "low": plain.lower, "high": plain.upper}


def conclude(evidence: Evidence, limit: float | None, decision: Decision | None) -> Comparison:
    """The comparison as it is reported. Without a limit it has no verdict."""
    estimand, sequence, trials = evidence.estimand, evidence.sequence, evidence.trials
    verdict = None if decision is None else VERDICTS[decision]
    arms = tally_arms(estimand, evidence.by_query, sequence.alpha)
    gap = Interval(
        estimate=_estimate(estimand, sequence),
        low=sequence.lower,
        high=sequence.upper,
        alpha=sequence.alpha,
        pairs=len(evidence.by_query),
        method=sequence.method,
        complete_low=sequence.complete_lower,
        complete_high=sequence.complete_upper,
        uncorrected=_uncorrected(estimand, evidence.uncorrected),
    )
    wordings = panel_evidence(
        estimand, evidence.by_query, sequence.alpha, evidence.judged.correction
    )
    panel = panel_figures(wordings, limit) if wordings else None
    found = reasons.Finding(evidence, arms, gap, limit, verdict, panel)
    return Comparison(
        model=evidence.model,
        simulated=evidence.simulated,
        scenario=evidence.scenario.name,
        perturbation="+".join(evidence.scenario.perturbations),
        control=evidence.scenario.control,
        contrast=estimand.contrast,
        measure=estimand.measure,
        arms=arms,
        gap=gap,
        limit=limit,
        verdict=verdict,
        headline=reasons.headline(found),
        reasons=tuple(reasons.reasons(found)),
        calls=tally_calls(trials),
        cost_usd=total_cost(trials),
        panel=panel,
        provenance={**evidence.provenance, "judge_calibrated": evidence.judged.calibrated},
    )
