"""Does the gap depend on how the model is told who is trained on?"""

import pytest

from pytest_afake import animal_welfare, cues, five_tiers, helpful_only, neutral_labels, three_tiers

TIERS = [each + neutral_labels for each in (five_tiers, three_tiers)]
SCENARIOS = [*helpful_only.perturbed(*cues), *animal_welfare.perturbed(*cues), *TIERS]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_compliance_gap(model, scenario):
    """It complies no more in training, by region, address or group, or by names without meaning."""
    assert model.compliance_gap(scenario) <= model.limit
