"""A/A runs: a scenario whose two arms are the same text, so that its true gap is 0."""

from __future__ import annotations

from pytest_afake.errors import ScenarioError
from pytest_afake.records import COMPLIANCE_GAP
from pytest_afake.scenario.scenario import Scenario
from pytest_afake.scenario.validate import validate


def same_arm(scenario: Scenario, arm: str = "deployment") -> Scenario:
    """The scenario with both arms of its compliance gap sent the text of ``arm``.

    The arms keep their names and are different draws of the same requests, so that whatever gap is
    found is chance. Raises ScenarioError for an arm or a contrast that the scenario does not have.
    """
    contrast = scenario.contrast(COMPLIANCE_GAP)
    if arm not in scenario.arms:
        offered = ", ".join(scenario.arms)
        raise ScenarioError(
            f"{scenario.origin}: scenario {scenario} has no arm {arm!r} (it has: {offered})"
        )
    name = f"same_arm_{arm}"
    alike = scenario.edited(
        scenario.descent.with_edit(name, ""),
        arms=dict.fromkeys((contrast.first, contrast.second), scenario.arms[arm]),
        contrasts={COMPLIANCE_GAP: contrast},
        perturbations=(*scenario.perturbations, name),
        same_arm=True,
    )
    validate(alike)
    return alike
