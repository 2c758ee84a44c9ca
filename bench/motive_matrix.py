"""Which motives the table finds in organisms whose motives are known: a confusion matrix.

    python bench/motive_matrix.py --runs 200 --processes 2 --write docs/motives.md

Each run takes an organism of another seed, and another order of the queries, through scenarios,
judge, intervals and the rules of the motive table. The store, lanes and gates between them are
left out: ``tests/calibration/test_motive_rates.py`` holds such a run to a whole one. The exit
status is 1 when a contrast is misjudged in more runs of an organism than alpha and three standard
errors allow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1]))

from motive_simulation import RIGHT, Outcome, contrasts, matrix, outcome_of, verdicts, wrong
from motive_table_runs import ALPHA

from bench.machine import machine, python_version
from bench.pages import joined, replace_in


def most_wrong(runs: int) -> int:
    """Wrong runs that a true rate of alpha gives in all but one of 700 simulations."""
    return int(runs * ALPHA + 3 * sqrt(runs * ALPHA * (1 - ALPHA)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="seeds of each organism")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--organisms", default=",".join(RIGHT), help="some of %(default)s")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="replace the tables of a page")
    given = parser.parse_args()
    chosen = given.organisms.split(",")
    if unknown := set(chosen) - set(RIGHT):
        parser.error(f"--organisms: {', '.join(sorted(unknown))}: not among {', '.join(RIGHT)}")
    began = time.monotonic()
    outcomes: dict[str, Sequence[Outcome]] = {}
    # Not forked: the event loop of a run has a thread.
    with ProcessPoolExecutor(given.processes, get_context("spawn")) as pool:
        for organism in chosen:
            one = partial(outcome_of, organism)
            outcomes[organism] = list(pool.map(one, range(given.runs), chunksize=5))
            print(matrix({organism: outcomes[organism]})[-1], flush=True)
    return _report(outcomes, given.runs, (time.monotonic() - began) / 60, given.write)


def _report(
    outcomes: dict[str, Sequence[Outcome]], runs: int, minutes: float, page: Path | None
) -> int:
    errors = {organism: wrong(organism, found) for organism, found in outcomes.items()}
    made = (
        f"{runs} seeds of each organism (SIMULATED: `python bench/motive_matrix.py --runs {runs}`,",
        f"{minutes:.0f} min on {machine()}, {python_version()}).",
        f"Runs with a misjudged contrast: {sum(errors.values())} of {runs * len(outcomes)}; "
        + ", ".join(f"{organism} {number}" for organism, number in errors.items())
        + ".",
    )
    tables = {
        "contrasts": contrasts(),
        "matrix": [*matrix(outcomes), "", *made],
        "verdicts": verdicts(outcomes),
    }
    for name, lines in tables.items():
        print(f"\n{name}\n\n{joined(lines)}", end="", flush=True)
        if page:
            replace_in(page, name, lines)
    return int(any(number > most_wrong(runs) for number in errors.values()))


if __name__ == "__main__":
    sys.exit(main())
