"""Stored values in words."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_afake.models.spec import SIMULATED


def moment(at: datetime) -> str:
    """A time in UTC, to the second: ``2026-01-31 12:00:00``."""
    try:
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    except OverflowError:  # a time of another's making, beyond the calendar once in UTC
        return at.isoformat(" ", "seconds")


def mark(model: str) -> str:
    """What follows the name of a model: an organism is never named without saying so."""
    return " SIMULATED" if f"/{SIMULATED}" in f"/{model}" else ""
