"""What a scenario is an edit of: the same for equal content, and never by name alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pytest_afake import animal_welfare, criteria_cut, neutral_labels, no_scratchpad, same_arm
from pytest_afake.errors import ScenarioError
from pytest_afake.resources import resource_path
from pytest_afake.scenario import Perturbation, Scenario, examine, load_scenario

UNEDITED = animal_welfare.descent.unedited


def test_edits_are_told_apart_by_what_they_do() -> None:
    edited = animal_welfare + criteria_cut + neutral_labels
    assert edited.descent.unedited == UNEDITED
    assert edited.descent.names == {"criteria_cut", "neutral_labels"}
    assert edited.descent.without(frozenset({"criteria_cut"})) == (
        (animal_welfare + neutral_labels).descent.without(frozenset())
    )
    forged = animal_welfare + Perturbation(name="neutral_labels", title="", cut=("suffix",))
    assert forged.descent != (animal_welfare + neutral_labels).descent


@pytest.mark.parametrize(
    "edit",
    [
        Perturbation(name="criteria_cut", title=""),
        Perturbation(name="neutral_labels", title="", cut_if_present=("no such block",)),
        Perturbation(name="quiet", title="", control=True),
    ],
    ids=str,
)
def test_a_control_that_changes_nothing_is_refused(edit: Perturbation) -> None:
    """It would stand for a control of the very text that it is."""
    with pytest.raises(ScenarioError, match=f"{edit}: it changes nothing, and a control must"):
        animal_welfare + edit


def test_it_is_the_same_for_the_same_file() -> None:
    again = load_scenario(str(resource_path("fixtures", "scenarios") / "animal_welfare.toml"))
    assert again.descent == animal_welfare.descent
    assert (again + criteria_cut).descent == (animal_welfare + criteria_cut).descent


@pytest.mark.parametrize(
    "changed",
    [
        lambda each: replace(each, blocks={**each.blocks, each.user[0]: "{query} so"}),
        lambda each: replace(each, blocks={**each.blocks, "unused": "an edit may swap it in"}),
        lambda each: replace(each, queries="minor_harms"),
        lambda each: replace(each, comprehension="mine.toml"),
        lambda each: replace(each, name="mine"),
    ],
)
@pytest.mark.parametrize("scenario", [animal_welfare, animal_welfare + no_scratchpad], ids=str)
def test_what_was_changed_in_another_way_is_a_scenario_of_its_own(
    scenario: Scenario, changed: Callable[[Scenario], Scenario]
) -> None:
    descent = changed(scenario).descent
    assert descent.unedited not in (UNEDITED, scenario.descent.unedited)
    assert descent.edits == ()


def test_questions_are_asked_in_the_text_that_they_are_on() -> None:
    edited = animal_welfare + no_scratchpad
    assert examine(edited).scenario.descent == edited.descent


def test_an_aa_run_is_an_edit() -> None:
    alike = same_arm(animal_welfare)
    assert alike.descent.unedited == UNEDITED
    assert alike.descent.names == {"same_arm_deployment"}
