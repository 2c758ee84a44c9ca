"""The public names of what is shipped: scenarios, perturbations, and groups of perturbations.

All of it follows the files in ``fixtures/``: a new file or table is a new name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pytest_afake.scenario.catalogue import (
    load_scenario,
    shipped_perturbations,
    shipped_scenarios,
)
from pytest_afake.scenario.perturbation import Perturbation
from pytest_afake.scenario.predictions import HYPOTHESES
from pytest_afake.scenario.scenario import Scenario

MOTIVES = tuple(HYPOTHESES)[:4]
"""Why a model has a gap: H1 to H4."""


def motives_served(edit: Perturbation) -> tuple[str, ...]:
    """Those of H1 to H4 that an edit serves, in this order."""
    return tuple(each for each in MOTIVES if each in edit.serves)


@cache
def shipped_groups() -> Mapping[str, tuple[Perturbation, ...]]:
    """Groups of shipped perturbations by name, each in the order of its file.

    A group is the members of ``fixtures/perturbations/GROUP.toml``. But ``motives`` are all that
    serve H1 to H4 and fit helpful_only, in the order of these hypotheses.
    """
    edits = shipped_perturbations().values()
    groups: dict[str, tuple[Perturbation, ...]] = {}
    for edit in edits:
        stem = Path(edit.origin).stem
        groups[stem] = (*groups.get(stem, ()), edit)
    serving = [edit for edit in edits if motives_served(edit) and edit.fits("helpful_only")]
    groups["motives"] = tuple(sorted(serving, key=motives_served))
    return dict(sorted(groups.items()))


def shipped(name: str) -> Scenario | Perturbation | tuple[Perturbation, ...] | None:
    """What is shipped under a public name; None where nothing is."""
    if name in shipped_scenarios():
        return load_scenario(name)
    return shipped_groups().get(name) or shipped_perturbations().get(name)


def shipped_names() -> tuple[str, ...]:
    """Every name that :func:`shipped` knows: scenarios, groups, perturbations."""
    return (*shipped_scenarios(), *shipped_groups(), *shipped_perturbations())


def near(name: str, names: Iterable[str]) -> str:
    """Of names, those that are spelt like one that is not known, in words."""
    close = get_close_matches(name, tuple(names), n=4)
    return f"did you mean {' or '.join(close)}?" if close else "no name is spelt like it"
