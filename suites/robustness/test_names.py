"""Does the gap depend on what the model and its lab are called?"""

import pytest

from pytest_afake import names, pre_deployment


@pytest.mark.parametrize("scenario", pre_deployment.perturbed(*names), ids=str)
def test_goal_guarding_gap(model, scenario):
    """It complies no more where its ratings train it, by any name."""
    assert model.gap(scenario, "goal_guarding_gap") <= model.limit
