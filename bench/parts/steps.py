"""(i) What each of our own steps costs beside a call: where the overhead of sampling goes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.children import run_worker
from bench.figures import Figure, Section, Table
from bench.plan import Plan
from bench.workload import write_queries

NOTES = (
    "Each step alone, in a process of its own, on the answers that the local server gives (about "
    "2,000 characters). A call through LiteLLM is above, under *CPU per call, bare*. What is left "
    "between these and *CPU per call, ours* is the event loop and the threads.",
)


def run(plan: Plan) -> Section:
    repeated = plan.repetitions
    with tempfile.TemporaryDirectory() as name:
        write_queries(Path(name), plan.size(1000, 10))
        options = {"folder": name, "store": str(Path(name) / "store"), "repeated": repeated}
        found = run_worker("steps", options)
    figures = (Figure(what, tuple(values), "µs") for what, values in found["steps"].items())
    ranked = sorted(figures, key=lambda figure: figure.median, reverse=True)
    return Section("Our own steps", (Table("CPU per call", tuple(ranked)),), NOTES)
