"""The file that the processes of one run share: a row for each, and who of them is alive.

    the first 128 bytes   header; its first byte is the lock by which processes take turns
    each further 128      a row; its process holds the lock on the row's first byte for life

A process writes no row but its own, in one piece and in its turn, so that a death leaves only whole
rows. Who is alive is asked of the kernel, which frees the locks of the dead: neither a clock nor a
process id is trusted. Rows are never used again, so a run remembers its dead.

POSIX locks belong to the process and not to a descriptor: they do not keep its own threads apart,
and closing any descriptor of the file drops all of them. Hence one :class:`RowFile` for each file
in a process, however often the process joins. The file is read and written, not mapped: a mapped
file that shrinks, or a full disk, would kill the process.
"""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from array import array
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from types import TracebackType

from pytest_afake.errors import StoreError

NAME = "afake-accounts.bin"

_WIDTH = 16  # numbers of 64 bits in a row
_SIZE = _WIDTH * 8
_HEADER = b"pytest-afake accounts 1\n".ljust(_SIZE, b"\0")
_MARK = 0x77_6F_72  # a row that was written, and not a hole in a damaged file
_MOST_ROWS = 511  # one read of 64 KiB sees all of them


class Column(IntEnum):
    """What a row counts. Money in nano-dollars: sums of whole numbers are exact."""

    MARK = 0
    LEFT = 1
    CALLS = 2
    ANSWERS = 3
    STORED = 4
    THROTTLED = 5
    MISSING = 6
    UNPRICED = 7
    SPENT = 8
    RESERVED = 9
    AHEAD = 10
    WANTED = 11
    HELD = 12
    TICKET = 13


class Rows:
    """The rows of all processes at one moment, dead ones too, in the order in which they joined."""

    def __init__(self, data: bytes) -> None:
        self._values = array("q", data)

    def __len__(self) -> int:
        return len(self._values) // _WIDTH

    def total(self, column: Column) -> int:
        return sum(self._values[column::_WIDTH])

    def each(self, column: Column) -> Sequence[int]:
        return self._values[column::_WIDTH]


def new_row() -> array[int]:
    """A row to be counted in, by column."""
    row = array("q", bytes(_SIZE))
    row[Column.MARK] = _MARK
    return row


class RowFile:
    """The rows of a run as one process sees them; as a context manager, the turn to use them.

    All methods want the turn. They raise StoreError, one line that begins with the file's name,
    for a file that cannot be used or is not whole.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._threads = threading.Lock()
        self._mine: set[int] = set()
        self._dead: set[int] = set()
        self._seen = 0

    def __enter__(self) -> RowFile:
        self._threads.acquire()
        try:
            self._lock(0, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._lock(0, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    @property
    def joined(self) -> bool:
        """Whether this process has a row in it."""
        return bool(self._mine)

    def join(self, row: array[int]) -> int:
        """Add a row that is alive until it leaves or its process dies; returns its number."""
        if os.fstat(self._descriptor).st_size == 0:
            self._put(_HEADER, 0)
        number = len(self.read())
        if number == _MOST_ROWS:
            raise StoreError(f"{self._path}: more than {_MOST_ROWS} processes joined this run")
        self.write(number, row)
        self._lock(_offset(number), fcntl.LOCK_EX)
        self._mine.add(number)
        return number

    def leave(self, number: int) -> None:
        self._mine.discard(number)
        self._lock(_offset(number), fcntl.LOCK_UN)

    def read(self) -> Rows:
        try:
            data = os.pread(self._descriptor, _SIZE * (1 + _MOST_ROWS), 0)
        except OSError as error:
            raise _unusable(self._path, error) from error
        if not data.startswith(_HEADER) or len(data) % _SIZE:
            raise StoreError(f"{self._path}: damaged, or no accounts of pytest-afake")
        rows = Rows(data[_SIZE:])
        if len(rows) < self._seen or rows.total(Column.MARK) != _MARK * len(rows):
            raise StoreError(f"{self._path}: damaged: rows are missing")
        self._seen = len(rows)
        return rows

    def write(self, number: int, row: array[int]) -> None:
        self._put(row, _offset(number))

    def alive(self, rows: Rows) -> list[int]:
        """The numbers of the rows whose processes have neither left nor died."""
        left = rows.each(Column.LEFT)
        return [number for number in range(len(rows)) if not left[number] and self._lives(number)]

    def close(self) -> None:
        os.close(self._descriptor)

    def _lives(self, number: int) -> bool:
        if number in self._mine:  # trying its lock would succeed, and giving it back would drop it
            return True
        if number in self._dead:
            return False
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _offset(number))
        except (BlockingIOError, PermissionError):  # POSIX lets each system choose between them
            return True
        self._lock(_offset(number), fcntl.LOCK_UN)
        self._dead.add(number)
        return False

    def _lock(self, offset: int, how: int) -> None:
        try:
            fcntl.lockf(self._descriptor, how, 1, offset)
        except OSError as error:
            raise _unusable(self._path, error) from error

    def _put(self, data: bytes | array[int], offset: int) -> None:
        try:
            written = os.pwrite(self._descriptor, data, offset)
        except OSError as error:
            raise _unusable(self._path, error) from error
        if written != _SIZE:
            raise StoreError(f"{self._path}: cannot be written: the disk is full")


_open_files: dict[tuple[int, int, int], RowFile] = {}
_opening = threading.Lock()


def join(folder: Path, row: array[int]) -> tuple[RowFile, int]:
    """The file of the run in ``folder`` (made if missing), and the number of ``row`` in it."""
    path = folder / NAME
    with _opening:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = _opened(path)
        except OSError as error:
            raise _unusable(path, error) from error
        try:
            with file:
                return file, file.join(row)
        finally:
            _close_if_unused(file)


def leave(file: RowFile, number: int) -> None:
    """The row stays, but is no longer alive."""
    with _opening:
        with file:
            file.leave(number)
        _close_if_unused(file)


def _opened(path: Path) -> RowFile:
    # A second descriptor of a file would drop our locks when it is closed: look before opening.
    if path.exists() and (known := _open_files.get(_identity(path.stat()))):
        return known
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise StoreError(f"{path}: not a regular file")
    return _open_files.setdefault(_identity(status), RowFile(path, descriptor))


def _close_if_unused(file: RowFile) -> None:
    if file.joined:
        return
    for identity in [each for each, known in _open_files.items() if known is file]:
        del _open_files[identity]
    file.close()


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return os.getpid(), status.st_dev, status.st_ino  # a fork has our table, but not our locks


def _offset(number: int) -> int:
    return _SIZE * (1 + number)


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: cannot be used: {error.strerror or error}")
