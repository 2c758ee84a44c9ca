"""What happens to connections: none is used twice for one answer, none is lost, none stays open."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Iterator

import pytest
from litellm_harness import CHAT_TARGETS, MESSAGES, clean_environment
from raw_server import RawServer, http, ok, raw_server

from pytest_afake.errors import CallFailed
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Cause, Request

OPUS = "anthropic/claude-3-opus-20240229"
LONG_WAY = "lm_studio/toy"
BY_SHORTCUT = ("openai/toy", "hosted_vllm/toy", OPUS)
REQUEST = Request(MESSAGES)

every_target = pytest.mark.parametrize("target", [*CHAT_TARGETS, OPUS])


@pytest.fixture(autouse=True)
def environment() -> Iterator[pytest.MonkeyPatch]:
    with clean_environment() as clean:
        yield clean


def client_of(server: RawServer, target: str) -> LiteLLMClient:
    return LiteLLMClient(ModelSpec("m", target, api_base=server.base_of(target)))


def failure(server: RawServer, target: str) -> CallFailed:
    """How a call fails at a server that is started for it."""

    async def session() -> CallFailed:
        listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        server.port = listener.sockets[0].getsockname()[1]
        client = client_of(server, target)
        try:
            await client.ask(REQUEST)
        except CallFailed as failed:
            return failed
        finally:
            await client.aclose()
            listener.close()
        raise AssertionError("an answer")

    return asyncio.run(session())


def to_itself(server: RawServer, status: int) -> bytes:
    return http(status, {}, Location=f"http://127.0.0.1:{server.port}/elsewhere?token=secret")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", BY_SHORTCUT)
def test_a_redirect_is_a_failed_call_and_not_followed(target: str, status: int) -> None:
    server = RawServer()
    server.respond = lambda request: to_itself(server, status)
    failed = failure(server, target)
    assert len(server.requests) == 1
    assert failed.cause is Cause.CONNECTION
    assert failed.stops_model
    assert failed.detail.startswith(f"HTTP {status} from 127.0.0.1:")
    assert failed.detail.endswith("/elsewhere; set api_base to the final address")


def test_a_loop_of_redirects_that_is_followed_ends_the_model() -> None:
    """LiteLLM's own pools follow them: many requests, but for the first call only."""
    server = RawServer()
    server.respond = lambda request: to_itself(server, 307)
    failed = failure(server, LONG_WAY)
    assert failed.cause is Cause.CONNECTION
    assert failed.stops_model


@every_target
def test_a_request_whose_connection_is_lost_is_not_sent_again(target: str) -> None:
    server = RawServer(respond=lambda request: None)
    failed = failure(server, target)
    assert len(server.requests) == 1
    assert failed.cause is Cause.CONNECTION
    assert failed.transient


@every_target
def test_no_connection_is_open_after_closing(target: str) -> None:
    async def session() -> tuple[int, int]:
        async with raw_server(delay_s=0.05) as server:
            client = client_of(server, target)
            await asyncio.gather(*(client.ask(REQUEST) for _ in range(20)))
            during = server.open
            await client.aclose()
            await asyncio.sleep(0.05)  # the server's ends close, too
            return during, server.open

    during, after = asyncio.run(session())
    assert during > 1
    assert after == 0


# LiteLLM makes a coroutine in a thread, and drops it when the call is cancelled before it starts.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@every_target
def test_cancelled_calls_leak_nothing_and_disturb_no_later_one(target: str) -> None:
    moments = random.Random(20261120)  # noqa: S311 - a test that can be repeated

    async def session() -> tuple[int, int]:
        async with raw_server(delay_s=0.02) as server:
            client = client_of(server, target)
            await client.ask(REQUEST)
            before = len(os.listdir("/dev/fd"))  # noqa: PTH208 - names only
            for _ in range(60):
                task = asyncio.create_task(client.ask(REQUEST))
                await asyncio.sleep(moments.uniform(0, 0.03))
                task.cancel()
                await asyncio.wait([task])
                assert task.cancelled() or task.result().text == "hello"
            assert (await client.ask(REQUEST)).text == "hello"
            after = len(os.listdir("/dev/fd"))  # noqa: PTH208
            await client.aclose()
            await asyncio.sleep(0.05)
            assert server.open == 0
            return before, after

    before, after = asyncio.run(session())
    assert after <= before + 2  # both ends of one connection that is kept for the next call


@every_target
def test_a_connection_that_the_server_gave_up_is_not_used(target: str) -> None:
    async def session() -> str:
        async with raw_server() as server:
            server.respond = lambda request: ok(request).replace(
                b"Whatever\r\n", b"OK\r\nConnection: close\r\n", 1
            )
            client = client_of(server, target)
            answers = [(await client.ask(REQUEST)).text for _ in range(3)]
            await client.aclose()
            return " ".join(answers)

    assert asyncio.run(session()) == "hello hello hello"
