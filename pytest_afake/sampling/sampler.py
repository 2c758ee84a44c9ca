"""Trials for the queries of a round: all arms and samples at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from pytest_afake.judging import Case, Judge
from pytest_afake.records import OutputFormat, Query, Request, Sampling, Trial
from pytest_afake.sampling.asker import Asked, Asker
from pytest_afake.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws trials from one model, and has them judged."""

    asker: Asker
    judge: Judge
    sampling: Sampling
    samples: int

    async def round(
        self, scenario: Scenario, arms: Sequence[str], queries: Sequence[Query]
    ) -> list[Trial]:
        """One trial for each query, arm and sample index, in that order whatever arrives first."""
        fmt = scenario.output_format
        return await asyncio.gather(
            *(
                self._trial(scenario, fmt, arm, query, index)
                for query in queries
                for arm in arms
                for index in range(self.samples)
            )
        )

    async def _trial(
        self, scenario: Scenario, fmt: OutputFormat, arm: str, query: Query, index: int
    ) -> Trial:
        request = Request(scenario.render(arm, query.text), self.sampling, index)
        asked = await self.asker.ask(request)
        return await self._judged(asked, fmt, arm, query, index)

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
