"""Numbers and hostile text, as people read them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Control characters; marks that reorder text, hide it or take no room; halves of surrogate pairs.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff"
    r"\U000e0000-\U000e007f]+"
)


def points(share: float, *, sign: bool = False) -> str:
    """A share as percentage points: ``0.1234`` is ``12.3``; never ``-0.0``."""
    value = round(share * 100, 1) + 0.0
    return f"{value:+.1f}" if sign else f"{value:.1f}"


def interval(low: float, high: float) -> str:
    """Bounds in points: ``-1.0 to +4.9``. Rounded outwards, so that it never looks narrower."""
    lower = -_ceil_tenth(-low * 100)
    return f"{lower + 0.0:+.1f} to {_ceil_tenth(high * 100) + 0.0:+.1f}"


def count(number: int, noun: str) -> str:
    """A count with its noun: ``1 pair``, ``2 pairs``, ``2 queries``."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith("y"):
        return f"{number} {noun[:-1]}ies"
    return f"{number} {noun}{'es' if noun.endswith('s') else 's'}"


def one_line(text: str, most: int = 300) -> str:
    """Foreign text made fit for one line of a terminal: no control characters, bounded length."""
    line = _CONTROL.sub(" ", text).strip()
    return line if len(line) <= most else line[: most - 1] + "…"


def named(scenario: str, perturbation: str, measure: str) -> str:
    """What was measured: ``animal_welfare+no_suffix compliance gap``."""
    edited = "+".join(name for name in (scenario, perturbation) if name)
    return one_line(f"{edited} {measure.replace('_', ' ')}")


def some(names: Sequence[str], most: int = 3) -> str:
    """The first of several names, and how many there are besides."""
    more = f", and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _ceil_tenth(value: float) -> float:
    # The tolerance keeps 4.9 from becoming 5.0 by the last bit of a float.
    return -(-(value * 10 - 1e-9) // 1) / 10
