"""``afake policy show``: a table of what applies, for each model and measure."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.table import aligned
from pytest_afake.errors import UsageError
from pytest_afake.records import Policy
from pytest_afake.settings.outside import given_outside_pytest
from pytest_afake.settings.policies import KEYS
from pytest_afake.settings.policy_file import CONTRASTS, MEASURES
from pytest_afake.settings.settings import Settings, resolve_settings
from pytest_afake.text import one_line


def run(options: Namespace) -> int:
    settings = _settings(options)
    if not settings.models:
        raise UsageError("no model named: add --model NAME, as a run of pytest is given it")
    for model in settings.models:
        for measure in _measures(settings, options.measure):
            say([f"{one_line(model.name)}, {one_line(measure)}:"])
            say(f"  {line}" for line in _table(settings.policy_of(model, measure)))
    asked = [
        (model.name, measure)
        for model in settings.models
        for measure in _measures(settings, options.measure)
    ]
    say(f"{one_line(rule)}: matches none of these" for rule in settings.policies.unused(asked))
    return FINE


def _settings(options: Namespace) -> Settings:
    given = given_outside_pytest(Path.cwd(), os.environ)
    flags = {"model": options.model, "policy": str(options.policy) if options.policy else None}
    return resolve_settings(replace(given, flags={**given.flags, **flags}))


def _measures(settings: Settings, chosen: Sequence[str] | None) -> list[str]:
    if chosen:
        return list(chosen)
    rules = settings.policies.rules
    known = [
        each
        for each in MEASURES
        if each not in CONTRASTS or any(rule.names(each) for rule in rules)
    ]
    globs = (glob for rule in rules for glob in rule.measures or ())
    named = (glob for glob in globs if not any(sign in glob for sign in "*?["))
    return list(dict.fromkeys([*known, *named]))


def _table(policy: Policy) -> Iterator[str]:
    rows = [(key, _shown(getattr(policy, key)), one_line(policy.sources[key])) for key in KEYS]
    return aligned(rows)


def _shown(value: object) -> str:
    if value is None:
        return "all"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return value.value if isinstance(value, Enum) else f"{value:g}"
