"""A store that lives as long as its object: for tests, and for runs that keep nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.sealed import check_key, seal, unseal


class MemoryStore:
    """Answers in a dict, as the same sealed text that a ``DiskStore`` writes.

    Keeping text rather than objects means that what is put cannot be changed afterwards, and that
    a value which would fail on disk fails here too. No other process can have a claim here.
    """

    def __init__(self) -> None:
        self._rows: dict[str, str] | None = {}
        self._claimed: set[str] = set()

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        text = self._open_rows().get(key)
        return None if text is None else unseal(text)

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        rows = self._open_rows()
        texts = {check_key(key): seal(value) for key, value in values.items()}
        return {key: unseal(rows.setdefault(key, text)) for key, text in texts.items()}

    def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        return self.put_all({key: value})[key]

    def keys(self) -> Iterator[str]:
        return iter(tuple(self._open_rows()))

    def claim(self, key: str) -> bool:
        self._open_rows()
        if check_key(key) in self._claimed:
            raise ValueError(f"{key} is claimed already")
        self._claimed.add(key)
        return True

    def release(self, key: str) -> None:
        self._claimed.discard(key)

    def detach(self) -> None:
        """No-op: there is nothing to be connected to."""

    def close(self) -> None:
        self._rows = None
        self._claimed.clear()

    def _open_rows(self) -> dict[str, str]:
        if self._rows is None:
            raise StoreError("memory: the store is closed")
        return self._rows
