"""One drawing on its way to a decision: which rounds are under way for it."""

from __future__ import annotations

import asyncio

from pytest_afake.experiment.drawing import Drawing
from pytest_afake.sampling import NOW, ROUND, Asker, Priority
from pytest_afake.statistics import fewest_to_pass


class Course:
    """Takes the rounds of a drawing in their order, whichever arrives first.

    ``limit`` is what the drawing is held against; None draws all rounds. ``most_rounds`` bounds
    what is drawn before anybody has said what it is held against. ``index`` is the place of
    its test among all that are to come. ``broken`` says that a round could not be drawn (the store
    failed): that is an error, and not missing data. Lives on the event loop.
    """

    def __init__(self, drawing: Drawing, limit: float | None, index: int) -> None:
        self.drawing = drawing
        self.limit = limit
        self.index = index
        self.most_rounds: int | None = None
        self.finished = drawing.finished(limit)
        self.broken = False
        self._wanted: tuple[int, float | None, int] | None = None  # rounds taken, limit, and wanted
        self._taking: list[asyncio.Task[None]] = []

    @property
    def next_round(self) -> int:
        """The first round that was not started for it."""
        return self.drawing.taken + len(self._taking)

    @property
    def asker(self) -> Asker:
        return self.drawing.rounds.sampler.asker

    @property
    def per_query(self) -> int:
        """Requests for one query."""
        return self.drawing.rounds.per_query

    @property
    def left(self) -> int:
        """The largest number of requests that may still be made for it."""
        queries = self.drawing.rounds.queries
        return 0 if self.finished else (len(queries) - self.drawing.pairs) * self.per_query

    @property
    def under_way(self) -> bool:
        """Whether rounds are under way that may make a further one needless."""
        return bool(self._taking)

    @property
    def open(self) -> bool:
        """Whether another round may be started: it is needed, as far as one can tell."""
        most = len(self.drawing.rounds)
        if self.most_rounds is not None:
            most = min(most, self.most_rounds)
        over = self.finished or self.broken
        return not over and self.next_round < min(most, self._wanted_rounds())

    def fits(self, limit: float | None) -> bool:
        """Whether its evidence is what a drawing for this limit would have taken."""
        return limit == self.limit or self.next_round <= 1

    def hold(self, limit: float | None) -> None:
        """Hold the drawing against a limit from now on."""
        self.limit, self.most_rounds = limit, None
        self.finished = self.drawing.finished(limit)

    def _wanted_rounds(self) -> int:
        """How many rounds it will need, as far as one can tell.

        It is asked after each answer, and changes only when a round is taken.
        """
        if self._wanted is None or self._wanted[:2] != (self.drawing.taken, self.limit):
            self._wanted = self.drawing.taken, self.limit, self._rounds_to_go()
        return self._wanted[2]

    def _rounds_to_go(self) -> int:
        """All rounds where everything is asked for.

        While no gap is in sight, those without which nothing can pass; otherwise a third more than
        it took so far without a decision.
        """
        taken, estimate = self.drawing.taken, self.drawing.sequence.estimate
        if self.limit is None:
            return len(self.drawing.rounds)
        least = -(-self.drawing.question.least_pairs // ROUND)
        if taken < least:
            return least
        if estimate is None or estimate > self.limit:
            return taken + 1 + taken // 3
        needed = fewest_to_pass(self.drawing.sequence, self.limit) or 0
        return taken + max(1, -(-needed // ROUND))

    def start_next(self, priority: Priority) -> None:
        """Start the next round, and take it when those before it are taken."""
        number, before = self.next_round, self._taking[-1] if self._taking else None
        self.drawing.rounds.start(number, priority)
        task = asyncio.create_task(self._take(number, before, priority))
        task.add_done_callback(_retrieve)
        self._taking.append(task)

    async def finish(self) -> None:
        """Somebody waits: draw until it is finished, before all others."""
        for number in range(self.drawing.taken, self.next_round):
            self.drawing.rounds.start(number, NOW)
        while not self.finished:
            if not self._taking:
                self.start_next(NOW)
            await asyncio.shield(self._taking[0])

    def stop(self) -> None:
        """Drop what is not needed any more; what was sent is still answered and stored."""
        for task in self._taking:
            task.cancel()
        self._taking.clear()
        loop = asyncio.get_running_loop()
        loop.call_soon(self.drawing.rounds.drop)  # when nobody waits for them any more

    async def _take(self, number: int, before: asyncio.Task[None] | None, how: Priority) -> None:
        if before is not None:
            await asyncio.shield(before)  # its error is ours: evidence has no gaps
        try:
            self.drawing.take(await self.drawing.rounds.get(number, how))
        except Exception:
            self.broken = True
            raise
        self.finished = self.drawing.finished(self.limit)
        self._taking.pop(0)
        if self.finished:
            self.stop()


def _retrieve(task: asyncio.Task[None]) -> None:
    """An error belongs to the test that waits for this drawing; there may be none yet."""
    if not task.cancelled():
        task.exception()
