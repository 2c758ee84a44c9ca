"""The same model under a longer name is the same; a fallback is not."""

from __future__ import annotations

import pytest

from pytest_afake.models.served import same_model


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("openai/gpt-4o", "gpt-4o-2024-08-06"),
        ("openai/gpt-4", "gpt-4-0613"),
        ("openai/gpt-4o-2024-08-06", "gpt-4o-2024-08-06"),
        ("anthropic/claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
        ("anthropic/claude-opus-4-5", "claude-opus-4-5-20251101"),
        ("gemini/gemini-2.0-flash", "gemini-2.0-flash-001"),
        ("gemini/gemini-2.5-pro", "gemini-2.5-pro-preview-05-06"),
        ("vertex_ai/claude-3-opus@20240229", "claude-3-opus-20240229"),
        ("bedrock/claude-3-opus-20240229-v1:0", "claude-3-opus-20240229"),
        ("openrouter/meta-llama/Llama-3-70B:free", "meta-llama/llama-3-70b"),
        ("together_ai/meta-llama/Llama-3-70B", "Llama-3-70b"),
        ("ollama/llama3", "llama3:latest"),
        ("azure/our-deployment", "gpt-4o-2024-08-06"),
        ("openrouter/auto", "anthropic/claude-3-haiku"),
    ],
)
def test_same(asked: str, served: str) -> None:
    assert same_model(asked, served)


@pytest.mark.parametrize(
    ("asked", "served"),
    [
        ("openai/gpt-4o", "gpt-4o-mini"),
        ("openai/gpt-4o", "gpt-4o-mini-2024-07-18"),
        ("anthropic/claude-3-opus-20240229", "claude-3-haiku-20240307"),
        ("anthropic/claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20241022"),
        ("anthropic/claude-opus-4-1", "claude-opus-4-5"),
        ("openai/gpt-3.5-turbo-0613", "gpt-3.5-turbo-1106"),
        ("ollama/llama3:8b", "llama3:70b"),
        ("hosted_vllm/llama-3-8b", "llama-3-70b"),
        ("openai/gpt-4o", "-2024-08-06"),
    ],
)
def test_other(asked: str, served: str) -> None:
    assert not same_model(asked, served)
