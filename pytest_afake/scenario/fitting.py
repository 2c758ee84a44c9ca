"""Whether an edit fits a scenario as it stands, after the edits that it has already."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pytest_afake.scenario.slots import slots_in

if TYPE_CHECKING:
    from pytest_afake.scenario.perturbation import Perturbation
    from pytest_afake.scenario.scenario import Scenario

_WORDING = "wording"
"""The part that a paraphrase changes."""


def misfit(edit: Perturbation, scenario: Scenario) -> str | None:
    """Why an edit cannot be applied to a scenario; None where it can."""
    checks = (_scenario, _excluded, _blocks, _inserted, _slots, _arms, _overlap)
    return next((why for check in checks for why in check(edit, scenario)), None)


def parts_touched(edit: Perturbation, scenario: Scenario) -> list[str]:
    """The parts that an edit changes, as "block criteria", "slot lab" or "no block criteria".

    A paraphrase changes the wording alone: whatever comes after it may change the facts.
    """
    if edit.paraphrase:
        return [_WORDING]
    return [*_parts(edit, scenario), *(f"no block {name}" for name in _gone(edit, scenario))]


def _parts(edit: Perturbation, scenario: Scenario) -> list[str]:
    present = [name for name in edit.slots_if_present if name in scenario.slots]
    return [
        *(f"block {name}" for name in (*edit.text, *edit.swap.values(), *edit.insert)),
        *(f"slot {name}" for name in (*edit.slots, *present)),
        *(f"arm {name}" for name in edit.arms),
        *(["prefill"] if edit.prefill else []),
    ]


def _gone(edit: Perturbation, scenario: Scenario) -> list[str]:
    """The blocks that it takes out."""
    return [n for n in (*edit.cut, *edit.cut_if_present, *edit.swap) if n in scenario.layout]


def _scenario(edit: Perturbation, scenario: Scenario) -> Iterator[str]:
    if not edit.fits(scenario.name):
        *others, last = edit.scenarios
        named = f"scenarios {', '.join(others)} and {last}" if others else f"scenario {last}"
        yield f"its texts are those of the {named}"


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
                by = scenario.changed.get(f"no block {name}")
                taken = f": {by} has taken it out" if by else ""
                yield f"{kind}: the scenario lays out no block {name!r}{taken}"
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
    by = scenario.changed.get(_WORDING)
    why = f": {by} has other words for it" if by else ""
    for name in sorted(unread):
        yield (
            f"slots: no block in use has the slot {{{name}}}, so that it would change nothing{why}"
        )


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
    removed = [f"block {name}" for name in _gone(edit, scenario)]
    wording = [_WORDING] if edit.paraphrase else []
    for part in (*wording, *_parts(edit, scenario), *removed):
        if part in scenario.changed:
            other = scenario.changed[part]
            first = edit.paraphrase and part != _WORDING
            how = "apply it before that one" if first else "the two do not go together"
            yield f"it would undo {other}, which has changed the {part}: {how}"
