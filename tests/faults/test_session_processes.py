"""Several processes and one store: each request once, one bound for all, no death that blocks."""

from __future__ import annotations

import os
import signal

from runs import Project, figures

# Two scenarios, each measured by two tests, which xdist gives to different workers.
FOUR_GAPS = """
import pytest
from pytest_afake import animal_welfare, helpful_only

@pytest.mark.parametrize("scenario", [animal_welfare, helpful_only], ids=str)
@pytest.mark.parametrize("n", range(2))
def test_gap(model, scenario, n):
    assert model.compliance_gap(scenario) <= model.limit
"""
CONCURRENCY = 8
RUN = (
    *("--model", "faker", "--afake-max-pairs", "30", "--afake-limit", "0.5"),
    *("--afake-concurrency", str(CONCURRENCY)),
)
REQUESTS = 2 * 2 * 30
TWO_WORKERS = ("-n", "2")

PIDS = """
import os
from pathlib import Path

def pytest_sessionstart():
    name = os.environ.get("PYTEST_XDIST_WORKER", "controller")
    Path(f"{name}.pid").write_text(str(os.getpid()))
"""


def test_two_workers_ask_what_one_process_asks_each_thing_once_and_no_more_at_a_time(
    project: Project,
) -> None:
    project.write(test_it=FOUR_GAPS)
    server = project.server
    one = project.run(*RUN, "--afake-store", "one")
    assert (len(server), server.twice, server.most) == (REQUESTS, [], CONCURRENCY)
    server.forget()
    two = project.run(*RUN, *TWO_WORKERS, "--afake-store", "two", fresh=True)
    assert (len(server), server.twice) == (REQUESTS, [])
    assert server.most <= CONCURRENCY, "less while one of them still imports LiteLLM"
    assert figures(one) == figures(two)
    assert one.status == two.status


def test_two_runs_at_the_same_time_ask_each_thing_once(project: Project) -> None:
    project.write(test_it=FOUR_GAPS)
    server = project.server
    alone = project.run(*RUN, "--afake-store", "alone")
    server.forget()
    runs = [project.start(*RUN), project.start(*RUN)]
    first, second = (run.wait() for run in runs)
    assert (len(server), server.twice) == (REQUESTS, [])
    assert figures(first) == figures(second) == figures(alone)
    assert first.status == second.status == alone.status


def test_a_killed_worker_costs_its_test_and_nothing_that_it_had_stored(project: Project) -> None:
    project.write(test_it=FOUR_GAPS, conftest=PIDS)
    server = project.server
    server.latency_s = 0.2
    run = project.start(*RUN, *TWO_WORKERS, "--max-worker-restart", "0", fresh=True)
    server.wait_for(40)
    os.kill(int((project.folder / "gw1.pid").read_text()), signal.SIGKILL)
    died = len(server)
    session = run.wait()  # the other worker wants the same answers: it must not wait for the dead
    assert session.status not in (0, 2, 3)
    assert session.results["run"]["complete"] is False
    assert session.results["run"]["lost"]
    assert "INCOMPLETE" in session.last_line
    assert session.comparisons, "the other worker's results are kept"
    assert len(server) > died, "the other worker went on"
    server.latency_s = 0.02
    missing = REQUESTS - project.stored()
    sent = len(server)
    again = project.run(*RUN)
    assert len(server) - sent == missing
    assert again.results["run"]["complete"] is True
    mine = {item["nodeid"]: item for item in figures(again)}
    assert all(mine[item["nodeid"]] == item for item in figures(session))
    assert len(server.twice) < 2 * CONCURRENCY, "lost: under way, or on the way to the disk"
