"""Every fault of a provider has its cause, costs one request, and gives away no key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from litellm_harness import CHAT_TARGETS, MESSAGES, Harness, harness
from scripted_server import Reply, chat, error

from pytest_afake.errors import CallFailed
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Cause, Request, Sampling

OPUS = "anthropic/claude-3-opus-20240229"
TARGETS = (*CHAT_TARGETS, OPUS)
CANARY = "canary-key-4f1c9b27"

every_target = pytest.mark.parametrize("target", TARGETS)
every_chat_target = pytest.mark.parametrize("target", CHAT_TARGETS)


@pytest.fixture(scope="module")
def models() -> Iterator[Harness]:
    with harness() as running:
        yield running


def outcome(failed: CallFailed) -> tuple[Cause, str]:
    """The cause, and whether the model stops, the request may be repeated, or just this is lost."""
    if failed.stops_model:
        assert not failed.transient
        return failed.cause, "stop"
    return failed.cause, "retry" if failed.transient else "lost"


REPLIES = {
    "401": (Reply(error("wrong key"), 401), Cause.AUTHENTICATION, "stop"),
    "403": (Reply(error("no access to this project"), 403), Cause.AUTHENTICATION, "stop"),
    "403 flagged": (Reply(error("your input was flagged"), 403), Cause.CONTENT_FILTER, "lost"),
    "402": (Reply(error("pay first"), 402), Cause.RATE_LIMITED, "stop"),
    "400 no credit": (
        Reply(error("Your credit balance is too low"), 400),
        Cause.RATE_LIMITED,
        "stop",
    ),
    "404": (Reply(error("no such model"), 404), Cause.UNKNOWN_MODEL, "stop"),
    "404 page": (Reply("<html>nothing here</html>", 404), Cause.UNKNOWN_MODEL, "stop"),
    "410": (Reply(error("retired"), 410), Cause.UNKNOWN_MODEL, "stop"),
    "400 model": (
        Reply(error("The model does not exist", code="model_not_found"), 400),
        Cause.UNKNOWN_MODEL,
        "stop",
    ),
    "400 parameter": (
        Reply(error("Unsupported value", param="temperature"), 400),
        Cause.BAD_REQUEST,
        "stop",
    ),
    "400 parameter in words": (
        Reply(error("max_tokens: 4096 > 1024, which is the maximum"), 400),
        Cause.BAD_REQUEST,
        "stop",
    ),
    "400 too long": (
        Reply(error("This model's maximum context length is 10", param="max_tokens"), 400),
        Cause.BAD_REQUEST,
        "lost",
    ),
    "400 policy": (
        Reply(error("rejected", code="content_policy_violation"), 400),
        Cause.CONTENT_FILTER,
        "lost",
    ),
    "400 filter": (Reply(error("x", code="content_filter"), 400), Cause.CONTENT_FILTER, "lost"),
    "400 other": (Reply(error("malformed", param="messages"), 400), Cause.BAD_REQUEST, "lost"),
    "422": (Reply({"detail": "bad"}, 422), Cause.BAD_REQUEST, "lost"),
    "413": (Reply("", 413), Cause.BAD_REQUEST, "lost"),
    "429": (Reply(error("slow down"), 429), Cause.RATE_LIMITED, "retry"),
    "429 quota": (
        Reply(error("You exceeded your quota", code="insufficient_quota"), 429),
        Cause.RATE_LIMITED,
        "stop",
    ),
    "500": (Reply(error("boom"), 500), Cause.SERVER_ERROR, "retry"),
    "500 that says 429": (Reply(error("429 rate limit"), 500), Cause.SERVER_ERROR, "retry"),
    "502 page": (Reply("<html>bad gateway</html>", 502), Cause.SERVER_ERROR, "retry"),
    "503": (Reply(error("busy"), 503), Cause.SERVER_ERROR, "retry"),
    "529": (Reply(error("Overloaded"), 529), Cause.SERVER_ERROR, "retry"),
    "504": (Reply("", 504), Cause.TIMEOUT, "retry"),
    "408": (Reply("", 408), Cause.TIMEOUT, "retry"),
    "409": (Reply(error("conflict"), 409), Cause.SERVER_ERROR, "retry"),
    "reset": (Reply(chat(), reset=True), Cause.CONNECTION, "retry"),
    "half of JSON": (Reply('{"choices": ['), Cause.SERVER_ERROR, "retry"),
    "a page": (Reply("<html>log in</html>"), Cause.SERVER_ERROR, "retry"),
    "nothing": (Reply(""), Cause.SERVER_ERROR, "retry"),
    "null": (Reply("null"), Cause.SERVER_ERROR, "retry"),
    "a list": (Reply([]), Cause.SERVER_ERROR, "retry"),
    "an error as a success": (Reply(error("hidden", code=500)), Cause.SERVER_ERROR, "retry"),
    "no choices at all": (Reply({"id": "x"}), Cause.SERVER_ERROR, "retry"),
}


@every_target
@pytest.mark.parametrize("fault", REPLIES)
def test_a_fault_has_its_cause_and_costs_one_request(
    models: Harness, target: str, fault: str
) -> None:
    reply, cause, what_next = REPLIES[fault]
    failed = models.failure(target, reply)
    assert outcome(failed) == (cause, what_next)
    assert len(models.server.requests) == 1
    assert failed.detail.isprintable()
    assert 0 < len(failed.detail) <= 300
    assert "litellm" not in failed.detail.lower()
    assert "Traceback" not in failed.detail


@every_target
def test_the_wait_that_a_limit_asks_for_is_passed_on(models: Harness, target: str) -> None:
    limited = Reply(error("slow down"), 429, headers={"Retry-After": "7"})
    assert models.failure(target, limited).retry_after == 7.0
    assert models.failure(target, Reply(error("slow down"), 429)).retry_after is None


@every_target
@pytest.mark.parametrize(
    ("status", "headers", "throttled"),
    [
        (429, {}, True),
        (529, {}, True),
        (503, {"Retry-After": "1"}, True),
        (503, {}, False),
        (500, {"Retry-After": "1"}, False),
        (504, {}, False),
        (401, {}, False),
    ],
)
def test_a_server_that_asks_for_fewer_calls_is_told_apart(
    models: Harness, target: str, status: int, headers: dict[str, str], throttled: bool
) -> None:
    reply = Reply(error("no"), status, headers=headers)
    assert models.failure(target, reply).throttled is throttled


def test_a_quota_that_is_used_up_asks_for_money_and_not_for_fewer_calls(models: Harness) -> None:
    reply = Reply(error("over", code="insufficient_quota"), 429, headers={"Retry-After": "1"})
    failed = models.failure("openai/toy", reply)
    assert failed.stops_model
    assert not failed.throttled
    assert failed.retry_after is None


@every_target
def test_a_stalled_server_is_a_timeout(models: Harness, target: str) -> None:
    started = time.monotonic()
    failed = models.failure(target, Reply(chat(), delay_s=5), timeout_s=0.3)
    assert time.monotonic() - started < 2
    assert outcome(failed) == (Cause.TIMEOUT, "retry")
    assert failed.detail.endswith("within 0.3 s")
    assert len(models.server.requests) == 1


@every_target
def test_a_server_that_drips_is_a_timeout_of_the_whole_call(models: Harness, target: str) -> None:
    started = time.monotonic()
    failed = models.failure(target, Reply(chat(), drip_s=0.1), timeout_s=0.5)
    assert time.monotonic() - started < 2
    assert outcome(failed) == (Cause.TIMEOUT, "retry")


@every_target
@pytest.mark.parametrize("base", ["http://127.0.0.1:1/v1", "http://[::1]:1"])
def test_a_refused_connection_names_the_endpoint(models: Harness, target: str, base: str) -> None:
    failed = models.failure(target, Reply(chat()), api_base=base)
    assert outcome(failed) == (Cause.CONNECTION, "retry")
    assert failed.detail.startswith(base.removeprefix("http://"))
    assert models.server.requests == []


def test_a_retired_model_is_a_plain_sentence(models: Harness) -> None:
    body = {
        "type": "error",
        "error": {"type": "not_found_error", "message": "model: claude-3-opus-20240229"},
    }
    failed = models.failure(OPUS, Reply(body, 404))
    where = models.server.root.removeprefix("http://")
    assert failed.detail == (
        "anthropic/claude-3-opus-20240229 does not exist, is retired, or is not open to this key "
        f"(HTTP 404 from {where}: model: claude-3-opus-20240229)"
    )


def test_a_name_without_a_known_provider_is_a_plain_sentence(models: Harness) -> None:
    failed = models.failure("nonesuch", Reply(chat()), api_base=None)
    assert outcome(failed) == (Cause.UNKNOWN_MODEL, "stop")
    assert failed.detail.startswith("nonesuch: ")


def test_a_parameter_that_litellm_will_not_send_stops_the_model(models: Harness) -> None:
    seeded = Sampling(extra={"seed": 1})
    failed = models.failure("anthropic/claude-sonnet-4-5", Reply(chat()), sampling=seeded)
    assert outcome(failed) == (Cause.BAD_REQUEST, "stop")
    assert "seed" in failed.detail
    assert "drop_params" not in failed.detail
    assert models.server.requests == []


@every_target
@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
def test_a_key_that_a_provider_echoes_is_not_shown(
    models: Harness, target: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", CANARY)
    echo = f"invalid: Bearer {CANARY} and {CANARY}"
    replies = [Reply(error(echo), status), Reply(f"<html>{echo}</html>", status)]
    for reply in replies:
        failed = models.failure(target, reply, api_key_env="MY_KEY")
        sent = models.server.requests[0].headers
        assert CANARY in sent.get("authorization", "") + sent.get("x-api-key", "")
        assert CANARY not in f"{failed}{failed!r}{failed.detail}"


def test_a_hostile_error_text_is_one_bounded_line(models: Harness) -> None:
    hostile = "\x1b]0;owned\x07\n\r\u202e" + "A" * 5000 + "</script>"
    for target in TARGETS:
        failed = models.failure(target, Reply(error(hostile), 500))
        assert failed.detail.isprintable()
        assert len(failed.detail) <= 300


def test_what_the_caller_was_handling_is_not_taken_for_the_cause(models: Harness) -> None:
    async def ask_while_handling_a_timeout(url: str) -> CallFailed:
        client = LiteLLMClient(ModelSpec("toy", "openai/toy", api_base=url))
        try:
            raise TimeoutError("of something else")
        except TimeoutError:
            try:
                await client.ask(Request(MESSAGES))
            except CallFailed as failed:
                return failed
            finally:
                await client.aclose()
        raise AssertionError("an answer")

    models.server.reply = Reply("{")
    failed = models.runner.run(ask_while_handling_a_timeout(models.server.url))
    assert failed.cause is Cause.SERVER_ERROR


def test_a_cancelled_call_is_cancelled_and_no_failure(models: Harness) -> None:
    async def cancel(url: str) -> bool:
        client = LiteLLMClient(ModelSpec("toy", "openai/toy", api_base=url))
        task = asyncio.create_task(client.ask(Request(MESSAGES)))
        await asyncio.sleep(0.2)
        task.cancel()
        await asyncio.wait([task])
        await client.aclose()
        return task.cancelled()

    models.server.reply = Reply(chat(), delay_s=5)
    assert models.runner.run(cancel(models.server.url))
