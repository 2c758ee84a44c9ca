"""A client that is sent a chat as one text: what completion mode is to an organism."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_afake.models import chat_as_text
from pytest_afake.models.client import Client
from pytest_afake.records import Answer, Json, Request


@dataclass(frozen=True, slots=True)
class TextClient:
    """The client of a model in this process, which reads the prompt that a server would be sent."""

    client: Client

    @property
    def name(self) -> str:
        return self.client.name

    @property
    def simulated(self) -> bool:
        return self.client.simulated

    @property
    def identity(self) -> Mapping[str, Json]:
        """Another one than in a chat, so that answers of the two modes never mix."""
        return {**self.client.identity, **chat_as_text.IDENTITY}

    def most_usd(self, request: Request) -> float | None:
        return self.client.most_usd(request)

    async def prepare(self) -> None:
        await self.client.prepare()

    async def ask(self, request: Request) -> Answer:
        return await self.client.ask(chat_as_text.as_one_text(request))

    async def aclose(self) -> None:
        await self.client.aclose()
