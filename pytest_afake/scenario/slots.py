"""Slots in text: ``{name}`` is replaced when the name is declared, and is plain text when not.

``str.format`` is no use here: prompts hold braces of their own, and a slot's value (a user's query
above all) must never be read as a template again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def slots_in(text: str) -> frozenset[str]:
    """Names that stand in braces in a text."""
    return frozenset(SLOT.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace declared slots in one pass; values are not read again."""
    return SLOT.sub(lambda found: values.get(found[1], found[0]), text)


def resolve(values: Mapping[str, str]) -> dict[str, str]:
    """Fill slots that stand in the values of other slots, and in theirs.

    An arm's value names a slot, whose value may name another one: two levels, and no more, so that
    slots that name each other come to an end.
    """
    filled = {name: fill(value, values) for name, value in values.items()}
    return {name: fill(value, values) for name, value in filled.items()}
