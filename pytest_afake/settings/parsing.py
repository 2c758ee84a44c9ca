"""Turning what a user typed, or a TOML value, into a checked value.

A parser takes text (from a flag, the environment or an ini file) or a TOML value, and raises
ValueError with the rule that was broken; who calls it adds the value and where it came from.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias, TypeVar

Parser: TypeAlias = Callable[[object], object]

W = TypeVar("W", bound=StrEnum)


def text(value: object) -> str:
    """Any text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text that is not empty")
    return value.strip()


def path(folder: Path, value: str) -> Path:
    """A path that was written in a file of ``folder``, or typed there."""
    return folder / Path(value).expanduser()


def paths(folder: Path, values: tuple[str, ...]) -> tuple[Path, ...]:
    """The same for several."""
    return tuple(path(folder, value) for value in values)


def name_or_path(folder: Path, value: str) -> str:
    """The same for what may be a name: a path has a suffix or a slash."""
    is_path = Path(value).name != value or Path(value).suffix
    return str(path(folder, value)) if is_path else value


def names(value: object) -> tuple[str, ...]:
    """Names, as a list or separated by commas. Repeated ones count once."""
    parts = value if isinstance(value, list | tuple) else [value]
    found = [name.strip() for part in parts for name in text(part).split(",")]
    if not all(found):
        raise ValueError("must be names separated by commas, none of them empty")
    return tuple(dict.fromkeys(found))


def switch(value: object) -> bool:
    """On or off."""
    words = {"1": True, "true": True, "yes": True, "on": True} | {
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.lower() not in words:
        raise ValueError("must be true or false")
    return words[value.lower()]


def one_of(words: type[W]) -> Callable[[object], W]:
    """One of a few words."""
    rule = f"must be one of {', '.join(words)}"

    def parse(value: object) -> W:
        found = [word for word in words if word == value]
        if not found:
            raise ValueError(rule)
        return found[0]

    return parse


def number(low: float, high: float, *, open_ends: bool = False) -> Callable[[object], float]:
    """A number from ``low`` to ``high``, with the ends or without."""
    between = "strictly between" if open_ends else "between"
    rule = f"must lie {between} {low:g} and {high:g}"

    def parse(value: object) -> float:
        parsed = _float(value, rule)
        inside = low < parsed < high if open_ends else low <= parsed <= high
        if not inside:
            raise ValueError(rule)
        return parsed

    return parse


def whole(low: int, high: int | None = None) -> Callable[[object], int]:
    """A whole number, not below ``low`` nor above ``high``."""
    rule = f"must be a whole number, {low} or more"
    if high is not None:
        rule = f"must be a whole number from {low} to {high}"

    def parse(value: object) -> int:
        parsed = _whole(value, rule)
        if parsed < low or (high is not None and parsed > high):
            raise ValueError(rule)
        return parsed

    return parse


def _whole(value: object, rule: str) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(rule)
    if isinstance(value, str) and not re.fullmatch(r"\s*[+-]?[0-9]+\s*", value):
        raise ValueError(rule)  # int() also takes 1_000, and the digits of all scripts
    try:
        return int(value)  # not by way of a float, which changes numbers above 2**53
    except ValueError:
        raise ValueError(rule) from None


def _float(value: object, rule: str) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(rule)
    try:
        parsed = float(value)
    except (ValueError, OverflowError):
        raise ValueError(rule) from None
    if not math.isfinite(parsed):
        raise ValueError(rule)
    return parsed
