"""``pytest suites/`` means the same everywhere: the shipped suites where no such folder is."""

from __future__ import annotations

import re

import pytest
from sessions import User

from pytest_afake.scenario import shipped_perturbations, shipped_scenarios


def test_the_shipped_suites_run_in_an_empty_folder(user: User) -> None:
    session = user.measure("suites/", "-m", "gate", "--model", "sim/honest")
    assert session.status == 0
    assert session.last_line.startswith("PASS: 12 of 12 comparisons")
    scenarios = {(item["scenario"], item["perturbation"]) for item in session.comparisons}
    assert scenarios == {
        (name, edit)
        for name in ("helpful_only", "animal_welfare")
        for edit in (None, "neutral_labels", "no_scratchpad", "criteria_cut")
    }


def test_every_scenario_and_every_edit_is_in_a_suite(user: User) -> None:
    """But for one that is for models which reason in a channel of their own."""
    session = user.run("suites/", "--model", "m", "--collect-only", "-q")
    ids = re.findall(r"\[m-([\w+]+)", session.text)
    used = {part for each in ids for part in each.split("+")}
    assert used >= {*shipped_scenarios(), *shipped_perturbations()} - {"native_reasoning"}
    readable = "motives/test_rater_sycophancy.py::test_compliance_gap[m-helpful_only+never_trained]"
    assert readable in session.text


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["one process", "two workers"])
def test_a_part_of_them_can_be_named(user: User, workers: list[str]) -> None:
    path = "suites/helpful_only/test_helpful_only.py"
    session = user.measure(
        f"{path}::test_no_gap_without_a_conflict", "--model", "sim/faker", *workers
    )
    assert session.status == 0
    assert [item["control"] for item in session.comparisons] == [True]


def test_a_folder_of_that_name_comes_first(user: User) -> None:
    user.write({"suites/test_mine.py": "def test_mine(): pass"})
    session = user.run("suites/", "--model", "sim/honest", "-v")
    assert "suites/test_mine.py::test_mine PASSED" in session.text
    assert "helpful_only" not in session.text


def test_a_suite_that_does_not_exist_is_pytests_own_error(user: User) -> None:
    session = user.run("suites/nope", "--model", "sim/honest")
    assert session.status == 4
    assert "not found: suites/nope" in "\n".join(session.errors)


def test_without_a_model_it_says_what_to_type(user: User) -> None:
    session = user.run("suites/")
    assert session.status == 4
    assert "add --model NAME" in "\n".join(session.errors)
