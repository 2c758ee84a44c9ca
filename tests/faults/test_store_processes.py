"""Several processes on one store, killed ones, full disks, and locks that nobody gives back."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from store_folders import (
    KEY,
    as_root_nothing_is_forbidden,
)

from pytest_afake.store import DiskStore


def _start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", dedent(program), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


_WRITER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name, count = int(sys.argv[2]), int(sys.argv[3])
    store = DiskStore(Path(sys.argv[1]))
    for index in range(count):
        store.put(f"{name:032x}{index:032x}", {"name": name, "index": index, "text": "x" * 2000})
        print(index, flush=True)
"""


def test_two_processes_create_and_write_one_store_at_once(tmp_path: Path) -> None:
    writers = [_start(_WRITER, tmp_path / "store", name, 300) for name in (1, 2)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    store = DiskStore(tmp_path / "store")
    assert len(list(store.keys())) == 600
    for name in (1, 2):
        for index in range(300):
            found = store.get(f"{name:032x}{index:032x}")
            assert found == {"name": name, "index": index, "text": "x" * 2000}


_OPENER = """
    import sys
    from pathlib import Path
    from pytest_afake.store import DiskStore
    name = int(sys.argv[2])
    print("ready", flush=True)
    sys.stdin.readline()
    for round in range(10):
        store = DiskStore(Path(sys.argv[1]) / str(round))
        store.put(f"{name:064x}", {"name": name})
        store.close()
"""


def test_many_processes_that_create_the_same_store_take_turns(tmp_path: Path) -> None:
    openers = [_start(_OPENER, tmp_path, name) for name in range(4)]
    for opener in openers:
        assert opener.stdout is not None
        opener.stdout.readline()
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()
    assert [opener.wait(timeout=60) for opener in openers] == [0, 0, 0, 0]
    for number in range(10):
        assert len(list(DiskStore(tmp_path / str(number), create=False).keys())) == 4


def test_a_store_is_open_to_readers_while_another_process_writes(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "store")
    writer = _start(_WRITER, tmp_path / "store", 1, 100)
    assert writer.stdout is not None
    for line in writer.stdout:  # each write is seen as soon as it is acknowledged
        assert store.get(f"{1:032x}{int(line):032x}") is not None
    assert writer.wait(timeout=60) == 0


@pytest.mark.parametrize("acknowledged", [1, 57, 400])
def test_a_killed_writer_loses_nothing_that_it_acknowledged(
    acknowledged: int, tmp_path: Path
) -> None:
    writer = _start(_WRITER, tmp_path / "store", 1, 1_000_000)
    assert writer.stdout is not None
    last = -1
    for line in writer.stdout:
        last = int(line)
        if last + 1 == acknowledged:
            writer.send_signal(signal.SIGKILL)
            break
    rest = writer.stdout.read().split()  # what it had acknowledged by the time it died
    last = int(rest[-1]) if rest else last
    assert writer.wait(timeout=60) == -signal.SIGKILL

    store = DiskStore(tmp_path / "store")
    for index in range(last + 1):
        assert store.get(f"{1:032x}{index:032x}") is not None
    assert last + 1 <= len(list(store.keys())) <= last + 2  # and at most the one in flight


_WRITE_AFTER = """
    import sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    directory = Path(sys.argv[1])
    store = DiskStore(directory)
    database = directory / "cache.db"
    {fault}
    try:
        store.put("a" * 64, {{}})
    except StoreError as error:
        print(error)
"""
# The write version in SQLite's header: of a newer one than it knows, it only reads.
_NEWER_HEADER = 'file = database.open("r+b"); file.seek(18); file.write(b"\\3"); file.close()'
_NO_PERMISSION = "database.chmod(0o400)"


@pytest.mark.parametrize(
    "fault", [_NEWER_HEADER, pytest.param(_NO_PERMISSION, marks=as_root_nothing_is_forbidden)]
)
def test_a_database_that_refuses_writes_fails_at_once_and_says_why(
    fault: str, tmp_path: Path
) -> None:
    output, _ = _start(_WRITE_AFTER.format(fault=fault), tmp_path / "store").communicate(timeout=60)
    assert f"row {KEY} was not written: attempt to write a readonly database" in output


_WRITE_WHILE_LOCKED = """
    import sqlite3, sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    directory = Path(sys.argv[1])
    store = DiskStore(directory, wait_s=0.2)
    store.put("a" * 64, {"text": "stored before"})
    stuck = sqlite3.connect(directory / "cache.db", isolation_level=None)
    stuck.execute("BEGIN IMMEDIATE")
    try:
        store.put("b" * 64, {})
    except StoreError as error:
        print(error)
    print(store.get("a" * 64), flush=True)
"""


def test_a_writer_that_never_lets_go_is_waited_for_and_then_reported(tmp_path: Path) -> None:
    """In a process that can be ended: with ``retry=True`` diskcache would wait for ever."""
    writer = _start(_WRITE_WHILE_LOCKED, tmp_path / "store")
    try:
        output, _ = writer.communicate(timeout=20)
    finally:
        writer.kill()
    error, found = output.splitlines()
    assert error.endswith(f"store: row {'b' * 64} was not written: database is locked")
    assert found == "{'text': 'stored before'}"  # reading does not wait


_WRITE_TO_FULL_DISK = """
    import resource, sys
    from pathlib import Path
    from pytest_afake.errors import StoreError
    from pytest_afake.store import DiskStore
    store = DiskStore(Path(sys.argv[1]))
    store.put("a" * 64, {"text": "fits"})
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        store.put("b" * 64, {"text": "x" * 1_000_000})
    except StoreError as error:
        print(error)
    print(store.get("a" * 64), store.get("b" * 64))
"""


def test_a_full_disk_is_an_error_and_what_was_stored_stays(tmp_path: Path) -> None:
    output, _ = _start(_WRITE_TO_FULL_DISK, tmp_path / "store").communicate(timeout=60)
    error, found = output.splitlines()
    assert error.startswith(f"{tmp_path / 'store'}: row {'b' * 64} was not written: ")
    assert found == "{'text': 'fits'} None"
