"""Organisms behind a socket of this process, which notes every request: what a test counts by.

What a client says that it has sent is its own account of it. What arrived here was sent.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.typedefs import Handler
from thread_server import Started, in_a_thread

from pytest_afake.organisms.server import OrganismService, Settings


@dataclass(eq=False)
class Seen:
    """One request. ``body`` is its text: equal for equal requests. Times are time.monotonic()."""

    body: str
    arrived: float
    answered: float | None = None

    @property
    def situation(self) -> str:
        """The first message: the same for all requests of one scenario."""
        content: str = json.loads(self.body)["messages"][0]["content"]
        return content


@dataclass
class CountingServer:
    """``seen`` has every request in the order of arrival; ``most`` were under way at a time.

    ``latency_s`` is the wait before each answer. ``refusal`` is sent in place of an answer while it
    is set: a status and headers.
    """

    url: str = ""
    latency_s: float = 0.02
    seen: list[Seen] = field(default_factory=list, repr=False)
    most: int = 0
    refusal: tuple[int, Mapping[str, str]] | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)

    @property
    def under_way(self) -> int:
        """Requests that have arrived and are not answered."""
        with self._changed:
            return sum(each.answered is None for each in self.seen)

    @property
    def distinct(self) -> int:
        """How many different requests there were."""
        with self._changed:
            return len({each.body for each in self.seen})

    @property
    def twice(self) -> list[str]:
        """The requests that came more than once."""
        with self._changed:
            times = Counter(each.body for each in self.seen)
        return [body for body, number in times.items() if number > 1]

    def __len__(self) -> int:
        return len(self.seen)

    def settle(self, quiet_s: float = 0.1) -> None:
        """Wait until all is answered and nothing more arrives from a client that is gone."""
        seen = -1
        while seen != len(self) or self.under_way:
            seen = len(self)
            time.sleep(quiet_s)

    def forget(self) -> None:
        """Begin to count anew."""
        with self._changed:
            self.seen.clear()
            self.most = 0

    def wait_for(self, requests: int, timeout_s: float = 30) -> None:
        """Wait until so many requests have arrived."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.seen) >= requests, timeout_s), (
                f"{len(self.seen)} of {requests} requests arrived within {timeout_s} s"
            )

    @web.middleware
    async def note(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The server's side: notes a request, and has it answered."""
        seen = Seen(await request.text(), time.monotonic())
        with self._changed:
            self.seen.append(seen)
            self.most = max(self.most, sum(each.answered is None for each in self.seen))
            self._changed.notify_all()
        try:
            await asyncio.sleep(self.latency_s)
            if self.refusal is None:
                return await handler(request)
            status, headers = self.refusal
            return web.json_response({"error": {"message": "no"}}, status=status, headers=headers)
        finally:
            seen.answered = time.monotonic()


@contextmanager
def counting_server() -> Iterator[CountingServer]:
    """A running server on a free port; its thread has ended when the block is left."""
    with in_a_thread(_serve) as server:
        yield server


async def _serve(started: Started[CountingServer]) -> None:
    server, stop = CountingServer(), asyncio.Event()
    application = OrganismService(Settings()).application()
    application.middlewares.append(server.note)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    loop = asyncio.get_running_loop()
    started.set_result((server, lambda: loop.call_soon_threadsafe(stop.set)))
    await stop.wait()
    await runner.cleanup()
