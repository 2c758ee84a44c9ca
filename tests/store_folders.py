"""A stored answer, and looking at a store's folder from outside."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.store import DiskStore

KEY = "a" * 64
VALUE = {"text": "an answer that was paid for"}

as_root_nothing_is_forbidden = pytest.mark.skipif(
    os.geteuid() == 0, reason="root may read and write everything, whatever its mode"
)


def store_sql(directory: Path, statement: str, *values: object) -> None:
    database = sqlite3.connect(directory / "cache.db")
    with database:
        database.execute(statement, values)
    database.close()


def store_refusal(directory: Path) -> str:
    """What opening says: one line that begins with the directory, and no file is changed."""
    before = store_files(directory)
    with pytest.raises(StoreError) as error:
        DiskStore(directory)
    message = str(error.value)
    assert message.startswith(f"{directory}: ")
    assert "\n" not in message
    assert store_files(directory) == before
    return message.removeprefix(f"{directory}: ")


def store_files(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    ignored = {"afake-store.lock", "cache.db-shm", "cache.db-wal"}  # SQLite's and ours, transient
    return {
        each.name: each.read_bytes()
        for each in path.iterdir()
        if each.is_file() and each.name not in ignored
    }


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
