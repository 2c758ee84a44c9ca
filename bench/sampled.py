"""Calls made by one worker against the local server, timed at both ends."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.children import run_worker
from bench.serving import LocalServer


@dataclass(frozen=True, slots=True)
class Sampled:
    """``span_s`` is from the first request to the last reply as the server saw them.

    ``wall_s`` and ``cpu_s`` are the worker's, over all that it did for these calls.
    """

    calls: int
    span_s: float
    wall_s: float
    cpu_s: float
    mean_in_flight: float

    @property
    def cpu_us_per_call(self) -> float:
        return 1e6 * self.cpu_s / self.calls


def sample(
    worker: str, options: Mapping[str, Any], server: LocalServer, python: str = sys.executable
) -> Sampled:
    """Run a worker. Raises RuntimeError when its calls were not exactly those that were wanted."""
    found = run_worker(worker, {"server": server.root, **options}, python)
    load = server.load()
    if load.statuses != {"200": options["calls"]}:
        raise RuntimeError(f"{worker} made {load.statuses} calls in place of {options['calls']}")
    return Sampled(
        calls=load.answered,
        span_s=load.span_s,
        wall_s=found["wall_s"],
        cpu_s=found["cpu_s"],
        mean_in_flight=load.mean_in_flight,
    )
