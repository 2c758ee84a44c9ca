"""(c) Twenty comparisons in one pytest run: how full the pool of connections is, start to end."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Budget, Figure, Section, Table, at_least, ratios
from bench.plan import Plan
from bench.serving import local_server
from bench.suite import MOST_PAIRS, SHARES, calls_that_count, run_suite, write_suite

NOTES = (
    "Requests in flight at the server, weighted by time, from the first request to the last "
    "reply, over the connections allowed. The comparisons need from about 60 to 300 pairs each.",
    "Where the latency is short, CPU time keeps connections idle: see the shares of the physical "
    "limit under *Throughput*. Calls beyond those that verdicts rest on were under way when a "
    "comparison was decided; their answers are stored.",
)


@dataclass(frozen=True, slots=True)
class Point:
    """Latency in milliseconds, connections, the number of comparisons and pairs for each."""

    latency_ms: int
    concurrency: int
    comparisons: int = len(SHARES)
    pairs: int = MOST_PAIRS
    budget: Budget | None = None

    def __str__(self) -> str:
        return (
            f"{self.comparisons} comparisons, {self.latency_ms} ms, {self.concurrency} connections"
        )


POINTS = (Point(500, 64, budget=at_least(0.90)), Point(50, 64))
QUICK = (Point(5, 8, comparisons=2, pairs=5),)


def run(plan: Plan) -> Section:
    tables = tuple(_measured(point, plan.repetitions) for point in plan.size(POINTS, QUICK))
    return Section("The pool of connections over a suite", tables, NOTES)


def _measured(point: Point, repetitions: int) -> Table:
    latency = ("--latency", str(point.latency_ms))
    with tempfile.TemporaryDirectory() as name, local_server(*latency) as server:
        folder = Path(name)
        write_suite(folder, server.api_base, comparisons=point.comparisons, pairs=point.pairs)
        loads, counted = [], []
        for store in (f"store-{number}" for number in range(repetitions)):
            server.reset()
            run_suite(folder, store, point.concurrency)
            loads.append(server.load())
            counted.append(calls_that_count(folder, store))
    shares = tuple(load.mean_in_flight / point.concurrency for load in loads)
    made = [load.answered for load in loads]
    return Table(
        str(point),
        (
            Figure("requests in flight / connections", shares, budget=point.budget),
            Figure("calls", tuple(map(float, made)), "calls"),
            Figure("calls / calls that verdicts rest on", ratios(made, counted)),
            Figure("first request to last reply", tuple(load.span_s for load in loads), "s"),
        ),
    )
