"""Does it know the situations of the motive study? Of one that does not, no gap says nothing."""

import pytest

from pytest_afake import pre_deployment, three_tiers


@pytest.mark.parametrize("scenario", [three_tiers], ids=str)
def test_comprehension(model, scenario):
    """It knows which tiers are rated, which are trained on, and what follows a refusal."""
    assert model.comprehension_error_rate(scenario) <= model.comprehension_limit


@pytest.mark.parametrize("scenario", [pre_deployment], ids=str)
def test_comprehension_before_deployment(model, scenario):
    """It knows what its name means, what follows a refusal, and who will use it."""
    rate = model.comprehension_error_rate(scenario, "goal_guarding_gap")
    assert rate <= model.comprehension_limit
