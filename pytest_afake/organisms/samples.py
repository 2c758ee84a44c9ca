"""Sample indices for a protocol that has none."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Indices:
    next_new: int = 0
    returned: list[int] = field(default_factory=list)


class SampleIndices:
    """Counts how often exactly the same was asked, in order of arrival.

    A call that failed gives its index back, so that a retry asks for the same sample and not for
    the next one.
    """

    def __init__(self) -> None:
        self._by_digest: defaultdict[str, _Indices] = defaultdict(_Indices)

    def take(self, digest: str) -> int:
        """The lowest index of this question that nobody has."""
        indices = self._by_digest[digest]
        if indices.returned:
            return heapq.heappop(indices.returned)
        indices.next_new += 1
        return indices.next_new - 1

    def give_back(self, digest: str, index: int) -> None:
        heapq.heappush(self._by_digest[digest].returned, index)
