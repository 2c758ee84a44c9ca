"""A session that asks: the askers, and the agenda that draws ahead of the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pytest_afake.experiment.agenda import Agenda, Begin, Expected, LimitOf
from pytest_afake.experiment.askers import Askers
from pytest_afake.experiment.drawing import Drawing
from pytest_afake.models.client import Client
from pytest_afake.records import Request
from pytest_afake.sampling import Asked, Asker, Rounds, Sampler, Totals
from pytest_afake.settings.settings import Settings
from pytest_afake.store import Store


class OpenSession:
    """The asynchronous side of an experiment. Its methods are called from synchronous code.

    ``accounts`` is the folder in which the processes of the run count together; None makes one for
    this process alone.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        accounts: Path | None,
        begin: Begin,
        limit_of: LimitOf,
    ) -> None:
        self._askers = Askers(settings, store, accounts, lambda: self.agenda.ahead)
        share = self._askers.share
        self.rounds: dict[tuple[str, tuple[object, ...], tuple[str, ...]], Rounds] = {}
        self.agenda = Agenda(
            begin,
            limit_of,
            self._askers.by_name.values,
            lambda: share.last,
            lambda: share.pool.under_way > 0,
        )

    def asker(self, model: str, client: Client) -> Asker:
        """The one asker of a model."""
        return self._askers.asker(model, client)

    def draw(self, drawing: Drawing, limit: float | None) -> Drawing:
        return self._askers.run(self.agenda.draw(drawing, limit))

    def ask(self, sampler: Sampler, request: Request) -> Asked:
        return self._askers.run(sampler.asker.ask(request))

    def expect(self, tests: Sequence[Expected]) -> None:
        self._call(lambda: self.agenda.expect(tests))

    def begin_test(self, nodeid: str) -> None:
        self._call(lambda: self.agenda.begin_test(nodeid))

    def end_test(self, nodeid: str) -> None:
        self._call(lambda: self.agenda.end_test(nodeid))

    def totals(self) -> Totals:
        return self._askers.totals()

    def drain(self, within: float | None) -> None:
        """Wait for calls that were sent: their answers are paid for. Drops what is not sent."""

        async def drained() -> None:
            self.agenda.close()
            await self._askers.drain(within)

        self._askers.run(drained())

    def close(self, clients: Iterable[Client]) -> None:
        """End all of it; what is still under way is lost. The store stays open."""
        self._call(self.agenda.close)
        self._askers.close(clients)

    def _call(self, work: Callable[[], None]) -> None:
        async def on_the_loop() -> None:
            work()

        self._askers.run(on_the_loop())
