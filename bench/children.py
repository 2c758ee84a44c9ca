"""Measured work in a process of its own: options in as JSON, figures out as JSON."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.serving import ROOT


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of wall time, and of user and system CPU time."""

    wall_s: float
    cpu_s: float


def run_worker(
    name: str, options: Mapping[str, Any], python: str = sys.executable
) -> dict[str, Any]:
    """Run ``bench.workers.NAME`` and return what it printed last. Raises RuntimeError if it fails.

    The process starts in the project's root, with nothing of this machine's keys or settings.
    """
    command = [python, "-m", f"bench.workers.{name}", json.dumps(options)]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no output"]
        raise RuntimeError(f"worker {name} ended with {done.returncode}: {lines[-1]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_pytest(folder: Path, *options: str, allowed: tuple[int, ...] = (0,)) -> Times:
    """The times of a whole pytest session in ``folder``. Raises RuntimeError for other statuses."""
    # Hypothesis's own plugin imports all of Hypothesis at the end of each session: noise here.
    quiet = ("-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    command = [sys.executable, "-m", "pytest", *quiet, *options]
    environment = {**_environment(), "PYTHONPATH": str(ROOT)}
    cpu, started = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    times = Times(time.perf_counter() - started, _cpu_of_children() - cpu)
    if done.returncode not in allowed:
        raise RuntimeError(f"pytest ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return times


def options_of_worker() -> dict[str, Any]:
    """What the parent gave to this process."""
    options: dict[str, Any] = json.loads(sys.argv[1])
    return options


def report(**figures: Any) -> None:
    """Hand figures to the parent."""
    print(json.dumps(figures), flush=True)


def timed(work: Callable[[], Any]) -> Times:
    """The times of a piece of work in this process, all of its threads included."""
    cpu, started = time.process_time(), time.perf_counter()
    work()
    return Times(time.perf_counter() - started, time.process_time() - cpu)


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ}
