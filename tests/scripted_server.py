"""A model server on loopback that says what a test tells it to say, and counts what it was asked.

It runs in a thread with an event loop of its own, so that a client under test meets a real socket.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Reply:
    """What the server does with one request. ``body`` is sent as JSON unless it is text.

    ``delay_s`` is the wait before the reply, ``drip_s`` the wait before each of its characters;
    ``reset`` closes the connection instead.
    """

    body: object = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    drip_s: float = 0.0
    reset: bool = False

    @property
    def payload(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


@dataclass(frozen=True)
class Received:
    """One request as it came in: path, headers in lower case, JSON body."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


def chat(content: str | None = "hello", **message: object) -> dict[str, object]:
    """A chat completion in OpenAI's layout that names no model: LiteLLM fills in the one asked."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content, **message},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


def error(message: str, **fields: object) -> dict[str, object]:
    """An error body in OpenAI's layout."""
    return {"error": {"message": message, "type": None, "param": None, "code": None, **fields}}


class ScriptedServer:
    """Answers every POST with ``reply`` and keeps what it received in ``requests``."""

    def __init__(self) -> None:
        self.reply = Reply(chat())
        self.requests: list[Received] = []
        self.port = 0

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The api_base of an OpenAI-compatible client."""
        return f"{self.root}/v1"

    def says(self, body: object, status: int = 200, **fields: Any) -> None:
        """Script the next replies, and forget the requests so far."""
        self.reply = Reply(body, status, **fields)
        self.requests.clear()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append(Received(request.path, headers, json.loads(text or "{}")))
        reply = self.reply
        await asyncio.sleep(reply.delay_s)
        if reply.reset and request.transport is not None:
            request.transport.abort()
        if reply.drip_s:
            return await _drip(request, reply)
        return web.Response(
            text=reply.payload,
            status=reply.status,
            content_type="application/json" if not isinstance(reply.body, str) else "text/html",
            headers=reply.headers,
        )


async def _drip(request: web.Request, reply: Reply) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for character in reply.payload:
        await asyncio.sleep(reply.drip_s)
        await response.write(character.encode())
    return response


async def _serve(started: Future[tuple[ScriptedServer, Callable[[], object]]]) -> None:
    server, stop = ScriptedServer(), asyncio.Event()
    app = web.Application()
    app.router.add_post("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    loop = asyncio.get_running_loop()
    started.set_result((server, lambda: loop.call_soon_threadsafe(stop.set)))
    await stop.wait()
    await runner.cleanup()


@contextmanager
def scripted_server() -> Iterator[ScriptedServer]:
    """A running server on a free port; its thread has ended when the block is left."""
    started: Future[tuple[ScriptedServer, Callable[[], object]]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(started)), daemon=True)
    thread.start()
    server, stop = started.result(10)
    try:
        yield server
    finally:
        stop()
        thread.join(10)
