"""Real LiteLLM clients in front of a scripted server, on one event loop."""

from __future__ import annotations

import os
from asyncio import Runner
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from scripted_server import Reply, ScriptedServer, scripted_server

from pytest_afake.errors import CallFailed
from pytest_afake.models.guard import import_environment
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Answer, Message, Request, Sampling

MESSAGES = (Message("system", "the situation"), Message("user", "the query"))
SAMPLING = Sampling(temperature=0.5, max_tokens=11)

# Servers that speak OpenAI's language: two to which there is a shortcut through LiteLLM, and one
# that is reached by acompletion and OpenAI's SDK.
CHAT_TARGETS = ("openai/toy", "hosted_vllm/toy", "lm_studio/toy")


@dataclass
class Harness:
    """Asks models of the scripted server, each by a fresh client, over connections that stay."""

    server: ScriptedServer
    runner: Runner
    clients: list[LiteLLMClient] = field(default_factory=list)

    def ask(
        self, target: str, reply: Reply, sampling: Sampling = SAMPLING, **fields: Any
    ) -> Answer:
        """One answer. ``fields`` are those of the model's spec."""
        root = self.server.root if target.startswith("anthropic/") else self.server.url
        spec = ModelSpec("toy", target, **{"api_base": root} | fields)
        self.server.reply = reply
        self.server.requests.clear()
        self.clients.append(LiteLLMClient(spec))
        return self.runner.run(self.clients[-1].ask(Request(MESSAGES, sampling)))

    def close(self) -> None:
        for client in self.clients:
            self.runner.run(client.aclose())

    def failure(self, target: str, reply: Reply, **fields: Any) -> CallFailed:
        """How one call fails. An answer is a failure of the test."""
        try:
            answer = self.ask(target, reply, **fields)
        except CallFailed as failed:
            return failed
        raise AssertionError(f"expected a failed call, got {answer}")


def litellm_module() -> Any:
    """LiteLLM as the client imports it, without its download of prices."""
    with import_environment():
        import litellm
    return litellm


@contextmanager
def clean_environment() -> Iterator[pytest.MonkeyPatch]:
    """An environment without the developer's keys and endpoints."""
    with pytest.MonkeyPatch.context() as environment:
        for name in list(os.environ):
            if name.startswith(("OPENAI_", "ANTHROPIC_", "HOSTED_VLLM_", "LITELLM_")):
                environment.delenv(name)
        yield environment


@contextmanager
def harness() -> Iterator[Harness]:
    """A running harness, in a clean environment."""
    with clean_environment(), scripted_server() as server, Runner() as runner:
        models = Harness(server, runner)
        yield models
        models.close()
