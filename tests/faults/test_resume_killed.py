"""SIGKILL of a run at any moment: what was stored is not asked again, and nothing else is.

Each of the twenty runs, and each of their reruns, is all of pytest with LiteLLM behind a real
socket; they are forked from a process that has LiteLLM imported, which is what makes twenty of them
affordable. With ``AFAKE_TEST_LONG=1`` they begin from nothing, as a user's do.
"""

from __future__ import annotations

import os
import random

from runs import TWO_GAPS, Project, figures

CONCURRENCY = 6
RUN = ("--model", "faker", "--afake-max-pairs", "30", "--afake-limit", "0.5")
REQUESTS = 2 * 2 * 30
POINTS = sorted(random.Random(20).sample(range(1, REQUESTS), 20))  # noqa: S311 - no secrets
FRESH = os.environ.get("AFAKE_TEST_LONG") == "1"


def test_a_rerun_makes_only_the_missing_calls_wherever_the_run_was_killed(
    project: Project,
) -> None:
    project.write(test_it=TWO_GAPS)
    server = project.server
    server.latency_s = 0.01
    run = (*RUN, "--afake-concurrency", str(CONCURRENCY))
    undisturbed = figures(project.run(*run, "--afake-store", "undisturbed"))
    assert server.distinct == len(server) == REQUESTS
    for point in POINTS:
        server.forget()
        store = f"store-{point}"
        killed = project.start(*run, "--afake-store", store, fresh=FRESH)
        server.wait_for(point)
        killed.kill()
        server.settle()
        sent, kept = len(server), project.stored(store)
        assert sent - kept < 2 * CONCURRENCY, "lost: under way, or on the way to the disk"
        again = project.run(*run, "--afake-store", store, fresh=FRESH)
        assert len(server) - sent == REQUESTS - kept, f"killed after {point} requests"
        assert server.distinct == REQUESTS
        assert figures(again) == undisturbed, f"killed after {point} requests"
