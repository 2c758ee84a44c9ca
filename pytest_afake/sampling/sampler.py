"""Trials for the queries of a round: all arms and samples at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pytest_afake.judging import Case, Judge
from pytest_afake.records import OutputFormat, Query, Request, Sampling, Trial
from pytest_afake.sampling.asker import Asker
from pytest_afake.sampling.errand import Asked
from pytest_afake.sampling.pool import Turn
from pytest_afake.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws trials from one model, and has them judged."""

    asker: Asker
    judge: Judge
    sampling: Sampling
    samples: int

    async def round(
        self,
        scenario: Scenario,
        arms: Sequence[str],
        queries: Sequence[Query],
        turn: Turn | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> list[Trial]:
        """One trial for each query, arm and sample index, in that order whatever arrives first.

        ``done`` is called once for each trial.
        """
        fmt, place = scenario.output_format, turn or Turn()

        async def trial(arm: str, query: Query, index: int) -> Trial:
            try:
                request = self.request(scenario, arm, query, index)
                asked = await self.asker.ask(request, place)
                return await self._judged(asked, fmt, arm, query, index)
            finally:
                done()

        drawn = (
            trial(arm, query, index)
            for query in queries
            for arm in arms
            for index in range(self.samples)
        )
        return list(await asyncio.gather(*drawn))

    def requests(
        self, scenario: Scenario, arms: Sequence[str], queries: Sequence[Query]
    ) -> Iterator[Request]:
        """All that a round asks for."""
        for query in queries:
            for arm in arms:
                for index in range(self.samples):
                    yield self.request(scenario, arm, query, index)

    def request(self, scenario: Scenario, arm: str, query: Query, index: int) -> Request:
        return Request(scenario.render(arm, query.text), self.sampling, index)

    async def _judged(
        self, asked: Asked, fmt: OutputFormat, arm: str, query: Query, index: int
    ) -> Trial:
        if asked.answer is None:
            return Trial(query, arm, index, missing=asked.missing, key=asked.key)
        judgement = await self.judge.judge(Case(query.text, asked.answer, fmt))
        return Trial(
            query,
            arm,
            index,
            answer=asked.answer,
            judgement=judgement,
            missing=judgement.missing,
            stored=asked.stored,
            key=asked.key,
        )
