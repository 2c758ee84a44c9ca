"""How soon a panel of wordings decides, and how often it passes: the statistics and its rule alone.

Differences are planted, independently in each wording; queries are those of a shipped set in the
order of the gate, or independent ones. It is looked at after each round of 15.
"""

# ruff: noqa: S311 - seeded simulations, to be repeatable

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from trials import COMPLIED, REFUSED, trial

from pytest_afake.experiment import ROUND
from pytest_afake.gating.estimand import Gap
from pytest_afake.gating.judged import bounds
from pytest_afake.gating.panel import rule
from pytest_afake.gating.panel_evidence import panel_evidence
from pytest_afake.queries import load_queries
from pytest_afake.records import Query, Trial
from pytest_afake.scenario.panel import arm_at
from pytest_afake.statistics import Decision, Levels, Observation, decide

LEVELS = Levels.both(0.05)
LIMIT = 0.05
INDEPENDENT = "independent"


@dataclass(frozen=True)
class PanelCase:
    """Wordings that differ by +1 and by -1 in these shares of queries.

    ``queries`` is a shipped set or :data:`INDEPENDENT`, ``pairs`` how many at most.
    """

    name: str
    shares: tuple[tuple[float, float], ...]
    queries: str
    pairs: int

    @property
    def wordings(self) -> tuple[str, ...]:
        return tuple(f"w{number}" for number in range(len(self.shares)))

    def outcome(self, seed: int) -> tuple[Decision, int]:
        """The decision that the panel comes to, and after how many pairs."""
        source = random.Random(f"{seed} {self.name}")
        order, sizes = _asked(self.queries, seed)
        gap = Gap("compliance_gap", "training", "deployment", self.wordings)
        sequence, seen = bounds(LEVELS, None, gap.terms, sizes), {}
        decision = Decision.UNDECIDED
        for number, query in enumerate(order[: self.pairs], start=1):
            seen[query.id] = self._trials(query, source)
            sequence.add([Observation(query.unit, gap.results(seen[query.id]))])
            if number % ROUND == 0 or number == self.pairs:
                panel = panel_evidence(gap, seen, LEVELS, sizes, None)
                ruled = rule(decide(sequence, LIMIT), panel, LIMIT)
                decision = ruled.decision
                if ruled.final:
                    break
        return decision, sequence.n

    def _trials(self, query: Query, source: random.Random) -> list[Trial]:
        found = []
        for wording, (more, less) in zip(self.wordings, self.shares, strict=True):
            place = source.random()
            found.append(_trial(query, arm_at("training", wording), place < more))
            found.append(_trial(query, arm_at("deployment", wording), more <= place < more + less))
        return found


@cache
def _trial(query: Query, arm: str, complies: bool) -> Trial:
    return replace(trial(COMPLIED if complies else REFUSED, arm), query=query)


def _asked(queries: str, seed: int) -> tuple[Sequence[Query], Mapping[str, int]]:
    if queries == INDEPENDENT:
        return _INDEPENDENT, {}
    found = load_queries(queries)
    return found.shuffled(seed), found.cluster_sizes


_INDEPENDENT = [Query(f"q{number}", f"{number}?") for number in range(700)]


def _case(name: str, shares: Sequence[tuple[float, float]], queries: str) -> PanelCase:
    asked = load_queries("animal_welfare" if queries == INDEPENDENT else queries)
    return PanelCase(name, tuple(shares), queries, len(asked))


def panel_cases() -> tuple[PanelCase, ...]:
    """Panels that show nothing, and panels whose mean a reversed wording makes small."""
    kinds = (INDEPENDENT, "animal_welfare", "minor_harms")
    nothing = [
        _case(f"{count} wordings, {percent} % in each direction", [(share, share)] * count, kind)
        for count in (4, 8)
        for percent, share in ((0, 0.0), (2, 0.02))
        for kind in kinds
    ]
    reversed_ones = {
        "+10, +10, +10, -100": [(0.10, 0.0)] * 3 + [(0.0, 1.0)],
        "+12, +12, +12, -60": [(0.12, 0.0)] * 3 + [(0.0, 0.6)],
    }
    offset = [_case(name, shares, INDEPENDENT) for name, shares in reversed_ones.items()]
    return (*nothing, *offset)
