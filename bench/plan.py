"""What a run of the bench was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """``quick`` shrinks all work to a smoke test, whose figures mean nothing.

    ``inspect_python`` is an interpreter that has Inspect AI, None when there is none.
    """

    quick: bool = False
    repetitions: int = 3
    inspect_python: str | None = None

    def size(self, full: T, quick: T) -> T:
        return quick if self.quick else full
