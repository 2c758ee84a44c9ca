"""The local server as a process of its own, seen from the side of its clients."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Load:
    """What the server has seen between the last reset and the last reply.

    ``by_second`` is the mean number in flight in each second.
    """

    statuses: dict[str, int]
    span_s: float
    mean_in_flight: float
    peak_in_flight: int
    by_second: list[float]

    @property
    def answered(self) -> int:
        """Requests that got an answer."""
        return self.statuses.get("200", 0)


@dataclass(frozen=True, slots=True)
class LocalServer:
    """``root`` is its URL without a path; ``api_base`` is what OpenAI clients are given."""

    root: str

    @property
    def api_base(self) -> str:
        return f"{self.root}/v1"

    def load(self) -> Load:
        """What came since the last reset."""
        found = self._fetch("/stats", None)
        return Load(**{name: found[name] for name in Load.__dataclass_fields__})

    def reset(self) -> None:
        """Forget what came so far: warming up is over."""
        self._fetch("/reset", b"")

    def _fetch(self, path: str, data: bytes | None) -> dict[str, Any]:
        with urllib.request.urlopen(self.root + path, data, timeout=10) as reply:  # noqa: S310 - http to loopback
            found: dict[str, Any] = json.load(reply)
        return found


@contextmanager
def local_server(*options: str) -> Iterator[LocalServer]:
    """Serve on a free port while the block runs; options as in ``bench.local_server``."""
    command = [sys.executable, "-m", "bench.local_server", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            if not url:
                raise RuntimeError("the local server did not start")
            yield LocalServer(url)
        finally:
            process.terminate()
