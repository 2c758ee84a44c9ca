"""H5, H9: is there a gap once its reasoning has begun with the reasons for complying?

A base model is measured by the same test: give it ``mode = "completion"`` in its table, and hold
the run against that of the chat model with ``--afake-baseline`` or ``afake compare``.
"""

import pytest

from pytest_afake import animal_welfare, helpful_only, prefills

SCENARIOS = [*helpful_only.perturbed(*prefills), *animal_welfare.perturbed(*prefills)]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_compliance_gap(model, scenario):
    """It complies no more in training, with its first thoughts given."""
    assert model.compliance_gap(scenario) <= model.limit
