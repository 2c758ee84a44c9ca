"""The store that outlives the run: a private directory that several processes may share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.directory import opening
from pytest_afake.store.sealed import check_key, seal, unseal

if TYPE_CHECKING:
    from pytest_afake.store.safe_cache import SafeCache


class DiskStore:
    """Answers in a diskcache directory: no pickle, no eviction, no expiry, a checksum per value.

    A missing directory is made with mode 0700, unless ``create`` is False; an existing store that
    others could read is made private; a directory with other content is refused untouched. Raises
    StoreError with one line for everything that cannot be used; nothing is ever deleted. A value
    that was put survives the death of the process at any moment after.

    ``wait_s`` bounds, in seconds, how long one write waits for those of other processes.
    """

    def __init__(self, directory: Path, *, create: bool = True, wait_s: float = 60.0) -> None:
        # Threads connect later, perhaps after a chdir.
        self._directory = directory.absolute()
        self._cache: SafeCache | None = _open(self._directory, create=create, wait_s=wait_s)

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        text = self._open_cache().get(key)
        return None if text is None else unseal(text, f"{self._directory}: row {key}")

    def put(self, key: str, value: Mapping[str, Json]) -> None:
        check_key(key)
        self._open_cache().set(key, seal(value))

    def keys(self) -> Iterator[str]:
        return self._open_cache().keys()

    def close(self) -> None:
        """Close this thread's connection, and let go of those of other threads."""
        if self._cache is not None:
            self._cache.close()
            self._cache = None

    def _open_cache(self) -> SafeCache:
        if self._cache is None:
            raise StoreError(f"{self._directory}: the store is closed")
        return self._cache


def _open(directory: Path, *, create: bool, wait_s: float) -> SafeCache:
    # Not before a store is wanted: diskcache and sqlite3 take 24 ms.
    from pytest_afake.store.safe_cache import SafeCache

    with opening(directory, create=create) as new:
        cache = SafeCache(directory, new=new, wait_s=wait_s)
        if new:
            cache.close()  # moves all into cache.db before the store is marked as whole
    return cache
