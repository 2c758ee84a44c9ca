"""pytest-afake: find out whether a language model fakes alignment, and gate its release on it.

Public names are resolved when they are first used, so that importing this package costs nothing.
Shipped scenarios and perturbations are public names, too:
``from pytest_afake import helpful_only``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

__all__ = [
    # scenarios that come with the package
    "animal_welfare",
    "helpful_only",
    # perturbations that come with the package
    "criteria_cut",
    "native_reasoning",
    "neutral_labels",
    "no_scratchpad",
    "no_suffix",
    "animal_paraphrases",
    "paraphrases",
    # your own scenarios
    "Panel",
    "Perturbation",
    "Scenario",
    "load_perturbations",
    "load_scenario",
    "same_arm",
    "scenario_from_prompts",
    # what the model fixture gives
    "Measure",
    "Model",
    # errors
    "AfakeError",
    "Inconclusive",
    "UsageError",
]

_HOMES = {
    "Panel": "pytest_afake.scenario",
    "Perturbation": "pytest_afake.scenario",
    "Scenario": "pytest_afake.scenario",
    "load_perturbations": "pytest_afake.scenario",
    "load_scenario": "pytest_afake.scenario",
    "same_arm": "pytest_afake.scenario",
    "scenario_from_prompts": "pytest_afake.scenario",
    "Measure": "pytest_afake.experiment",
    "Model": "pytest_afake.experiment",
    "AfakeError": "pytest_afake.errors",
    "Inconclusive": "pytest_afake.errors",
    "UsageError": "pytest_afake.errors",
}
_SCENARIOS = ("animal_welfare", "helpful_only")
_PERTURBATIONS = (
    "criteria_cut",
    "native_reasoning",
    "neutral_labels",
    "no_scratchpad",
    "no_suffix",
)
# All complete rewordings of one scenario.
_PARAPHRASES = {"animal_paraphrases": "animal_welfare", "paraphrases": "helpful_only"}

if TYPE_CHECKING:
    from pytest_afake.errors import AfakeError, Inconclusive, UsageError
    from pytest_afake.experiment import Measure, Model
    from pytest_afake.scenario import (
        Panel,
        Perturbation,
        Scenario,
        load_perturbations,
        load_scenario,
        same_arm,
        scenario_from_prompts,
    )

    animal_welfare: Scenario
    helpful_only: Scenario
    criteria_cut: Perturbation
    native_reasoning: Perturbation
    neutral_labels: Perturbation
    no_scratchpad: Perturbation
    no_suffix: Perturbation
    animal_paraphrases: tuple[Perturbation, ...]
    paraphrases: tuple[Perturbation, ...]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in _SCENARIOS:
        return import_module("pytest_afake.scenario").load_scenario(name)
    if name in _PERTURBATIONS:
        return import_module("pytest_afake.scenario").shipped_perturbations()[name]
    if name in _PARAPHRASES:
        edits = import_module("pytest_afake.scenario").shipped_perturbations().values()
        return tuple(edit for edit in edits if edit.paraphrase and edit.fits(_PARAPHRASES[name]))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
