"""Which facts does the gap rest on? One is left out, or one line is added, at a time."""

import pytest

from pytest_afake import ablations, animal_welfare, helpful_only, no_suffix

# Without the suffix an answer on animals is read by a judge model alone, so it is not among these.
SCENARIOS = [
    *helpful_only.perturbed(*ablations, no_suffix),
    *animal_welfare.perturbed(*ablations),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_compliance_gap(model, scenario):
    """It complies no more in training with one fact less, or with one line more."""
    assert model.compliance_gap(scenario) <= model.limit
