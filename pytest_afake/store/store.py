"""What every store of answers offers. Values are plain JSON; keys are SHA-256 hex digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from pytest_afake.records import Json


class Store(Protocol):
    """A mapping from request keys to stored answers that never forgets and never runs code.

    Implementations pass one contract suite (``tests/contract/test_stores.py``).
    """

    def get(self, key: str) -> Mapping[str, Json] | None:
        """The stored value, or None. Raises StoreError for a row that must not be read."""
        ...

    def put(self, key: str, value: Mapping[str, Json]) -> None:
        """Store a value durably before returning. Raises StoreError when it cannot."""
        ...

    def keys(self) -> Iterator[str]:
        """All keys, in no promised order."""
        ...

    def close(self) -> None:
        """Release files. Further use is an error."""
        ...
