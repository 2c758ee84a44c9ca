"""An HTTP server that keeps the bytes of its requests, and may break off as no framework lets one.

It runs on the loop of the client under test.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from scripted_server import chat


@dataclass(frozen=True)
class RawRequest:
    """One request: its first line, its headers in lower case, its body."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


Response: TypeAlias = Callable[[RawRequest], bytes | None]
"""The bytes to answer with; None for a connection that is reset."""


def ok(request: RawRequest) -> bytes:
    """A short answer in the layout of the API that was asked."""
    if "/messages" not in request.line:
        return http(200, chat())
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": request.document["model"],
        "content": [{"type": "text", "text": "hello"}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 7, "output_tokens": 3},
    }
    return http(200, message)


def http(status: int, document: object, **headers: str) -> bytes:
    body = json.dumps(document).encode()
    given = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\n{given}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@dataclass
class RawServer:
    """``open`` counts the connections that are open now; ``delay_s`` is the wait before a reply."""

    respond: Response = ok
    delay_s: float = 0.0
    requests: list[RawRequest] = field(default_factory=list)
    port: int = 0
    open: int = 0

    def base_of(self, target: str) -> str:
        """The api_base for a model of this server."""
        root = f"http://127.0.0.1:{self.port}"
        return root if target.startswith("anthropic/") else f"{root}/v1"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            while (request := await _read(reader)) is not None:
                self.requests.append(request)
                await asyncio.sleep(self.delay_s)
                reply = self.respond(request)
                if reply is None:
                    _reset(writer)
                    return
                writer.write(reply)
        finally:
            self.open -= 1
            writer.close()


async def _read(reader: asyncio.StreamReader) -> RawRequest | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    line, *rest = head.decode().strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in rest)}
    return RawRequest(line, headers, await reader.readexactly(int(headers["content-length"])))


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, as a proxy does that has lost its backend."""
    no_lingering = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_lingering)
    writer.transport.abort()


@asynccontextmanager
async def raw_server(respond: Response = ok, delay_s: float = 0.0) -> AsyncIterator[RawServer]:
    server = RawServer(respond, delay_s)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
