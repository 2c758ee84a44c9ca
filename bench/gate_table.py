"""How often the gate errs, how soon it decides, and how other rules do: the tables of a page.

    python bench/gate_table.py --runs 1000 --processes 2 --write docs/statistics.md

Table "errors" has models whose true gap is the limit, so that each PASS is wrong of a model a hair
above and each FAIL of one a hair below. Table "power" has the pairs to a verdict, table "rules"
what other rules say of the same answers. Their runs take a simulated model of another seed through
all of the gate: options, scenario, queries, store, sampler, judge, intervals, decision. Table
"clusters" is the statistics alone, on answers that are planted to be alike within clusters; it has
five times as many runs. Table "panels" is the statistics and the rule over wordings. The exit
status is 1 when a row has more errors than alpha and three standard errors of the simulation allow.
With --write the tables of the page are replaced.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from clustered_draws import Clustered
from gate_simulation import Gate, without_clusters
from gate_tables import (
    ALPHA,
    AT_THE_LIMIT,
    BESIDE_OTHERS,
    Table,
    clustered,
    clusters_table,
    errors_table,
    outcome,
    outcome_beside_others,
    panels_table,
    power_gates,
    power_table,
    rules_table,
)
from panel_simulation import PanelCase, panel_cases

from bench.machine import machine, python_version
from bench.pages import joined, replace_in
from pytest_afake.statistics import Decision

T = TypeVar("T")
CHUNK = 10
TIMES_MORE = 5  # runs of the statistics alone, which take no gate


def _chunk(one: Callable[[int], T], seeds: Sequence[int]) -> list[T]:
    return [one(seed) for seed in seeds]


def _all(pool: Executor, one: Callable[[int], T], runs: int) -> list[T]:
    """The results of all seeds, in their order, whatever the number of processes."""
    chunks = [range(first, min(first + CHUNK, runs)) for first in range(0, runs, CHUNK)]
    return [each for part in pool.map(partial(_chunk, one), chunks) for each in part]


def _decisions(case: Clustered, seed: int) -> tuple[Decision, Decision]:
    return case.decisions(case.gap, ALPHA, seed)


def errors_and_rules(pool: Executor, runs: int) -> Iterator[tuple[str, Table, int]]:
    """Both on the same draws."""
    gates: list[Gate] = [*dict.fromkeys([*AT_THE_LIMIT, *BESIDE_OTHERS.values()])]
    drawn = {gate: _all(pool, partial(outcome_beside_others, gate), runs) for gate in gates}
    yield "errors", errors_table(drawn), runs
    yield "rules", rules_table(drawn), runs


def power(pool: Executor, runs: int) -> Iterator[tuple[str, Table, int]]:
    with tempfile.TemporaryDirectory() as folder:
        gates = power_gates(without_clusters(Path(folder)))
        drawn = {key: _all(pool, partial(outcome, gate), runs) for key, gate in gates.items()}
        yield "power", power_table(drawn), runs


def clusters(pool: Executor, runs: int) -> Iterator[tuple[str, Table, int]]:
    runs *= TIMES_MORE
    drawn = {case: _all(pool, partial(_decisions, case), runs) for case in clustered()}
    yield "clusters", clusters_table(drawn), runs


def _panel(case: PanelCase, seed: int) -> tuple[Decision, int]:
    return case.outcome(seed)


def panels(pool: Executor, runs: int) -> Iterator[tuple[str, Table, int]]:
    drawn = {case: _all(pool, partial(_panel, case), runs) for case in panel_cases()}
    yield "panels", panels_table(drawn), runs


PARTS = {"errors": errors_and_rules, "power": power, "clusters": clusters, "panels": panels}
"""By the first table of each; those of one part have the same draws."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="simulated runs per row")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--parts", default=",".join(PARTS), help="some of %(default)s")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the tables of a page")
    given = parser.parse_args()
    chosen = given.parts.split(",")
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"--parts: {', '.join(sorted(unknown))}: not among {', '.join(PARTS)}")
    exceeded = False
    # Not forked: the event loop of a run has a thread.
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        for part in chosen:
            began = time.monotonic()
            for name, table, runs in PARTS[part](pool, given.runs):
                command = f"python bench/gate_table.py --parts {part} --runs {given.runs}"
                minutes = (time.monotonic() - began) / 60
                lines = [*table.lines(), "", *_made(runs, command, minutes)]
                print(f"\n{name}\n\n{joined(lines)}", end="", flush=True)
                for row in table.exceeded:
                    print(f"EXCEEDED in {name}: {row}", flush=True)
                exceeded |= bool(table.exceeded)
                if given.write:
                    replace_in(given.write, name, lines)
    return int(exceeded)


def _made(runs: int, command: str, minutes: float) -> tuple[str, str]:
    return (
        f"{runs} runs in each row (SIMULATED: `{command}`,",
        f"{minutes:.0f} min on {machine()}, {python_version()}).",
    )


if __name__ == "__main__":
    sys.exit(main())
