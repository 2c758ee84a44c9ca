"""LiteLLM's client against real sockets: what is sent, what is read, and what is left behind."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from litellm_harness import CHAT_TARGETS, MESSAGES, SAMPLING, Harness, harness
from organism_server import OrganismServer
from scripted_server import Reply, anthropic, chat, scripted_server

from pytest_afake.errors import CallFailed, UsageError
from pytest_afake.models.client import Client
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.organisms import parse_organism
from pytest_afake.records import Cause, Message, Request, Sampling, Usage

ROOT = Path(__file__).parents[2]
SPEC = ModelSpec("toy", "openai/toy")


@pytest.fixture(scope="module")
def models() -> Iterator[Harness]:
    with harness() as running:
        yield running


# --- what is known before the first call


def test_it_is_a_client() -> None:
    client: Client = LiteLLMClient(SPEC)
    assert client.name == "toy"
    assert client.simulated is False


def test_the_identity_holds_who_answers_and_no_secret() -> None:
    spec = ModelSpec(
        "alias",
        "openai/toy",
        api_base="https://host:1/v1/?q=1",
        api_key_env="SOME_KEY",
        timeout_s=1.0,
    )
    assert LiteLLMClient(spec).identity == {
        "client": "litellm",
        "model": "openai/toy",
        "api_base": "host:1/v1",
        "mode": "chat",
    }


def test_an_endpoint_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError, match="host:1/v1 may not hold a user or a password") as caught:
        LiteLLMClient(ModelSpec("alias", "openai/toy", api_base="https://user:pw@host:1/v1"))
    assert "pw" not in str(caught.value)


def test_an_endpoint_that_only_the_environment_names_is_in_the_identity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://gateway/v1")
    assert LiteLLMClient(SPEC).identity["api_base"] == "gateway/v1"


def test_a_parameter_that_fakes_answers_is_refused() -> None:
    with pytest.raises(UsageError, match="mock_response"):
        LiteLLMClient(ModelSpec("toy", "openai/toy", extra={"mock_response": "I refuse"}))


def test_a_request_that_fakes_its_answer_is_refused(models: Harness) -> None:
    with pytest.raises(UsageError, match="mock_response"):
        models.ask("openai/toy", Reply(chat()), Sampling(extra={"mock_response": "I refuse"}))


# --- what is sent


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_one_ask_is_one_request_with_exactly_these_parameters(models: Harness, target: str) -> None:
    models.ask(target, Reply(chat()), Sampling(0.5, 11, extra={"top_k": 3}))
    (request,) = models.server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "toy",
        "messages": [{"role": m.role, "content": m.content} for m in MESSAGES],
        "temperature": 0.5,
        "max_tokens": 11,
        "top_k": 3,
    }


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("openai/toy", {}),
        ("hosted_vllm/toy", {"continue_final_message": True, "add_generation_prompt": False}),
    ],
)
def test_a_server_that_must_be_told_so_goes_on_with_a_begun_reply(
    models: Harness, target: str, told: dict[str, object]
) -> None:
    client = LiteLLMClient(ModelSpec("toy", target, api_base=models.server.url))
    for begun in ((), (Message("assistant", "So,"),)):
        models.server.says(chat())
        models.runner.run(client.ask(Request((*MESSAGES, *begun), SAMPLING)))
        (request,) = models.server.requests
        sent = {"model", "messages", "temperature", "max_tokens"}
        assert {name: request.body[name] for name in request.body.keys() - sent} == (
            told if begun else {}
        )
    assert request.body["messages"][-1] == {"role": "assistant", "content": "So,"}
    models.runner.run(client.aclose())


def test_reasoning_effort_is_sent(models: Harness) -> None:
    models.ask("hosted_vllm/toy", Reply(chat()), Sampling(extra={"reasoning_effort": "low"}))
    assert models.server.requests[0].body["reasoning_effort"] == "low"


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_a_local_server_sees_the_key_that_is_named_for_it_and_no_other(
    models: Harness, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-the-provider-only")
    monkeypatch.setenv("HOSTED_VLLM_API_KEY", "sk-for-the-provider-only")
    monkeypatch.setenv("LOCAL_KEY", "for-the-local-server")
    models.ask(target, Reply(chat()))
    assert models.server.requests[0].headers["authorization"] == "Bearer no-key-configured"
    models.ask(target, Reply(chat()), api_key_env="LOCAL_KEY")
    assert models.server.requests[0].headers["authorization"] == "Bearer for-the-local-server"


# --- what is read


@pytest.mark.parametrize("target", CHAT_TARGETS)
@pytest.mark.parametrize(
    "text",
    ["plain", "  spaces kept \n", "\x1b[31mansi\x1b[0m \u202e <b>", "a <think>b</think> c", "{}"],
)
def test_the_text_is_verbatim(models: Harness, target: str, text: str) -> None:
    answer = models.ask(target, Reply(chat(text)))
    assert answer.text == text
    assert answer.reasoning is None
    assert answer.finish_reason == "stop"
    assert answer.usage == Usage(7, 3)
    assert answer.latency_s is not None
    assert 0 < answer.latency_s < 10


@pytest.mark.parametrize("target", CHAT_TARGETS)
@pytest.mark.parametrize(
    "message",
    [
        chat("the answer", reasoning_content="because"),
        chat("the answer", reasoning="because"),
        chat("<think>because</think>the answer"),
    ],
    ids=["reasoning_content", "reasoning", "think"],
)
def test_native_reasoning_is_kept_apart(
    models: Harness, target: str, message: dict[str, object]
) -> None:
    answer = models.ask(target, Reply(message))
    assert (answer.text, answer.reasoning) == ("the answer", "because")


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_a_refusal_that_the_provider_marks_is_an_answer(models: Harness, target: str) -> None:
    assert models.ask(target, Reply(chat(None, refusal="I will not."))).text == "I will not."


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_a_truncated_answer_says_so(models: Harness, target: str) -> None:
    body = json.loads(json.dumps(chat("half a")))
    body["choices"][0]["finish_reason"] = "length"
    assert models.ask(target, Reply(body)).finish_reason == "length"


def test_an_unknown_price_is_none_and_a_known_one_is_not(models: Harness) -> None:
    assert models.ask("openai/toy", Reply(chat())).cost_usd is None
    cost = models.ask("openai/gpt-4o", Reply(chat())).cost_usd
    assert cost is not None
    assert 0 < cost < 0.01


@pytest.mark.parametrize("usage", [None, {}])
def test_tokens_that_nobody_counted_cost_none_and_not_nothing(
    models: Harness, usage: object
) -> None:
    answer = models.ask("openai/gpt-4o", Reply({**chat(), "usage": usage}))
    assert answer.usage == Usage()
    assert answer.cost_usd is None


def test_the_served_model_is_what_the_provider_says(models: Harness) -> None:
    named = {**chat(), "model": "toy-2024-08-06"}
    assert models.ask("openai/toy", Reply(named)).served_model == "toy-2024-08-06"
    assert models.ask("openai/toy", Reply(chat())).served_model is None


def test_anthropic_thinking_is_reasoning(models: Harness) -> None:
    thinking = {"type": "thinking", "thinking": "hm", "signature": "x"}
    reply = Reply(anthropic(thinking, {"type": "text", "text": " so "}))
    answer = models.ask("anthropic/claude-3-opus-20240229", reply)
    assert (answer.text, answer.reasoning) == (" so ", "hm")
    assert answer.usage == Usage(5, 2)
    assert answer.served_model == "claude-3-opus-20240229"


def test_anthropic_stopping_its_own_answer_is_a_filter_and_no_refusal(models: Harness) -> None:
    reply = Reply(anthropic({"type": "text", "text": "I"}, stop_reason="refusal"))
    failed = models.failure("anthropic/claude-3-opus-20240229", reply)
    assert failed.cause is Cause.CONTENT_FILTER


# --- missing keys, and globals of LiteLLM that would change our calls


@pytest.mark.parametrize(
    ("target", "variable"),
    [
        ("openai/gpt-4o", "OPENAI_API_KEY"),
        ("gpt-4o", "OPENAI_API_KEY"),
        ("anthropic/claude-3-opus-20240229", "ANTHROPIC_API_KEY"),
    ],
)
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "blank"])
def test_a_missing_key_is_found_before_the_first_call(
    models: Harness,
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    variable: str,
    value: str | None,
) -> None:
    if value is not None:
        monkeypatch.setenv(variable, value)
    failed = models.failure(target, Reply(chat()), api_base=None)
    assert failed.cause is Cause.AUTHENTICATION
    assert failed.detail == f"no API key: set {variable}"
    assert failed.stops_model
    assert not failed.transient


@pytest.mark.parametrize("name", ["drop_params", "cache", "model_fallbacks", "api_base"])
def test_a_global_that_would_change_our_calls_is_refused(
    models: Harness, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    import litellm

    monkeypatch.setattr(litellm, name, "set by the user")
    with pytest.raises(UsageError, match=f"litellm.{name} is set in this process"):
        models.ask("openai/toy", Reply(chat()))
    assert models.server.requests == []


# --- connections


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_connections_are_closed_with_the_last_client(target: str) -> None:
    async def session(url: str) -> tuple[int, int]:
        spec = ModelSpec("toy", target, api_base=url)
        first, second = LiteLLMClient(spec), LiteLLMClient(spec)
        before = _open_files()
        await asyncio.gather(*(client.ask(Request(MESSAGES)) for client in (first, second)))
        during = _open_files()
        await first.aclose()
        await second.aclose()
        await asyncio.sleep(0.05)  # the server's ends of the sockets close, too
        return during - before, _open_files() - before

    with scripted_server() as server:
        asyncio.run(session(server.url))  # what LiteLLM opens once and keeps is open after this
        during, after = asyncio.run(session(server.url))
    assert during > 0
    assert after <= 0


@pytest.mark.parametrize("target", CHAT_TARGETS)
def test_closing_one_client_does_not_disturb_another_that_waits(target: str) -> None:
    async def session(url: str) -> str:
        spec = ModelSpec("toy", target, api_base=url)
        first, second, unused = (LiteLLMClient(spec) for _ in range(3))
        await first.ask(Request(MESSAGES))
        waiting = asyncio.create_task(second.ask(Request(MESSAGES)))
        await asyncio.sleep(0.15)
        await first.aclose()
        await unused.aclose()
        text = (await waiting).text
        await second.aclose()
        return text

    with scripted_server() as server:
        server.reply = Reply(chat(), delay_s=0.3)
        assert asyncio.run(session(server.url)) == "hello"


def test_a_closed_client_can_be_asked_again(models: Harness) -> None:
    async def twice(url: str) -> list[str]:
        client = LiteLLMClient(ModelSpec("toy", "openai/toy", api_base=url))
        texts = []
        for _ in range(2):
            texts.append((await client.ask(Request(MESSAGES))).text)
            await client.aclose()
        return texts

    models.server.reply = Reply(chat())
    assert models.runner.run(twice(models.server.url)) == ["hello", "hello"]


def _open_files() -> int:
    return len(os.listdir("/dev/fd"))  # noqa: PTH208 - names only, counted often


def test_failures_carry_no_traceback_to_prompts_and_keys(models: Harness) -> None:
    failed = models.failure("openai/toy", Reply("", 500))
    assert isinstance(failed, CallFailed)
    assert failed.__cause__ is None
    assert failed.__context__ is None


# --- organisms over a real socket


@pytest.mark.parametrize("target", ["openai/", "hosted_vllm/"])
@pytest.mark.parametrize("organism", ["sim/honest?seed=5", "sim/helpful?seed=5"])
def test_an_organism_answers_the_same_through_litellm_as_in_process(
    models: Harness, organism_server: OrganismServer, target: str, organism: str
) -> None:
    answer = models.ask(target + organism, Reply(""), api_base=organism_server.url)
    expected = models.runner.run(parse_organism(organism).ask(Request(MESSAGES, SAMPLING)))
    assert answer.text == expected.text
    assert answer.served_model == organism


def test_an_organism_that_does_not_exist_stops_the_model(
    models: Harness, organism_server: OrganismServer
) -> None:
    failed = models.failure("openai/sim/nobody", Reply(""), api_base=organism_server.url)
    assert failed.cause is Cause.UNKNOWN_MODEL
    assert failed.stops_model
