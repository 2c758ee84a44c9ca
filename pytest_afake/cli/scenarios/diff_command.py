"""``afake scenarios diff``: what differs between two scenarios, such as by an edit."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.foreign import printable
from pytest_afake.cli.scenarios.blocks import PLACE, begun_change, block_changes, order_change
from pytest_afake.cli.scenarios.choosing import arms_named, own_edits
from pytest_afake.cli.scenarios.words import contrast_in_words, entry
from pytest_afake.scenario import Scenario
from pytest_afake.scenario.notation import scenario_named

SAME = "same text"


def run(options: Namespace) -> int:
    own = own_edits(options.edits)
    first, second = (scenario_named(each, own) for each in (options.first, options.second))
    if options.arm is None:
        arms = tuple(arm for arm in first.arms if arm in second.arms)
    else:
        arms = arms_named(first, options.arm)
        arms_named(second, options.arm)
    say(_lines(first, second, arms))
    return FINE


def _lines(first: Scenario, second: Scenario, arms: tuple[str, ...]) -> Iterator[str]:
    yield f"A: {printable(str(first))}"
    yield f"B: {printable(str(second))}"
    for arm in arms:
        same = first.render(arm, PLACE) == second.render(arm, PLACE)
        yield f"arm {printable(arm)}: {SAME if same else 'the text differs'}"
    yield from _arms_of_one(first, second)
    yield from _cues(first, second, arms)
    yield from _slots(first, second)
    yield from _beside_the_text(first, second)
    yield from block_changes(first, second, arms)
    yield from begun_change(first, second, arms)
    yield from order_change(first, second)


def _arms_of_one(first: Scenario, second: Scenario) -> Iterator[str]:
    for letter, one, other in (("A", first, second), ("B", second, first)):
        for arm in one.arms:
            if arm not in other.arms:
                cues = ", ".join(f"{slot} {value!r}" for slot, value in one.cues(arm).items())
                yield from entry(f"arm {arm}", f"only in {letter}: {cues}", indent=0, column=26)


def _cues(first: Scenario, second: Scenario, arms: tuple[str, ...]) -> Iterator[str]:
    for arm in arms:
        yield from _mapping(f"arm {arm}", first.cues(arm), second.cues(arm))


def _slots(first: Scenario, second: Scenario) -> Iterator[str]:
    yield from _mapping("slot", dict(first.slots), dict(second.slots))


def _beside_the_text(first: Scenario, second: Scenario) -> Iterator[str]:
    yield from _mapping("", _rest(first), _rest(second))


def _rest(scenario: Scenario) -> dict[str, str]:
    contrasts = "; ".join(map(contrast_in_words, scenario.contrasts.values()))
    return {
        "contrasts": contrasts,
        "reasoning": scenario.output_format.reasoning,
        "queries": scenario.queries or "none of its own",
        "judged by": scenario.compliance,
        "control": "yes" if scenario.control else "no",
    }


def _mapping(what: str, first: dict[str, str], second: dict[str, str]) -> Iterator[str]:
    for name in {**first, **second}:
        before, after = (each.get(name) for each in (first, second))
        if before != after:
            label = f"{what} {name}".strip()
            yield from entry(label, f"{_value(before)} -> {_value(after)}", indent=0, column=26)


def _value(value: str | None) -> str:
    return "absent" if value is None else repr(str(value))
