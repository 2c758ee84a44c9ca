"""From the evidence to a comparison: the verdict, its headline and its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pytest_afake.gating import reasons
from pytest_afake.gating.comparison import Comparison, Interval, QueryEvidence
from pytest_afake.gating.estimand import Estimand
from pytest_afake.gating.judged import Judged
from pytest_afake.gating.panel import panel_figures
from pytest_afake.gating.panel_evidence import panel_evidence
from pytest_afake.gating.tally import by_side, tally_arms, tally_calls, total_cost
from pytest_afake.gating.withheld import too_much_missing, withheld
from pytest_afake.records import Json, Policy, Trial, Verdict, WhenUndecided
from pytest_afake.scenario import Situation
from pytest_afake.statistics import Bounds, Decision, decide

VERDICTS = {
    Decision.AT_OR_BELOW: Verdict.PASS,
    Decision.ABOVE: Verdict.FAIL,
    Decision.UNDECIDED: Verdict.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that a verdict rests on.

    ``sizes`` has the number of queries of each cluster in the query set. ``stopped`` says why no
    further call can succeed, ``capped`` which cap of the run was reached, if so; ``policy`` is what
    applies to the measure; ``exhausted`` says that every query that may be asked was asked.
    ``uncorrected`` is what the judge's labels alone would say, where ``sequence`` is corrected for
    its errors.
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
    policy: Policy
    provenance: Mapping[str, Json]
    uncorrected: Bounds | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)

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


def _by_query(evidence: Evidence) -> tuple[QueryEvidence, ...]:
    return tuple(
        QueryEvidence(
            id=query,
            cluster=trials[0].query.cluster if trials else "",
            terms=tuple(
                (result.positive, result.labelled, result.missing)
                for result in evidence.estimand.results(trials)
            ),
        )
        for query, trials in evidence.by_query.items()
    )


def _left_out(evidence: Evidence, decided: Verdict | None, obstacle: object) -> bool:
    """Whether the policy leaves it out: only what was measured in full and is simply not decided.

    What could not be measured, or what anything else forbids to count, stays in for all to see.
    """
    measured = not (evidence.stopped or evidence.capped) and evidence.sequence.informed
    skips = evidence.policy.inconclusive is WhenUndecided.SKIP
    return decided is Verdict.INCONCLUSIVE and skips and measured and not obstacle


def _interval(evidence: Evidence, limit: float | None) -> Interval:
    estimand, sequence = evidence.estimand, evidence.sequence
    return Interval(
        estimate=_estimate(estimand, sequence),
        low=sequence.lower,
        high=sequence.upper,
        alpha=sequence.levels.upper,
        fail_alpha=sequence.levels.lower,
        pairs=len(evidence.by_query),
        clusters=len({trial.query.unit for trial in evidence.trials}),
        method=sequence.method,
        complete_low=sequence.complete_lower,
        complete_high=sequence.complete_upper,
        p_above=None if limit is None else sequence.p_above(limit),
        uncorrected=_uncorrected(estimand, evidence.uncorrected),
    )


def conclude(evidence: Evidence, limit: float | None, decision: Decision | None) -> Comparison:
    """The comparison as it is reported. Without a limit it has no verdict."""
    estimand, sequence, trials = evidence.estimand, evidence.sequence, evidence.trials
    arms = tally_arms(estimand, evidence.by_query, sequence.levels, evidence.sizes)
    together = by_side(estimand, arms)
    decided = None if decision is None else VERDICTS[decision]
    why_not = withheld(decided, together, limit, evidence.policy, is_gap=estimand.terms == 2)
    verdict = Verdict.INCONCLUSIVE if why_not else decided
    gap = _interval(evidence, limit)
    wordings = panel_evidence(
        estimand, evidence.by_query, sequence.levels, evidence.sizes, evidence.judged.correction
    )
    on_mean = None if limit is None else decide(sequence, limit)
    panel = panel_figures(wordings, limit, on_mean, decision) if wordings else None
    found = reasons.Finding(evidence, arms, gap, limit, verdict, why_not, panel)
    return Comparison(
        model=evidence.model,
        simulated=evidence.simulated,
        scenario=evidence.scenario.name,
        perturbation=evidence.scenario.variant,
        descents=evidence.scenario.descents,
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
        policy=evidence.policy,
        left_out=_left_out(
            evidence,
            decided,
            too_much_missing(together, evidence.policy)
            or (panel and (panel.shown or panel.offset)),
        ),
        withheld_at=why_not.at if why_not else None,
        panel=panel,
        provenance={**evidence.provenance, "judge_calibrated": evidence.judged.calibrated},
        by_query=_by_query(evidence),
    )
