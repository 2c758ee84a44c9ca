"""Workers: a dead one makes the run INCOMPLETE and red, and keeps what it had delivered."""

from __future__ import annotations

import pytest
from sessions import User

SUITE = """
import os, signal
import pytest
from pytest_afake import animal_welfare

@pytest.mark.parametrize("n", range(4))
def test_gap(model, n):
    if n == 2 and "PYTEST_XDIST_WORKER" in os.environ:
        os.kill(os.getpid(), signal.SIGKILL)
    assert model.compliance_gap(animal_welfare) <= model.limit
"""


def test_a_killed_worker_makes_the_run_incomplete_and_red(user: User) -> None:
    session = user.write({"test_it.py": SUITE}).measure("--model", "sim/honest", "-n", "2")
    assert session.status == 6
    assert (
        "INCOMPLETE: 1 test did not finish (test_it.py::test_gap[sim/honest-2])"
        in session.last_line
    )
    assert session.last_line.startswith("INCONCLUSIVE")
    assert session.results["run"]["complete"] is False
    assert session.results["run"]["lost"] == ["test_it.py::test_gap[sim/honest-2]"]
    assert len(session.comparisons) == 3, "what the dead worker had delivered is kept"


def test_a_fail_is_a_fail_even_when_a_worker_died(user: User) -> None:
    session = user.write({"test_it.py": SUITE}).run("--model", "sim/faker", "-n", "2")
    assert session.status == 1
    assert session.last_line.startswith("FAIL")
    assert "INCOMPLETE" in session.last_line


@pytest.mark.parametrize("end", ["os._exit(0)", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_run_that_never_ends_leaves_no_results_of_an_earlier_one(user: User, end: str) -> None:
    user.write({"test_it.py": "def test_gap(model): assert model.name"})
    assert user.measure("--model", "sim/honest").results["run"]["complete"] is True
    user.write({"test_it.py": f"import os, signal\ndef test_gap(model): {end}"})
    session = user.measure("--model", "sim/honest")
    assert session.results["run"]["complete"] is False
    assert session.results["family"]["verdict"] == "INCONCLUSIVE"


def test_tests_that_were_never_started_are_lost_too(user: User) -> None:
    session = user.write({"test_it.py": SUITE}).run("--model", "sim/faker", "-x")
    assert session.status == 1
    assert "INCOMPLETE: 3 tests did not finish" in session.last_line


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_an_interrupted_run_says_what_is_missing(user: User, workers: list[str]) -> None:
    user.write(
        {
            "test_it.py": "def test_a(model): model.ask('x')\n"
            "def test_b(model): raise KeyboardInterrupt\n"
        }
    )
    session = user.run("--model", "sim/honest", *workers)
    assert session.status == 2
    assert "INCOMPLETE" in session.last_line
