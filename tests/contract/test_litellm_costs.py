"""No answer costs more than its bound, as LiteLLM reckons costs, of replies over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from litellm_harness import clean_environment, litellm_module
from raw_server import RawRequest, RawServer, http, raw_server
from scripted_server import chat

from pytest_afake.models.bounds import most_prompt_tokens
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.prices import price_of
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Answer, Message, Request, Sampling

MESSAGES = (Message("system", "the situation " * 50), Message("user", "die Fr\u00e4ge?"))
PROMPT_TOKENS = most_prompt_tokens(MESSAGES)
MAX_TOKENS = 5000


@pytest.fixture(autouse=True)
def environment() -> Iterator[pytest.MonkeyPatch]:
    with clean_environment() as clean:
        yield clean


def dear(request: RawRequest) -> bytes:
    """An answer that used all that it was allowed, in the dearest way that we do not ask for."""
    if "/messages" in request.line:
        return http(200, dear_message(request.document))
    usage = {
        "prompt_tokens": PROMPT_TOKENS,
        "completion_tokens": limit_of(request.document),
        "total_tokens": PROMPT_TOKENS + limit_of(request.document),
        "completion_tokens_details": {"reasoning_tokens": limit_of(request.document) - 1},
    }
    return http(200, {**chat(), "usage": usage, "service_tier": "priority"})


def dear_message(asked: Mapping[str, Any]) -> dict[str, object]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": asked["model"],
        "content": [{"type": "text", "text": "hello"}],
        "stop_reason": "max_tokens",
        "usage": {
            "input_tokens": 100,
            "cache_creation_input_tokens": PROMPT_TOKENS - 100,
            "output_tokens": limit_of(asked),
            "inference_geo": "us",
        },
    }


def limit_of(asked: Mapping[str, Any]) -> int:
    """The largest number of tokens that this request lets the model write."""
    limits: list[int] = [
        asked[key] for key in ("max_tokens", "max_completion_tokens") if key in asked
    ]
    return max(limits)


def answer_and_bound(target: str, extra: Mapping[str, Any], **fields: Any) -> tuple[Answer, float]:
    temperature = 0.5 if target == "openai/gpt-4o" else 1.0
    request = Request(MESSAGES, Sampling(temperature, MAX_TOKENS, extra))

    async def session() -> tuple[Answer, float]:
        async with raw_server(respond=dear) as server:
            spec = ModelSpec("m", target, api_base=server.base_of(target), **fields)
            client = LiteLLMClient(spec)
            bound = client.most_usd(request)
            assert bound is not None
            answer = await client.ask(request)
            await client.aclose()
            return answer, bound

    return asyncio.run(session())


@pytest.mark.parametrize(
    ("target", "extra"),
    [
        ("openai/gpt-4o", {}),
        ("openai/o3-mini", {"reasoning_effort": "high"}),
        ("openai/gpt-5-mini", {"reasoning_effort": "low"}),
        ("anthropic/claude-sonnet-4-5", {}),
        ("anthropic/claude-sonnet-4-5", {"reasoning_effort": "low"}),
        ("anthropic/claude-sonnet-4-5", {"reasoning_effort": "high"}),
        ("anthropic/claude-sonnet-4-5", {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        ("anthropic/claude-opus-4-6", {"reasoning_effort": "high"}),
        ("deepseek/deepseek-chat", {}),
        ("mistral/mistral-large-latest", {}),
    ],
)
def test_a_dear_answer_costs_no_more_than_its_bound(target: str, extra: dict[str, Any]) -> None:
    answer, bound = answer_and_bound(target, extra)
    assert answer.usage.prompt_tokens == PROMPT_TOKENS
    assert answer.usage.completion_tokens == MAX_TOKENS
    assert answer.cost_usd is not None
    assert 0.2 * bound < answer.cost_usd <= bound


@pytest.mark.parametrize("target", ["openai/gpt-4o", "hosted_vllm/toy", "lm_studio/toy"])
def test_the_users_price_is_what_an_answer_costs(target: str) -> None:
    own = {"input_usd_per_million": 2.0, "output_usd_per_million": 4.0}
    answer, bound = answer_and_bound(target, {}, **own)
    assert answer.cost_usd == PROMPT_TOKENS * 2e-6 + MAX_TOKENS * 4e-6
    assert answer.cost_usd <= bound


def test_the_users_price_of_nothing_costs_nothing() -> None:
    free = {"input_usd_per_million": 0.0, "output_usd_per_million": 0.0}
    answer, bound = answer_and_bound("hosted_vllm/toy", {}, **free)
    assert answer.cost_usd == bound == 0.0


def test_tokens_that_nobody_counted_have_no_cost_at_the_users_price() -> None:
    async def session(server: RawServer) -> float | None:
        spec = ModelSpec(
            "m",
            "hosted_vllm/toy",
            api_base=server.base_of("hosted_vllm/toy"),
            input_usd_per_million=1.0,
            output_usd_per_million=1.0,
        )
        client = LiteLLMClient(spec)
        answer = await client.ask(Request(MESSAGES))
        await client.aclose()
        return answer.cost_usd

    async def run() -> float | None:
        async with raw_server(lambda request: http(200, {**chat(), "usage": None})) as server:
            return await session(server)

    assert asyncio.run(run()) is None


@pytest.mark.parametrize(
    "provider",
    [
        "openai",
        "anthropic",
        "gemini",
        "fireworks_ai",
        "deepseek",
        "mistral",
        "groq",
        "dashscope",
    ],
)
def test_the_price_covers_what_litellm_bills_for_each_model_of_a_provider(provider: str) -> None:
    litellm = litellm_module()

    def billed(model: str, prompt_tokens: int, tier: str) -> float:
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 500, "total_tokens": 0}
        reply = litellm.ModelResponse(
            **{**chat(), "model": model, "usage": usage, "service_tier": tier}
        )
        cost: float = litellm.completion_cost(
            completion_response=reply, model=model, custom_llm_provider=provider
        )
        return cost

    models = [
        name.removeprefix(f"{provider}/")
        for name, entry in litellm.model_cost.items()
        if entry.get("litellm_provider") == provider and entry.get("mode") == "chat"
    ]
    checked = 0
    for model in models:
        for prompt_tokens, tier in ((900, "default"), (900, "priority"), (300_000, "priority")):
            price = price_of(ModelSpec("m", f"{provider}/{model}"), prompt_tokens)
            if price is not None:
                most = price.usd(prompt_tokens, 500)
                assert billed(model, prompt_tokens, tier) <= most * (1 + 1e-9), model
                checked += 1
    assert checked >= 9
