"""A server of a test in a thread of its own, with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
Started: TypeAlias = "Future[tuple[T, Callable[[], object]]]"
"""Gets the server once it accepts connections, and what ends it."""


@contextmanager
def in_a_thread(serve: Callable[[Started[T]], Coroutine[Any, Any, None]]) -> Iterator[T]:
    """A running server; its thread has ended when the block is left."""
    started: Started[T] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(serve(started)), daemon=True)
    thread.start()
    server, stop = started.result(10)
    try:
        yield server
    finally:
        stop()
        thread.join(10)
