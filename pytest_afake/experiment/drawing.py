"""Drawing answers for one measure, a round at a time, and keeping the evidence up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.gating.estimand import Estimand
from pytest_afake.records import Query, Trial
from pytest_afake.sampling import BackgroundLoop, Sampler
from pytest_afake.scenario import Scenario
from pytest_afake.statistics import ConfidenceSequence, Range

# Pairs per round. The evidence is looked at after every pair of a round, which the confidence
# sequence allows; a larger round fills the connections better and overshoots the decision by more.
ROUND = 15


@dataclass(frozen=True, slots=True)
class Plan:
    """What to draw: the queries are in their final order, and are all that may be asked.

    ``can_be_shown`` is False when the judge can never say that an answer shows what is measured.
    """

    scenario: Scenario
    estimand: Estimand
    queries: tuple[Query, ...]
    alpha: float
    can_be_shown: bool = True


class Drawing:
    """The trials of one measure so far, and what they say."""

    def __init__(self, plan: Plan, sampler: Sampler, loop: BackgroundLoop) -> None:
        self.plan = plan
        self.sampler = sampler
        self.by_query: dict[str, list[Trial]] = {}
        self.sequence = self._sequence()
        self._best_case, self._worst_case = self._sequence(), self._sequence()
        self._loop = loop
        self._answered = True

    @property
    def trials(self) -> list[Trial]:
        """All trials so far, in query order."""
        return [trial for group in self.by_query.values() for trial in group]

    @property
    def pairs(self) -> int:
        """Queries asked so far."""
        return len(self.by_query)

    @property
    def stopped(self) -> str | None:
        """Why no call to this model can succeed, if one has shown it and answers lack for it.

        A model that another measure found stopped may still have all of its answers in the store.
        """
        failed = self.sampler.asker.stopped
        lacking = any(trial.answer is None for trial in self.trials)
        return failed.detail if failed and lacking else None

    @property
    def exhausted(self) -> bool:
        """True when every query that may be asked was asked."""
        return self.pairs >= len(self.plan.queries)

    @property
    def over(self) -> bool:
        """True when there is nothing left to ask, or nobody left who would answer."""
        return self.exhausted or self.mute or (bool(self.stopped) and not self._answered)

    @property
    def mute(self) -> bool:
        """True when a whole round went by without one readable answer."""
        return self.pairs > 0 and all(trial.missing for trial in self.trials)

    def hopeless(self, limit: float) -> bool:
        """True when what is missing keeps the limit undecided, however long one asked.

        With every missing trial at its worst the measure is surely above the limit, and with every
        one at its best it is surely not: each by its own bound at alpha. Going on costs calls and
        cannot change that. Stopping early never adds a verdict, so it adds no error.
        """
        never_above = not self.plan.can_be_shown or self._best_case.upper <= limit
        return self._worst_case.lower > limit and never_above

    def advance(self) -> None:
        """Draw the next round and add it to the evidence."""
        queries = self.plan.queries[self.pairs : self.pairs + ROUND]
        work = self.sampler.round(self.plan.scenario, self.plan.estimand.arms, queries)
        self._add(queries, self._loop.run(work))

    def _add(self, queries: Sequence[Query], trials: Sequence[Trial]) -> None:
        for query in queries:
            self.by_query[query.id] = []
        for trial in trials:
            self.by_query[trial.query.id].append(trial)
        self._answered = any(trial.answer for trial in trials)
        ranges = [self.plan.estimand.of_query(self.by_query[query.id]) for query in queries]
        self.sequence.add(ranges)
        self._best_case.add(Range(item.low, item.low) for item in ranges)
        self._worst_case.add(Range(item.high, item.high) for item in ranges)

    def _sequence(self) -> ConfidenceSequence:
        return ConfidenceSequence(self.plan.alpha, low=self.plan.estimand.low, high=1.0)
