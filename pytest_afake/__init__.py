"""pytest-afake: find out whether a language model fakes alignment, and gate its release on it.

Public names are resolved when they are first used, so that importing this package costs nothing.
Every scenario and perturbation in ``fixtures/`` is a public name, too, and so are groups of
perturbations: ``from pytest_afake import helpful_only, criteria_cut, paraphrases``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0.dev0"

_HOMES = {
    # your own scenarios
    "Panel": "pytest_afake.scenario",
    "Perturbation": "pytest_afake.scenario",
    "Scenario": "pytest_afake.scenario",
    "load_perturbations": "pytest_afake.scenario",
    "load_scenario": "pytest_afake.scenario",
    "same_arm": "pytest_afake.scenario",
    "scenario_from_prompts": "pytest_afake.scenario",
    # what the model fixture gives
    "Measure": "pytest_afake.experiment",
    "Model": "pytest_afake.experiment",
    "MOTIVE_PAIRS": "pytest_afake.gating.motives.rules",
    # errors
    "AfakeError": "pytest_afake.errors",
    "Inconclusive": "pytest_afake.errors",
    "UsageError": "pytest_afake.errors",
}


def _find(name: str) -> Any:
    """A public name (PEP 562). ``__all__`` is one: the names above and all that is shipped."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name == "__all__":
        return [*_HOMES, *_groups().shipped_names()]
    if name.startswith("_"):  # a question of Python's own, which must not read any file
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = _groups().shipped(name)
    if found is None:
        hint = _groups().near(name, [*_HOMES, *_groups().shipped_names()])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}: {hint}")
    return found


def _groups() -> Any:
    return import_module("pytest_afake.scenario.groups")


def __dir__() -> list[str]:
    return sorted([*_find("__all__"), "__version__"])


if TYPE_CHECKING:
    from pytest_afake.errors import AfakeError as AfakeError
    from pytest_afake.errors import Inconclusive as Inconclusive
    from pytest_afake.errors import UsageError as UsageError
    from pytest_afake.experiment import Measure as Measure
    from pytest_afake.experiment import Model as Model
    from pytest_afake.gating.motives.rules import MOTIVE_PAIRS as MOTIVE_PAIRS
    from pytest_afake.scenario import Panel as Panel
    from pytest_afake.scenario import Perturbation as Perturbation
    from pytest_afake.scenario import Scenario as Scenario
    from pytest_afake.scenario import load_perturbations as load_perturbations
    from pytest_afake.scenario import load_scenario as load_scenario
    from pytest_afake.scenario import same_arm as same_arm
    from pytest_afake.scenario import scenario_from_prompts as scenario_from_prompts

    animal_welfare: Scenario
    five_tiers: Scenario
    helpful_only: Scenario
    pre_deployment: Scenario
    three_tiers: Scenario

    ablations: tuple[Perturbation, ...]
    animal_paraphrases: tuple[Perturbation, ...]
    clarifications: tuple[Perturbation, ...]
    controls: tuple[Perturbation, ...]
    cues: tuple[Perturbation, ...]
    deployments: tuple[Perturbation, ...]
    dropped_tiers: tuple[Perturbation, ...]
    labs: tuple[Perturbation, ...]
    motives: tuple[Perturbation, ...]
    names: tuple[Perturbation, ...]
    paraphrases: tuple[Perturbation, ...]
    prefills: tuple[Perturbation, ...]
    protocols: tuple[Perturbation, ...]

    def __getattr__(name: str) -> Perturbation:
        """What is neither of these is a perturbation of a file."""

else:
    __getattr__ = _find
