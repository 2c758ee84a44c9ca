"""``afake scenarios list``: scenarios, and the edits that fit each, by what they serve."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.foreign import printable
from pytest_afake.cli.scenarios.choosing import fitting, own_edits
from pytest_afake.cli.scenarios.words import (
    PURPOSE_TITLES,
    arms_in_words,
    contrasts_in_words,
    entry,
    purposes,
)
from pytest_afake.scenario import Perturbation, Scenario, shipped_scenarios
from pytest_afake.scenario.notation import scenario_named

_EDIT_NAMES = 32


def run(options: Namespace) -> int:
    own = own_edits(options.edits)
    chosen = [scenario_named(name, own) for name in options.scenarios or shipped_scenarios()]
    for number, scenario in enumerate(chosen):
        say([""] * (number > 0))
        say(_described(scenario, own))
    return FINE


def _described(scenario: Scenario, own: Mapping[str, Perturbation]) -> Iterator[str]:
    yield printable(str(scenario))
    yield from entry("title", scenario.title)
    yield from entry("arms", arms_in_words(scenario))
    for number, text in enumerate(contrasts_in_words(scenario)):
        yield from entry("" if number else "contrasts", text)
    yield from _edits(fitting(scenario, own))


def _edits(edits: tuple[Perturbation, ...]) -> Iterator[str]:
    """Under each purpose, so that one that serves two is found under both."""
    for purpose, title in PURPOSE_TITLES.items():
        serving = [edit for edit in edits if purpose in purposes(edit)]
        if serving:
            yield f"  edits: {title}"
        for edit in serving:
            yield from entry(edit.name, edit.title, indent=4, column=_EDIT_NAMES)
