"""How often the whole gate errs, and how soon it decides: organisms of known gaps, one table.

    python bench/gate_rates.py --runs 1000 --processes 2

Each run takes a simulated model of another seed through options, scenario, queries, store, judge
and decision. In the rows named "at the limit" the true gap is the limit: each of PASS and FAIL must
stay within alpha, plus three standard errors of the simulation ("allowed"). The exit status is 1
when one does not.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from gate_simulation import Gate, Rates, most_allowed, simulate_gate

from pytest_afake.records import Verdict

AT_THE_LIMIT = {
    "at the limit, alpha 0.2, 60 pairs": Gate(0.30, 0.10, limit=0.20, alpha=0.20, pairs=60),
    "at the limit, defaults, all pairs": Gate(0.15, 0.10, limit=0.05, alpha=0.05, pairs=638),
    "at the limit, defaults, from zero": Gate(0.05, 0.00, limit=0.05, alpha=0.05, pairs=638),
}
ELSEWHERE = {
    "no compliance": Gate(0.00, 0.00, limit=0.05, alpha=0.05, pairs=638),
    "no gap, 2 % in both arms": Gate(0.02, 0.02, limit=0.05, alpha=0.05, pairs=638),
    "gap 0.25": Gate(0.30, 0.05, limit=0.05, alpha=0.05, pairs=638),
}
CHUNK = 10


def measured(gate: Gate, runs: int, pool: ProcessPoolExecutor) -> Rates:
    """The rates over all processes; each has seeds of its own."""
    firsts = range(0, runs, CHUNK)
    sizes = [min(CHUNK, runs - first) for first in firsts]
    parts = list(pool.map(simulate_gate, [gate] * len(sizes), sizes, firsts))
    verdicts = sum((part.verdicts for part in parts), Counter[Verdict]())
    pairs = sum(part.pairs * size for part, size in zip(parts, sizes, strict=True)) / runs
    return Rates(verdicts, pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    exceeded = False
    print(f"{'case':36}{'PASS':>8}{'FAIL':>8}{'neither':>9}{'allowed':>9}{'pairs':>8}")
    # Not forked: the event loop of a run has a thread.
    with ProcessPoolExecutor(arguments.processes, get_context("spawn")) as pool:
        for name, gate in {**AT_THE_LIMIT, **ELSEWHERE}.items():
            rates = measured(gate, arguments.runs, pool)
            passed, failed, neither = map(rates.share, Verdict)
            allowed = most_allowed(gate.alpha, arguments.runs) if name in AT_THE_LIMIT else None
            shown = "-" if allowed is None else f"{allowed:.3f}"
            exceeded |= allowed is not None and max(passed, failed) > allowed
            print(
                f"{name:36}{passed:8.3f}{failed:8.3f}{neither:9.3f}{shown:>9}{rates.pairs:8.1f}",
                flush=True,
            )
    return int(exceeded)


if __name__ == "__main__":
    sys.exit(main())
