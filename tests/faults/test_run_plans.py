"""``--afake-plan`` calls nobody, and says the most that the run it stands for can call and cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from model_runs import Model, Upstream, upstream, well
from sessions import Session

PAIRS = 10
MOST = 2 * (PAIRS + PAIRS)  # requests, and questions of comprehension that a test may ask
PRICED = "input_usd_per_million = 3\noutput_usd_per_million = 15\nmax_tokens = 400"


@dataclass
class Runs:
    """A plan, the same by two workers, the run, and a plan after it."""

    plan: Session
    by_two: Session
    calls_of_plans: int
    run: Session
    afterwards: Session
    site: Upstream


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    models = Model("priced", well, table=PRICED), Model("unpriced", well)
    with upstream(tmp_path_factory.mktemp("plans"), *models) as site:
        bounds = ("--afake-max-pairs", str(PAIRS))
        plan = site.run(*bounds, "--afake-plan")
        by_two = site.run(*bounds, "--afake-plan", "-n", "2")
        calls = len(site.server.requests)
        run = site.run(*bounds)
        yield Runs(plan, by_two, calls, run, site.run(*bounds, "--afake-plan"), site)


def planned(session: Session) -> dict[str, str]:
    """What is said of each model."""
    found = (re.fullmatch(r"afake: (\w+): (at most .*)", line) for line in session.lines)
    return {match[1]: match[2] for match in found if match}


def test_a_plan_calls_nobody_and_ends_well(runs: Runs) -> None:
    assert runs.calls_of_plans == 0
    assert [runs.plan.status, runs.by_two.status, runs.afterwards.status] == [0, 0, 0]
    assert runs.plan.results["family"]["verdict"] == "INCONCLUSIVE", "a plan is no measurement"


def test_workers_plan_the_same(runs: Runs) -> None:
    assert planned(runs.plan) == planned(runs.by_two)


def test_a_plan_says_calls_stored_share_and_cost(runs: Runs) -> None:
    said = planned(runs.plan)
    assert said.keys() == {"priced", "unpriced"}
    calls = f"at most {MOST} calls and their retries (0 of {MOST} answers are stored), "
    assert said["unpriced"] == f"{calls}cost unknown"
    assert re.fullmatch(rf"{re.escape(calls)}at most \$\d\.\d\d", said["priced"])


def test_the_run_needs_no_more_than_its_plan(runs: Runs) -> None:
    for model in runs.site.models.values():
        assert 0 < model.calls <= 2 * PAIRS
    bound = float(planned(runs.plan)["priced"].partition("$")[2])
    (cost,) = (item["cost_usd"] for item in runs.run.comparisons if item["model"] == "priced")
    assert 0 < cost <= bound


def test_a_plan_knows_what_is_stored(runs: Runs) -> None:
    left = f"at most {MOST - 2 * PAIRS} calls and their retries ({2 * PAIRS} of {MOST} answers"
    assert all(line.startswith(left) for line in planned(runs.afterwards).values())
