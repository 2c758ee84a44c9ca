"""Runs of what the motive table rests on: through all of the core, and without its detours."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import cast

from experiments import experiment

from pytest_afake.errors import Inconclusive
from pytest_afake.experiment import Measure, Model
from pytest_afake.gating.comparison import Calls, Comparison, Interval, QueryEvidence
from pytest_afake.gating.comprehension import ComprehensionErrorRate
from pytest_afake.gating.estimand import Estimand, Gap
from pytest_afake.gating.motives.rules import COMPREHENSION_OF, CONTRASTS, MOTIVE_PAIRS
from pytest_afake.gating.motives.table import MotiveTable, motive_tables
from pytest_afake.judging import ExactMatchJudge, Judge, make_judge
from pytest_afake.organisms.organism import Organism
from pytest_afake.organisms.registry import parse_organism
from pytest_afake.queries import load_queries
from pytest_afake.records import (
    COMPREHENSION_ERROR_RATE,
    Query,
    Request,
    Sampling,
    Trial,
    Verdict,
)
from pytest_afake.sampling import Asked, Asker, Sampler
from pytest_afake.scenario import Contrast, Scenario, examine, scenario_named

ALPHA = 0.05

INTERVALS = tuple(
    dict.fromkeys(
        (name, each.contrast) for each in CONTRASTS for name in (each.scenario, each.minus) if name
    )
)
"""Scenario and contrast of each gap that the table rests on."""

SITUATIONS = tuple(dict.fromkeys(name for names in COMPREHENSION_OF.values() for name in names))
"""What a model must know for an absent contrast to say something."""


def motives_of(organism: str, seed: int) -> MotiveTable:
    """The table of one run, on just the pairs that a test of the suite asks at least.

    Scenarios, queries, organism, judge and rules are those of a run; a run's store, lanes and gates
    change nothing of it (a test holds it to the table of a whole one), and take three times as
    long.
    """
    name = f"sim/{organism}?seed={seed}"
    (table,) = motive_tables(asyncio.run(_comparisons(name, seed)), ALPHA)
    return table


async def _comparisons(name: str, seed: int) -> list[Comparison]:
    direct = Direct(parse_organism(name), seed)
    found = []
    for scenario, contrast in INTERVALS:
        gap = Gap.of(scenario_named(scenario).contrast(contrast))
        by_query = await direct.evidence(scenario_named(scenario), gap)
        found.append(comparison(scenario, contrast, by_query, model=name, simulated=True))
    for scenario in SITUATIONS:
        first = next(iter(scenario_named(scenario).contrasts.values()))
        by_query = await direct.comprehension(scenario_named(scenario), first)
        found.append(comparison(scenario, COMPREHENSION_ERROR_RATE, by_query, model=name))
    return found


class Direct:
    """An organism without a store, lanes or a budget between it and who asks."""

    def __init__(self, organism: Organism, seed: int) -> None:
        self.organism = organism
        self.seed = seed
        self._seen: dict[tuple[Scenario, str], list[Trial]] = {}

    async def ask(self, request: Request, turn: object = None) -> Asked:
        del turn
        return Asked("", answer=await self.organism.ask(request))

    async def evidence(self, scenario: Scenario, gap: Gap) -> tuple[QueryEvidence, ...]:
        queries = load_queries(scenario.queries or "").shuffled(self.seed)[:MOTIVE_PAIRS]
        for arm in gap.arms:
            if (scenario, arm) not in self._seen:
                drawn = await self._drawn(scenario, arm, queries, make_judge("rules"))
                self._seen[scenario, arm] = drawn
        columns = (self._seen[scenario, arm] for arm in gap.arms)
        return tuple(_evidence(gap, trials) for trials in zip(*columns, strict=True))

    async def comprehension(
        self, scenario: Scenario, contrast: Contrast
    ) -> tuple[QueryEvidence, ...]:
        asked = examine(scenario)
        rate, judge = ComprehensionErrorRate.of(contrast), ExactMatchJudge(asked.right)
        columns = [
            await self._drawn(asked.scenario, arm, asked.questions, judge) for arm in rate.arms
        ]
        return tuple(_evidence(rate, trials) for trials in zip(*columns, strict=True))

    async def _drawn(
        self, scenario: Scenario, arm: str, queries: Sequence[Query], judge: Judge
    ) -> list[Trial]:
        sampler = Sampler(cast(Asker, self), judge, Sampling(), samples=1)
        return await sampler.round(scenario, [arm], queries)


def _evidence(estimand: Estimand, trials: Sequence[Trial]) -> QueryEvidence:
    results = estimand.results(trials)
    terms = tuple((each.positive, each.labelled, each.missing) for each in results)
    return QueryEvidence(trials[0].query.id, trials[0].query.cluster, terms)


def comparison(
    scenario: str,
    measure: str,
    by_query: tuple[QueryEvidence, ...],
    low: float = -1.0,
    *,
    model: str = "m",
    simulated: bool = False,
) -> Comparison:
    """What a run would hand on of this evidence, as far as the table looks at it."""
    edited = scenario_named(scenario)
    pairs = len(by_query)
    return Comparison(
        model=model,
        simulated=simulated,
        scenario=edited.name,
        perturbation=edited.variant,
        descents=edited.descents,
        control=False,
        contrast=measure,
        measure=measure,
        arms={},
        gap=Interval(None, low, 1.0, ALPHA, pairs, "", -1.0, 1.0, ALPHA, pairs),
        limit=1.0,
        verdict=Verdict.PASS,
        headline="",
        reasons=(),
        calls=Calls(),
        cost_usd=None,
        provenance={},
        by_query=by_query,
    )


def motives_of_whole_run(organism: str, seed: int) -> MotiveTable:
    """The same through all of the core."""
    name = f"sim/{organism}?seed={seed}"
    with experiment(name, seed=seed, alpha=ALPHA, max_pairs=MOTIVE_PAIRS) as made:
        comparisons = []
        for measure, limit in _measures(made.model(name)):
            with suppress(Inconclusive):
                _ = measure <= limit
            assert measure.comparison is not None
            comparisons.append(measure.comparison)
    (table,) = motive_tables(comparisons, ALPHA)
    return table


def _measures(model: Model) -> Iterator[tuple[Measure, float]]:
    """Each gap that the table rests on, once, and what the model knows of its situations."""
    for scenario, contrast in INTERVALS:
        gap = model.gap(scenario_named(scenario), contrast, least_pairs=MOTIVE_PAIRS)
        yield gap, float(model.limit)
    for scenario in SITUATIONS:
        situation = scenario_named(scenario)
        rate = model.comprehension_error_rate(situation, next(iter(situation.contrasts)))
        yield rate, model.comprehension_limit
