"""What the installed, unused plugin adds to the start of an unrelated test suite.

    python bench/startup.py --runs 20

Runs a suite of one test with the plugin and without it (``-p no:afake``), in turn, and prints the
difference of the medians of user and system CPU time, and of wall time, in milliseconds. The budget
is 15 ms on top of pytest.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WITHOUT: tuple[str, ...] = ("-p", "no:afake")
WITH: tuple[str, ...] = ()


def one_run(folder: Path, args: tuple[str, ...]) -> tuple[float, float]:
    """CPU and wall time of one pytest session, in milliseconds."""
    # Hypothesis's own plugin imports all of Hypothesis at the end of each session: noise here.
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    cpu, started = _cpu(), time.perf_counter()
    command = [sys.executable, "-m", "pytest", *quiet, *args]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return 1000 * (_cpu() - cpu), 1000 * (time.perf_counter() - started)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    times: dict[tuple[str, ...], list[tuple[float, float]]] = {WITH: [], WITHOUT: []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n")
        for args in times:
            one_run(folder, args)  # compiles modules
        for _ in range(runs):
            for args, found in times.items():
                found.append(one_run(folder, args))
    for index, label in enumerate(("CPU", "wall")):
        with_plugin, without = (
            statistics.median(run[index] for run in times[args]) for args in (WITH, WITHOUT)
        )
        print(
            f"{label}: {with_plugin:.1f} ms with, {without:.1f} ms without: "
            f"{with_plugin - without:+.1f} ms, ratio {with_plugin / without:.3f} ({runs} runs each)"
        )


if __name__ == "__main__":
    main()
