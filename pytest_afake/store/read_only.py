"""Stores that are only read: another's directory, or one on a medium that cannot be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pytest_afake.errors import StoreError
from pytest_afake.records import Json
from pytest_afake.store.cassette import CassetteStore
from pytest_afake.store.directory import DATABASE, check_readable
from pytest_afake.store.rows import row_key, row_text
from pytest_afake.store.sealed import ADVICE, check_key, unseal
from pytest_afake.store.store import Store
from pytest_afake.store.unwritable import Unwritable

if TYPE_CHECKING:
    from sqlite3 import Connection

    from pytest_afake.store.unchanged import UnchangedDatabase

_T = TypeVar("_T")
_GET = "SELECT mode, filename, value FROM Cache WHERE key = ? AND raw = 1"
_KEYS = "SELECT key, raw FROM Cache ORDER BY rowid"


def open_read_only(path: Path) -> Store:
    """The store in a directory, or in a cassette file. Raises StoreError that names the path."""
    if not (path.is_dir() or path.is_file()):  # a pipe would be waited for, a device never ends
        raise StoreError(f"{path}: there is neither a store nor a cassette")
    return ReadOnlyStore(path) if path.is_dir() else CassetteStore(path)


class ReadOnlyStore(Unwritable):
    """The answers in a ``DiskStore``'s directory, read without changing a byte there.

    Rows are checked as ``DiskStore`` checks them. What another process stores there meanwhile is
    seen. Raises StoreError, one line that begins with the directory, for what cannot be used.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        check_readable(self.path)
        # Not before a store is wanted: sqlite3 takes milliseconds.
        from pytest_afake.store.database import foreign_parts
        from pytest_afake.store.unchanged import UnchangedDatabase

        self._database: UnchangedDatabase | None = UnchangedDatabase(self.path)
        foreign = self._read(DATABASE, foreign_parts)
        if foreign is not None:
            raise StoreError(f"{self.path}: {DATABASE} {foreign}")

    def get(self, key: str) -> Mapping[str, Json] | None:
        check_key(key)
        row = self._read(f"row {key}", lambda database: database.execute(_GET, (key,)).fetchone())
        if row is None:
            return None
        try:
            return unseal(row_text(*row))
        except StoreError as error:
            raise StoreError(f"{self.path}: row {key}: {error}; {ADVICE}") from None

    def keys(self) -> Iterator[str]:
        """Raises StoreError at the first row whose key is not ours, with its number."""
        rows = self._read(DATABASE, lambda database: database.execute(_KEYS).fetchall())
        return self._checked_keys(rows)

    def close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _checked_keys(self, rows: list[tuple[object, object]]) -> Iterator[str]:
        for number, (key, raw) in enumerate(rows, start=1):
            try:
                yield row_key(key, raw)
            except StoreError as error:
                raise StoreError(f"{self.path}: row number {number}: {error}; {ADVICE}") from None

    def _read(self, what: str, work: Callable[[Connection], _T]) -> _T:
        if self._database is None:
            raise StoreError(f"{self.path}: the store is closed")
        return self._database.read(what, work)
