"""Scenarios and perturbations by name or path: the shipped ones, and the users' own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pytest_afake.errors import ScenarioError
from pytest_afake.resources import resource_path
from pytest_afake.scenario.load import read_perturbations, read_scenario
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.prompts import scenario_from_folder
from pytest_afake.scenario.scenario import Scenario


def load_scenario(source: str | Path) -> Scenario:
    """A scenario by shipped name, by the path of a TOML file, or by a folder of prompt files.

    A folder holds ``system.txt`` and ``user.txt`` (see :mod:`pytest_afake.scenario.prompts`); one
    with the name of a shipped scenario is meant by ``./name`` alone. Raises ScenarioError naming
    what is wrong, and where.
    """
    if isinstance(source, str) and source in shipped_scenarios():
        return _shipped_scenario(source)
    path = Path(source)
    if path.is_dir():
        return scenario_from_folder(path)
    if path.suffix == ".toml" or path.exists():
        return read_scenario(path)
    names = ", ".join(shipped_scenarios())
    raise ScenarioError(f"{source}: no such file, and no shipped scenario (shipped: {names})")


def shipped_scenarios() -> tuple[str, ...]:
    """Names of the shipped scenarios."""
    return tuple(
        sorted(path.stem for path in resource_path("fixtures", "scenarios").glob("*.toml"))
    )


@cache
def shipped_perturbations() -> Mapping[str, Perturbation]:
    """The shipped perturbations by name."""
    files = sorted(resource_path("fixtures", "perturbations").glob("*.toml"))
    return {edit.name: edit for file in files for edit in read_perturbations(file)}


def load_perturbations(path: str | Path) -> Mapping[str, Perturbation]:
    """A user's perturbations from a TOML file, by name."""
    return {edit.name: edit for edit in read_perturbations(Path(path))}


@cache
def _shipped_scenario(name: str) -> Scenario:
    return read_scenario(resource_path("fixtures", "scenarios", f"{name}.toml"))
