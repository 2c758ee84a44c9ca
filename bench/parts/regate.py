"""(d) Ten thousand stored answers gated again, over raw reads of the same rows by diskcache."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench.children import Times, run_pytest, run_worker
from bench.figures import Figure, Section, Table, at_most, in_turn, ratios
from bench.parts.throughput import Point, setting
from bench.plan import Plan
from bench.workload import MODEL, QUERIES

ROWS, QUICK_ROWS = 10_000, 20
STORE = "store-0"
NOTES = (
    "*Reading* is `get` of every key of the store, which checks a digest and the shape, over "
    "`diskcache.Cache.get` and `json.loads` of the same rows. *Gating again* is all of a measure: "
    "rendering, keys, reading, judging and the statistics. The *session* is pytest from start to "
    "end; no process imported LiteLLM.",
)
_SUITE = """
from pytest_afake import animal_welfare

def test_gap(model):
    assert model.compliance_gap(animal_welfare).pairs
"""


def run(plan: Plan) -> Section:
    rows = plan.size(ROWS, QUICK_ROWS)
    with setting(Point("openai/bench", 0, 64, rows)) as ready:
        ready.ours()  # fills the store
        found = _measured(ready.folder, rows, plan.repetitions)
    table = Table(f"{rows:,} stored answers", tuple(_figures(rows, found)))
    return Section("Gating again from the store", (table,), NOTES)


def _measured(folder: Path, rows: int, repetitions: int) -> dict[str, list[Times]]:
    (folder / "test_gap.py").write_text(_SUITE)
    (folder / "pytest.ini").write_text("[pytest]\n")
    return in_turn(
        {
            "raw": partial(_worker, "read_raw", folder, rows),
            "reading": partial(_worker, "read_ours", folder, rows),
            "gating": partial(_worker, "regate", folder, rows),
            "session": partial(_session, folder),
            "empty": partial(_empty_session),
        },
        repetitions,
    )


def _worker(name: str, folder: Path, rows: int) -> Times:
    found = run_worker(name, {"folder": str(folder), "store": str(folder / STORE)})
    if found["rows"] - rows not in (0, 1):  # the warm-up is stored, too, and gates nothing
        raise RuntimeError(f"{name} read {found['rows']} rows in place of {rows}")
    return Times(found["wall_s"], found["cpu_s"])


def _session(folder: Path) -> Times:
    options = ("--model", MODEL, "--afake-queries", QUERIES, "--afake-store", STORE)
    return run_pytest(folder, "test_gap.py", *options, allowed=(0,))


def _empty_session() -> Times:
    """Pytest with one test that does nothing."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "test_nothing.py").write_text("def test_nothing(): pass\n")
        return run_pytest(Path(name))


def _figures(rows: int, found: dict[str, list[Times]]) -> Iterator[Figure]:
    raw = found["raw"]
    for name, what in (("reading", "reading"), ("gating", "gating again")):
        budget = at_most(2.0) if name == "reading" else None
        wall = ratios([each.wall_s for each in found[name]], [each.wall_s for each in raw])
        cpu = ratios([each.cpu_s for each in found[name]], [each.cpu_s for each in raw])
        yield Figure(f"{what} / raw reads, wall time", wall, budget=budget)
        yield Figure(f"{what} / raw reads, CPU time", cpu, budget=budget)
    for name in ("raw", "reading", "gating"):
        spent = tuple(1e6 * each.cpu_s / rows for each in found[name])
        yield Figure(f"CPU per answer, {name}", spent, "µs")
    for name in ("session", "empty"):
        yield Figure(f"pytest session, {name}", tuple(each.wall_s for each in found[name]), "s")
