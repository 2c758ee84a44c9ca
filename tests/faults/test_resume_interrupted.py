"""Ctrl-C: what was sent is waited for and stored, nothing more is sent, and the run says so."""

from __future__ import annotations

import re
import signal
import time

import pytest
from runs import TWO_GAPS, Project, Run
from sessions import Session

RUN = ("--model", "honest", "--afake-max-pairs", "100", "--afake-concurrency", "8")
SECONDS = 5.0
"""An end within seconds: it takes half of one, and a machine may be busy."""
WORKER_SECONDS = 20.0
"""Workers may be importing LiteLLM, and Python cannot end in the middle of that."""


def interrupted(run: Run) -> tuple[Session, float]:
    """How a run ends by Ctrl-C, and after how many seconds."""
    began = time.monotonic()
    run.send(signal.SIGINT)
    session = run.wait()
    return session, time.monotonic() - began


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_what_was_sent_is_stored_and_nothing_more_is_sent(
    project: Project, workers: tuple[str, ...]
) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    server.latency_s = 0.1
    run = project.start(*RUN, *workers, fresh=bool(workers))
    server.wait_for(60)
    session, seconds = interrupted(run)
    assert session.status == 2
    assert seconds < (WORKER_SECONDS if workers else SECONDS)
    assert project.stored() == len(server) == server.distinct
    assert len(server) <= 60 + 2 * 8, "60 had arrived, and no more than 8 may be under way"
    assert session.results["run"]["complete"] is False
    (said,) = re.findall(r"interrupted: (\d+) .*stored in (\S+);", session.text)
    assert said == (str(len(server)), str(project.folder / "store"))
    assert "INCOMPLETE" in session.last_line


@pytest.mark.parametrize(
    "refusal", [(429, {"Retry-After": "30"}), (429, {}), (500, {})], ids=["wait 30 s", "429", "500"]
)
def test_requests_that_wait_to_be_repeated_are_not_waited_for(
    project: Project, refusal: tuple[int, dict[str, str]]
) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    run = project.start(*RUN)
    server.wait_for(60)
    server.refusal = refusal
    time.sleep(1.0)  # until all that was under way is refused, and waits
    arrived = len(server)
    session, seconds = interrupted(run)
    assert session.status == 2
    assert seconds < SECONDS
    assert len(server) - arrived <= 8, "nothing is sent again"


def test_a_second_one_ends_the_run_at_once(project: Project) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    run = project.start(*RUN)
    server.wait_for(31)
    server.latency_s = 60
    server.wait_for(len(server) + 8)  # these will not be answered
    run.send(signal.SIGINT)
    time.sleep(1.0)
    assert not run.ended, "what was sent is paid for, and waited for"
    session, seconds = interrupted(run)
    assert session.status == 2
    assert seconds < SECONDS
    assert project.stored() >= 30
    assert "INCOMPLETE" in session.last_line
