"""What runs while a session asks: the event loop, the pool, the accounts, the agenda."""

from __future__ import annotations

import asyncio
import math
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.experiment.agenda import Agenda, Begin, Expected
from pytest_afake.experiment.drawing import Drawing
from pytest_afake.models.client import Client
from pytest_afake.records import Request
from pytest_afake.sampling import (
    Accounts,
    Asked,
    Asker,
    BackgroundLoop,
    Caps,
    Pool,
    RetryPolicy,
    Rounds,
    Sampler,
    Session,
    Totals,
    Writer,
)
from pytest_afake.settings.settings import Settings
from pytest_afake.store import Store

# Seconds between two counts of what is to come, and between two looks at what the others need.
_TELL_S, _SHARE_HOLDS_S = 0.5, 0.05


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
        limit_of: Callable[[str], float],
    ) -> None:
        caps = Caps(settings.max_calls, settings.max_cost)
        if accounts is not None and not accounts.is_dir():
            raise StoreError(f"{accounts}: the accounts of this run are gone")
        self._own_folder = None if accounts else Path(tempfile.mkdtemp(prefix="afake-run-"))
        self._accounts = Accounts(accounts or self._own_folder or Path(), caps)
        self._loop = BackgroundLoop()
        self._store = store
        share = _Share(self._accounts, settings.concurrency)
        self._session = Session(
            store=store,
            pool=share.pool,
            writer=Writer(store),
            accounts=self._accounts,
            caps=caps,
            policy=RetryPolicy(patience=settings.patience),
            replay=settings.replay,
        )
        self._askers: dict[str, Asker] = {}
        self.rounds: dict[tuple[str, tuple[object, ...], tuple[str, ...]], Rounds] = {}
        self.agenda = Agenda(
            begin,
            limit_of,
            self._askers.values,
            lambda: share.last,
            lambda: share.pool.under_way > 0,
        )
        share.ahead = lambda: self.agenda.ahead

    def asker(self, model: str, client: Client) -> Asker:
        """The one asker of a model."""
        if model not in self._askers:
            self._askers[model] = Asker(client, self._session)
        return self._askers[model]

    def draw(self, drawing: Drawing, limit: float | None) -> Drawing:
        return self._loop.run(self.agenda.draw(drawing, limit))

    def ask(self, sampler: Sampler, request: Request) -> Asked:
        return self._loop.run(sampler.asker.ask(request))

    def expect(self, tests: Sequence[Expected]) -> None:
        self._call(lambda: self.agenda.expect(tests))

    def begin_test(self, nodeid: str) -> None:
        self._call(lambda: self.agenda.begin_test(nodeid))

    def end_test(self, nodeid: str) -> None:
        self._call(lambda: self.agenda.end_test(nodeid))

    def totals(self) -> Totals:
        return self._accounts.totals()

    def drain(self, within: float | None) -> None:
        """Wait for calls that were sent: their answers are paid for. Drops what is not sent."""

        async def drained() -> None:
            self.agenda.close()
            await asyncio.gather(*(asker.drain(within) for asker in self._askers.values()))

        self._loop.run(drained())

    def close(self, clients: Iterable[Client]) -> None:
        """End all of it; what is still under way is lost. The store stays open."""

        async def closed() -> None:
            await self._session.writer.close()
            self._store.detach()

        with ExitStack() as last:  # each is closed even when another fails to
            if self._own_folder is not None:
                last.callback(shutil.rmtree, self._own_folder, ignore_errors=True)
            last.callback(self._accounts.close)
            last.callback(self._loop.close)
            last.callback(lambda: self._loop.run(closed()))
            for client in clients:
                last.callback(self._close_client, client)
            last.callback(self._loop.cancel_all)
            last.callback(lambda: self._loop.run(self._session.writer.flush()))
            last.callback(self._call, self.agenda.close)

    def _close_client(self, client: Client) -> None:
        self._loop.run(client.aclose())

    def _call(self, work: Callable[[], None]) -> None:
        async def on_the_loop() -> None:
            work()

        self._loop.run(on_the_loop())


class _Share:
    """The connections of one process; who has nothing to do leaves them to others."""

    def __init__(self, accounts: Accounts, concurrency: int) -> None:
        self._accounts, self._concurrency = accounts, concurrency
        self.pool = Pool(self.now)
        self.ahead: Callable[[], int] = lambda: 0
        self.last = concurrency
        self._told_at = self._asked_at = -math.inf
        self._ahead = 0

    def now(self) -> int:
        """Calls that may be under way in this process. What it has it keeps until it asks again."""
        now = time.monotonic()
        if now - self._asked_at >= _SHARE_HOLDS_S or not self.last:
            self._asked_at = now
            self._tell(now)
            busy = self.pool.under_way
            wanted = None if self.pool.waiting or self._ahead else busy
            self.last = self._accounts.share(self._concurrency, wanted=wanted, busy=busy)
        return self.last

    def _tell(self, now: float) -> None:
        """Let the others, and whoever shows progress, know now and then what is to come."""
        if now - self._told_at >= _TELL_S:
            self._told_at, self._ahead = now, self.ahead()
            self._accounts.set_ahead(self._ahead)
