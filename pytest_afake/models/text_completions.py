"""LiteLLM's text completion, over connections of our own.

LiteLLM makes a new client of OpenAI's SDK for each text completion and closes none of them. So it
is given one, which follows no redirects and does not try again: one call is one request.

Text completions go to OpenAI's API alone, its own or a server's that speaks it. For most other
providers LiteLLM would put the text into a chat, as one message of the user: that is no completion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_afake.errors import UsageError
from pytest_afake.models import endpoint
from pytest_afake.models.chat_as_text import chat_as_text
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.records import Message

_OPENAI = "https://api.openai.com/v1"


def check(spec: ModelSpec) -> None:
    """Raise UsageError for a model that LiteLLM does not reach in the mode that is asked for."""
    provider = endpoint.provider(spec.target)
    if spec.mode is Mode.CHAT and provider == endpoint.TEXT_COMPLETION:
        raise UsageError(f'{spec.name}: {spec.target} needs mode = "completion"')
    if spec.mode is Mode.COMPLETION and provider not in ("openai", endpoint.TEXT_COMPLETION):
        raise UsageError(
            f"{spec.name}: mode = 'completion': LiteLLM has none for {spec.target}; a server that "
            "speaks OpenAI's API is reached as openai/NAME with its api_base"
        )


@dataclass(frozen=True, slots=True)
class TextCompletions:
    """The way to one model: LiteLLM, and the connections of one event loop."""

    litellm: Any
    connections: Any
    same: Mapping[str, Any]

    @classmethod
    def of(
        cls, litellm: Any, spec: ModelSpec, *, api_base: str | None, api_key: str | None
    ) -> TextCompletions:
        """The way to the model of a spec. Raises what OpenAI's SDK has against the key."""
        sdk = litellm.main.openai
        connections = sdk.AsyncOpenAI(
            api_key=api_key or litellm.api_key or litellm.openai_key,
            base_url=api_base or _OPENAI,
            timeout=spec.timeout_s,
            max_retries=0,
            http_client=sdk.DefaultAsyncHttpxClient(follow_redirects=False, timeout=spec.timeout_s),
        )
        same = {
            "model": f"{endpoint.TEXT_COMPLETION}/{spec.target.partition('/')[2] or spec.target}",
            "api_base": api_base,
            "api_key": api_key,
            "timeout": spec.timeout_s,
            "num_retries": 0,
            "max_retries": 0,
            "drop_params": False,
        }
        return cls(litellm, connections, same)

    async def call(self, messages: Sequence[Message], sent: Mapping[str, Any]) -> Any:
        """One request, and LiteLLM's reply. Raises whatever LiteLLM raises."""
        prompt = chat_as_text(messages)
        return await self.litellm.atext_completion(
            prompt=prompt, client=self.connections, **self.same, **sent
        )

    async def aclose(self) -> None:
        await self.connections.close()
