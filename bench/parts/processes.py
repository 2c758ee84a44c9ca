"""(g) Two pytest-xdist workers against one process, for the same cold work."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench.children import Times
from bench.figures import Figure, Section, Table, in_turn, ratios
from bench.plan import Plan
from bench.serving import Load, LocalServer, local_server
from bench.suite import MOST_PAIRS, SHARES, run_suite, write_suite

LATENCY_MS, CONCURRENCY = 50, 64
NOTES = (
    "The suite of twenty comparisons into a cold store, whole pytest sessions. Each worker has to "
    "import LiteLLM, which takes seconds of CPU time.",
)


@dataclass(frozen=True, slots=True)
class Session:
    """One pytest session, and what the server saw of it."""

    times: Times
    load: Load


def run(plan: Plan) -> Section:
    latency = ("--latency", str(LATENCY_MS))
    with tempfile.TemporaryDirectory() as name, local_server(*latency) as server:
        folder, stores = Path(name), itertools.count()
        write_suite(
            folder,
            server.api_base,
            comparisons=plan.size(len(SHARES), 2),
            pairs=plan.size(MOST_PAIRS, 5),
        )
        one = partial(_session, folder, server, stores)
        two = partial(_session, folder, server, stores, "-n", "2")
        found = in_turn({"one": one, "two": two}, plan.repetitions)
    title = f"{LATENCY_MS} ms, {CONCURRENCY} connections"
    return Section(
        "Two workers", (Table(title, tuple(_figures(found["one"], found["two"]))),), NOTES
    )


def _session(folder: Path, server: LocalServer, stores: Iterator[int], *options: str) -> Session:
    server.reset()
    times = run_suite(folder, f"store-{next(stores)}", CONCURRENCY, *options)
    return Session(times, server.load())


def _figures(one: list[Session], two: list[Session]) -> Iterator[Figure]:
    yield Figure(
        "wall time of the session, -n 2 / one process",
        ratios([each.times.wall_s for each in two], [each.times.wall_s for each in one]),
    )
    yield Figure(
        "CPU time of the session, -n 2 / one process",
        ratios([each.times.cpu_s for each in two], [each.times.cpu_s for each in one]),
    )
    yield Figure(
        "first request to last reply, -n 2 / one process",
        ratios([each.load.span_s for each in two], [each.load.span_s for each in one]),
    )
    yield Figure(
        "calls, -n 2 / one process",
        ratios([each.load.answered for each in two], [each.load.answered for each in one]),
    )
