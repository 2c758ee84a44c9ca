"""A client that answers and fails as a test tells it to, and counts how it was asked.

A real :class:`~pytest_afake.models.client.Client`: organisms cannot be told when to answer, nor to
fail with a cause that stops a model.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pytest_afake.errors import CallFailed
from pytest_afake.records import Answer, Cause, Json, Message, Request

Reply: TypeAlias = Answer | Exception
Script: TypeAlias = Callable[[Request, int], Reply]


def request(text: str = "Hello?", sample_index: int = 0) -> Request:
    return Request((Message("user", text),), sample_index=sample_index)


def text_of(asked: Request) -> str:
    """The last message: what tells the requests of a test apart."""
    return asked.messages[-1].content


def echo(asked: Request, attempt: int) -> Reply:
    """Answers with the request's own text."""
    del attempt
    return Answer(f"echo: {text_of(asked)}")


def always(reply: Reply) -> Script:
    return lambda asked, attempt: reply


def busy(retry_after: float | None = None) -> CallFailed:
    """A fault that may pass."""
    return CallFailed(
        Cause.RATE_LIMITED, "slow down", transient=True, retry_after=retry_after, throttled=True
    )


def broken() -> CallFailed:
    """A fault of one call that may pass, and says nothing of a limit."""
    return CallFailed(Cause.SERVER_ERROR, "HTTP 500", transient=True)


def retired() -> CallFailed:
    """A fault that no request to this model survives."""
    return CallFailed(Cause.UNKNOWN_MODEL, "retired in January", stops_model=True)


@dataclass
class ScriptedClient:
    """``script`` gives the reply to a request, by the number of earlier attempts of that request.

    ``wait`` gives what is awaited until then. ``under_way`` counts the calls that wait, ``most`` is
    the largest number that ever did. ``usd`` is what each request costs at most.
    """

    script: Script = echo
    wait: Callable[[Request], Awaitable[object]] = lambda asked: asyncio.sleep(0)
    name: str = "scripted/model"
    simulated: bool = False
    usd: float | None = 0.0
    calls: list[Request] = field(default_factory=list)
    most: int = 0
    closed: int = 0
    under_way: int = 0
    _attempts: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def identity(self) -> Mapping[str, Json]:
        return {"model": self.name}

    def most_usd(self, request: Request) -> float | None:
        del request
        return self.usd

    async def prepare(self) -> None:
        pass

    async def ask(self, request: Request) -> Answer:
        self.calls.append(request)
        key = (text_of(request), request.sample_index)
        attempt = self._attempts[key]
        self._attempts[key] += 1
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await self.wait(request)
        finally:
            self.under_way -= 1
        reply = self.script(request, attempt)
        if isinstance(reply, Exception):
            raise reply
        return reply

    async def aclose(self) -> None:
        self.closed += 1
