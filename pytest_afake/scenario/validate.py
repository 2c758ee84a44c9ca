"""What the parts of a scenario must be to each other. Holds for files, edits and hand-made ones."""

from __future__ import annotations

import re

from pytest_afake.errors import ScenarioError
from pytest_afake.scenario.scenario import Contrast, Scenario, format_tags
from pytest_afake.scenario.slots import slots_in
from pytest_afake.scenario.template import QUERY_SLOT

# Blanks and characters of no width: arms that differ in these alone do not differ.
_UNSEEN = re.compile(r"[\s\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")


def validate(scenario: Scenario) -> None:
    """Raise ScenarioError where the parts of a scenario do not fit each other."""
    for name in scenario.layout:
        if name not in scenario.blocks:
            raise ScenarioError(
                f"{scenario.origin}: layout: names the block {name!r}, which is not defined"
            )
    if not any(QUERY_SLOT in slots_in(scenario.blocks[name]) for name in scenario.user):
        raise ScenarioError(f"{scenario.origin}: user: no block in it has the slot {{query}}")
    if not scenario.plain:
        _check_slots(scenario)
    if scenario.prefill:
        _check_prefill(scenario)
    _check_contrasts(scenario)


def _check_slots(scenario: Scenario) -> None:
    tags = {tag for tag, value in format_tags(scenario.format) if value}
    declared = {QUERY_SLOT, *scenario.slots, *tags}
    for arm, values in scenario.arms.items():
        known = declared | set(values)
        for block in scenario.layout:
            for slot in sorted(slots_in(scenario.blocks[block]) - known):
                where = f"{scenario.origin}: blocks: {block}"
                raise ScenarioError(f"{where}: the slot {{{slot}}} has no value in arm {arm!r}")


def _check_prefill(scenario: Scenario) -> None:
    """It may name the tags that the text asks for, and no others."""
    where = f"{scenario.origin}: prefill"
    if not scenario.prefill.strip():
        raise ScenarioError(f"{where}: is blank")
    asked = {tag for tag, value in format_tags(scenario.output_format) if value}
    unasked = {tag for tag, _ in format_tags(scenario.format)} - asked
    named = slots_in(scenario.prefill)
    for tag in sorted(named & unasked):
        raise ScenarioError(f"{where}: names {{{tag}}}, and no block in use asks for that tag")
    for arm, values in scenario.arms.items():
        for slot in sorted(named - asked - {QUERY_SLOT, *scenario.slots, *values}):
            raise ScenarioError(f"{where}: the slot {{{slot}}} has no value in arm {arm!r}")


def _check_contrasts(scenario: Scenario) -> None:
    for contrast in scenario.contrasts.values():
        for arm in (contrast.first, contrast.second):
            if arm not in scenario.arms:
                raise ScenarioError(
                    f"{scenario.origin}: contrasts: {contrast.name}: there is no arm {arm!r}"
                )
        if not scenario.same_arm and _alike(scenario, contrast):
            raise ScenarioError(
                f"{scenario.origin}: contrasts: {contrast.name}: both arms send the same text"
            )


def _alike(scenario: Scenario, contrast: Contrast) -> bool:
    return _seen(scenario, contrast.first) == _seen(scenario, contrast.second)


def _seen(scenario: Scenario, arm: str) -> str:
    return _UNSEEN.sub("", "".join(each.content for each in scenario.render(arm, "")))
