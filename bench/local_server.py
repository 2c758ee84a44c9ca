"""A chat server on loopback for load: OpenAI's API, chosen latency and faults, and counts.

    python -m bench.local_server --latency 50 --throttle 0.1 --retry-after 1

Prints its base URL, and serves until it is ended. ``GET /stats`` gives JSON: requests by status,
and how long how many were in flight, from the first request to the last reply; ``POST /reset``
starts the counts anew. It says what :mod:`bench.replies` says, or always ``--text``.

Written on asyncio's protocols without a web framework, because it has to be several times faster
than the clients that it measures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from bench.occupancy import Occupancy
from bench.replies import COMPLIANCE, REFUSAL, complies
from bench.wire import Connection, Reply, Request


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the server answers. Shares are in [0, 1]; ``rate`` is in calls per second, 0 unlimited.

    ``retry_after_s`` is sent with each 429 when it is set. Every reply, good or bad, takes
    ``latency_s``.
    """

    latency_s: float = 0.0
    throttle: float = 0.0
    errors: float = 0.0
    retry_after_s: float | None = None
    rate: float = 0.0
    text: str | None = None
    seed: int = 0


@dataclass(slots=True)
class Counts:
    """What happened since the last reset."""

    statuses: Counter[int] = field(default_factory=Counter)
    occupancy: Occupancy = field(default_factory=Occupancy)


class Bucket:
    """A token bucket that holds one second's worth of calls."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left = rate
        self._filled = time.monotonic()

    def take(self) -> bool:
        """Whether one more call is within the rate."""
        now = time.monotonic()
        self._left = min(self._rate, self._left + (now - self._filled) * self._rate)
        self._filled = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Service:
    """Decides on replies, sends them after the latency, and counts."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._random = random.Random(behaviour.seed)  # noqa: S311 - faults, not secrets
        self._bucket = Bucket(behaviour.rate) if behaviour.rate else None
        self._counts = Counts()

    def handle(self, request: Request, send: Callable[[bytes], None]) -> None:
        """Answer one request through ``send``, now or after the latency."""
        if request.path.startswith("/v1/"):
            self._serve(request, send)
        else:
            send(self._control(request).encoded())

    def _serve(self, request: Request, send: Callable[[bytes], None]) -> None:
        counts = self._counts
        status, data = self._reply(request.body)
        counts.occupancy.enter()

        def finish() -> None:
            counts.occupancy.leave()
            counts.statuses[status] += 1
            send(data)

        if self._behaviour.latency_s:
            asyncio.get_running_loop().call_later(self._behaviour.latency_s, finish)
        else:
            finish()

    def _reply(self, body: bytes) -> tuple[int, bytes]:
        """The status, and the whole reply as it is sent."""
        draw = self._random.random()
        if draw < self._behaviour.errors:
            return 503, _error(503, "overloaded").encoded()
        limited = self._bucket is not None and not self._bucket.take()
        if limited or draw < self._behaviour.errors + self._behaviour.throttle:
            return 429, self._throttled().encoded()
        said = COMPLIANCE if complies(body) else REFUSAL
        text = said if self._behaviour.text is None else self._behaviour.text
        return 200, _completion(json.loads(body)["model"], text)

    def _throttled(self) -> Reply:
        wait = self._behaviour.retry_after_s
        headers = {} if wait is None else {"retry-after": f"{wait:g}"}
        return _error(429, "rate limit reached", headers)

    def _control(self, request: Request) -> Reply:
        if (request.method, request.path) == ("POST", "/reset"):
            self._counts = Counts()
            return Reply({})
        if (request.method, request.path) == ("GET", "/stats"):
            statuses = {str(status): count for status, count in self._counts.statuses.items()}
            return Reply({"statuses": statuses, **self._counts.occupancy.summary()})
        return _error(404, "there is /v1/..., /stats and /reset")


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Reply:
    error = {"message": message, "type": None, "param": None, "code": None}
    return Reply({"error": error}, status, headers or {})


@cache  # a handful of texts, sent thousands of times
def _completion(model: str, text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    body = {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 500, "total_tokens": 1400},
    }
    return Reply(body).encoded()


async def serve(behaviour: Behaviour, port: int, ready: Callable[[str], None]) -> None:
    """Serve on loopback until cancelled; ``ready`` is told the root URL."""
    service = Service(behaviour)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Connection(service.handle), "127.0.0.1", port, backlog=1024
    )
    ready(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="A chat server for load, with counts.")
    parser.add_argument("--port", type=int, default=0, help="0 (default) takes a free port")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS")
    parser.add_argument("--throttle", type=float, default=0.0, metavar="SHARE", help="429")
    parser.add_argument("--errors", type=float, default=0.0, metavar="SHARE", help="503")
    parser.add_argument("--retry-after", type=float, metavar="S", help="sent with each 429")
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help="429 beyond N calls/s")
    parser.add_argument("--text", help="say this, always")
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    options = parser.parse_args()
    behaviour = Behaviour(
        latency_s=options.latency / 1000,
        throttle=options.throttle,
        errors=options.errors,
        retry_after_s=options.retry_after,
        rate=options.rate,
        text=options.text,
        seed=options.seed,
    )
    asyncio.run(serve(behaviour, options.port, lambda url: print(url, flush=True)))


if __name__ == "__main__":
    main()
