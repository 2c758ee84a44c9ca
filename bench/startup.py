"""What the installed, unused plugin adds to the start of an unrelated test suite.

    python bench/startup.py --runs 20

Runs a suite of one test with the plugin and without it (``-p no:afake``), in turn, and prints the
difference of the medians of user and system CPU time, and of wall time, in milliseconds. The budget
is 15 ms on top of pytest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.children import Times, run_pytest
from bench.figures import in_turn

WITH, WITHOUT = "with", "without"


def measure(runs: int) -> dict[str, list[Times]]:
    """The times of sessions with and without the plugin."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n")
        sessions = {
            WITH: partial(run_pytest, folder),
            WITHOUT: partial(run_pytest, folder, "-p", "no:afake"),
        }
        in_turn(sessions, 1)  # compiles modules
        return in_turn(sessions, runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    found = measure(runs)
    for label in ("cpu_s", "wall_s"):
        with_plugin, without = (
            1000 * median(getattr(times, label) for times in found[side])
            for side in (WITH, WITHOUT)
        )
        print(
            f"{label.partition('_')[0]}: {with_plugin:.1f} ms with, {without:.1f} ms without: "
            f"{with_plugin - without:+.1f} ms, ratio {with_plugin / without:.3f} ({runs} runs each)"
        )


if __name__ == "__main__":
    main()
