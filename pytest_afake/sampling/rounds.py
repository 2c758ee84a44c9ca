"""The trials of one model in one scenario, a round of queries at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pytest_afake.records import Query, Trial
from pytest_afake.sampling.pool import Priority, Turn
from pytest_afake.sampling.sampler import Sampler
from pytest_afake.scenario import Situation

# Queries per round. The evidence is looked at after every query of a round, which the confidence
# sequence allows; a larger round fills the connections better and overshoots the decision by more.
ROUND = 15


@dataclass(slots=True)
class _Round:
    task: asyncio.Task[list[Trial]]
    turn: Turn
    left: int
    waiting: int = 0


@dataclass(slots=True)
class Rounds:
    """Rounds that many may wait for: each is drawn once, and dropped when nobody wants it.

    ``changed`` is called whenever a trial of them is finished or dropped. Lives on one event loop.
    """

    sampler: Sampler
    scenario: Situation
    arms: tuple[str, ...]
    queries: tuple[Query, ...]
    changed: Callable[[], None] = lambda: None
    _rounds: dict[int, _Round] = field(default_factory=dict)

    def __len__(self) -> int:
        """How many rounds there are."""
        return -(-len(self.queries) // ROUND)

    @property
    def per_query(self) -> int:
        """Requests for one query."""
        return len(self.arms) * self.sampler.samples

    def of(self, number: int) -> Sequence[Query]:
        """The queries of a round."""
        return self.queries[number * ROUND : (number + 1) * ROUND]

    def start(self, number: int, priority: Priority) -> None:
        """Start a round, or move it up."""
        found = self._rounds.get(number)
        if found is not None and not found.task.cancelled():
            found.turn.hurry(priority)
            return
        self._rounds[number] = self._begin(self.of(number), Turn(priority))

    def _begin(self, queries: Sequence[Query], turn: Turn) -> _Round:
        def finished() -> None:
            begun.left -= 1
            self.sampler.asker.outstanding -= 1
            self.changed()

        def over(task: asyncio.Task[list[Trial]]) -> None:
            if not task.cancelled():
                task.exception()  # whoever wanted it may be gone, and asyncio would complain
            elif begun.left:  # dropped before its requests were made
                self.sampler.asker.outstanding -= begun.left
                begun.left = 0

        work = self.sampler.round(self.scenario, self.arms, queries, turn, finished)
        begun = _Round(asyncio.create_task(work), turn, left=len(queries) * self.per_query)
        self.sampler.asker.outstanding += begun.left
        begun.task.add_done_callback(over)
        return begun

    async def get(self, number: int, priority: Priority) -> list[Trial]:
        """The trials of a round, started if nobody did. Raises what drawing them raised."""
        self.start(number, priority)
        found = self._rounds[number]
        found.waiting += 1
        try:
            return await asyncio.shield(found.task)
        finally:
            found.waiting -= 1

    def drop(self) -> None:
        """Forget all rounds that nobody waits for: their answers are in the store.

        What was sent of a round under way is still answered and stored.
        """
        for number in [number for number, found in self._rounds.items() if not found.waiting]:
            self._rounds.pop(number).task.cancel()
