"""The results of ``afake compare`` as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pytest_afake.cli.compare.words import Compared

SCHEMA_VERSION = 1
_TOLD_ONCE = {"file", "model", "simulated"}


def document(before: str, after: str, found: Sequence[Compared]) -> dict[str, Any]:
    """All of it in plain values; figures as in ``baseline`` of a run's results."""
    return {
        "schema_version": SCHEMA_VERSION,
        "before": before,
        "after": after,
        "compared": [_plain(each) for each in found],
    }


def _plain(each: Compared) -> dict[str, Any]:
    measured, held = each.pair.either, each.held
    figures = asdict(held) if held is not None else {}
    return {
        "scenario": measured.scenario,
        "perturbation": measured.perturbation or None,
        "contrast": measured.contrast,
        "measure": measured.measure,
        "before_model": each.models.before,
        "after_model": each.models.after,
        "simulated": any(one and one.simulated for one in (each.pair.before, each.pair.after)),
        "missing": held is None,
        **{name: item for name, item in figures.items() if name not in _TOLD_ONCE},
    }
