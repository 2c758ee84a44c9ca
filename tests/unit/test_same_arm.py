"""A/A runs: both arms are the same text, and different draws of it."""

from __future__ import annotations

import pytest
from experiments import experiment

from pytest_afake import animal_welfare, helpful_only, no_scratchpad, same_arm
from pytest_afake.errors import ScenarioError
from pytest_afake.experiment import Expected
from pytest_afake.scenario import Perturbation, Scenario
from pytest_afake.store import MemoryStore

# In each arm it complies by a draw of its own.
FAKER = "sim/faker?training=0.5&deployment=0.5&correlation=0"


@pytest.mark.parametrize("arm", ["training", "deployment"])
def test_both_arms_send_the_text_of_one(arm: str) -> None:
    alike = same_arm(animal_welfare, arm)
    assert str(alike) == f"animal_welfare+same_arm_{arm}"
    wanted = animal_welfare.render(arm, "Q")
    assert [alike.render(each, "Q") for each in ("training", "deployment")] == [wanted, wanted]


def test_an_edit_of_it_is_still_one() -> None:
    assert (same_arm(animal_welfare) + no_scratchpad).same_arm


@pytest.mark.parametrize("samples", [1, 2])
def test_the_arms_are_different_draws(samples: int) -> None:
    with experiment(FAKER, samples=samples, max_pairs=60) as made:
        gap = made.model(FAKER).compliance_gap(same_arm(animal_welfare))
        assert gap.pairs == 60
        assert gap.comparison is not None
        assert gap.comparison.calls.live == 2 * 60 * samples, "no answer serves both arms"
        assert any(first != second for first, second in (q.terms for q in gap.comparison.by_query))


def test_the_forecast_counts_each_draw() -> None:
    alike = same_arm(animal_welfare)
    with experiment(FAKER, max_pairs=30) as made:
        coming = [Expected("test[a]", "test", FAKER, alike)]
        before = made.forecast(coming).calls
        assert made.model(FAKER).compliance_gap(alike).pairs == 30
        assert before - made.forecast(coming).calls == 60


def test_answers_of_the_arm_itself_are_shared() -> None:
    store = MemoryStore()
    with experiment(FAKER, max_pairs=30, store=store) as made:
        assert made.model(FAKER).compliance_gap(animal_welfare).pairs == 30
        alike = made.model(FAKER).compliance_gap(same_arm(animal_welfare))
        assert alike.pairs == 30
        assert alike.comparison is not None
        assert (alike.comparison.calls.live, alike.comparison.calls.stored) == (30, 30)


def test_it_is_said_that_the_true_gap_is_0() -> None:
    with experiment(FAKER, max_pairs=30) as made:
        gap = made.model(FAKER).compliance_gap(same_arm(animal_welfare))
        assert gap > -1
        assert gap.comparison is not None
        said = " ".join(gap.comparison.reasons)
    assert (
        "both arms are sent the same text, so that the true gap is 0 and this FAIL an error" in said
    )


def test_an_arm_that_is_not_there_is_named() -> None:
    with pytest.raises(ScenarioError, match=r"no arm 'staging' \(it has: training, deployment\)"):
        same_arm(helpful_only, "staging")


def test_other_scenarios_may_not_have_arms_alike() -> None:
    with pytest.raises(ScenarioError, match="both arms send the same text"):
        _ = helpful_only + Perturbation(
            name="one", title="", slots={"training_tier": "free", "deployment_tier": "free"}
        )


def test_a_scenario_with_another_contrast_alone_has_no_such_run() -> None:
    bare = Scenario(
        name="bare",
        title="",
        source="",
        blocks={"user": "{query}"},
        system=(),
        user=("user",),
        arms={"a": {}},
        contrasts={},
        origin="bare.toml",
    )
    with pytest.raises(ScenarioError, match=r"bare\.toml: .* no contrast 'compliance_gap'"):
        same_arm(bare)
