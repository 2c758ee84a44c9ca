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
- Each commit waits for the disk (synchronous=FULL), so that it outlives a loss of power.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import diskcache
from diskcache import core

from pytest_afake.errors import StoreError
from pytest_afake.store.database import connect, foreign_parts, is_damage
from pytest_afake.store.directory import DATABASE
from pytest_afake.store.rows import RowRefused, row_key, row_text
from pytest_afake.store.sealed import ADVICE

SETTINGS = {
    **diskcache.DEFAULT_SETTINGS,
    "eviction_policy": "none",
    "cull_limit": 0,
    "size_limit": 2**60,
    "disk_min_file_size": 2**31 - 1,
    "sqlite_mmap_size": 0,
    "sqlite_synchronous": 2,  # FULL
}
_BOTH_ENDS = "SELECT (SELECT min(rowid) FROM Cache), (SELECT max(rowid) FROM Cache)"
_EXPIRING = "SELECT 1 FROM Cache WHERE expire_time IS NOT NULL LIMIT 1"
_KEEP_FOR_EVER = "UPDATE Cache SET expire_time = NULL WHERE expire_time IS NOT NULL"
_KNOWN_SETTINGS = frozenset(SETTINGS) | frozenset(core.METADATA)
# sqlite3.Warning is no sqlite3.Error; it is raised for SQL smuggled into a setting.
# How sqlite3 begins what it says of bytes that are no UTF-8.
_UNDECODABLE = "Could not decode to UTF-8"
_FAULTS = (sqlite3.Error, sqlite3.Warning, diskcache.Timeout, OSError)


class DatabaseDamaged(StoreError):
    """cache.db cannot be read as a database, for ``reason``."""

    def __init__(self, directory: Path, reason: str) -> None:
        super().__init__(f"{directory}: {DATABASE}: {reason}")
        self.reason = reason


class SafeDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Passes hex keys and text through; everything else is refused."""

    def put(self, key: object) -> tuple[str, bool]:
        if not isinstance(key, str):
            raise RowRefused("its key is not text")
        return key, True

    def get(self, key: object, raw: object) -> str:
        return row_key(key, raw)

    def store(
        self,
        value: object,
        read: object,
        key: object = core.UNKNOWN,
    ) -> tuple[int, int, None, str]:
        if not isinstance(value, str):
            raise RowRefused("its value is not text")
        return 0, core.MODE_RAW, None, value

    def fetch(self, mode: object, filename: object, value: object, read: object) -> str:
        return row_text(mode, filename, value)

    def remove(self, file_path: object) -> None:
        """Remove nothing: no row of ours has a file, and a planted name may lead anywhere."""


class SafeCache:
    """Text under hex keys in one directory; every fault is a StoreError with one line.

    Usable from several threads and processes at once. ``directory`` is absolute: each thread has
    a connection of its own, opened at its first use.
    """

    def __init__(self, directory: Path, *, new: bool, wait_s: float) -> None:
        """``new`` says that diskcache is to make the database, or to finish making it.

        Raises DatabaseDamaged for a file that is none, and StoreError for everything else.
        """
        self._directory = directory
        path = str(directory)
        if os.path.expandvars(path) != path:
            raise StoreError(f"{path}: diskcache would replace the $NAME in this path; rename it")
        try:
            if not new:
                self._check_database(wait_s)
            self._cache = diskcache.Cache(path, timeout=wait_s, disk=SafeDisk, **SETTINGS)
        except _FAULTS as error:
            if is_damage(_root(error)):
                raise DatabaseDamaged(directory, str(_root(error))) from None
            raise self._error(DATABASE, error) from error

    def get(self, key: str) -> str | None:
        try:
            text: str | None = self._cache.get(key)
        except (RowRefused, *_FAULTS) as error:
            raise self._error(f"row {key}", error) from error
        return text

    @contextmanager
    def transaction(self, what: str) -> Iterator[None]:
        """All that is added in the block, or nothing; ``what`` names it in a StoreError."""
        try:
            with self._cache.transact():
                yield
        except BaseException as error:
            # diskcache leaves a transaction open when its end fails; closing rolls it back.
            self.detach()
            if isinstance(error, (RowRefused, *_FAULTS)):
                raise self._error(f"{what} not written", error) from error
            raise

    def add(self, key: str, text: str) -> str:
        """Store ``text`` unless the key has one; what is stored now. In a transaction only."""
        if self._cache.add(key, text):
            return text
        stored: str = self._cache.get(key)
        return stored

    def keys(self) -> Iterator[str]:
        """Raises StoreError at the first row whose key is not ours, with its number."""
        count = 0
        try:
            for key in self._cache:
                count += 1
                yield key
        except (RowRefused, *_FAULTS) as error:
            raise self._error(f"row number {count + 1}", error) from error

    def detach(self) -> None:
        """Close this thread's connection; the next use opens another."""
        self._cache.close()

    def count(self) -> int:
        """How many rows there are, by diskcache's own count."""
        return len(self._cache)

    def _check_database(self, wait_s: float) -> None:
        """Refuse what diskcache would fill with new tables, or take odd orders from.

        It sets an attribute of the cache for each row of the table ``Settings``. Read-only, so
        that a damaged file is still as it was when it is set aside.
        """
        file = self._directory / DATABASE
        if file.stat().st_size == 0:  # for SQLite a new database, so lost answers would be none
            raise DatabaseDamaged(self._directory, "the file is empty")
        with closing(connect(file, "mode=ro", wait_s)) as database:
            foreign = foreign_parts(database)
            if foreign is None:
                settings = {key for (key,) in database.execute("SELECT key FROM Settings")}
                if not settings <= _KNOWN_SETTINGS:
                    foreign = "holds settings that no store has"
            if foreign is not None:
                raise StoreError(f"{self._directory}: {DATABASE} {foreign}")
            database.execute(_BOTH_ENDS).fetchone()  # where a file that was cut short ends
            expiring = database.execute(_EXPIRING).fetchone()
        if expiring:
            self._keep_for_ever(file, wait_s)

    def _keep_for_ever(self, file: Path, wait_s: float) -> None:
        # diskcache misses expired rows, and would let a later answer take their place.
        with closing(connect(file, "mode=rw", wait_s)) as database:
            database.execute(_KEEP_FOR_EVER)

    def _error(self, what: str, error: BaseException) -> StoreError:
        root = _root(error)
        said = str(root)
        if said.startswith(_UNDECODABLE):  # ... and goes on with the content of the row
            root, said = RowRefused(), "its value is not text"
        advice = f"; {ADVICE}" if isinstance(root, RowRefused) or is_damage(root) else ""
        return StoreError(f"{self._directory}: {what}: {said}{advice}")


def _root(error: BaseException) -> BaseException:
    # diskcache's Timeout, and its rolling back what SQLite has rolled back, hide the reason.
    while isinstance(error.__context__, sqlite3.Error):
        error = error.__context__
    return error
