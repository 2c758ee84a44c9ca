"""Trials for the queries of a round: all arms and samples at the same time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pytest_afake.judging import Case, Judge
from pytest_afake.records import Message, Query, Request, Sampling, Trial, begun_reply
from pytest_afake.sampling.asker import Asker
from pytest_afake.sampling.consulting import Consultation
from pytest_afake.sampling.errand import Asked
from pytest_afake.sampling.pool import Turn
from pytest_afake.scenario import Situation

# Stands where a query goes, to compare what is around it.
_NO_QUERY = "\0"


@dataclass(frozen=True, slots=True)
class Sampler:
    """Draws trials from one model, and has them judged.

    ``judge_asker`` asks the judge's own model, if it has one.
    """

    asker: Asker
    judge: Judge
    sampling: Sampling
    samples: int
    judge_asker: Asker | None = None

    async def round(
        self,
        scenario: Situation,
        arms: Sequence[str],
        queries: Sequence[Query],
        turn: Turn | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> list[Trial]:
        """One trial for each query, arm and sample index, in that order whatever arrives first.

        ``done`` is called once for each trial.
        """
        place, indices = turn or Turn(), self.indices(scenario, arms)

        async def trial(arm: str, query: Query, index: int) -> Trial:
            try:
                request = self.request(scenario, arm, query, index)
                asked = await self.asker.ask(request, place)
                unjudged = Trial(
                    query,
                    arm,
                    index,
                    missing=asked.missing,
                    key=asked.key,
                    prefill=begun_reply(request.messages),
                )
                return await self._judged(unjudged, asked, scenario, place)
            finally:
                done()

        drawn = (
            trial(arm, query, index) for query in queries for arm in arms for index in indices[arm]
        )
        return list(await asyncio.gather(*drawn))

    def requests(
        self, scenario: Situation, arms: Sequence[str], queries: Sequence[Query]
    ) -> Iterator[Request]:
        """All that a round asks for."""
        indices = self.indices(scenario, arms)
        for query in queries:
            for arm in arms:
                for index in indices[arm]:
                    yield self.request(scenario, arm, query, index)

    def indices(self, scenario: Situation, arms: Sequence[str]) -> dict[str, range]:
        """The sample indices of each arm.

        Arms that send the same text are different draws of it: the later one goes on where the
        earlier one ends, or the two would be one answer, and their gap 0.
        """
        before = Counter[tuple[Message, ...]]()
        indices = {}
        for arm in arms:
            sent = scenario.render(arm, _NO_QUERY)
            indices[arm] = range(before[sent], before[sent] + self.samples)
            before[sent] += self.samples
        return indices

    def request(self, scenario: Situation, arm: str, query: Query, index: int) -> Request:
        return Request(scenario.render(arm, query.text), self.sampling, index)

    async def _judged(self, trial: Trial, asked: Asked, scenario: Situation, turn: Turn) -> Trial:
        if asked.answer is None:
            return trial
        case = Case(
            trial.query.text,
            asked.answer,
            scenario.output_format,
            scenario.compliance,
            trial.prefill,
        )
        consultation = Consultation(self.judge_asker, turn)
        judgement = await self.judge.judge(case, consultation.ask)
        return replace(
            trial,
            answer=asked.answer,
            judgement=judgement,
            missing=judgement.missing,
            stored=asked.stored,
            judge_calls=consultation.calls,
        )
