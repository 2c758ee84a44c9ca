"""A database that cannot be read any more: set aside whole, and replaced by what is left of it.

Nothing is deleted, and no crash on the way loses anything. In this order:

1. a folder ``damaged-<UTC time>-<process>`` is made, and in it ``rebuilt/cache.db``, with every
   answer that can still be read and that proves by checksum and key to be whole;
2. the damaged cache.db moves into the folder, then the files that belong to it;
3. the rebuilt database takes its place.

A store without a cache.db, but with a damaged and a rebuilt one in such a folder, was interrupted
before step 3, and is finished at the next opening.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pytest_afake.errors import StoreError
from pytest_afake.store.carving import carve
from pytest_afake.store.claims import Claims
from pytest_afake.store.directory import DATABASE, DATABASE_FILES, make_database, sync_directory
from pytest_afake.store.safe_cache import SafeCache
from pytest_afake.text import count

_REBUILT = "rebuilt"
_BATCH = 256


def new_folder(directory: Path) -> Path:
    """A new private folder in the store for what is taken out of it."""
    folder = directory / f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}"
    folder.mkdir(mode=0o700)
    return folder


def set_aside(directory: Path, reason: str, claims: Claims) -> tuple[Path, str]:
    """Put a whole database in the place of the damaged cache.db; the folder that has it, a notice.

    To be called while the directory is being opened. Raises StoreError if another store has the
    database open: what it writes would be lost.
    """
    with claims.alone() as alone:
        if not alone:
            raise StoreError(
                f"{directory}: {DATABASE} cannot be read ({reason}), and is still open elsewhere; "
                "end what uses it, so that it can be set aside"
            )
        folder = new_folder(directory)
        saved = _save(directory / DATABASE, folder / _REBUILT)
        _swap(directory, folder)
    return folder, _notice(directory, folder, reason, saved)


def finish_interrupted(directory: Path) -> list[str]:
    """Finish what :func:`set_aside` was killed in; what happened, in one line, if it was."""
    if (directory / DATABASE).exists():
        return []
    for folder in directory.glob("damaged-*"):
        if (folder / DATABASE).exists() and (folder / _REBUILT / DATABASE).exists():
            saved = _counted(SafeCache(folder / _REBUILT, new=False, wait_s=0))
            _swap(directory, folder)
            return [_notice(directory, folder, "found by a process that died over it", saved)]
    raise StoreError(
        f"{directory}: {DATABASE} is missing, but this was a store; restore the file, or move the "
        "directory away to start anew"
    )


def _swap(directory: Path, folder: Path) -> None:
    for name in DATABASE_FILES:  # the database first: its absence is the sign of the interruption
        with suppress(FileNotFoundError):
            (directory / name).rename(folder / name)
    sync_directory(folder)
    (folder / _REBUILT / DATABASE).rename(directory / DATABASE)
    (folder / _REBUILT).rmdir()
    sync_directory(directory)


def _save(damaged: Path, rebuilt: Path) -> int:
    rebuilt.mkdir(mode=0o700)
    make_database(rebuilt)
    cache = SafeCache(rebuilt, new=True, wait_s=0)
    rows = _proven_rows(damaged)
    while batch := tuple(islice(rows, _BATCH)):
        with cache.transaction("saved rows were"):
            for key, text in batch:
                cache.add(key, text)
    return _counted(cache)


def _counted(cache: SafeCache) -> int:
    rows = cache.count()
    cache.detach()  # moves all into the file itself
    return rows


def _proven_rows(damaged: Path) -> Iterator[tuple[str, str]]:
    wal = damaged.with_name(f"{damaged.name}-wal")
    # With the changes that are not yet in the file itself, and then without: either may be broken.
    for changes in (wal, None) if wal.exists() else (None,):
        for row in carve(damaged, changes):
            with suppress(StoreError):
                yield row.proven()


def _notice(directory: Path, folder: Path, reason: str, saved: int) -> str:
    return (
        f"STORE DAMAGED: {directory}: {DATABASE} could not be read ({reason}); it was set aside "
        f"in {folder.name}; {count(saved, 'answer')} saved from it, others must be asked again"
    )
