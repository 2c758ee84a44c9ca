"""(f) Memory of a process that holds a session of a hundred thousand trials."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import mean

from bench.children import run_worker
from bench.figures import Figure, Section, Table
from bench.plan import Plan
from bench.workload import write_queries
from pytest_afake.store import DiskStore

TRIALS, QUICK_TRIALS = 100_000, 40
NOTES = (
    "One measure of an in-process organism over fifty thousand queries in two arms, into a store "
    "on disk. *Per trial* is the growth of the peak resident size from before the first round.",
)


def run(plan: Plan) -> Section:
    trials = plan.size(TRIALS, QUICK_TRIALS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_queries(folder, trials // 2)
        found = run_worker("hold", {"folder": name, "store": str(folder / "store")})
        stored = _mean_answer_bytes(folder / "store")
    if found["trials"] != trials:
        raise RuntimeError(f"the session holds {found['trials']} trials in place of {trials}")
    each = (found["after"] - found["before"]) / trials
    figures = (
        Figure("peak resident size", (found["after"] / 1e6,), "MB"),
        Figure("before the first round", (found["before"] / 1e6,), "MB"),
        Figure("per trial", (each,), "bytes"),
        Figure("per trial / text of its answer", (each / stored,)),
    )
    return Section("Memory", (Table(f"{trials:,} trials", figures),), NOTES)


def _mean_answer_bytes(directory: Path) -> float:
    store = DiskStore(directory)
    try:
        rows = (store.get(key) for _, key in zip(range(1000), store.keys(), strict=False))
        return mean(len(json.dumps(row["answer"])) for row in rows if row is not None)
    finally:
        store.close()
