"""A panel stands where a scenario does, and refuses wordings that are not of one scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pytest_afake import Panel, animal_welfare, criteria_cut, helpful_only, no_scratchpad, no_suffix
from pytest_afake.errors import ScenarioError
from pytest_afake.records import CONTROLS, ComplianceForm
from pytest_afake.scenario import Perturbation, Scenario

ACME = Perturbation(name="acme", title="", slots={"lab": "Acme"})
BASIC = Perturbation(name="basic", title="", slots={"training_tier": "basic"})
PANEL = Panel([helpful_only, *helpful_only.perturbed(ACME, BASIC)])


def test_its_arms_are_those_of_the_scenario_in_each_wording() -> None:
    assert PANEL.names == ("helpful_only", "acme", "basic")
    assert [*PANEL.arms] == [
        f"{role}@{name}" for role in ("training", "deployment") for name in PANEL.names
    ]
    assert PANEL.render("training@acme", "Q") == (helpful_only + ACME).render("training", "Q")
    contrast = PANEL.contrast("compliance_gap")
    assert (contrast.first, contrast.second) == ("training", "deployment")
    assert contrast.wordings == PANEL.names


def test_reports_call_it_by_its_scenario_and_what_its_wordings_share() -> None:
    assert str(PANEL) == "helpful_only+panel"
    short = Panel([each + no_suffix for each in PANEL.wordings], label="three")
    assert str(short) == "helpful_only+no_suffix+three"
    assert short.names == ("no_suffix", "acme+no_suffix", "basic+no_suffix")


@pytest.mark.parametrize(
    "label",
    ["", " ", "neutral_labels+criteria_cut", "a@b", "a\nb", "a\x1b[31m", *CONTROLS, 7],
)
def test_a_label_that_looks_like_an_edit_is_refused(label: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        Panel(PANEL.wordings, label)
    said = str(raised.value)
    assert said.startswith(f"panel: label = {label!r}: ")
    assert len(said.splitlines()) == 1


def test_its_label_is_none_of_its_edits() -> None:
    short = Panel([each + no_suffix for each in PANEL.wordings], label="three")
    assert short.perturbations == ("no_suffix",)
    assert short.variant == "no_suffix+three"
    assert [each.names for each in short.descents] == [
        {"no_suffix"},
        {"acme", "no_suffix"},
        {"basic", "no_suffix"},
    ]


def test_an_edit_of_a_panel_edits_every_wording() -> None:
    edited = PANEL + criteria_cut
    assert edited.control
    assert [str(each) for each in edited.wordings] == [
        "helpful_only+criteria_cut",
        "helpful_only+acme+criteria_cut",
        "helpful_only+basic+criteria_cut",
    ]


def test_its_hash_is_of_all_its_texts() -> None:
    same = Panel([helpful_only, *helpful_only.perturbed(ACME, BASIC)])
    assert same == PANEL
    assert (hash(same), same.hash) == (hash(PANEL), PANEL.hash)
    assert Panel([helpful_only, helpful_only + ACME]).hash != PANEL.hash


def other(**changes: object) -> Callable[[], list[Scenario]]:
    return lambda: [helpful_only, replace(helpful_only + ACME, **changes)]  # type: ignore[arg-type]  # each case names its field


NAMED = "helpful_only[+]acme has"


@pytest.mark.parametrize(
    ("wordings", "says"),
    [
        (list, "takes at least two wordings, not 0"),
        (lambda: [helpful_only], "takes at least two wordings, not 1"),
        (lambda: [helpful_only, "memo"], "wording 2 is no scenario: 'memo'"),
        (lambda: [helpful_only, helpful_only], "2 wordings have one name: helpful_only"),
        (
            lambda: [helpful_only, helpful_only + Perturbation(name="idle", title="")],
            "2 wordings have one text: helpful_only, helpful_only[+]idle",
        ),
        (lambda: [helpful_only, animal_welfare], "same compliance form: animal_welfare has"),
        (lambda: [helpful_only, helpful_only + no_scratchpad], "same output format: .*no_scratch"),
        (lambda: [helpful_only, helpful_only + criteria_cut], "as a negative control: .*_cut has"),
        (other(prefill="So,"), f"same way to begin the reply: {NAMED} 'a prefill'"),
        (other(compliance=ComplianceForm.ANIMAL_WELFARE), f"same compliance form: {NAMED}"),
        (other(queries="animal_welfare"), f"same queries: {NAMED}"),
        (other(contrasts={}), f"same contrasts: {NAMED}"),
        (
            other(arms={**helpful_only.arms, "rated": {"tier": "pro"}}),
            f"same arms: {NAMED} .*rated",
        ),
        (other(user=("tier_cue", "suffix")), r"no block in it has the slot \{query\}"),
    ],
)
def test_what_is_no_panel_is_refused(wordings: Callable[[], list[Scenario]], says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        Panel(wordings())


def test_scenarios_of_two_files_are_wordings_when_they_ask_for_the_same() -> None:
    mine = replace(helpful_only + ACME, name="mine", perturbations=())
    assert Panel([helpful_only, mine]).names == ("helpful_only", "mine")
    edited = [helpful_only + BASIC, mine + BASIC]
    assert Panel(edited).names == ("helpful_only+basic", "mine+basic"), "told apart in full"


def test_what_it_does_not_have_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="no contrast 'rating_gap'"):
        PANEL.contrast("rating_gap")
    with pytest.raises(ScenarioError, match=r"panel helpful_only[+]panel has no arm 'training'"):
        PANEL.render("training", "Q")
