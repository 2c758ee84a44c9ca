"""What every store of answers offers. Values are plain JSON; keys are SHA-256 hex digests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from pytest_afake.records import Json


class Store(Protocol):
    """A mapping from request keys to stored answers that never forgets and never runs code.

    Usable from several threads and, where it lies on disk, from several processes. Implementations
    pass one contract suite (``tests/contract/test_stores.py``); those that only read keep its part
    about reading, and refuse to put.
    """

    def get(self, key: str) -> Mapping[str, Json] | None:
        """The stored value, or None. Raises StoreError for a row that must not be read."""
        ...

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        """Store each value whose key has none yet; returns what is stored now under each key.

        The first answer to a key is the one that counts, for every process: a later one is not
        stored, and the first comes back in its place. One durable transaction: when this returns,
        all of it is on the disk. Raises StoreError when it cannot, and then nothing was stored.
        """
        ...

    def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        """:meth:`put_all` for one value: returns what is stored now."""
        ...

    def keys(self) -> Iterator[str]:
        """All keys, in no promised order."""
        ...

    def claim(self, key: str) -> bool:
        """Take the right to ask for this key; False while another process has it. Never blocks.

        A claim ends with :meth:`release`, with :meth:`close`, and with its process, however that
        dies. After taking one, look again: the last holder may have stored the answer. Raises
        ValueError for a key that this store has claimed already: requests for the same answer
        within a process are the caller's to join.
        """
        ...

    def release(self, key: str) -> None:
        """Give a claim back. No-op for a key that is not claimed."""
        ...

    def detach(self) -> None:
        """Close the calling thread's connection; the store stays usable, from this thread too.

        Each thread that used the store calls it before it ends.
        """
        ...

    def close(self) -> None:
        """Release files and claims. Further use is an error."""
        ...
