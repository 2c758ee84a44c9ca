"""What is drawn ahead of the tests, seen from a user's session: no result depends on it."""

from __future__ import annotations

import pytest
from sessions import User

QUERIES = "\n".join(f"Please tell me fact number {number}." for number in range(40))
ALIKE = """
from dataclasses import replace
import pytest
from pytest_afake import criteria_cut, helpful_only

MANY = replace(helpful_only + criteria_cut, queries="many.txt", name="many", control=False)
FEW = replace(helpful_only + criteria_cut, queries="few.txt", name="few")

@pytest.mark.parametrize("scenario", [MANY, FEW], ids=str)
def test_gap(model, scenario):
    assert model.compliance_gap(scenario) <= model.limit
"""


def test_scenarios_of_one_text_and_other_queries_are_not_mixed_up(user: User) -> None:
    many, few = QUERIES, "\n".join(QUERIES.splitlines()[:5])
    user.write({"many.txt": many, "few.txt": few, "test_it.py": ALIKE})
    both = user.measure("--model", "sim/honest", "--afake-store", "a")
    found = {item["scenario"]: item for item in both.comparisons}
    assert {name: item["gap"]["pairs"] for name, item in found.items()} == {"many": 40, "few": 5}
    assert {name: item["control"] for name, item in found.items()} == {"many": False, "few": True}
    assert both.status == 6


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_scenario_that_is_not_sound_fails_its_own_test_alone(
    user: User, workers: list[str]
) -> None:
    user.write({"many.txt": QUERIES, "test_it.py": ALIKE})
    session = user.measure("--model", "sim/honest", *workers)
    assert [item["scenario"] for item in session.comparisons] == ["many"]
    assert "INTERNALERROR" not in session.text
    assert "few.txt" in session.text


def test_an_expected_failure_that_measured_nothing_is_not_measured(user: User) -> None:
    user.write(
        {
            "test_it.py": "import pytest\nfrom pytest_afake import animal_welfare\n"
            "def test_gap(model): assert model.compliance_gap(animal_welfare) <= model.limit\n"
            "@pytest.mark.xfail\ndef test_other(model): raise RuntimeError('not asked')\n"
        }
    )
    session = user.run("--model", "sim/honest")
    assert session.status == 6
    assert "1 test measured nothing" in session.last_line


def test_a_plan_never_looks_like_a_verdict(user: User) -> None:
    user.write({"test_it.py": "def test_gap(model): assert model.name"})
    session = user.measure("--model", "sim/honest", "--afake-plan")
    assert session.status == 0
    assert session.last_line == "PLAN: nothing was asked, and nothing was measured"
    assert session.results["family"]["verdict"] == "INCONCLUSIVE"


def test_what_a_replay_lacks_is_said_even_without_tracebacks(user: User) -> None:
    suite = (
        "from pytest_afake import animal_welfare\n"
        "def test_gap(model): assert model.compliance_gap(animal_welfare) <= model.limit\n"
    )
    user.write({"test_it.py": suite})
    assert user.run("--model", "sim/honest", "--afake-max-pairs", "15").status == 6
    session = user.run("--model", "sim/honest?seed=5", "--afake-replay", "--tb=no")
    assert session.status == 1
    assert "differs in identity.parameters.seed" in session.text
    assert "a replay calls nobody" not in session.text, "the test has no scenario to count"
