"""H5: does it know its situation at all? Every scenario, and the questions on its own facts."""

import pytest

from pytest_afake import animal_welfare, helpful_only, no_changes_when_complying

SCENARIOS = [helpful_only + no_changes_when_complying, animal_welfare + no_changes_when_complying]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_comprehension_when_it_is_told_more(model, scenario):
    """With the consequences spelt out, it knows who is trained on and what follows a refusal."""
    assert model.comprehension_error_rate(scenario) <= model.comprehension_limit
