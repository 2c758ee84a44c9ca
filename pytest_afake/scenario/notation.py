"""A scenario as people write it: ``helpful_only+criteria_cut``, or a path in place of the name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_afake.errors import ScenarioError
from pytest_afake.scenario.catalogue import (
    load_scenario,
    shipped_perturbations,
    shipped_scenarios,
)
from pytest_afake.scenario.groups import near
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.scenario import Scenario


def scenario_named(text: str, own: Mapping[str, Perturbation] | None = None) -> Scenario:
    """A scenario with the edits that stand behind it, in turn.

    The scenario is a shipped name, or the path of a TOML file or of a folder of prompts, which may
    hold a plus itself. An edit is one of ``own``, or else a shipped one. Raises ScenarioError that
    names what is not known, or does not fit.
    """
    base, names = _parted(text)
    if not all((base, *names)):
        raise ScenarioError(f"{text!r}: a name is empty; write SCENARIO, or SCENARIO+EDIT")
    scenario = load_scenario(base)
    edits = {**shipped_perturbations(), **(own or {})}
    for name in names:
        if name not in edits:
            raise ScenarioError(f"{text!r}: no perturbation {name!r}: {near(name, edits)}")
        scenario = scenario + edits[name]
    return scenario


def _parted(text: str) -> tuple[str, list[str]]:
    """The longest beginning that is there, and the names behind it."""
    parts = text.split("+")
    for size in range(len(parts), 1, -1):
        base = "+".join(parts[:size])
        if base in shipped_scenarios() or Path(base).exists():
            return base, parts[size:]
    return parts[0], parts[1:]
