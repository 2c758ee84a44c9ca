"""What a comparison is likely to take, before a run makes a call: by simulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from pytest_afake.models.spec import ModelSpec
from pytest_afake.queries import QuerySet
from pytest_afake.records import COMPLIANCE_GAP
from pytest_afake.sampling import ROUND
from pytest_afake.settings.settings import Settings
from pytest_afake.statistics import Levels
from pytest_afake.statistics.draws import Manner
from pytest_afake.statistics.planning import AtHand, Decidable, Design, decidable, foresee

# So that a plan takes no second for the usual query sets; a tenth of the fewest is a whole number.
_RUNS, _FEWEST_RUNS, _QUERIES_IN_ALL = 100, 20, 60_000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is to be expected of one model on one query set, if its gap is held against its limit.

    ``pairs`` is what a model without a gap takes, None where that is more than the queries at
    hand; ``calls`` are those of the rounds in which they are asked.
    """

    model: str
    query_set: str
    limit: float
    queries: int
    clusters: int
    pairs: int | None
    calls: int | None
    decidable: Decidable


def prospects(
    settings: Settings, family: int, asked: Iterable[tuple[ModelSpec, QuerySet]]
) -> list[Prospect]:
    """One of each model and query set, in their order; none where every gap is within the limit."""
    simulated = cache(_simulated)
    found = {}
    for model, queries in asked:
        policy = settings.policy_of(model, COMPLIANCE_GAP)
        if (model.name, queries.source) in found or policy.limit >= 1:
            continue
        at_hand = AtHand(tuple(queries.cluster_sizes.values()), policy.max_pairs)
        design = Design(policy.limit, Levels.of(policy.alpha, family), at_hand)
        pairs, told = simulated(design, settings.samples)
        found[model.name, queries.source] = Prospect(
            model=model.name,
            query_set=queries.name,
            limit=policy.limit,
            queries=at_hand.queries,
            clusters=at_hand.clusters,
            pairs=pairs,
            calls=pairs and _calls(pairs, at_hand.queries, settings.samples),
            decidable=told,
        )
    return list(found.values())


def _simulated(design: Design, samples: int) -> tuple[int | None, Decidable]:
    manner = Manner(samples=samples)
    runs = max(_FEWEST_RUNS, min(_RUNS, _QUERIES_IN_ALL // sum(design.at_hand.sizes)))
    outlook = foresee(design, manner.pairs(0.0), runs=runs, seed=_SEED)
    return outlook.within(0.5), decidable(design, manner, runs=runs, seed=_SEED)


def _calls(pairs: int, queries: int, samples: int) -> int:
    """Of whole rounds, two arms each."""
    return 2 * samples * min(queries, -(-pairs // ROUND) * ROUND)
