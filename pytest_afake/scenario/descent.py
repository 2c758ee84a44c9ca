"""Of which text a scenario is an edit: what tells whether two of them speak of the same.

Names do not tell it: an edited text keeps the name of the one that it was made of.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

_OF = "@"  # an edit's name and its hash: no name holds it


@dataclass(frozen=True, slots=True)
class Descent:
    """The scenario before any edit, and the edits, in order.

    ``unedited`` is the hash of all that it was; ``edits`` are names with the hash of what they do,
    as ``criteria_cut@0123456789ab``.
    """

    unedited: str
    edits: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """What its edits are called."""
        return frozenset(map(_name, self.edits))

    def with_edit(self, name: str, content: str) -> Descent:
        """With one edit more, whose content has this hash."""
        return Descent(self.unedited, (*self.edits, f"{name}{_OF}{content}"))

    def without(self, names: frozenset[str]) -> tuple[str, frozenset[str]]:
        """The unedited scenario, and the edits that have other names than these."""
        return self.unedited, frozenset(each for each in self.edits if _name(each) not in names)


def hash_of(content: Any) -> str:
    """Twelve hex digits of the SHA-256 of plain values."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _name(edit: str) -> str:
    return edit.split(_OF, maxsplit=1)[0]
