"""The directory of a store on disk: whose it is, who may read it, and which schema it holds.

    afake-store.json    marker: the schema; written last, so that it vouches for a whole database
    afake-store.lock    held for the milliseconds of opening, so that two first openers take turns
    afake-claims.lock   locked byte by byte: which answers are being asked for, and by whom
    cache.db            diskcache's SQLite database, with its -wal and -shm files while in use
    damaged-*           folders of what could not be read any more (see damage.py)

The directory is private (0700, its files 0600), because prompts and answers may be. One of ours
that others could read (unpacked from an archive, say) is made private again. A directory that
holds anything else is never touched: a mistyped path must not take /tmp away from its users.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.store.schema import SCHEMA

_MARKER = "afake-store.json"
_LONGEST_MARKER = 4096
_LOCK = "afake-store.lock"
CLAIMS = "afake-claims.lock"
DATABASE = "cache.db"
# SQLite's own files beside it belong to it: without them, or with others, it is another database.
DATABASE_FILES = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal")
_FILES = (_MARKER, _LOCK, CLAIMS, *DATABASE_FILES)
_PRIVATE = 0o600
_OTHERS = 0o077


def holds_store(directory: Path) -> bool:
    """Whether there is a store, sound or not: something else may lie in its place."""
    return (directory / _MARKER).exists()


@contextmanager
def opening(directory: Path, *, create: bool) -> Iterator[bool]:
    """Hold the directory while a store in it is opened; yields whether the store is a new one.

    A new store is marked when the block ends well: what then lies in the directory is whole.
    Raises StoreError, one line that begins with the directory, and leaves every file as it was.
    """
    with _one_line(directory):
        if create:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_ours(directory, create=create)
        _make_private(directory)
        with _locked(directory):
            new = not (directory / _MARKER).exists()
            if new:
                make_database(directory)
            yield new
            if new:
                _write_marker(directory)


def check_readable(directory: Path) -> None:
    """Refuse, as :func:`opening` does, what is no store of this schema; changes nothing."""
    with _one_line(directory):
        _check_ours(directory, create=False)
        for name in DATABASE_FILES:
            with suppress(FileNotFoundError):
                _check_regular(directory / name)
        if not (directory / DATABASE).exists():
            raise StoreError(f"{directory}: {DATABASE} is missing")


@contextmanager
def _one_line(directory: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError):
        raise StoreError(f"{directory}: not a directory, so it cannot hold a store") from None
    except OSError as error:
        raise StoreError(f"{directory}: cannot be used as a store: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    file = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
    return f"{error.strerror or error}{file}"


def _check_ours(directory: Path, *, create: bool) -> None:
    """Refuse what is not a store of this schema, before a single file is made or changed."""
    names = {entry.name for entry in directory.iterdir()}
    if _MARKER in names:
        _check_schema(directory)
    elif not create:
        raise StoreError(f"{directory}: holds no store of pytest-afake")
    elif names and _LOCK not in names:  # with a lock and no marker, it is being made, or was
        raise StoreError(
            f"{directory}: not empty and not a store of pytest-afake (no {_MARKER}); "
            "name an empty or new directory"
        )


def _check_schema(directory: Path) -> None:
    """Refuse a directory that holds no store of this schema. Only reads."""
    _check_regular(directory / _MARKER)
    try:
        with (directory / _MARKER).open(encoding="utf-8") as file:
            marker = json.loads(file.read(_LONGEST_MARKER))
        found = marker["schema"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{directory}: {_MARKER} is damaged") from None
    if found != SCHEMA:
        raise StoreError(
            f"{directory}: holds a store of schema {found!r}, and this version of pytest-afake "
            f"reads schema {SCHEMA}; name another directory"
        )


def _make_private(directory: Path) -> None:
    """Take away what others may do. Fails (OSError) for a directory that belongs to another."""
    if directory.stat().st_mode & _OTHERS:
        directory.chmod(0o700)
    for name in _FILES:
        # Another process may close the store now, which removes the -wal and -shm files.
        with suppress(FileNotFoundError):
            _make_file_private(directory / name)


def _make_file_private(file: Path) -> None:
    if _check_regular(file) & _OTHERS:
        file.chmod(_PRIVATE)


def _check_regular(file: Path) -> int:
    """The mode of a file that is one: a link could lead SQLite, or chmod, to any other."""
    mode = file.lstat().st_mode
    if not stat.S_ISREG(mode):
        raise StoreError(f"{file.parent}: {file.name} is not a regular file")
    return mode


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    lock = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, _PRIVATE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def make_database(directory: Path) -> None:
    """An empty, private cache.db. SQLite gives its -wal and -shm files the same mode."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    # One that is there is not opened: closing it would drop SQLite's locks of this process.
    with suppress(FileExistsError):
        os.close(os.open(directory / DATABASE, flags, _PRIVATE))


def sync_directory(directory: Path) -> None:
    """Put the names in a directory on the disk, so that a move outlives a loss of power."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_marker(directory: Path) -> None:
    draft = directory / f"{_MARKER}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"schema": SCHEMA}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(directory / _MARKER)
    sync_directory(directory)
