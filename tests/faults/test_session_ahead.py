"""What is drawn ahead of the tests: what they will need, in their order, and nothing else."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from counting_server import CountingServer
from runs import Project

from pytest_afake import animal_welfare, criteria_cut, helpful_only, no_scratchpad

SIX_GAPS = """
import time
import pytest
from pytest_afake import animal_welfare, criteria_cut, helpful_only, no_scratchpad

SCENARIOS = [helpful_only, animal_welfare, helpful_only + criteria_cut]
SCENARIOS += [scenario + no_scratchpad for scenario in SCENARIOS]

@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_gap(model, scenario):
    try:
        assert model.compliance_gap(scenario) <= model.limit
    finally:
        with open("ended.jsonl", "a") as file:
            print(f'["{scenario}", {time.monotonic()}]', file=file)
"""

_PLAIN = [helpful_only, animal_welfare, helpful_only + criteria_cut]
SCENARIOS = [*_PLAIN, *(scenario + no_scratchpad for scenario in _PLAIN)]
NAMES = [str(scenario) for scenario in SCENARIOS]
SITUATIONS = {scenario.render("training", "")[0].content: str(scenario) for scenario in SCENARIOS}

LIMIT = ("--afake-limit", "0.1")
ON_THE_WAY_S = 0.2

SKIPPED = """
import pytest
from pytest_afake import animal_welfare, criteria_cut, helpful_only, no_scratchpad

SCENARIOS = [
    helpful_only,
    pytest.param(animal_welfare, marks=pytest.mark.skip),
    pytest.param(helpful_only + criteria_cut, marks=pytest.mark.skipif(True, reason="no")),
    helpful_only + no_scratchpad,
]

@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""


def asked(server: CountingServer) -> Counter[str]:
    """How many requests came for each scenario, in the order of the first ones."""
    return Counter(SITUATIONS[each.situation] for each in server.seen)


def ended(project: Project) -> dict[str, float]:
    """When the tests ended, by their scenarios."""
    lines = (project.folder / "ended.jsonl").read_text().splitlines()
    return dict(json.loads(line) for line in lines)


def test_later_tests_are_drawn_while_the_first_one_runs(project: Project) -> None:
    project.write(test_it=SIX_GAPS)
    server = project.server
    server.latency_s = 0.05
    session = project.run("--model", "honest", *LIMIT)
    assert session.status == 0
    assert list(asked(server)) == NAMES, "they begin in the order of the tests"
    first = ended(project)[NAMES[0]]
    early = {SITUATIONS[each.situation] for each in server.seen if each.arrived < first}
    assert early >= set(NAMES[:3]), "what its own requests leave free is used for the next ones"


@pytest.mark.parametrize(("model", "status"), [("honest", 0), ("faker", 1)])
def test_a_decided_comparison_sends_nothing_more(project: Project, model: str, status: int) -> None:
    project.write(test_it=SIX_GAPS)
    session = project.run("--model", model, *LIMIT)
    assert session.status == status
    pairs = {item["nodeid"]: item["gap"]["pairs"] for item in session.comparisons}
    for name, requests in asked(project.server).items():
        needed = 2 * pairs[f"test_it.py::test_gap[{model}-{name}]"]
        assert needed <= requests <= needed * 4 / 3, "drawn ahead of the decision: a third at most"
    times = ended(project)
    for each in project.server.seen:
        assert each.arrived < times[SITUATIONS[each.situation]] + ON_THE_WAY_S
    assert project.server.twice == []


def test_what_may_not_be_run_is_not_drawn(project: Project) -> None:
    project.write(test_it=SIX_GAPS)
    server = project.server
    session = project.run("--model", "faker", *LIMIT, "-x")
    (only,) = session.comparisons
    assert session.status == 1
    assert asked(server) == {NAMES[0]: 2 * only["gap"]["pairs"]}, "with -x: only what ran"
    server.forget()
    project.run("--model", "honest", *LIMIT, "-k", "not animal_welfare")
    assert set(asked(server)) == {name for name in NAMES if "animal_welfare" not in name}
    server.forget()
    project.write(test_it=SKIPPED)
    project.run("--model", "honest", *LIMIT, "--afake-store", "another")
    assert set(asked(server)) == {"helpful_only", "helpful_only+no_scratchpad"}
