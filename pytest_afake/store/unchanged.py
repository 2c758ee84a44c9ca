"""cache.db, read without changing a byte in its directory, which may be impossible to write.

SQLite wants to make its -wal and -shm files even to read. Which way avoids that depends on what
lies beside the database:

- no -wal, or an empty one: nobody is writing. SQLite reads the file alone, as ``immutable``.
- a -wal and a -shm: another process has the database open, and both are shared (``mode=ro``).
- otherwise, the -wal of a process that died, or files that may not be shared: SQLite would ignore
  the -wal of an immutable file, and answers were missing. A private copy of both is read.

Another process may begin to write at any time, so what was read from a file that others may change
counts only if it has not changed since.

Imported late: sqlite3 is not needed by a run without a store.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import copyfile
from typing import TypeVar

from pytest_afake.errors import StoreError
from pytest_afake.store.database import connect, is_damage
from pytest_afake.store.directory import DATABASE
from pytest_afake.store.sealed import ADVICE

_T = TypeVar("_T")
_Stamp = tuple[int, ...]
_WAL, _SHM = f"{DATABASE}-wal", f"{DATABASE}-shm"
_ATTEMPTS = 5


class UnchangedDatabase:
    """Serves one reader at a time, from any thread. ``close`` removes the copy, if one was made.

    Raises StoreError, one line that begins with the directory.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._database, self._wal = directory / DATABASE, directory / _WAL
        self._guard = threading.Lock()
        self._pid = 0
        self._connection: sqlite3.Connection | None = None
        self._stamp: Callable[[], _Stamp] = tuple
        self._seen: _Stamp = ()
        self._copy: tempfile.TemporaryDirectory[str] | None = None

    def read(self, what: str, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """The result of ``work``, which is called again if the files changed under it.

        ``what`` is being read, for the StoreError.
        """
        try:
            with self._guard:
                return self._read(work)
        except (sqlite3.Error, OSError) as error:
            advice = f"; {ADVICE}" if is_damage(error) else ""
            raise StoreError(f"{self._directory}: {what}: {error}{advice}") from error

    def _read(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        for _ in range(_ATTEMPTS):
            connection = self._connected()
            try:
                result = work(connection)
            except sqlite3.Error:
                if self._stamp() == self._seen:
                    raise
            else:
                if self._stamp() == self._seen:
                    return result
            self._disconnect()
        raise StoreError(f"{self._directory}: {DATABASE} is being changed all the time")

    def close(self) -> None:
        with self._guard:
            self._disconnect()

    def _connected(self) -> sqlite3.Connection:
        # A connection must not be carried over a fork.
        if self._connection is None or self._pid != os.getpid():
            self._disconnect()
            self._pid = os.getpid()
            self._connection = self._connect()
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None and self._pid == os.getpid():
            self._connection.close()
        if self._copy is not None and self._pid == os.getpid():
            self._copy.cleanup()
        self._connection = self._copy = None

    def _connect(self) -> sqlite3.Connection:
        if _size(self._wal) == 0:
            self._watch(self._whole_stamp)
            return connect(self._database, "immutable=1")
        if (self._directory / _SHM).exists():
            self._watch(self._file_stamp)
            connection = connect(self._database, "mode=ro")
            if _is_shared(connection):
                return connection
        self._watch(self._whole_stamp)
        return connect(self._copied() / DATABASE, "mode=ro")

    def _copied(self) -> Path:
        self._copy = tempfile.TemporaryDirectory(prefix="afake-")
        folder = Path(self._copy.name)
        for file in (self._database, self._wal):
            with suppress(FileNotFoundError):  # the -wal may have gone: the stamp tells
                copyfile(file, folder / file.name)
        return folder

    def _watch(self, stamp: Callable[[], _Stamp]) -> None:
        self._stamp, self._seen = stamp, stamp()

    def _file_stamp(self) -> _Stamp:
        """Changes when another file takes the place of cache.db."""
        status = self._database.stat()
        return status.st_dev, status.st_ino

    def _whole_stamp(self) -> _Stamp:
        """Changes as well when anything is written."""
        status = self._database.stat()
        wal = _size(self._wal)
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, wal


def _is_shared(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        return False
    except sqlite3.DatabaseError:
        return True  # damage is the reader's to find
    return True


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
