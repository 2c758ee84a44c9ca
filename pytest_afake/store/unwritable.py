"""What the stores that only read have in common: the half of a ``Store`` that they refuse."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.sealed import check_key


class Unwritable:
    """Nothing can be put; claims are given without a check, for there is nobody to compete with."""

    def __init__(self, path: Path) -> None:
        self._path = path.absolute()

    @property
    def path(self) -> Path:
        """Where the answers lie, as an absolute path."""
        return self._path

    def put_all(self, values: Mapping[str, Mapping[str, Json]]) -> dict[str, Mapping[str, Json]]:
        if values:
            raise StoreError(f"{self._path}: is read-only here, so nothing can be stored in it")
        return {}

    def put(self, key: str, value: Mapping[str, Json]) -> Mapping[str, Json]:
        return self.put_all({key: value})

    def claim(self, key: str) -> bool:
        check_key(key)
        return True

    def release(self, key: str) -> None:
        """No-op: a claim has no meaning here."""

    def detach(self) -> None:
        """No-op: no thread has a connection of its own."""
