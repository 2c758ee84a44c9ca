"""What differs between the blocks that two scenarios lay out, as their texts are sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher, unified_diff

from pytest_afake.cli.foreign import printable
from pytest_afake.scenario import Scenario

PLACE = "{query}"
"""Stands for the query, so that its place is a part of the text."""


def block_changes(first: Scenario, second: Scenario, arms: tuple[str, ...]) -> Iterator[str]:
    """Each block that was cut, inserted or changed, with its lines as a unified diff.

    Where a block differs by arm, it is shown for each group of arms that have the same two texts.
    Without an arm in common there is nothing to show but which blocks are in use in one alone.
    """
    for name in _in_order(first.layout, second.layout):
        kind = _kind(name, first, second)
        if not arms and kind != "changed":
            yield f"block {printable(name)}, {kind}"
        texts = {arm: (_text(first, name, arm), _text(second, name, arm)) for arm in arms}
        yield from _by_arm(f"block {printable(name)}, {kind}", texts)


def begun_change(first: Scenario, second: Scenario, arms: tuple[str, ...]) -> Iterator[str]:
    """What already stands of the reply, where that differs."""
    texts = {arm: (_begun(first, arm), _begun(second, arm)) for arm in arms}
    yield from _by_arm("the reply is begun otherwise", texts)


def order_change(first: Scenario, second: Scenario) -> Iterator[str]:
    """The places of the blocks that both lay out, where these are not the same."""
    places = [_places(each, first, second) for each in (first, second)]
    if places[0] != places[1]:
        yield ""
        for letter, place in zip("AB", places, strict=True):
            yield f"order of the blocks of both in {letter}: {', '.join(map(printable, place))}"


def _places(scenario: Scenario, first: Scenario, second: Scenario) -> list[str]:
    both = set(first.layout) & set(second.layout)
    system = [f"system {name}" for name in scenario.system if name in both]
    return system + [f"user {name}" for name in scenario.user if name in both]


def _in_order(first: tuple[str, ...], second: tuple[str, ...]) -> list[str]:
    """All names, those of the second where they stand between those of the first."""
    names: list[str] = []
    for _, *at in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        names += [*first[at[0] : at[1]], *second[at[2] : at[3]]]
    return list(dict.fromkeys(names))


def _kind(name: str, first: Scenario, second: Scenario) -> str:
    if name not in second.layout:
        return "only in A (cut)"
    return "changed" if name in first.layout else "only in B (inserted)"


def _text(scenario: Scenario, name: str, arm: str) -> str:
    return scenario.block_text(name, arm, PLACE) if name in scenario.layout else ""


def _begun(scenario: Scenario, arm: str) -> str:
    sent = scenario.render(arm, PLACE)
    return "\n".join(message.content for message in sent if message.role == "assistant")


def _by_arm(what: str, texts: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Two texts by arm, under one heading for those arms that have the same two."""
    for pair in dict.fromkeys(texts.values()):
        if pair[0] != pair[1]:
            where = [arm for arm in texts if texts[arm] == pair]
            every = len(where) == len(texts) > 1
            yield ""
            yield f"{what} in {'every arm' if every else 'arm ' + printable(' and '.join(where))}:"
            yield from _difference(*pair)


def _difference(before: str, after: str) -> Iterator[str]:
    old, new = (text.split("\n") if text else [] for text in (before, after))
    found = list(unified_diff(old, new, lineterm=""))
    for line in found[2:]:  # the first two would name files
        if not line.startswith("@@"):
            yield "    " + printable(line.replace("\\", "\\\\"))
