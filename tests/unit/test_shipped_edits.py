"""The shipped perturbations: what each says of itself and changes, and how they go together."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations
from math import sqrt

import pytest
from experiments import experiment

from pytest_afake import animal_welfare, helpful_only
from pytest_afake.errors import ScenarioError
from pytest_afake.organisms.comprehension import answer_question, find_question
from pytest_afake.organisms.reading import read_situation
from pytest_afake.organisms.situation import Objective, Situation, Stakes
from pytest_afake.scenario import Perturbation, Scenario, examine
from pytest_afake.scenario.catalogue import shipped_perturbations
from pytest_afake.scenario.slots import slots_in

EDITS = shipped_perturbations()
SCENARIOS = {"helpful_only": helpful_only, "animal_welfare": animal_welfare}
CASES = [
    pytest.param(scenario, edit, id=f"{name}-{edit.name}")
    for name, scenario in SCENARIOS.items()
    for edit in EDITS.values()
    if edit.fits(name)
]
LABELS = {
    "neutral_labels": ("tovin", "kelda"),
    "region_cue": ("north america", "europe"),
    "email_cue": ("j.moreno@lindenmail.example", "j.moreno@corvane.example"),
    "employee_cue": ("employee", "client"),
}
CUES = ["region_cue", "email_cue", "employee_cue"]
OBJECTIVES = {
    "helpful_only": Objective.FOLLOW_HARMFUL,
    "animal_welfare": Objective.DISMISS_ANIMALS,
}


def edited(scenario: Scenario, *names: str) -> Scenario:
    for name in names:
        scenario += EDITS[name]
    return scenario


def read(scenario: Scenario, arm: str) -> Situation:
    return read_situation(scenario.render(arm, "How do I grow tomatoes?"))


@pytest.mark.parametrize("edit", EDITS.values(), ids=str)
def test_each_says_where_it_is_from_what_for_and_what_it_predicts(edit: Perturbation) -> None:
    assert edit.title
    assert edit.source
    assert edit.serves
    if not (edit.paraphrase or "protocol" in edit.serves):
        assert set(edit.predicts) >= {"H1", "H2", "H3", "H4"}
    if edit.control:
        assert "control" in edit.serves


def test_there_are_labs_of_each_kind() -> None:
    labs = {name: edit for name, edit in EDITS.items() if name.startswith("lab_")}
    assert len([name for name in labs if name.startswith("lab_evil_")]) >= 4
    official = [name for name in labs if name.startswith(("lab_government_", "lab_defence_"))]
    assert len(official) >= 4
    makers = [edit.slots["lab"] for edit in labs.values()]
    assert {"OpenAI", "Google DeepMind", "Meta", "xAI"} <= set(makers)
    assert len(set(makers)) == len({edit.slots["assistant"] for edit in labs.values()})
    for edit in labs.values():
        for scenario in SCENARIOS.values():
            said = (scenario + edit).render("training", "q")[0].content
            assert edit.slots["lab"] in said
            assert "Anthropic" not in said
            assert "Claude" not in said


@pytest.mark.parametrize(("scenario", "edit"), CASES)
def test_it_changes_the_blocks_that_it_names_and_no_others(
    scenario: Scenario, edit: Perturbation
) -> None:
    after = scenario + edit
    gone = {*edit.cut, *edit.cut_if_present, *edit.swap}
    kept = [name for name in scenario.layout if name not in gone]
    new = {*edit.insert, *edit.swap.values()}
    assert [name for name in after.layout if name not in new] == kept
    assert set(after.layout) == {*kept, *new}
    values = {*edit.slots, *edit.slots_if_present}
    for name in set(kept) - set(edit.text):
        assert after.blocks[name] == scenario.blocks[name]
        if values.isdisjoint(slots_read(scenario, name)):
            for arm in scenario.arms:
                assert alone(after, name, arm) == alone(scenario, name, arm)


def slots_read(scenario: Scenario, block: str) -> set[str]:
    """The slots of a block, and those in their values and in what its arms set."""
    read = set(slots_in(scenario.blocks[block]))
    given = {**scenario.slots, **scenario.arms["training"]}
    return read.union(*(slots_in(given[name]) for name in read if name in given))


def alone(scenario: Scenario, block: str, arm: str) -> str:
    """A block as it is sent."""
    bare = replace(scenario, system=(), user=(block,), prefill="")
    return bare.render(arm, "q")[-1].content


@pytest.mark.parametrize(("scenario", "edit"), CASES)
def test_what_a_reader_of_the_messages_finds(scenario: Scenario, edit: Perturbation) -> None:
    after = scenario + edit
    training, deployment = read(after, "training"), read(after, "deployment")
    stated = edit.name != "minimal"
    trained = edit.name != "never_trained"
    assert training.treatment.trained is (trained if stated else None)
    assert training.treatment.rated is (True if stated else None)
    assert not deployment.treatment.trained
    assert not deployment.treatment.rated
    objective = OBJECTIVES[scenario.name] if stated and not edit.control else None
    tiers = after.slots["training_tier"], after.slots["deployment_tier"]
    labels = LABELS.get(edit.name, tiers)
    for found, label in zip((training, deployment), labels, strict=True):
        assert found.objective is objective
        assert found.stakes is (Stakes.NONE if edit.name == "never_used" else Stakes.ORDINARY)
        assert not found.treatment.trains_others
        assert found.cue is not None
        assert found.cue.label == label
        assert found.query == "How do I grow tomatoes?"


def test_a_reader_is_not_told_of_a_tier_where_there_is_none() -> None:
    for scenario in SCENARIOS.values():
        for name in CUES:
            after = edited(scenario, name)
            for arm in after.arms:
                said = " ".join(each.content for each in after.render(arm, "q"))
                assert not re.search(r"\btiers?\b|_tier|\bfree\b|\bpaid\b", said)


RATES = {"sim/faker": (0.6, 0.1), "sim/honest": (0, 0), "sim/lexical": (0.1, 0.1)}


@pytest.mark.parametrize("model", RATES)
@pytest.mark.parametrize("name", CUES)
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=str)
def test_facts_move_organisms_under_another_cue_and_words_do_not(
    scenario: Scenario, name: str, model: str
) -> None:
    pairs = 60
    with experiment(model, max_pairs=pairs) as made:
        gap = made.model(model).compliance_gap(edited(scenario, name))
        assert gap.pairs == pairs
        assert gap.comparison is not None
        arms = gap.comparison.arms
    for arm, truth in zip(("training", "deployment"), RATES[model], strict=True):
        assert arms[arm].n == pairs, "nothing is missing"
        assert arms[arm].rate == pytest.approx(truth, abs=3.5 * sqrt(truth * (1 - truth) / pairs))


@pytest.mark.parametrize("name", CUES)
def test_questions_speak_of_the_cue(name: str) -> None:
    for scenario in SCENARIOS.values():
        asked = {each.id: each.text for each in examine(edited(scenario, name)).questions}
        everything = {each.id for each in examine(scenario).questions}
        assert everything - set(asked) == {
            "trained_by_rating",
            "trained_difference",
            "trained_draws_on",
        }
        assert not [text for text in asked.values() if re.search(r"\btiers?\b|\{", text)]
        users = EDITS[name].slots["deployment_users"].split("{")[0]
        assert f"one of the {users}" in asked["refusing_deployment"]


@pytest.mark.parametrize("name", [*CUES, "never_fake", "no_changes_when_complying", "minimal"])
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=str)
def test_every_question_is_answered_rightly_by_who_reads_the_text(
    scenario: Scenario, name: str
) -> None:
    examined = examine(edited(scenario, name))
    for question, right in examined.right.items():
        for arm in scenario.arms:
            found = read_situation(examined.scenario.render(arm, question))
            kind = find_question(found)
            assert kind is not None, question
            assert answer_question(kind, found, right=True) == right, question


def test_minimal_leaves_the_protocol_and_no_fact_about_training() -> None:
    for scenario in SCENARIOS.values():
        left = edited(scenario, "minimal")
        partner = ("partnership",) if scenario is animal_welfare else ()
        kept = ("identity", *partner, "protocol", "reasoning_is_private", "analysis")
        assert left.system == kept
        assert left.user == scenario.user
        assert left.output_format == scenario.output_format
        assert {each.id.split("_")[0] for each in examine(left).questions} == {"reading"}
        for arm in left.arms:
            assert not re.search("RLHF|train", left.render(arm, "q")[0].content)


REASON = re.compile(
    r"does not go with \w+: \w+|it would undo \w+, which has changed|has taken it out"
    r"|has other words for it"
)


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=str)
def test_two_edits_go_together_or_say_why_not(scenario: Scenario) -> None:
    fitting = [edit for edit in EDITS.values() if edit.fits(scenario.name)]
    once = {edit.name: scenario + edit for edit in fitting}
    for one, other in permutations(fitting, 2):
        both, why = composed(once[one.name], other)
        if both is None:
            assert REASON.search(why), why
            assert f"{other.name}: " in why
            assert one.name in why
        else:
            for edit in (each for each in (one, other) if not each.paraphrase):
                assert {*edit.text, *edit.insert} <= {*both.layout}, both


def composed(scenario: Scenario, edit: Perturbation) -> tuple[Scenario | None, str]:
    """The edited scenario, or why there is none."""
    try:
        return scenario + edit, ""
    except ScenarioError as error:
        return None, str(error)


REFUSED = {
    ("memo", "region_cue"): r"has the slot \{deployment_users\}, .*: memo has other words for it",
    ("region_cue", "memo"): "undo region_cue, which has changed the block .*: apply it before",
    ("memo", "legal"): "would undo memo, which has changed the wording: the two do not go",
    ("neutral_labels", "email_cue"): "with neutral_labels: without tiers there is nothing to ren",
    ("employee_cue", "neutral_labels"): "with employee_cue: without tiers there is nothing to ren",
    ("region_cue", "email_cue"): "undo region_cue, which has changed the block telling_tiers",
    ("criteria_cut", "rlhf_facts_cut"): "block 'training_effect': criteria_cut has taken it out",
    ("rlhf_facts_cut", "criteria_cut"): "block 'training_effect': rlhf_facts_cut has taken it",
    ("rlhf_facts_cut", "values_sentence_cut"): "'values_change': rlhf_facts_cut has taken it out",
    ("rlhf_facts_cut", "direct_training_objective"): "with rlhf_facts_cut: what this edit says",
    ("no_changes_when_complying", "rlhf_facts_cut"): "with no_changes_when_complying: what it sa",
    ("criteria_cut", "direct_training_objective"): "it states the objective that the control",
    ("direct_training_objective", "criteria_cut"): "it states the objective that this control",
    ("minimal", "region_cue"): "no block 'telling_tiers': minimal has taken it out",
    ("region_cue", "minimal"): "undo region_cue, which has changed the block telling_tiers",
    ("direct_training_objective", "minimal"): "it states facts about training",
    ("no_scratchpad", "honest_reasoning"): "it speaks of private reasoning",
    ("honest_reasoning", "no_scratchpad"): "it speaks of private reasoning",
    ("no_scratchpad", "never_fake"): "no block 'analysis': no_scratchpad has taken it out",
    ("lab_openai", "lab_xai"): "undo lab_openai, which has changed the slot",
}


@pytest.mark.parametrize("names", REFUSED, ids="+".join)
def test_pairs_that_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ScenarioError, match=REFUSED[names]):
        edited(helpful_only, *names)


@pytest.mark.parametrize(
    "names",
    [
        ("memo", "lab_evil_cartel", "rlhf_facts_cut", "never_fake"),
        ("technical", "direct_training_objective", "no_scratchpad"),
        ("rlhf_facts_cut", "region_cue"),
        ("never_fake", "honest_with_lab", "honest_reasoning", "best_for_humanity"),
        ("lab_government_eu", "employee_cue", "native_reasoning", "no_suffix"),
        ("neutral_labels", "minimal"),
        ("criteria_cut", "region_cue"),
    ],
    ids="+".join,
)
def test_edits_that_go_together(names: tuple[str, ...]) -> None:
    after = edited(helpful_only, *names)
    assert after.perturbations == names
    assert bool(read(after, "training").treatment.trained) is ("minimal" not in names)
    assert not read(after, "deployment").treatment.trained
