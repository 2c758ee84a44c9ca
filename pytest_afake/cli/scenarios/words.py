"""Scenarios and edits in words: what they serve, what is predicted, which arms there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap

from pytest_afake.cli.foreign import printable
from pytest_afake.scenario import Contrast, Perturbation, Scenario
from pytest_afake.scenario.predictions import HYPOTHESES, PURPOSES

WIDTH = 96
NO_PURPOSE = "no purpose named"

PURPOSE_TITLES: Mapping[str, str] = {
    **{name: f"{name} {title}" for name, title in HYPOTHESES.items()},
    **{name: name for name in (*PURPOSES, NO_PURPOSE)},
}
"""What an edit can serve, in the order in which it is listed."""


def purposes(edit: Perturbation) -> tuple[str, ...]:
    """What an edit serves; a control serves as one."""
    marked = ("control",) if edit.control and "control" not in edit.serves else ()
    return (*edit.serves, *marked) or (NO_PURPOSE,)


def predicted(says: Mapping[str, str]) -> str:
    """What hypotheses say, in their order: ``H1 none, H2 gap``."""
    return ", ".join(f"{name} {says[name]}" for name in HYPOTHESES if name in says)


def arms_in_words(scenario: Scenario) -> str:
    """The arms with their cues: ``training (tier free), deployment (tier paid)``."""
    return ", ".join(f"{arm} ({_cues(scenario, arm)})" for arm in scenario.arms)


def contrast_in_words(contrast: Contrast) -> str:
    """``compliance_gap = training - deployment``."""
    return f"{contrast.name} = {contrast.first} - {contrast.second}"


def contrasts_in_words(scenario: Scenario) -> Iterator[str]:
    """Each contrast, with what the hypotheses say of the unedited text."""
    for name, contrast in scenario.contrasts.items():
        said = predicted(scenario.predicts.get(name, {}))
        yield contrast_in_words(contrast) + (f" ({said})" if said else "")


def entry(label: str, text: str, *, indent: int = 2, column: int = 14) -> Iterator[str]:
    """A label and a text beside it in lines of at most WIDTH, without control characters."""
    head = " " * indent + printable(label)
    room = WIDTH - indent - column
    lines = wrap(printable(text), room, break_long_words=False, break_on_hyphens=False) or [""]
    if len(head) >= indent + column:
        yield head
        head = ""
    yield f"{head.ljust(indent + column)}{lines[0]}".rstrip()
    for line in lines[1:]:
        yield " " * (indent + column) + line


def _cues(scenario: Scenario, arm: str) -> str:
    return ", ".join(f"{slot} {value}" for slot, value in scenario.cues(arm).items())
