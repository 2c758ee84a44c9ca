"""What is sent beside the messages, and which parameters may not be set.

All sampling parameters travel in the request, where the store's key finds each of them once:
temperature and ``max_tokens`` by name, the others, such as ``reasoning_effort``, in
``Request.sampling.extra``. The client adds none from its spec, and beside them only what follows
from the messages.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_afake.errors import UsageError
from pytest_afake.models.endpoint import provider
from pytest_afake.records import Json, Message, Sampling, begun_reply

# The client decides on these itself.
_WHO = {"model", "api_base", "base_url", "custom_llm_provider", "deployment_id", "model_list"}
_WHAT = {"messages", "prompt", "engine", "echo", "n", "stream", "temperature", "max_tokens"}
_HOW_OFTEN = {"num_retries", "max_retries", "retry_policy", "retry_strategy", "fallbacks"} | {
    "context_window_fallback_dict"
}
_HOW_LONG = {"timeout", "request_timeout", "stream_timeout"}
_ON_THE_WAY = {"drop_params", "additional_drop_params", "cache", "caching", "client", "metadata"}
_DECIDED = _WHO | _WHAT | _HOW_OFTEN | _HOW_LONG | _ON_THE_WAY
_SECRET = re.compile(
    r"(api|access|subscription)[-_ ]?key|secret|password|credential|authorization|bearer|cookie"
    r"|(auth|access|session|api|security)[-_ ]?token",
    re.IGNORECASE,
)

# How providers name what LiteLLM translates for them.
_TRANSLATED = frozenset(
    {"max_completion_tokens", "max_output_tokens", "thinking", "output_format", "output_config"}
)


def check_extra(model: str, extra: Mapping[str, Json]) -> None:
    """Raise UsageError for an extra parameter that would change who answers, or hold a secret."""
    for name in extra:
        if name in _DECIDED or name.startswith("mock_"):
            raise UsageError(f"{model}: extra may not set {name}")
    for name in _names(extra):
        if _SECRET.search(name):
            raise UsageError(f"{model}: extra may not hold {name}; name a key by api_key_env")


def sent(sampling: Sampling) -> dict[str, Any]:
    """All parameters of one call, under the names that LiteLLM knows.

    Copies at every depth: some versions of LiteLLM write the key into ``extra_headers``.
    """
    return {
        **copy.deepcopy(dict(sampling.extra)),
        "temperature": sampling.temperature,
        "max_tokens": sampling.max_tokens,
    }


def going_on(target: str, messages: Sequence[Message]) -> dict[str, Any]:
    """What a server must be told for it to go on with a begun reply; nothing without one.

    vLLM takes the last message of the assistant for a finished one, and begins another.
    """
    if provider(target) != "hosted_vllm" or not begun_reply(messages):
        return {}
    return {"continue_final_message": True, "add_generation_prompt": False}


def names_sent(parameters: Mapping[str, Any]) -> frozenset[str]:
    """The names by which a provider may complain about these parameters."""
    return frozenset(parameters) | _TRANSLATED


def _names(value: Json) -> Iterator[str]:
    """The keys of a nested value, at every depth."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)
