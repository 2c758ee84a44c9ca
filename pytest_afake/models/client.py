"""What every model under test, real or simulated, offers: one question, one answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from pytest_afake.records import Answer, Json, Request


class Client(Protocol):
    """One model that can be asked.

    Implementations: the LiteLLM client and the organisms. All pass one contract suite
    (``tests/contract/test_clients.py``).
    """

    @property
    def name(self) -> str:
        """The name by which the user chose this model; it appears in every report."""
        ...

    @property
    def simulated(self) -> bool:
        """True for organisms: everything that shows their figures must say SIMULATED."""
        ...

    @property
    def identity(self) -> Mapping[str, Json]:
        """All that changes the answers beside the request: resolved model, endpoint host, mode.

        Part of the store's key, so it holds neither a key nor a timeout, and it must be known
        without importing LiteLLM.
        """
        ...

    def most_usd(self, request: Request) -> float | None:
        """An upper bound, in US dollars, of what sending this request once can cost.

        0.0 for an organism. None where no bound is known: never a guess, and never 0 for it.
        """
        ...

    async def prepare(self) -> None:
        """Get ready for calls, which may take seconds. Does nothing after the first time.

        Raises CallFailed when no call can succeed: then none need be made.
        """
        ...

    async def ask(self, request: Request) -> Answer:
        """Send one request once, without retries of its own.

        Raises :class:`~pytest_afake.errors.CallFailed` for everything that is not an answer. A
        refusal is an answer.
        """
        ...

    async def aclose(self) -> None:
        """Release connections. Called once, on the loop that made the calls."""
        ...
