"""Claims on keys between processes: locks that the kernel gives back when their holder dies.

One POSIX record lock per claimed key, on one byte of a lock file that stays empty; no clock and
no lease time. Such locks have two traps, and both are kept in here:

- they belong to the process, so two stores in one process would both get the same one;
- closing *any* descriptor of the file drops *all* locks that the process has on it.

Hence one open file per lock file and process, shared and counted, that knows what is held through
it. A forked child inherits the descriptor and none of the locks; it opens a file of its own.

A store in use also holds a shared lock on byte 0, so that nobody takes its database away.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_afake.errors import StoreError

_IN_USE_AT = 0
# 60 bits of a key: below the largest offset of a file, and no two keys of a run share them.
_DIGITS = 15

_guard = threading.Lock()
# Taken for each fork, so that no child inherits it as held by a thread that it does not have.
os.register_at_fork(
    before=_guard.acquire, after_in_parent=_guard.release, after_in_child=_guard.release
)


class _LockFile:
    """The one descriptor that this process has of a lock file, and which bytes it has locked."""

    def __init__(self, descriptor: int, identity: tuple[int, int, int]) -> None:
        self.identity = identity
        self.users = 0
        self._descriptor = descriptor
        self._held: set[int] = set()

    def take(self, offset: int) -> bool:
        if offset in self._held or not self._lock(offset):
            return False
        self._held.add(offset)
        return True

    def give_back(self, offset: int) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, offset)
        self._held.discard(offset)

    def use_alone(self) -> bool:
        return self.users == 1 and self._lock(_IN_USE_AT)

    def use_shared(self) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_SH, 1, _IN_USE_AT)

    def close(self) -> None:
        os.close(self._descriptor)

    def _lock(self, offset: int) -> bool:
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except (BlockingIOError, PermissionError):  # POSIX allows either for "another has it"
            return False
        return True


# (process, device, inode) -> its file; the process, because a forked child inherits this too.
_files: dict[tuple[int, int, int], _LockFile] = {}


class Claims:
    """What one store has claimed through ``path``, a lock file that is made (0600) if need be.

    Raises StoreError, one line that begins with the directory, where there can be no locks.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offsets: dict[str, int] = {}
        with self._guarded():
            self._file: _LockFile | None = _join(path)

    def claim(self, key: str) -> bool:
        """Whether the claim was taken. Raises ValueError for one that is held through this."""
        with self._guarded():
            file = self._own_file()
            if key in self._offsets:
                raise ValueError(f"{key} is claimed already")
            offset = 1 + int(key[:_DIGITS], 16)
            taken = file.take(offset)
            if taken:
                self._offsets[key] = offset
            return taken

    def release(self, key: str) -> None:
        with self._guarded():
            if self._file is not None:
                self._give_back(key, self._own_file())

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other store uses this file, here or in another process; kept so if True."""
        with self._guarded():
            file = self._own_file()
            alone = file.use_alone()
        try:
            yield alone
        finally:
            if alone:
                file.use_shared()

    def close(self) -> None:
        """Release everything. Closing twice is no error."""
        with self._guarded():
            if self._file is not None:
                file = self._own_file()
                for key in tuple(self._offsets):
                    self._give_back(key, file)
                self._file = None
                _leave(file)

    def _own_file(self) -> _LockFile:
        if self._file is None:
            raise StoreError(f"{self._path.parent}: the store is closed")
        if self._file.identity[0] != os.getpid():  # forked: what was claimed is the parent's
            self._offsets.clear()
            self._file = _join(self._path)
        return self._file

    def _give_back(self, key: str, file: _LockFile) -> None:
        offset = self._offsets.pop(key, None)
        if offset is not None:
            file.give_back(offset)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with _guard:
                yield
        except OSError as error:
            directory, name = self._path.parent, self._path.name
            raise StoreError(f"{directory}: no locks on {name}: {error.strerror}") from error


def _join(path: Path) -> _LockFile:
    file = _known(path) or _opened(path)
    file.users += 1
    return file


def _known(path: Path) -> _LockFile | None:
    # Looked for before anything is opened: a second descriptor could never be closed again.
    try:
        return _files.get(_identity(path.lstat()))
    except FileNotFoundError:
        return None


def _opened(path: Path) -> _LockFile:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    identity = _identity(os.fstat(descriptor))
    file = _files[identity] = _LockFile(descriptor, identity)
    file.use_shared()
    return file


def _leave(file: _LockFile) -> None:
    file.users -= 1
    if file.users == 0:
        del _files[file.identity]
        file.close()


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return os.getpid(), status.st_dev, status.st_ino
