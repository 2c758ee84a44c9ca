"""A store that lives as long as its object: for tests, and for runs that keep nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.sealed import check_key, seal, unseal


class MemoryStore:
    """Answers in a dict, as the same sealed text that a ``DiskStore`` writes.

    Keeping text rather than objects means that what is put cannot be changed afterwards, and that
    a value which would fail on disk fails here too.
    """

    def __init__(self) -> None:
        self._rows: dict[str, str] | None = {}

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        text = self._open_rows().get(key)
        return None if text is None else unseal(text, f"memory: row {key}")

    def put(self, key: str, value: Mapping[str, Json]) -> None:
        check_key(key)
        self._open_rows()[key] = seal(value)

    def keys(self) -> Iterator[str]:
        return iter(tuple(self._open_rows()))

    def close(self) -> None:
        self._rows = None

    def _open_rows(self) -> dict[str, str]:
        if self._rows is None:
            raise StoreError("memory: the store is closed")
        return self._rows
