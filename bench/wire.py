"""HTTP/1.1 as far as a bench needs it: whole requests out of bytes, replies into bytes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests", 503: "Service Unavailable"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: method and path as sent, and the whole body."""

    method: str
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. ``body`` is sent as JSON."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        body = json.dumps(self.body).encode()
        lines = [
            f"HTTP/1.1 {self.status} {_REASONS[self.status]}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


def take_request(buffer: bytearray) -> Request | None:
    """Take the first request out of the buffer; None while it is not whole."""
    head_end = buffer.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    head = bytes(buffer[:head_end])
    length = _LENGTH.search(head)
    start = head_end + 4
    end = start + (int(length[1]) if length else 0)
    if len(buffer) < end:
        return None
    method, path, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
    body = bytes(buffer[start:end])
    del buffer[:end]
    return Request(method, path, body)


class Connection(asyncio.Protocol):
    """One kept-alive connection; requests are handed on as soon as they are whole.

    ``handle`` is given the request and a function that sends the reply, now or later.
    """

    def __init__(self, handle: Callable[[Request, Callable[[bytes], None]], None]) -> None:
        self._handle = handle
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (request := take_request(self._buffer)) is not None:
            self._handle(request, self._send)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)
