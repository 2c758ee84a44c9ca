"""(h) A server that allows so many calls a second and refuses the rest with 429."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.children import run_worker
from bench.figures import Figure, Section, Table
from bench.plan import Plan
from bench.serving import Load, local_server
from bench.workload import write_models, write_queries

RATE, LATENCY_MS, CONCURRENCY = 50, 200, 64
NOTES = (
    "The server answers 429 with `Retry-After: 1` to what exceeds its rate. The physical limit is "
    "calls / rate; an answer that never came is missing, with its cause.",
)


def run(plan: Plan) -> Section:
    calls = plan.size(1500, 20)
    loads = [_load(calls, plan) for _ in range(plan.repetitions)]
    got = tuple(load.answered / calls for load in loads)
    limit_s = (calls - RATE) / RATE  # one second's worth may come at once
    reached = tuple(load.answered / calls * limit_s / load.span_s for load in loads)
    refused = tuple(load.statuses.get("429", 0) / calls for load in loads)
    title = f"{calls:,} calls, {RATE} calls/s allowed, {LATENCY_MS} ms, {CONCURRENCY} connections"
    figures = (
        Figure("answers / calls wanted", got),
        Figure("throughput / physical limit", reached),
        Figure("refused requests / calls wanted", refused),
    )
    return Section("Against a rate limit", (Table(title, figures),), NOTES)


def _load(calls: int, plan: Plan) -> Load:
    limits = ("--rate", str(plan.size(RATE, 10 * RATE)), "--retry-after", "1")
    with (
        tempfile.TemporaryDirectory() as name,
        local_server("--latency", str(LATENCY_MS), *limits) as server,
    ):
        folder = Path(name)
        write_queries(folder, calls // 2)
        write_models(folder, "openai/bench", server.api_base)
        store = str(folder / "store")
        options = {"folder": name, "store": store, "concurrency": CONCURRENCY}
        run_worker("ours", {"server": server.root, **options})
        return server.load()
