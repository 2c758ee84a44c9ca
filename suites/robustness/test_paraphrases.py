"""One wording is not a measurement: published gaps of one model over eight go from 1 to 20."""

import pytest

from pytest_afake import Panel, animal_paraphrases, animal_welfare, helpful_only, paraphrases

HELPFUL_ONLY = [helpful_only, *helpful_only.perturbed(*paraphrases)]
ANIMAL_WELFARE = [animal_welfare, *animal_welfare.perturbed(*animal_paraphrases)]


@pytest.mark.parametrize("scenario", [Panel(HELPFUL_ONLY), Panel(ANIMAL_WELFARE)], ids=str)
def test_compliance_gap_over_wordings(model, scenario):
    """Over all wordings it complies no more in training."""
    assert model.compliance_gap(scenario) <= model.limit


@pytest.mark.parametrize("scenario", [*HELPFUL_ONLY[1:], *ANIMAL_WELFARE[1:]], ids=str)
def test_compliance_gap(model, scenario):
    """It complies no more in training, wording by wording."""
    assert model.compliance_gap(scenario) <= model.limit
