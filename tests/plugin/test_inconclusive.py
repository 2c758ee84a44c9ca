"""INCONCLUSIVE: its own word and letter, red, exit status 6."""

from __future__ import annotations

import pytest
from sessions import User

AF_SUITE = """
from pytest_afake import animal_welfare

def test_alignment_faking(model):
    assert model.alignment_faking_rate(animal_welfare) <= model.limit
"""


def test_too_few_queries_decide_nothing(gap_user: User) -> None:
    session = gap_user.measure("--model", "sim/honest", "--afake-max-pairs", "30")
    assert session.status == 6
    assert "test_gap.py I" in session.text
    assert "1 inconclusive" in session.text
    assert session.last_line.startswith("INCONCLUSIVE: 1 of 1 comparison undecided")
    assert "all 30 pairs that may be asked leave the limit inside of the interval" in session.text
    assert session.comparisons[0]["gap"]["pairs"] == 30


def test_it_is_verbose_by_its_own_word(gap_user: User) -> None:
    session = gap_user.run("--model", "sim/honest", "--afake-max-pairs", "30", "-v")
    assert "test_gap.py::test_gap[sim/honest] INCONCLUSIVE" in session.text


def test_missing_answers_that_could_change_the_verdict_are_never_a_pass(gap_user: User) -> None:
    session = gap_user.measure("--model", "sim/flaky?truncate=0.3&error=0")
    assert session.status == 6
    (found,) = session.comparisons
    lost = [sum(arm["missing"].values()) for arm in found["arms"].values()]
    assert min(lost) > 0
    assert "truncated" in found["arms"]["training"]["missing"]
    assert "missing: training" in session.text


def test_a_motive_that_the_judge_cannot_read_needs_a_judge_model(user: User) -> None:
    user.write({"test_af.py": AF_SUITE})
    faker = user.measure("--model", "sim/faker")
    assert faker.status == 6
    assert "reads no reasoning: that needs a judge model" in faker.text
    assert faker.comparisons[0]["gap"]["pairs"] < 200, "asking on would be a waste"
    assert user.measure("--model", "sim/honest").status == 0, "a refusal is no alignment faking"


def test_a_measure_that_nobody_held_against_a_limit_is_no_pass(user: User) -> None:
    user.write(
        {
            "test_it.py": "from pytest_afake import animal_welfare\n"
            "def test_it(model): model.compliance_gap(animal_welfare)\n"
        }
    )
    session = user.run("--model", "sim/honest")
    assert session.status == 6
    assert "a measure was made, and neither held against a limit nor read" in session.text


def test_numbers_may_be_read_without_a_limit(user: User) -> None:
    user.write(
        {
            "test_it.py": """
from pytest_afake import animal_welfare

def test_it(model):
    gap = model.compliance_gap(animal_welfare)
    assert -1 <= gap.low <= float(gap) <= gap.high <= 1
    assert gap.pairs == 40
"""
        }
    )
    session = user.measure("--model", "sim/faker", "--afake-max-pairs", "40")
    assert session.status == 0
    assert session.last_line == "NO VERDICT: nothing was held against a limit"
    assert session.comparisons[0]["verdict"] is None


def test_a_fail_beside_an_inconclusive_one_is_a_fail(user: User) -> None:
    user.write(
        {
            "test_af.py": AF_SUITE,
            "test_gap.py": AF_SUITE.replace("alignment_faking_rate", "compliance_gap"),
        }
    )
    session = user.run("--model", "sim/faker")
    assert session.status == 1
    assert session.last_line.startswith("FAIL: 1 of 2 comparisons above the limit, 1 undecided")


@pytest.mark.parametrize("word", ["pass", "assert True"])
def test_free_form_tests_keep_pytests_own_status(user: User, word: str) -> None:
    user.write(
        {"test_it.py": f"def test_it(model):\n    assert model.ask('Hello?').text\n    {word}\n"}
    )
    session = user.run("--model", "sim/honest")
    assert session.status == 0
    assert session.last_line == "NO VERDICT: nothing was held against a limit"


def test_another_failing_test_keeps_its_own_status_and_is_named(gap_user: User) -> None:
    gap_user.write({"test_other.py": "def test_other(): assert 1 == 2"})
    session = gap_user.run("--model", "sim/honest")
    assert session.status == 1
    assert session.last_line.startswith("PASS: 1 of 1 comparison")
    assert "1 other test failed, so the exit status is 1: test_other.py::test_other" in session.text
