"""Which tests ask for our ``model`` fixture, and which models they get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

FIXTURE = "model"

NO_MODEL = (
    "no model named: add --model NAME, for example --model sim/faker (simulated, offline) "
    "or --model claude-3-opus"
)


def asks_for_model(definition: pytest.Item) -> bool:
    """True when a test uses our fixture: not another one of that name, nor a plain parameter."""
    if FIXTURE not in getattr(definition, "fixturenames", ()):
        return False
    marks = [mark for mark in definition.iter_markers("parametrize") if FIXTURE in _argnames(mark)]
    if any(not mark.kwargs.get("indirect") for mark in marks):
        return False
    # pytest has no public way to ask which of several fixtures of one name applies.
    info: Any = definition._fixtureinfo  # type: ignore[attr-defined]  # a private name
    return _reaches_ours(info.name2fixturedefs.get(FIXTURE, ()))


def is_parametrized(definition: pytest.Item) -> bool:
    """True when the test itself names its models, indirectly."""
    return any(FIXTURE in _argnames(mark) for mark in definition.iter_markers("parametrize"))


def _reaches_ours(found: Sequence[Any]) -> bool:
    """A fixture that overrides ours may ask for the one it overrides."""
    for fixture in reversed(found):
        if fixture.func.__module__ == "pytest_afake.plugin":
            return True
        if FIXTURE not in fixture.argnames:
            return False
    return False


def unparametrized(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """Tests that use our fixture and have no model."""
    return [item for item in items if asks_for_model(item) and not _has_model(item)]


def _has_model(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return callspec is not None and FIXTURE in callspec.params


def _argnames(mark: pytest.Mark) -> list[str]:
    names = mark.args[0] if mark.args else mark.kwargs.get("argnames", ())
    return [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
