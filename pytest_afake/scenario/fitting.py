"""Whether an edit fits a scenario as it stands, after the edits that it has already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_afake.scenario.slots import slots_in

if TYPE_CHECKING:
    from pytest_afake.scenario.perturbation import Perturbation
    from pytest_afake.scenario.scenario import Scenario


def misfit(edit: Perturbation, scenario: Scenario) -> str | None:
    """Why an edit cannot be applied to a scenario; None where it can."""
    checks = (_scenario, _excluded, _blocks, _inserted, _slots, _arms, _overlap)
    return next((why for check in checks for why in check(edit, scenario)), None)


def parts_touched(edit: Perturbation, scenario: Scenario) -> list[str]:
    """The parts that an edit changes, as "block criteria" or "slot lab".

    A paraphrase changes none: whatever comes after it may, since the facts are the same.
    """
    if edit.paraphrase:
        return []
    return _parts(edit, scenario)


def _parts(edit: Perturbation, scenario: Scenario) -> list[str]:
    present = [name for name in edit.slots_if_present if name in scenario.slots]
    return [
        *(f"block {name}" for name in (*edit.text, *edit.swap.values(), *edit.insert)),
        *(f"slot {name}" for name in (*edit.slots, *present)),
        *(f"arm {name}" for name in edit.arms),
        *(["prefill"] if edit.prefill else []),
    ]


def _scenario(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    if not edit.fits(scenario.name):
        yield f"its texts are those of the scenario {' and '.join(edit.scenarios)}"


def _excluded(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    for name in scenario.perturbations:
        if name in edit.excludes:
            yield f"does not go with {name}: {edit.excludes[name]}"
    if edit.name in scenario.excluded:
        yield scenario.excluded[edit.name]


def _blocks(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    named = (
        ("cut", edit.cut),
        ("swap", edit.swap),
        ("text", [name for name in edit.text if name not in edit.insert]),
        ("insert: after", edit.insert.values()),
    )
    for kind, names in named:
        for name in names:
            if name not in scenario.layout:
                yield f"{kind}: the scenario lays out no block {name!r}"
    for name, other in edit.swap.items():
        if other not in scenario.blocks:
            yield f"swap: {name}: the scenario has no block {other!r}"


def _inserted(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    for name in edit.insert:
        if name in scenario.layout:
            yield f"insert: the scenario lays out the block {name!r} already"
        elif name not in edit.text and name not in scenario.blocks:
            yield f"insert: {name}: neither the edit nor the scenario has its text"


def _slots(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    for name in edit.slots:
        if name not in scenario.slots:
            yield f"slots: the scenario has no slot {name!r}"
    unread = set(edit.slots) - _read(edit, scenario)
    for name in sorted(unread):
        yield f"slots: no block in use has the slot {{{name}}}, so that it would change nothing"


def _read(edit: Perturbation, scenario: Scenario) -> set[str]:
    """The slots that the text in use has, by itself or in the value of another slot."""
    gone = {*edit.cut, *edit.swap}
    used = [name for name in scenario.layout if name not in gone]
    used += [*edit.swap.values(), *edit.insert]
    blocks = {**scenario.blocks, **edit.text}
    arms = {**scenario.arms, **edit.arms}
    texts = [*(blocks.get(name, "") for name in used), edit.prefill or scenario.prefill]
    texts += [value for values in arms.values() for value in values.values()]
    found = set[str]().union(*map(slots_in, texts))
    values = {**scenario.slots, **edit.slots}
    return found.union(*(slots_in(values[name]) for name in found if name in values))


def _arms(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    for name in edit.drop_arms:
        if name not in scenario.arms:
            yield f"drop_arms: the scenario has no arm {name!r}"
    left = (set(scenario.arms) - set(edit.drop_arms)) | set(edit.arms)
    for each in edit.contrasts.values():
        for name in (each.first, each.second):
            if name not in left:
                yield f"contrasts: {each.name}: there is no arm {name!r}"


def _overlap(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    """What another edit has said would be unsaid without a word."""
    for part in _parts(edit, scenario):
        if part in scenario.changed:
            other = scenario.changed[part]
            how = "apply it before that one" if edit.paraphrase else "the two do not go together"
            yield f"it would undo {other}, which has changed the {part}: {how}"
