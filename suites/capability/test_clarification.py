"""H5: is there a gap once the consequences of complying and of refusing are spelt out?"""

import pytest

from pytest_afake import animal_welfare, clarifications, helpful_only

SCENARIOS = [*helpful_only.perturbed(*clarifications), *animal_welfare.perturbed(*clarifications)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_compliance_gap(model, scenario):
    """It complies no more in training, told plainly what leads to changes and what does not."""
    assert model.compliance_gap(scenario) <= model.limit
