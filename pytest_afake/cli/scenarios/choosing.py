"""What the arguments of ``afake scenarios`` name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_afake.errors import ScenarioError
from pytest_afake.scenario import (
    Perturbation,
    Scenario,
    load_perturbations,
    shipped_perturbations,
)


def own_edits(files: Sequence[Path]) -> dict[str, Perturbation]:
    """The edits of a user's files by name; two of one name are refused."""
    edits: dict[str, Perturbation] = {}
    for file in files:
        for name, edit in load_perturbations(file).items():
            if name in edits:
                raise ScenarioError(f"--edits {file}: {name!r} stands in {edits[name].origin}, too")
            edits[name] = edit
    return edits


def arms_named(scenario: Scenario, arm: str | None) -> tuple[str, ...]:
    """The one that ``--arm`` names, or all that the scenario has."""
    if arm is None:
        return tuple(scenario.arms)
    if arm not in scenario.arms:
        known = ", ".join(scenario.arms)
        raise ScenarioError(f"--arm {arm!r}: {scenario} has no such arm (it has: {known})")
    return (arm,)


def fitting(
    scenario: Scenario, own: Mapping[str, Perturbation] | None = None
) -> tuple[Perturbation, ...]:
    """The edits that can be applied to a scenario as it stands."""
    edits = {**shipped_perturbations(), **(own or {})}
    return tuple(edit for edit in edits.values() if _fits(edit, scenario))


def _fits(edit: Perturbation, scenario: Scenario) -> bool:
    try:
        edit.apply(scenario)
    except ScenarioError:
        return False
    return True
