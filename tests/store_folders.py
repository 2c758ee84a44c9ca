"""Stored answers, and looking at a store's folder from outside."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import pytest

from pytest_afake.errors import StoreError
from pytest_afake.records import Answer, Json, Message, Request, Usage
from pytest_afake.store import DiskStore, Entry, entry_to_json, key_parts, request_key

KEY = "a" * 64
VALUE = {"text": "an answer that was paid for"}
PAGE = 4096  # bytes of a page of SQLite's

Damage = Callable[[bytearray], None]

_NOBODY = 65534
_UNPRIVILEGED = """
import os, sys
from pathlib import Path
from pytest_afake.errors import StoreError
from pytest_afake.store import *
# Before the privileges go, with which Python itself may have been installed.
import tempfile, pytest_afake.store.damage, pytest_afake.store.examining
import pytest_afake.store.unchanged
sys.path.insert(0, sys.argv[1])
from store_folders import KEY, VALUE, answers, filled
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
directory = Path(sys.argv[2])
"""


def stored(
    index: int, text: str = "an answer", model: str = "openai/gpt-4o", cost_usd: float | None = 0.5
) -> tuple[str, Mapping[str, Json]]:
    """Key and value of a whole answer, as a run stores them: one for each index."""
    identity = {"model": model, "mode": "chat"}
    request = Request((Message("user", f"question {index}"),), sample_index=index)
    answer = Answer(text, usage=Usage(1, 2), cost_usd=cost_usd)
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=index)
    entry = Entry(key_parts(identity, request), answer, at)
    return request_key(identity, request), entry_to_json(entry)


def answers(count: int, size: int = 20) -> dict[str, Mapping[str, Json]]:
    """``count`` whole answers with texts of ``size`` characters, no two alike."""
    return dict(stored(index, f"{index:09} ".ljust(size, "x")) for index in range(count))


def filled(directory: Path, values: Mapping[str, Mapping[str, Json]]) -> Path:
    """A closed store with these values in it."""
    store = DiskStore(directory)
    store.put_all(values)
    store.close()
    return directory


def garbage(data: bytearray) -> None:
    data[:] = b"not a database" * 1000


def emptied(data: bytearray) -> None:
    data.clear()


def without_its_header(data: bytearray) -> None:
    data[:100] = bytes(100)


def cut_in_half(data: bytearray) -> None:
    del data[len(data) // 2 :]


def damage_database(directory: Path, damage: Damage) -> bytes:
    """Change the content of a store's database; what it is then."""
    data = bytearray((directory / "cache.db").read_bytes())
    damage(data)
    (directory / "cache.db").write_bytes(data)
    return bytes(data)


def store_process(program: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process that runs ``program``, with the arguments in ``sys.argv[1:]``."""
    return subprocess.Popen(
        [sys.executable, "-c", dedent(program), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may use."""
    with TemporaryDirectory() as name:
        path = Path(name)
        path.chmod(0o777)
        yield path


def unprivileged(program: str, directory: Path) -> str:
    """What ``program`` prints as a user to whom something can be forbidden, which root is not.

    It finds ``directory``, what this module has to make stores, and all public names of stores.
    """
    lines = _UNPRIVILEGED.format(nobody=_NOBODY) + dedent(program)
    process = store_process(lines, Path(__file__).parent, directory)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    return output


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
    # SQLite's and ours, transient
    ignored = {"afake-store.lock", "afake-claims.lock", "cache.db-shm", "cache.db-wal"}
    return {
        each.name: each.read_bytes()
        for each in path.iterdir()
        if each.is_file() and each.name not in ignored
    }


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
