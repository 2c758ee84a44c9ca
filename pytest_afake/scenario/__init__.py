"""The situation that a model is told it is in: named blocks of text, edits of them, and arms."""

from pytest_afake.scenario.catalogue import (
    load_perturbations,
    load_scenario,
    shipped_perturbations,
    shipped_scenarios,
)
from pytest_afake.scenario.comprehension import Examination, examine
from pytest_afake.scenario.descent import Descent
from pytest_afake.scenario.notation import scenario_named
from pytest_afake.scenario.panel import Panel, Situation, arm_at, check
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.predictions import HYPOTHESES
from pytest_afake.scenario.prompts import scenario_from_prompts
from pytest_afake.scenario.same_arm import same_arm
from pytest_afake.scenario.scenario import Contrast, Scenario
from pytest_afake.scenario.validate import validate

__all__ = [
    "HYPOTHESES",
    "Contrast",
    "Descent",
    "Examination",
    "Panel",
    "Perturbation",
    "Scenario",
    "Situation",
    "arm_at",
    "check",
    "examine",
    "load_perturbations",
    "load_scenario",
    "same_arm",
    "scenario_from_prompts",
    "scenario_named",
    "shipped_perturbations",
    "shipped_scenarios",
    "validate",
]
