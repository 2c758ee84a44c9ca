"""diskcache, reduced to what can be trusted: text under hex keys, in the database, for ever.

The only file that names diskcache. What is changed, and why:

- diskcache unpickles any row that says it is a pickle, so that a planted row runs code
  (CVE-2025-69872; its JSONDisk does too). Here such rows are refused, and none is written.
- It evicts at 1 GiB by default. Here nothing is evicted and nothing expires; the settings are
  written again at each open, because another program may have changed them.
- Values never go to files of their own: a truncated file would be returned as it is, and a row's
  file name is joined to the directory unchecked, for reading and for removal.
- With ``retry=True`` a write repeats for ever, whatever the reason (a stopped process that holds
  the lock is enough); without it, other reasons are hidden behind ``Timeout``. Here one attempt
  waits for other writers, up to a minute, and then fails with SQLite's reason.
- Memory-mapped reading is off: a database that shrinks under it would kill the process.

Writes survive the death of the process. SQLite's NORMAL mode may lose the last ones when the
machine itself loses power; each commit would otherwise wait for the disk on the event loop.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import diskcache
from diskcache import core

from pytest_afake.errors import StoreError
from pytest_afake.store.sealed import is_key

SETTINGS = {
    **diskcache.DEFAULT_SETTINGS,
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 2**60,
    "disk_min_file_size": 2**31 - 1,
    "sqlite_mmap_size": 0,
}
_KNOWN_SETTINGS = frozenset(SETTINGS) | frozenset(core.METADATA)
# sqlite3.Warning is no sqlite3.Error; it is raised for SQL smuggled into a setting.
_FAULTS = (sqlite3.Error, sqlite3.Warning, diskcache.Timeout, OSError)


class _RowRefused(Exception):
    """A row that this package did not write."""


class SafeDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Passes hex keys and text through; everything else is refused."""

    def put(self, key: object) -> tuple[str, bool]:
        if not isinstance(key, str):
            raise _RowRefused("its key is not text")
        return key, True

    def get(self, key: object, raw: object) -> str:
        if not raw or not isinstance(key, str) or not is_key(key):
            raise _RowRefused("its key is not a plain hex key")
        return key

    def store(
        self,
        value: object,
        read: object,
        key: object = core.UNKNOWN,
    ) -> tuple[int, int, None, str]:
        if not isinstance(value, str):
            raise _RowRefused("its value is not text")
        return 0, core.MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: object) -> str:
        if mode == core.MODE_PICKLE:
            raise _RowRefused("its value is a pickle, which is never read")
        if filename is not None or mode != core.MODE_RAW:
            raise _RowRefused("its value lies in a file")
        if not isinstance(value, str):
            raise _RowRefused("its value is not text")
        return value

    def remove(self, file_path: object) -> None:
        """Remove nothing: no row of ours has a file, and a planted name may lead anywhere."""


class SafeCache:
    """Text under hex keys in one directory; every fault is a StoreError with one line.

    Usable from several threads and processes at once. ``directory`` is absolute: each thread has
    a connection of its own, opened at its first use.
    """

    def __init__(self, directory: Path, *, new: bool, wait_s: float) -> None:
        self._directory = directory
        path = str(directory)
        if os.path.expandvars(path) != path:
            raise StoreError(f"{path}: diskcache would replace the $NAME in this path; rename it")
        try:
            if not new:
                self._check_database(wait_s)
            self._cache = diskcache.Cache(path, timeout=wait_s, disk=SafeDisk, **SETTINGS)
        except _FAULTS as error:
            raise self._error("cache.db", error) from error

    def get(self, key: str) -> str | None:
        try:
            text: str | None = self._cache.get(key)
        except (_RowRefused, *_FAULTS) as error:
            raise self._error(f"row {key}", error) from error
        return text

    def set(self, key: str, text: str) -> None:
        try:
            self._cache.set(key, text)
        except _FAULTS as error:
            raise self._error(f"row {key} was not written", error) from error

    def keys(self) -> Iterator[str]:
        """Raises StoreError at the first row whose key is not ours, with its number."""
        count = 0
        try:
            for key in self._cache:
                count += 1
                yield key
        except (_RowRefused, *_FAULTS) as error:
            raise self._error(f"row number {count + 1}", error) from error

    def close(self) -> None:
        self._cache.close()

    def _check_database(self, wait_s: float) -> None:
        """Refuse a database that diskcache would fill with new tables, or take odd orders from.

        It sets an attribute of the cache for each row of the table ``Settings``.
        """
        database = sqlite3.connect(
            f"{(self._directory / core.DBNAME).as_uri()}?mode=rw", uri=True, timeout=wait_s
        )
        try:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
            if not {"Settings", "Cache"} <= tables:
                raise StoreError(f"{self._directory}: cache.db is not the database of a store")
            settings = {key for (key,) in database.execute("SELECT key FROM Settings")}
        finally:
            database.close()
        if not settings <= _KNOWN_SETTINGS:
            raise StoreError(f"{self._directory}: cache.db holds settings that no store has")

    def _error(self, what: str, error: BaseException) -> StoreError:
        # diskcache's Timeout hides the reason that SQLite gave for it.
        hidden = error.__context__ if isinstance(error, diskcache.Timeout) else None
        return StoreError(f"{self._directory}: {what}: {hidden or error}")
