"""One command makes the results: every cheap part yields its figures. Nothing here is timed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The parts that import LiteLLM at most once; the others start it for each side of a comparison.
FIGURES = {
    "regate": ("reading / raw reads, wall time", "gating again / raw reads, CPU time"),
    "start": ("CPU time added", "wall time, with / without"),
    "memory": ("per trial",),
    "steps": ("make the key", "judge an answer by rules"),
}


def bench(output: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "bench/run.py", "--quick", "--output", str(output), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("bench") / "results.md"
    done = bench(output, "--parts", ",".join(FIGURES))
    assert done.returncode == 0, done.stderr + output.read_text()
    return output.read_text()


@pytest.mark.parametrize("part", FIGURES)
def test_each_part_yields_its_figures(results: str, part: str) -> None:
    rows = {line.split(" | ")[0].strip("| "): line for line in results.splitlines()}
    for figure in FIGURES[part]:
        assert any(sign.isdigit() for sign in rows[figure])


def test_the_results_say_on_what_they_were_made(results: str) -> None:
    assert "CPython" in results or "PyPy" in results
    assert "litellm 1" in results
    assert "cores" in results
    assert "load average before" in results
    assert "smoke run" in results


def test_what_was_not_measured_is_said_and_is_no_success(tmp_path: Path) -> None:
    output = tmp_path / "results.md"
    done = bench(output, "--parts", "inspect")
    assert done.returncode == 1
    assert "Not measured: no `--inspect-python` was given." in output.read_text()


def test_an_unknown_part_is_refused(tmp_path: Path) -> None:
    done = bench(tmp_path / "results.md", "--parts", "start,weather")
    assert done.returncode == 2
    assert "no such part: weather" in done.stderr
