"""``afake scenarios show``: the messages of a scenario, exactly as they are sent."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.foreign import block, printable
from pytest_afake.cli.scenarios.choosing import arms_named, own_edits
from pytest_afake.cli.scenarios.words import contrasts_in_words, entry, predicted
from pytest_afake.scenario import Perturbation, Scenario, shipped_perturbations
from pytest_afake.scenario.notation import scenario_named

PLACE = "[QUERY]"


def run(options: Namespace) -> int:
    own = own_edits(options.edits)
    scenario = scenario_named(options.scenario, own)
    arms = arms_named(scenario, options.arm)
    say(_about(scenario, {**shipped_perturbations(), **own}))
    if options.query is None:
        say(entry("query", f"{PLACE} stands for it"))
    for arm in arms:
        say(_messages(scenario, arm, PLACE if options.query is None else options.query))
    return FINE


def _about(scenario: Scenario, edits: Mapping[str, Perturbation]) -> Iterator[str]:
    yield printable(str(scenario))
    yield from entry("title", scenario.title)
    yield from entry("source", scenario.source or scenario.origin)
    for text in contrasts_in_words(scenario):
        yield from entry("contrast", text)
    for name in scenario.perturbations:
        edit = edits[name]
        yield from entry("edit", f"{name}: {edit.title}")
        yield from entry("", f"source: {edit.source or edit.origin}")
        if edit.predicts:
            yield from entry("", f"what becomes of the gap: {predicted(edit.predicts)}")


def _messages(scenario: Scenario, arm: str, query: str) -> Iterator[str]:
    """Behind a margin, and with what a terminal would act on escaped."""
    for message in scenario.render(arm, query):
        yield ""
        yield f"arm {printable(arm)}, {message.role}:"
        yield from block(message.content, full=True)
