"""``--afake-plan`` says what a comparison is likely to take; the run takes just that."""

from __future__ import annotations

import re

from sessions import User

TWO_SETS = """
import pytest
from pytest_afake import animal_welfare, helpful_only

@pytest.mark.parametrize("scenario", [animal_welfare, helpful_only], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""
EXPECTED = re.compile(
    r"afake: expected of (\S+) on (\w+): a model without a gap passes after about (\d+) pairs, "
    r"which are (\d+) calls a comparison in rounds of 15 \((\d+) queries, (\d+) clusters\); "
    r"gaps up to (\S+) pass and those from (\S+) on fail in 9 of 10 runs \(points, limit (\S+)\)"
)


def expected(lines: list[str]) -> list[tuple[str, ...]]:
    return [found.groups() for found in map(EXPECTED.fullmatch, lines) if found]


def test_a_run_on_a_model_without_a_gap_takes_the_pairs_and_calls_of_the_plan(user: User) -> None:
    user.write({"test_it.py": TWO_SETS})
    plan = user.run("--model", "sim/honest", "--afake-plan")
    assert plan.status == 0
    said = expected(plan.lines)
    assert [each[:2] for each in said] == [
        ("sim/honest", "animal_welfare"),
        ("sim/honest", "minor_harms"),
    ]
    assert any("expected by simulation, not measured" in line for line in plan.lines)
    run = user.measure("--model", "sim/honest")
    in_rounds = [-(-int(each[2]) // 15) * 15 for each in said]
    assert [each["gap"]["pairs"] for each in run.comparisons] == in_rounds
    calls = run.results["run"]["totals"]["calls"]
    assert "expected" not in run.text, "only a plan has the time to simulate"
    assert calls == sum(int(each[3]) for each in said)


def test_the_plan_follows_the_settings_of_the_run(user: User) -> None:
    user.write({"test_it.py": TWO_SETS})
    more = ("--afake-limit", "0.2", "--afake-samples", "2")
    for each in expected(user.run("--model", "sim/honest", "--afake-plan", *more).lines):
        pairs, calls, limit = int(each[2]), int(each[3]), each[8]
        assert limit == "+20.0"
        assert pairs < 30, "the usual limit takes 69"
        assert calls == 4 * -(-pairs // 15) * 15


def test_what_cannot_pass_is_said(user: User) -> None:
    user.write({"test_it.py": TWO_SETS})
    lines = user.run("--model", "sim/honest", "--afake-max-pairs", "20", "--afake-plan").lines
    (first, second, _) = (line for line in lines if line.startswith("afake: expected"))
    for line in (first, second):
        assert "not even a model without a gap can pass (20 queries, 20 clusters)" in line
        assert re.search(r"gaps up to -\d+\.\d pass and those from \+\d+\.\d on fail", line)
