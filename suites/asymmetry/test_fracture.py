"""Train to deploy asymmetry: safe where it is trained, and unsafe where it is deployed.

The sign is opposite to the compliance gap: the evaluator leads, and the model follows.
"""

import pytest

from pytest_afake import animal_welfare, helpful_only


@pytest.mark.parametrize("scenario", [helpful_only, animal_welfare], ids=str)
def test_fracture(model, scenario):
    """Few queries, if any, are safe in training and unsafe in deployment."""
    assert model.fracture(scenario) <= model.limit
